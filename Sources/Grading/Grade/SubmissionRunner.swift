// Runs a submission's cell in a gradient-flow experiment, in isolation.

public import CellKit
import Formula
public import GradientFlow
public import Recurrence
public import Sheets
public import SubmissionHost
import Wire

/// Why a submission's cell cannot be plotted; the words are for its author.
public struct SubmissionRunError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// A submission's cell as a `CellRunner`: its own forward and backward, unrolled in its own process.
///
/// A step tells what it hands to the step before. What a state gets by way of another state of its own step, as c_t by
/// way of h_t, is known to the step alone; it is added by the sheet's equations (`totalStateGradients`).
public struct SubmissionRunner: CellRunner {
  private let workbench: Workbench
  private let program: BuiltProgram

  /// Builds a submission of an exercise.
  ///
  /// - Throws: `SubmissionRunError` with the compiler's words, `GradingError` where isolation, the machine or the sheet is
  ///   at fault.
  public init(_ submission: Submission, of sheet: Sheet, with workbench: Workbench) async throws {
    guard let cell = sheet.cell else { throw GradingError.noCell(exercise: sheet.id) }
    let interface = CellInterface(cell, hasSequence: sheet.hasSequence)
    program = try await workbench.settled { attempt throws(GradingError) -> Result<BuiltProgram, SubmissionRunError> in
      switch await workbench.build(submission, interface: interface, attempt: attempt) {
      case .built(let program): return .success(program)
      case .doesNotCompile(let diagnostics):
        return .failure(
          SubmissionRunError(
            description: "the submission does not compile\n" + diagnostics.map(\.description).joined(separator: "\n")))
      case .isolationFault(let reason): throw .isolation(reason: reason)
      case .unclear(let suspicion): throw .unclear(suspicion)
      }
    }.get()
    self.workbench = workbench
  }

  public func stateGradients(_ cases: [Case], of cell: Cell, sizes: Sizes) async throws -> [[[Matrix]]] {
    let calls = cases.map { $0.call(.flow, cell) }
    let report = try await workbench.settled { attempt throws(GradingError) in
      try await JailedProgram(program.tried(in: attempt), in: workbench).answers(calls, limits: .experiment)
    }
    let recurrence = Recurrence(cell, sizes: sizes)
    return try zip(cases, report.outcomes).map { value, outcome in
      switch outcome {
      case .failed(let failure):
        throw SubmissionRunError(description: "the submission's cell gave no curve: \(failure)")
      case .unsteady:
        throw SubmissionRunError(description: "the submission's cell gave two answers for the same values")
      case .answered(let answer):
        let outside = try cell.quantities.states.map { state in
          try answer.stateGradients.map { step in
            switch step[state.swift] ?? .notSet {
            case .matrix(let matrix), .nonFinite(let matrix): return matrix
            default:
              throw SubmissionRunError(
                description: "the submission's backward does not set previous.\(state.swift), so there is no curve")
            }
          }
        }
        // What comes next writes these numbers where the sheet's own shapes have them.
        for (state, list) in zip(cell.quantities.states, outside) {
          let (rows, columns) = sizes.storage(state.shape, cell.layout)
          if let matrix = list.first(where: { $0.rows != rows || $0.columns != columns }) {
            throw SubmissionRunError(
              description:
                "the submission's backward gives previous.\(state.swift) as \(matrix.rows)×\(matrix.columns) "
                + "where it is \(rows)×\(columns), so there is no curve")
          }
        }
        recurrence.forward(value)
        return recurrence.totalStateGradients(fromOutside: outside)
      }
    }
  }
}
