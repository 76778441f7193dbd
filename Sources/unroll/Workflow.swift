// What is different where the program runs as a step of a GitHub workflow.

import Diagnostics
import FoundationEssentials
import Grading
import Reports
import Sheets

enum Workflow {
  /// Whether it does.
  static let isRunning = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"

  /// Shows what was found beside the lines it is about.
  ///
  /// - Parameter path: where the submission is, where its name does not say it.
  static func annotate(_ result: ClassResult, in language: Language, at path: String? = nil) {
    guard isRunning else { return }
    let annotations = WorkflowAnnotations(
      language, workspace: ProcessInfo.processInfo.environment["GITHUB_WORKSPACE"])
    switch result {
    case .graded(let grade): annotations.lines(of: grade, at: path).forEach(Terminal.complain)
    case .refused(let submission, let reason), .ungraded(let submission, let reason),
      .held(let submission, let reason):
      Terminal.complain(annotations.line(refused: reason, submission: submission))
    }
  }

  /// Text for standard output in which a submission's words are no command to the workflow.
  static func harmless(_ text: String) -> String { isRunning ? WorkflowAnnotations.defused(text) : text }
}
