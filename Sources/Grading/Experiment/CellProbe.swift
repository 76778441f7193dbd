// Calls of a learner's cell for an experiment, in isolation; what has no answer ends the experiment.

import CellKit
import Recurrence
import SubmissionHost
import Wire

/// Runs a cell on networks.
package protocol FlowProbe: Sendable {
  /// What the cell does on some networks.
  func traces(_ networks: [FlowNetwork]) async throws -> [FlowTrace]
}

/// Asks a built cell for sequences and single steps.
struct CellProbe: FlowProbe {
  let caller: any CellCaller
  let cell: Cell

  /// The time of one network, twice a hundred steps forward and back, which takes a plain LSTM some 40 ms.
  static let limits = CallLimits(seconds: 0.5)

  /// The cell on some networks.
  ///
  /// - Throws: a `GradingError` for a fault of the isolation, a `FlowTrouble` for one of the cell.
  func traces(_ networks: [FlowNetwork]) async throws -> [FlowTrace] {
    let answers = try await answers(networks.map { $0.value.call(.flow, cell) }, networks)
    return try zip(answers, networks).map { try FlowTrace($0, of: $1, cell: cell) }
  }

  /// The answers to some calls.
  func answers(_ calls: [Call], _ networks: [FlowNetwork]) async throws -> [Answer] {
    let report = try await caller.answers(calls, limits: Self.limits)
    return try zip(report.outcomes, networks).map { outcome, network in
      switch outcome {
      case .answered(let answer): return answer
      case .unsteady: throw FlowTrouble(finding: .unsteady(at: network.drawPlace(step: nil)))
      case .failed(let failure): throw FlowTrouble(finding: .noAnswer(failure))
      }
    }
  }
}
