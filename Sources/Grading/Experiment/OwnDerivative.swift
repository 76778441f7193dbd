// Whether a cell of the learner's own is what it says: each step made of its arguments alone, and its backward the
// derivative of its own forward.

import CellKit
import Diagnosis
import GradientFlow
import Recurrence
import SubmissionHost
import Wire

/// Holds a cell against itself, at steps of the sequences that the other requirements are measured on.
///
/// The steps are the very ones of the experiment, so that a cell cannot be another one there than here.
struct OwnDerivative {
  let plan: FlowPlan
  let probe: CellProbe
  let traces: [FlowTrace]

  private var cell: Cell { probe.cell }

  /// A step of a trace.
  private struct Point {
    let trace: FlowTrace
    /// From 1.
    let step: Int

    var place: ExperimentPlace { trace.network.place(step: step) }
    var inputs: [Matrix] { trace.network.value.inputs.map { $0[step - 1] } }
    var previous: [Matrix] {
      step == 1 ? trace.network.value.initial : trace.outputs.prefix(trace.gradients.count).map { $0[step - 2] }
    }
    /// The gradient by every output that the step's backward was called with.
    var upstream: [Matrix] {
      let own = trace.network.value.upstream
      return trace.outputs.indices.map { index in
        index < trace.gradients.count
          ? trace.gradients[index][step] : own[index][step - 1] ?? .zeros(like: trace.outputs[index][step - 1])
      }
    }
  }

  /// The first, the last and one other step of some networks.
  private var points: [Point] {
    traces.filter { $0.network.number <= FlowPlan.probed }.flatMap { trace in
      var generator = SeededGenerator(seed: trace.network.seed, stream: 12)
      let steps = trace.network.sizes.steps
      return [1, 1 + Int(generator.uniform() * Double(steps)), steps].map { Point(trace: trace, step: $0) }
    }
  }

  /// Fills in what the cell says of itself; throws as `CellProbe.traces` does.
  func measure(steps: inout Measurement, gradient: inout Measurement) async throws {
    let points = points
    let calls = points.map { call(.backward, $0, inputs: $0.inputs, previous: $0.previous) }
    let answers = try await probe.answers(calls, points.map(\.trace.network))
    var claims: [(point: Point, blocks: [(block: BlockAddress, gradient: Matrix)])] = []
    for (point, answer) in zip(points, answers) {
      let network = point.trace.network
      for (index, quantity) in cell.quantities.results.enumerated() {
        let again = try FlowTrace.matrix(
          answer.outputs[0][quantity.swift] ?? .notSet, quantity, network, cell, step: point.step)
        meet(&steps, point, expected: point.trace.outputs[index][point.step - 1], again)
      }
      var blocks: [(block: BlockAddress, gradient: Matrix)] = []
      func read(_ value: BlockValue?, _ quantity: Quantity, _ block: BlockAddress) throws {
        let matrix = try FlowTrace.matrix(value ?? .notSet, quantity, network, cell, step: point.step)
        blocks.append((block, matrix))
      }
      for (index, quantity) in cell.quantities.inputs.enumerated() {
        try read(answer.inputGradients[0][quantity.swift], quantity, .input(index))
      }
      for (index, quantity) in cell.quantities.states.enumerated() {
        try read(answer.stateGradients[0][quantity.swift], quantity, .previous(index))
        var arrived = blocks[blocks.count - 1].gradient
        if point.step > 1, let own = network.value.upstream[index][point.step - 2] { arrived += own }
        meet(&steps, point, expected: point.trace.gradients[index][point.step - 1], arrived)
      }
      for (index, quantity) in cell.quantities.parameters.enumerated() {
        try read(answer.parameterGradients[quantity.swift], quantity, .parameter(index))
      }
      claims.append((point, blocks))
    }
    try await holdSteps(claims, &gradient)
    try await holdSequences(&gradient)
  }

  private func meet(_ measurement: inout Measurement, _ point: Point, expected: Matrix, _ received: Matrix) {
    let error = Comparison.difference(expected: expected, received: received).relativeError
    measurement.meet(error, at: point.place)
  }

  // MARK: Differences

  private func call(
    _ kind: Call.Kind, _ point: Point, inputs: [Matrix], previous: [Matrix], parameters: [Matrix]? = nil
  ) -> Call {
    Case(
      parameters: parameters ?? point.trace.network.value.parameters, inputs: inputs.map { [$0] }, initial: previous,
      upstream: point.upstream.map { [$0] }
    ).call(kind, cell)
  }

  /// One claim of a gradient along one direction.
  private struct Claim {
    let point: Point
    let block: BlockAddress
    let gradient: Matrix
  }

  private static let attempts: UInt64 = 4

  /// Every block of every point along a random direction: ⟨gradient, d⟩ against a central difference.
  ///
  /// What fails is tried again along another direction: a kink of a ReLU between the two places of a difference is no
  /// slip, and does not come every time, as a wrong gradient does.
  private func holdSteps(
    _ claims: [(point: Point, blocks: [(block: BlockAddress, gradient: Matrix)])], _ measurement: inout Measurement
  ) async throws {
    var open = claims.flatMap { claim in
      claim.blocks.map { Claim(point: claim.point, block: $0.block, gradient: $0.gradient) }
    }
    for attempt in 0..<Self.attempts {
      let errors = try await stepErrors(open, attempt: attempt)
      var failed: [Claim] = []
      for (claim, error) in zip(open, errors) {
        if attempt < Self.attempts - 1, !(error <= FlowPlan.differenceTolerance) {
          failed.append(claim)
        } else {
          measurement.meet(error, at: claim.point.place, block: claim.block.nameInCall(of: cell, isSequence: false))
        }
      }
      open = failed
      if open.isEmpty { break }
    }
  }

