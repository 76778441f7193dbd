// What a sheet requires of a cell, measured: how its gradient grows and decays, and what its last state depends on.

package import CellKit
import Glibc
import GradientFlow
import Recurrence

/// Measures the requirements of a task on the networks that were run.
package struct RequirementRun {
  package let plan: FlowPlan
  let probe: any FlowProbe
  package let traces: [FlowTrace]
  /// For each network, the norms of the gradient at the steps 0…T.
  package let curves: [[Double]]
  /// For each network, how far the direction of the gradient turns from the last step to the first.
  private let turns: [Double]

  /// - Parameter gradients: for each network and state, the gradient at the steps 0…T.
  package init(_ plan: FlowPlan, _ probe: any FlowProbe, _ traces: [FlowTrace], gradients: [[[Matrix]]]) {
    self.plan = plan
    self.probe = probe
    self.traces = traces
    curves = gradients.map { $0[plan.state].map(\.frobeniusNorm) }
    turns = gradients.map { gradient in
      let steps = gradient[plan.state]
      let (first, last) = (steps[0], steps[steps.count - 1])
      return (first / first.frobeniusNorm - last / last.frobeniusNorm).frobeniusNorm
    }
  }

  /// The networks that are run again with something changed: the first few of each variant.
  private var probed: [FlowTrace] { traces.filter { $0.network.number <= FlowPlan.probed } }

  /// Fills in one measurement.
  package func measure(_ measurement: inout Measurement) async throws {
    switch measurement.subject {
    case .curve, .steps, .gradient: return
    case .growth: relative(&measurement)
    case .decay: relative(&measurement)
    case .rate:
      let rates = curves.map { curve in
        (Glibc.log10(curve[0]) - Glibc.log10(curve[curve.count - 1])) / Double(curve.count - 1)
      }.sorted()
      // Sorting leaves a NaN anywhere.
      guard !rates.contains(where: \.isNaN) else { return measurement.take(.nan) }
      measurement.take((rates[(rates.count - 1) / 2] + rates[rates.count / 2]) / 2)
    case .turn: for (trace, turn) in zip(traces, turns) { measurement.meet(turn, at: trace.network.place()) }
    case .far:
      try await moved(&measurement) { network, generator in
        for index in network.value.inputs.indices {
          network.value.inputs[index][0] = .gaussian(like: network.value.inputs[index][0], &generator)
        }
      }
    case .order:
      try await moved(&measurement) { network, _ in
        for index in network.value.inputs.indices { network.value.inputs[index].reverse() }
      }
    case .parameter(let name):
      guard let index = plan.cell.quantities.parameters.firstIndex(where: { $0.swift == name }) else { return }
      try await moved(&measurement) { network, generator in
        network.value.parameters[index] += 0.1 * .gaussian(like: network.value.parameters[index], &generator)
      }
    case .state:
      for trace in traces {
        guard let last = trace.outputs[plan.state].last else { continue }
        measurement.meet(deviation(last), at: trace.network.place(step: trace.network.sizes.steps))
      }
    }
  }

  /// The norms relative to the last step, the worst of all steps and networks.
  private func relative(_ measurement: inout Measurement) {
    for (trace, curve) in zip(traces, curves) {
      for (step, norm) in curve.enumerated().dropLast() {
        measurement.meet(norm / curve[curve.count - 1], at: trace.network.place(step: step))
      }
    }
  }

  /// Runs some networks again with something changed; how far the last state moves, relative to its norm.
  private func moved(
    _ measurement: inout Measurement, _ change: (inout FlowNetwork, inout SeededGenerator) -> Void
  ) async throws {
    let others = probed.map { trace in
      var network = trace.network
      var generator = SeededGenerator(seed: network.seed, stream: 11)
      change(&network, &generator)
      return network
    }
    for (before, after) in zip(probed, try await probe.traces(others)) {
      guard let first = before.outputs[plan.state].last, let second = after.outputs[plan.state].last else { continue }
      let size = max(first.frobeniusNorm, second.frobeniusNorm)
      let distance = size > 0 ? (second - first).frobeniusNorm / size : 0
      measurement.meet(distance, at: before.network.place(step: before.network.sizes.steps))
    }
  }

  /// The root mean square of a state's deviation from its mean over the samples.
  private func deviation(_ state: Matrix) -> Double {
    let isColumns = plan.cell.layout == .columns
    let samples = Double(isColumns ? state.columns : state.rows)
    let mean = (isColumns ? state.sumOverColumns() : state.sumOverRows()) / samples
    let difference = state - mean
    return difference.frobeniusNorm / Double(difference.elements.count).squareRoot()
  }
}

extension Matrix {
  /// Standard normal numbers in another matrix's shape.
  static func gaussian(like other: Matrix, _ generator: inout SeededGenerator) -> Matrix {
    Matrix(rows: other.rows, columns: other.columns, elements: other.elements.map { _ in generator.normal() })
  }
}
