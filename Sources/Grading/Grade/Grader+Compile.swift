// What is said of a submission that does not compile; a listing to be repaired has each of its errors as a check.

import Diagnostics
import Sheets

extension Grader {
  /// The finding of one check where the compiler has refused the submission.
  ///
  /// An error of a listing counts as repaired when the compiler no longer says it. It must say nothing new either: an
  /// empty file has none of the listing's errors.
  func compilerFinding(_ block: AnswerBlock, _ task: Sheet.Task, _ diagnostics: [CompilerDiagnostic]) -> Finding {
    guard case .compilerError(let text) = block else { return .doesNotCompile(diagnostics) }
    let errors = diagnostics.filter { $0.severity == .error }
    let own = errors.filter { $0.message.contains(text) }
    let others = errors.filter { error in !task.errors.contains { error.message.contains($0.text) } }
    guard let cause = own.first ?? others.first else { return .agrees }
    return .doesNotCompile([cause] + diagnostics.filter { $0 != cause })
  }
}
