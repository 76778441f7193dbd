// The gradients of a model, explained like those of a cell: its step has the same mistakes, and so has its loop.

import CellKit
import Diagnosis
import Faults
import Formula
import Models
import Recurrence

/// Names mistakes in the gradients of a model, block by block.
struct ModelGradients {
  private let model: SequenceModel
  private let draws: [ModelDraw]
  private let sizes: [Sizes]
  /// The step over all words of each draw, and the start before it.
  private let cases: [Case]
  private let openings: [Recurrence?]

  init(_ model: SequenceModel, _ draws: [ModelDraw]) {
    (self.model, self.draws) = (model, draws)
    sizes = draws.map { Sizes($0.letters, steps: $0.steps) }
    openings = draws.map { model.opening($0.batch, $0.parameters, letters: $0.letters) }
    cases = zip(draws, openings).map { draw, opening in
      model.wholeCase(draw.batch, draw.parameters, letters: draw.letters, opening)
    }
  }

  /// What explains wrong gradients, by the number of their parameter.
  ///
  /// - Parameter received: the gradients on each draw, in the order of the model's parameters.
  func diagnose(_ received: [[Matrix]]) -> [Int: Diagnosis] {
    let right = draws.map { model.values($0.batch, $0.parameters, letters: $0.letters).gradients }
    let matcher = Matcher(
      places: model.parameters.indices.map(BlockAddress.parameter), received: received.map(blocks),
      right: right.map(blocks))
    var open = matcher.wrong
    var found: [BlockAddress: Diagnosis] = [:]
    if !open.isEmpty, !isNothing(received) {
      let runs = runs()
      let single = hypotheses(runs)
      for base in explain(single, matcher, &open, &found) where !open.isEmpty {
        // One mistake behind another, on the same path.
        guard let first = base.hypothesis.step?.fault else { continue }
        _ = explain(steps(runs, with: [first]), matcher, &open, &found)
      }
    }
    for place in open.union(matcher.imprecise) {
      found[place] = matcher.form(of: place, sizes) { place in
        guard case .parameter(let index) = place else { return ("", "") }
        let name = model.parameters[index].name
        return (name.latex, name.swift)
      }
    }
    return found.reduce(into: [:]) { byNumber, entry in
      if case .parameter(let index) = entry.key { byNumber[index] = entry.value }
    }
  }

  /// The gradients that come of some gradients by the scores, with nothing else wrong.
  ///
  /// - Parameter scores: by draw and step.
  func gradients(fromScores scores: [[Matrix]]) -> [[Matrix]] {
    draws.indices.map { index in
      var value = cases[index]
      value.upstream = value.upstream.map { $0.map { _ in nil } }
      value.upstream[model.step.quantities.states.count + model.roles.scores] = scores[index]
      let run = FaultyRun(model.step, sizes: sizes[index], value)
      return whole(run.gradients(), index).map { $0 ?? .notSet }
    }
  }

  /// What each loss counts in the sum.
  func weight(on draw: Int) -> Double { cases[draw].upstream[model.lossResult][0]?.elements.first ?? 0 }

  // MARK: Hypotheses

  private func runs() -> [FaultyRun] {
    cases.indices.map { FaultyRun(model.step, sizes: sizes[$0], cases[$0]) }
  }

  private func hypotheses(_ runs: [FaultyRun]) -> [Hypothesis] {
    let cell = model.step
    let times = cell.timeFaults.map { time in
      Hypothesis(Diagnosis(time, of: cell), size: time.index == nil ? 1 : 0) {
        blocks(whole(runs[$0].gradients(time: time), $0))
      }
    }
    return steps(runs) + times + steps(runs, of: cell.endFaults, extra: 100)
  }

  private func steps(
    _ runs: [FaultyRun], of faults: [Fault]? = nil, with base: [Fault] = [], extra: Int = 0
  ) -> [Hypothesis] {
    let cell = model.step
    return (faults ?? cell.faults).filter { !base.contains($0) && !$0.edges.isEmpty }.map { fault in
      // What arrives at a state is what the loop carries there: the loop's mistakes tell it first.
      let isOfCarry = fault.result.map { $0 < cell.quantities.states.count } ?? false
      let size = fault.size(in: cell) + extra + (isOfCarry ? 10 : 0)
      var hypothesis = Hypothesis(Diagnosis(fault, of: cell), size: size) {
        blocks(whole(runs[$0].gradients(base + [fault]), $0))
      }
      hypothesis.step = (fault, 0)
      return hypothesis
    }
  }

  private func explain(
    _ hypotheses: [Hypothesis], _ matcher: Matcher, _ open: inout Set<BlockAddress>,
    _ found: inout [BlockAddress: Diagnosis]
  ) -> [Matcher.Candidate] {
    let (diagnoses, taken) = matcher.explain(matcher.candidates(hypotheses, open: open), open: &open)
    found.merge(diagnoses) { first, _ in first }
    return taken
  }

  // MARK: Blocks

  /// The gradients by all parameters of the model from those of its step.
  private func whole(_ gradients: FaultyRun.Blocks, _ draw: Int) -> [Matrix?] {
    model.startGradients(openings[draw], from: gradients.initial) + gradients.parameters
  }

  private func blocks(_ list: [Matrix?]) -> Matrices {
    list.enumerated().reduce(into: [:]) { blocks, entry in
      if let matrix = entry.element { blocks[.parameter(entry.offset)] = [matrix] }
    }
  }

  private func isNothing(_ received: [[Matrix]]) -> Bool {
    received.allSatisfy { $0.allSatisfy { $0.elements.allSatisfy { $0 == 0 } } }
  }
}
