// Why there is no verdict, where that is nobody's mistake.

public import Diagnostics

/// Why there is no verdict. None of these is the learner's fault, and none takes points.
public enum GradingError: Error, Sendable, CustomStringConvertible {
  /// The sheet has no cell to grade.
  case noCell(exercise: String)
  /// A task of a kind that cannot be graded.
  case unsupported(task: String, kind: String)
  /// A goal, a limit or an answer of the sheet cannot be read.
  case badSheet(DiagnosticList)
  /// `--task` names a task that the sheet does not have.
  case unknownTask(String, known: [String])
  /// The isolation could not be set up, or broke.
  case isolation(reason: String)

  public var description: String {
    switch self {
    case .noCell(let exercise): "the sheet of \(exercise) has no cell, so there is no code to grade"
    case .badSheet(let diagnostics): "\(diagnostics)"
    case .unsupported(let task, let kind):
      "the task `\(task)` is of the kind \(kind), which this version of unroll does not grade"
    case .unknownTask(let task, let known):
      "there is no task `\(task)`; the sheet has \(known.map { "`\($0)`" }.joined(separator: ", "))"
    case .isolation(let reason): "the submission could not be run in isolation: \(reason)"
    }
  }
}
