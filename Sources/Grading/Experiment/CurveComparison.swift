// The gradient by every state over a whole sequence, a learner's beside the sheet's own, with no absolute floor.

import CellKit
import Diagnosis
import GradientFlow
import Recurrence

/// Holds curves of a learner's cell against the reference's on the same networks.
enum CurveComparison {
  /// The gradient by each state at the steps 0…T, every path counted.
  ///
  /// A step tells what it hands to the step before; what one state gets by way of another of the same step is added by
  /// the sheet's equations.
  static func totals(_ trace: FlowTrace, _ cell: Cell) -> [[Matrix]] {
    let recurrence = Recurrence(cell, sizes: trace.network.sizes)
    recurrence.forward(trace.network.value)
    return recurrence.totalStateGradients(fromOutside: trace.gradients)
  }

  /// For each state, the measurement with what all networks say: the step nearest to the loss at which the gradients
  /// part, or the largest error where they agree.
  ///
  /// Whole gradients are compared, not norms alone: a sign turned round at every step leaves a norm as it is.
  static func compare(_ traces: [FlowTrace], _ totals: [[[Matrix]]], _ cell: Cell) -> [Measurement] {
    let states = cell.quantities.states
    var found = states.map { Measurement(.curve(state: $0.swift), upper: FlowPlan.curveTolerance) }
    for index in found.indices { found[index].take(0) }
    for (trace, own) in zip(traces, totals) {
      let recurrence = Recurrence(cell, sizes: trace.network.sizes)
      recurrence.forward(trace.network.value)
      let forward = recurrence.outputs()
      let expected = recurrence.backward(trace.network.value.upstream, recordsStates: true).states
      if let step = firstDifference(forward, trace.outputs) {
        for index in states.indices where found[index].holds {
          found[index].take(step.error, at: trace.network.place(step: step.step))
          found[index].isForward = true
        }
        continue
      }
      for index in states.indices where found[index].holds {
        for step in expected[index].indices.reversed() {
          let (wanted, received) = (expected[index][step], own[index][step])
          let error = Comparison.difference(expected: wanted, received: received).relativeError
          guard error >= (found[index].measured ?? 0) || error.isNaN else { continue }
          found[index].take(error, at: trace.network.place(step: step))
          found[index].norms = .init(received: received.frobeniusNorm, expected: wanted.frobeniusNorm)
          if !found[index].holds { break }
        }
      }
    }
    return found
  }

  /// The first step at which a state or output is another.
  private static func firstDifference(_ expected: Outputs, _ received: Outputs) -> (step: Int, error: Double)? {
    for step in expected[0].indices {
      for (wanted, own) in zip(expected, received) {
        let error = Comparison.difference(expected: wanted[step], received: own[step]).relativeError
        if !(error <= FlowPlan.curveTolerance) { return (step + 1, error) }
      }
    }
    return nil
  }
}
