// Names the mistakes in what a submission answered: the way forward first, then one step back, then the loops.

import CellKit
package import Faults
import Formula
package import Recurrence

/// Names mistakes with a cell.
package struct Diagnostician: Sendable {
  package let cell: Cell

  package init(cell: Cell) { self.cell = cell }

  /// Every single mistake made on the same draws beforehand, for many submissions to be held against.
  package struct Prepared {
    package var forward: [Hypothesis] = []
    package var step: [Hypothesis] = []
    package var loopForward: [Hypothesis] = []
    package var loopBack: [Hypothesis] = []

    package init() {}
  }

  /// A mistake on the way forward that explains every output: whose values the way back was computed from.
  package struct Model: Sendable {
    package let wrong: WrongForward
    package let diagnosis: Diagnosis
    /// At how many places the mistake is made.
    package let size: Int
  }

  /// What explains wrong blocks.
  package struct Result: Sendable {
    package var diagnoses: [BlockAddress: Diagnosis] = [:]
    /// The mistakes of the step that were found, for the loop to be judged with.
    package var faults: [Fault] = []
    /// The ways forward that explain all outputs; empty where the outputs are right or nothing explains them.
    package var models: [Model] = []
    /// The mistakes of the loop forward that do.
    var loops: [ForwardTimeFault] = []

    package init() {}
  }

  /// Two draws tell formulas apart; the smallest ones are the quickest.
  package static func chosen(_ evidence: [Evidence]) -> [Evidence] {
    func size(_ evidence: Evidence) -> Int {
      evidence.draw.value.parameters.reduce(0) { $0 + $1.elements.count } * evidence.draw.sizes.batch
        * evidence.draw.sizes.steps
    }
    let sorted = evidence.enumerated().sorted { (size($0.element), $0.offset) < (size($1.element), $1.offset) }
    return sorted.prefix(2).map(\.element)
  }

  // MARK: Forward

  /// How many ways forward with the same outputs are told from each other by the way back.
  private static let modelLimit = 4

  /// What explains wrong outputs of a step.
  package func diagnoseForward(_ evidence: [Evidence], _ prepared: Prepared? = nil) -> Result {
    let evidence = Self.chosen(evidence)
    guard evidence.count > 1 else { return Result() }
    let matcher = Matcher(
      places: cell.outputPlaces, received: evidence.map(\.received), right: evidence.map(\.draw.right))
    guard !matcher.wrong.isEmpty || !matcher.imprecise.isEmpty else { return Result() }
    var result = Result()
    var open = matcher.wrong
    if !open.isEmpty {
      let first = matcher.candidates(
        prepared?.forward ?? forwardHypotheses(cell, evidence), open: open)
      let (diagnoses, taken) = matcher.explain(first, open: &open)
      result.diagnoses = diagnoses
      if let chosen = taken.first {
        let whole = first.filter { $0.explained == matcher.wrong }
        result.models = models(whole.map(\.hypothesis), as: chosen.hypothesis)
        if !open.isEmpty, let base = models([chosen.hypothesis], as: chosen.hypothesis).first {
          // A second mistake behind the first: what has been explained must come out as it did.
          let keeping = chosen.explained
          open = matcher.wrong.subtracting(keeping)
          let second = matcher.candidates(forwardHypotheses(base.wrong.cell, evidence), open: open, keeping: keeping)
          let (more, takenToo) = matcher.explain(second.filter { $0.explained == open }, open: &open)
          if let last = takenToo.first, let both = models([last.hypothesis], as: last.hypothesis).first {
            result.diagnoses.merge(more) { _, new in new }
            result.models = [
              Model(wrong: both.wrong.after(base.wrong), diagnosis: both.diagnosis, size: base.size + both.size)
            ]
          } else {
            open.subtract(Set(diagnoses.keys))
          }
        }
      }
    }
    name(open.union(matcher.imprecise), by: matcher, evidence, &result)
    return result
  }

  package func forwardHypotheses(_ cell: Cell, _ evidence: [Evidence]) -> [Hypothesis] {
    cell.forwardFaults.compactMap { fault in
      guard let wrong = fault.made(in: cell) else { return nil }
      var hypothesis = Hypothesis(Diagnosis(fault, of: cell), size: fault.places.count) { draw in
        FaultyRun(wrong.cell, sizes: evidence[draw].draw.sizes, evidence[draw].draw.value).outputBlocks
      }
      hypothesis.ahead = (fault, wrong)
      return hypothesis
    }
  }

  /// The ways forward of some hypotheses, the chosen one's first, then the simplest.
  private func models(_ hypotheses: [Hypothesis], as chosen: Hypothesis) -> [Model] {
    let id = chosen.id
    let known = hypotheses.compactMap { hypothesis in
      hypothesis.ahead.map { Model(wrong: $0.wrong, diagnosis: hypothesis.diagnosis, size: hypothesis.size) }
    }
    let sorted = known.enumerated().sorted { left, right in
      let (isLeft, isRight) = (left.element.diagnosis.fault == id, right.element.diagnosis.fault == id)
      return isLeft != isRight
        ? isLeft : (left.element.size, left.offset) < (right.element.size, right.offset)
    }
    return sorted.prefix(Self.modelLimit).map(\.element)
  }

  // MARK: One step back

  /// What explains wrong gradients of a step.
  ///
  /// - Parameter models: the ways forward that explain the outputs, where those are wrong.
  package func diagnose(_ evidence: [Evidence], models: [Model] = [], _ prepared: Prepared? = nil) -> Result {
    let evidence = Self.chosen(evidence)
    guard evidence.count > 1 else { return Result() }
    let matcher = Matcher(
      places: cell.gradientPlaces, received: evidence.map(\.received), right: evidence.map(\.draw.right))
    guard !matcher.wrong.isEmpty || !matcher.imprecise.isEmpty else { return Result() }
    var result = Result()
    var open = matcher.wrong
    if !open.isEmpty, !matcher.isAllZero {
      let worlds = worlds(evidence, models)
      _ = explain(worlds.flatMap(\.whole), matcher, &open, &result)
      if !open.isEmpty {
        // Listed only here: most submissions are right, and nothing is to be explained.
        let faults = worlds.map(\.cell.faults)
        let single = worlds.indices.flatMap { index in
          (index == 0 ? prepared?.step : nil) ?? worlds[index].hypotheses(faults[index], world: index)
        }
        for base in explain(single, matcher, &open, &result) where !open.isEmpty {
          // One mistake behind another, on the same path.
          guard let (first, world) = base.hypothesis.step else { continue }
          let pairs = worlds[world].hypotheses(faults[world].filter { $0 != first }, world: world, with: [first])
          _ = explain(pairs, matcher, &open, &result)
        }
      }
    }
    name(open.union(matcher.imprecise), by: matcher, evidence, &result)
    return result
  }

  /// What is left to its form.
  package func name(_ places: Set<BlockAddress>, by matcher: Matcher, _ evidence: [Evidence], _ result: inout Result) {
    for place in matcher.places where places.contains(place) {
      result.diagnoses[place] = matcher.form(of: place, evidence, cell: cell)
    }
  }

  /// Explains what is open by hypotheses, and notes the mistakes of the sheet's own step among them.
  func explain(
    _ hypotheses: [Hypothesis], _ matcher: Matcher, _ open: inout Set<BlockAddress>, _ result: inout Result
  ) -> [Matcher.Candidate] {
    explain(matcher.candidates(hypotheses, open: open), matcher, &open, &result)
  }

  func explain(
    _ candidates: [Matcher.Candidate], _ matcher: Matcher, _ open: inout Set<BlockAddress>, _ result: inout Result
  ) -> [Matcher.Candidate] {
    let (diagnoses, taken) = matcher.explain(candidates, open: &open)
    result.diagnoses.merge(diagnoses) { first, _ in first }
    result.faults += taken.compactMap { $0.hypothesis.step }.filter { $0.world == 0 }.map(\.fault)
    return taken
  }

  /// The equations and values that a way back may have used: the sheet's, those of the learner's own forward, and the
  /// sheet's equations on the learner's values.
  package func worlds(_ evidence: [Evidence], _ models: [Model], loops: [ForwardTimeFault] = []) -> [World] {
    func runs(_ cell: Cell, own: WrongForward? = nil, loop: ForwardTimeFault? = nil) -> [FaultyRun] {
      evidence.map { FaultyRun(cell, sizes: $0.draw.sizes, $0.draw.value, own: own, loop: loop) }
    }
    var worlds = [World(cell: cell, runs: runs(cell), cause: nil)]
    for model in models {
      worlds.append(World(cell: model.wrong.cell, runs: runs(model.wrong.cell), cause: .ownForward))
      worlds.append(World(cell: cell, runs: runs(cell, own: model.wrong), cause: .ownValues))
    }
    worlds += loops.map { World(cell: cell, runs: runs(cell, loop: $0), cause: .ownValues) }
    return worlds
  }

  /// Equations and values to go back through.
  package struct World {
    package let cell: Cell
    let runs: [FaultyRun]
    /// What is told where it explains a block by itself; nil for the sheet's own.
    package let cause: Diagnosis.Cause?

    /// The way back without a mistake of its own.
    package var whole: [Hypothesis] {
      guard let cause else { return [] }
      let isOwn = cause == .ownForward
      let diagnosis = Diagnosis(fault: isOwn ? "ownForward" : "ownValues", cause: cause, path: [])
      return [Hypothesis(diagnosis, size: isOwn ? 0 : 1) { runs[$0].gradients().byPlace }]
    }

    /// The way back with each of some mistakes of the step.
    ///
    /// In a loop the loop's own mistakes go before those of its step, which has a task of its own.
    package func hypotheses(_ faults: [Fault], world: Int, with base: [Fault] = [], inLoop: Bool = false)
      -> [Hypothesis]
    {
      faults.map { fault in
        let size = fault.size(in: self.cell) + (inLoop ? 100 : 0)
        var hypothesis = Hypothesis(Diagnosis(fault, of: cell), size: size) {
          runs[$0].gradients(base + [fault]).byPlace
        }
        hypothesis.step = (fault, world)
        return hypothesis
      }
    }

    /// The way back with each of some mistakes of the loop, and those of the step at every step.
    package func hypotheses(_ times: [TimeFault], with base: [Fault] = []) -> [Hypothesis] {
      times.map { time in
        Hypothesis(Diagnosis(time, of: cell), size: time.index == nil ? 1 : 0) {
          runs[$0].gradients(base, time: time).byPlace
        }
      }
    }
  }
}
