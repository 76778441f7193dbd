// The hashes of what is graded, and the name of what grades.

public import Grading
import Hashing
import Sandbox
import Sheets
import SubmissionHost

extension GradeKey {
  /// What graded, without the isolation, which decides no verdict.
  public var rules: String { grader.split(separator: ", ").dropLast().joined(separator: ", ") }
}

extension Grader {
  /// What decides the grade of a submission with this hash.
  public func key(submission name: String, hash: String, seed: UInt64) -> GradeKey {
    GradeKey(
      exercise: judge.sheet.id, submission: name, submissionHash: hash, exerciseHash: judge.exerciseHash,
      grader: "unroll \(Release.version), verdicts \(Verdicts.number), \(host.name)",
      tasks: judge.tasks.map(\.id).joined(separator: " "), seed: seed)
  }

  /// The same for something that could not be taken in; the refusal stands in the place of the files.
  package func key(submission name: String, refusal: String, seed: UInt64) -> GradeKey {
    var sum = SHA256()
    sum.add("refused")
    sum.add(refusal)
    return key(submission: name, hash: sum.hexadecimal(), seed: seed)
  }

  /// The points that can be earned in the tasks to be graded.
  var maxScore: Double { Double(judge.tasks.reduce(0) { $0 + ($1.kind == .essay ? 0 : $1.points) }) }
}
