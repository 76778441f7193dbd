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
  /// The machine may be at fault. It does not leave `Grader`, which looks into it.
  case unclear(Suspicion)
  /// The machine is at fault: it could not build or run a program that is known to be right.
  case machine(MachineFault)

  public var description: String {
    switch self {
    case .noCell(let exercise): "the sheet of \(exercise) has no cell, so there is no code to grade"
    case .badSheet(let diagnostics): "\(diagnostics)"
    case .unsupported(let task, let kind):
      "the task `\(task)` is of the kind \(kind), which this version of unroll does not grade"
    case .unknownTask(let task, let known):
      "there is no task `\(task)`; the sheet has \(known.map { "`\($0)`" }.joined(separator: ", "))"
    case .isolation(let reason): "the submission could not be run in isolation: \(reason)"
    case .unclear(let suspicion): suspicion.reason
    case .machine(let fault): "the machine cannot run a program that is known to be right: \(fault.detail)"
    }
  }

  /// The machine's fault, where it is one.
  public var machineFault: MachineFault? {
    switch self {
    case .machine(let fault): fault
    case .isolation(let reason): MachineFault(.isolation, reason)
    default: nil
    }
  }
}