  private func stepErrors(_ claims: [Claim], attempt: UInt64) async throws -> [Double] {
    let step = 1e-5
    var calls: [Call] = []
    var directions: [Matrix] = []
    for (index, claim) in claims.enumerated() {
      var generator = SeededGenerator(
        seed: claim.point.trace.network.seed, stream: 1_000 + 1_000 * attempt + UInt64(index))
      let direction = Matrix.gaussian(like: claim.gradient, &generator)
      directions.append(direction)
      for factor in [1.0, -1.0] {
        var inputs = claim.point.inputs
        var previous = claim.point.previous
        var parameters = claim.point.trace.network.value.parameters
        switch claim.block {
        case .input(let index): inputs[index] += factor * step * direction
        case .previous(let index): previous[index] += factor * step * direction
        case .parameter(let index): parameters[index] += factor * step * direction
        case .output: preconditionFailure("an output has no gradient of its own")
        }
        calls.append(call(.forward, claim.point, inputs: inputs, previous: previous, parameters: parameters))
      }
    }
    let answers = try await probe.answers(calls, claims.flatMap { [$0.point.trace.network, $0.point.trace.network] })
    return try claims.enumerated().map { index, claim in
      var values: [Double] = []
      var magnitude = 0.0
      for answer in answers[2 * index..<2 * index + 2] {
        var sum = 0.0
        for (quantity, weight) in zip(cell.quantities.results, claim.point.upstream) {
          let matrix = try FlowTrace.matrix(
            answer.outputs[0][quantity.swift] ?? .notSet, quantity, claim.point.trace.network, cell,
            step: claim.point.step)
          sum += matrix.inner(weight)
          magnitude += matrix.absoluteInner(weight)
        }
        values.append(sum)
      }
      return Self.error(
        claimed: claim.gradient.inner(directions[index]), measured: (values[0] - values[1]) / (2 * step),
        scale: claim.gradient.frobeniusNorm, rounding: 16 * Double.ulpOfOne * magnitude / step)
    }
  }

  /// The gradient by the initial state over the whole sequence, against fourth-order differences of the sequence.
  private func holdSequences(_ measurement: inout Measurement) async throws {
    var open = traces.filter { trace in
      guard trace.network.number <= FlowPlan.probed else { return false }
      // Where a sequence multiplies a small change a thousandfold, a difference says nothing: rounding is multiplied too.
      return (0..<trace.gradients.count).allSatisfy { state in
        let norms = trace.gradients[state].map(\.frobeniusNorm)
        return norms.allSatisfy { $0 <= 1e3 * norms[norms.count - 1] }
      }
    }
    for attempt in 0..<Self.attempts where !open.isEmpty {
      let errors = try await sequenceErrors(open, attempt: attempt)
      var failed: [FlowTrace] = []
      for (trace, error) in zip(open, errors) {
        if attempt < Self.attempts - 1, !(error <= FlowPlan.differenceTolerance) {
          failed.append(trace)
        } else {
          let block = cell.quantities.states.map { "initial." + $0.swift }.joined(separator: ", ")
          measurement.meet(error, at: trace.network.place(step: 0), block: block)
        }
      }
      open = failed
    }
  }

  private func sequenceErrors(_ traces: [FlowTrace], attempt: UInt64) async throws -> [Double] {
    // Small, because a sequence has some thousand places where a ReLU may have its kink.
    let step = 1e-6
    let factors = [1.0, -1.0, 2.0, -2.0]
    var directions: [[Matrix]] = []
    let networks = traces.flatMap { trace in
      var generator = SeededGenerator(seed: trace.network.seed, stream: 13 + attempt)
      let direction = trace.network.value.initial.map { Matrix.gaussian(like: $0, &generator) }
      directions.append(direction)
      return factors.map { factor in
        var network = trace.network
        for index in direction.indices { network.value.initial[index] += factor * step * direction[index] }
        return network
      }
    }
    let moved = try await probe.traces(networks)
    return traces.enumerated().map { index, trace in
      let values = moved[4 * index..<4 * index + 4].map(\.loss)
      let measured = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * step)
      var claimed = 0.0
      var scale = 0.0
      var growth = 1.0
      for (state, gradients) in trace.gradients.enumerated() {
        claimed += gradients[0].inner(directions[index][state])
        scale += gradients[0].frobeniusNorm
        let last = gradients[gradients.count - 1].frobeniusNorm
        if last > 0 { growth = max(growth, (gradients.map(\.frobeniusNorm).max() ?? 0) / last) }
      }
      // Each step's rounding is carried on to the end as a change of its state would be.
      let rounding = 4 * Double.ulpOfOne * trace.lossMagnitude * growth * Double(trace.network.sizes.steps) / step
      return Self.error(claimed: claimed, measured: measured, scale: scale, rounding: rounding)
    }
  }

  /// The error of a claim, relative to the larger of the two and of the gradient's own size; what rounding can do to a
  /// difference counts as much as the tolerance.
  private static func error(claimed: Double, measured: Double, scale: Double, rounding: Double) -> Double {
    if claimed == measured, claimed.isFinite { return 0 }
    return abs(claimed - measured) / (max(abs(claimed), abs(measured), scale) + rounding / FlowPlan.differenceTolerance)
  }
}
