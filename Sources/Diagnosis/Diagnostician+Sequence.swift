// The learner's own loops over time: what the mistakes of the step do there, and what the loops do wrong themselves.

import CellKit
package import Faults
import Recurrence

extension Diagnostician {
  /// What explains wrong outputs and gradients over a sequence.
  ///
  /// - Parameters:
  ///   - evidence: outputs and gradients of the learner's loops, the loop back fed with the draw's upstream.
  ///   - step: what has been found about the learner's step by itself.
  package func diagnoseSequence(_ evidence: [Evidence], step: Result, _ prepared: Prepared? = nil) -> Result {
    let evidence = Self.chosen(evidence)
    guard evidence.count > 1 else { return Result() }
    var result = loopForward(evidence, step, prepared)
    let matcher = Matcher(
      places: cell.gradientPlaces, received: evidence.map(\.received), right: evidence.map(\.draw.right))
    guard !matcher.wrong.isEmpty || !matcher.imprecise.isEmpty else { return result }
    var open = matcher.wrong
    if !open.isEmpty, !matcher.isAllZero { loopBack(evidence, step, matcher, prepared, &open, &result) }
    name(open.union(matcher.imprecise), by: matcher, evidence, &result)
    return result
  }

  // MARK: Forward

  private func loopForward(_ evidence: [Evidence], _ step: Result, _ prepared: Prepared?) -> Result {
    let matcher = Matcher(
      places: cell.outputPlaces, received: evidence.map(\.received), right: evidence.map(\.draw.right))
    guard !matcher.wrong.isEmpty || !matcher.imprecise.isEmpty else { return Result() }
    var result = Result()
    var open = matcher.wrong
    func outputs(_ own: WrongForward?) -> (Int) -> Matrices { self.outputs(evidence, own, nil) }
    func explain(_ hypotheses: [Hypothesis]) -> [Hypothesis] {
      let candidates = matcher.candidates(hypotheses, open: open)
      let whole = candidates.filter { $0.explained == matcher.wrong }
      let (diagnoses, taken) = matcher.explain(whole.isEmpty ? candidates : whole, open: &open)
      result.diagnoses.merge(diagnoses) { first, _ in first }
      return whole.isEmpty ? [] : taken.map(\.hypothesis)
    }
    guard !open.isEmpty else {
      name(matcher.imprecise, by: matcher, evidence, &result)
      return result
    }
    // The step's own mistake first, then the loop's, then both; then a step that the loop has written anew.
    let known = step.models.filter { model in
      let hypothesis = Hypothesis(model.diagnosis, size: 0, make: outputs(model.wrong))
      return matcher.candidates([hypothesis], open: matcher.wrong).first?.explained == matcher.wrong
    }
    result.models = known
    if let model = known.first {
      _ = explain([Hypothesis(model.diagnosis, size: 0, make: outputs(model.wrong))])
    }
    if !open.isEmpty {
      let owns = [nil] + step.models.map { Optional($0) }
      for own in owns where !open.isEmpty {
        let kept = own == nil ? prepared?.loopForward : nil
        let taken = explain(kept ?? loopForwardHypotheses(evidence, own))
        if own == nil { result.loops = taken.compactMap(\.loop) }
      }
    }
    if !open.isEmpty, step.models.isEmpty {
      result.models = explain(forwardHypotheses(cell, evidence)).compactMap { hypothesis in
        hypothesis.ahead.map { Model(wrong: $0.wrong, diagnosis: hypothesis.diagnosis, size: hypothesis.size) }
      }
    }
    name(open.union(matcher.imprecise), by: matcher, evidence, &result)
    return result
  }

  private func outputs(
    _ evidence: [Evidence], _ own: WrongForward?, _ loop: ForwardTimeFault?
  ) -> (Int) -> Matrices {
    { index in
      let draw = evidence[index].draw
      return FaultyRun(own?.cell ?? self.cell, sizes: draw.sizes, draw.value, loop: loop).outputBlocks
    }
  }

  package func loopForwardHypotheses(_ evidence: [Evidence], _ own: Model? = nil) -> [Hypothesis] {
    cell.forwardTimeFaults.map { loop in
      var hypothesis = Hypothesis(
        Diagnosis(loop, of: cell), size: loop.state == nil ? 1 : 0, make: outputs(evidence, own?.wrong, loop))
      hypothesis.loop = loop
      return hypothesis
    }
  }

  // MARK: Back

  /// The mistakes of the loop back, and of its first and last round.
  package func loopBackHypotheses(_ world: World, _ index: Int, _ bases: [[Fault]] = [[]]) -> [Hypothesis] {
    bases.flatMap { world.hypotheses(world.cell.timeFaults, with: $0) }
      + world.hypotheses(world.cell.endFaults, world: index, inLoop: true)
  }

  private func loopBack(
    _ evidence: [Evidence], _ step: Result, _ matcher: Matcher, _ prepared: Prepared?, _ open: inout Set<BlockAddress>,
    _ result: inout Result
  ) {
    let worlds = worlds(evidence, result.models, loops: result.loops)
    _ = explain(worlds.flatMap(\.whole), matcher, &open, &result)
    guard !open.isEmpty else { return }
    // What is wrong with the step is wrong at every step; the loop may be right.
    let known = step.faults
    if !known.isEmpty {
      let diagnosis = Diagnosis(known[0], of: cell)
      let sameEverywhere = worlds.map { world in
        Hypothesis(diagnosis, size: 0) { world.runs[$0].gradients(known).byPlace }
      }
      _ = explain(sameEverywhere, matcher, &open, &result)
      guard !open.isEmpty else { return }
    }
    let times = cell.timeFaults
    let bases: [[Fault]] = known.isEmpty ? [[]] : [[], known]
    let loops = worlds.indices.flatMap { index in
      (index == 0 && known.isEmpty ? prepared?.loopBack : nil) ?? loopBackHypotheses(worlds[index], index, bases)
    }
    var candidates = matcher.candidates(loops, open: open)
    if !candidates.contains(where: { $0.explained == open }) {
      // Where the step by itself is right, the loop is what to look at: a mistake of the step that the loop is to have
      // made anew must explain every block that it reaches.
      let isRight = step.diagnoses.isEmpty && step.models.isEmpty
      // A step that the loop has written anew.
      let steps = worlds.indices.flatMap { index in
        (index == 0 ? prepared?.step : nil)
          ?? worlds[index].hypotheses(
            worlds[index].cell.faults, world: index, inLoop: true)
      }
      candidates += matcher.candidates(steps, open: open).filter { !isRight || $0.unexplained == 0 }
    }
    for base in explain(candidates, matcher, &open, &result) where !open.isEmpty {
      guard let (first, world) = base.hypothesis.step else { continue }
      _ = explain(worlds[world].hypotheses(times, with: [first]), matcher, &open, &result)
    }
  }
}
