// The checks of what is written: derivations, bounds and formulas.

import Diagnostics
import Markdown
import Sheets
import SubmissionHost

extension Judge {
  /// The checks of the written tasks, and what the report tells of the text.
  func gradeWritten(
    _ submission: Submission, seed: UInt64
  ) -> ([Check], WrittenReport?, WrittenWork.Examined?) {
    let written = tasks.filter(\.kind.isWritten)
    guard !written.isEmpty else { return ([], nil, nil) }
    var findings: [String: [Finding]] = [:]
    var report: WrittenReport?
    var examined: WrittenWork.Examined?
    if let file = submission.derivation {
      let text = SourceText(name: file.name, text: file.text)
      (findings, report, examined) = writtenWork.grade(text, tasks: written, seed: seed)
    }
    let checks = written.flatMap { task in
      let items = writtenWork.items(of: task)
      let found =
        findings[task.id]
        ?? items.map { _ in
          submission.possibleDerivations.isEmpty ? .noDerivation : .unclearDerivation(submission.possibleDerivations)
        }
      return zip(zip(items, found), shares(of: task.points, among: items.count)).map { pair, points in
        Check(
          task: task.id, id: pair.0.id.isEmpty ? task.id : "\(task.id).\(pair.0.id)",
          title: pair.0.latex == task.id ? task.id : MathText.line(pair.0.latex), finding: pair.1, diagnosis: nil,
          maxPoints: points)
      }
    }
    return (checks, report, examined)
  }
}
