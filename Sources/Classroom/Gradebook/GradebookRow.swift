// A row of the gradebook: one grade, and everything that decided it.

import GRDB
public import Grading
import Hashing

/// What decides a grade. Where all of it is the same, the grade is the same.
public struct GradeKey: Sendable, Hashable {
  /// The id of the exercise.
  public let exercise: String
  /// The name of the submission.
  public let submission: String
  /// SHA-256 of the submission's files as they were taken in.
  public let submissionHash: String
  /// SHA-256 of the sheet.
  public let exerciseHash: String
  /// What graded: version, kit and isolation.
  public let grader: String
  /// The ids of the tasks that were graded, parted by spaces.
  public let tasks: String
  /// What the draws follow from.
  public let seed: UInt64

  /// SHA-256 of all of the above.
  public var fingerprint: String {
    var sum = SHA256()
    for part in [exercise, submission, submissionHash, exerciseHash, grader, tasks, String(seed)] { sum.add(part) }
    return sum.hexadecimal()
  }
}

/// One grade as it is kept.
public struct GradebookRow: Sendable, Equatable {
  /// How the grading of a submission ended.
  public enum Outcome: String, Sendable {
    /// There is a grade.
    case graded
    /// It is no submission, such as a link in place of a file; no points, and its author can put it right.
    case refused
    /// There is no grade, and the fault is not the learner's; it is tried again.
    case ungraded
    /// There is none after several tries that the machine was sound before; a person looks at it, and it is not tried
    /// again unless that is asked for.
    case held
  }

  /// What decided it.
  public let key: GradeKey
  /// How it ended.
  public let outcome: Outcome
  /// The points and mistakes.
  public let line: GradeLine
  /// The report as JSON; why there is none, where there is none.
  public let report: String
  /// The language of the report.
  public let language: String
  /// When it was recorded, in milliseconds since 1970.
  public let recordedAt: Int64
  /// How many times in a row it was tried on a sound machine and has no grade.
  public let strikes: Int

  /// A row from its parts.
  public init(
    key: GradeKey, outcome: Outcome, line: GradeLine, report: String, language: String, recordedAt: Int64,
    strikes: Int = 0
  ) {
    self.key = key
    self.outcome = outcome
    self.line = line
    self.report = report
    self.language = language
    self.recordedAt = recordedAt
    self.strikes = strikes
  }
}

extension GradebookRow {
  /// The columns of the table `grade`.
  enum Column: String, CaseIterable {
    case exercise, submission, fingerprint, submissionHash, exerciseHash, grader, tasks, seed, outcome, score, maxScore
    case points, mistakes, report, language, seconds, recordedAt, strikes
  }

  init(_ row: Row) throws {
    func text(_ column: Column) -> String { row[column.rawValue] ?? "" }
    key = GradeKey(
      exercise: text(.exercise), submission: text(.submission), submissionHash: text(.submissionHash),
      exerciseHash: text(.exerciseHash), grader: text(.grader), tasks: text(.tasks), seed: UInt64(text(.seed)) ?? 0)
    outcome = Outcome(rawValue: text(.outcome)) ?? .ungraded
    line = GradeLine(
      submission: text(.submission), score: row[Column.score.rawValue], maxScore: row[Column.maxScore.rawValue],
      entries: try JSONText.decoded(text(.points)), mistakes: try JSONText.decoded(text(.mistakes)),
      seconds: row[Column.seconds.rawValue] ?? 0)
    report = text(.report)
    language = text(.language)
    recordedAt = row[Column.recordedAt.rawValue] ?? 0
    strikes = row[Column.strikes.rawValue] ?? 0
  }

  /// The value of each column, in the order of the columns.
  func values() throws -> StatementArguments {
    StatementArguments(
      try Column.allCases.map { column -> (any DatabaseValueConvertible)? in
        switch column {
        case .exercise: key.exercise
        case .submission: key.submission
        case .fingerprint: key.fingerprint
        case .submissionHash: key.submissionHash
        case .exerciseHash: key.exerciseHash
        case .grader: key.grader
        case .tasks: key.tasks
        // As text: SQLite's integers have a sign.
        case .seed: String(key.seed)
        case .outcome: outcome.rawValue
        case .score: line.score
        case .maxScore: line.maxScore
        case .points: try JSONText.encoded(line.entries)
        case .mistakes: try JSONText.encoded(line.mistakes)
        case .report: report
        case .language: language
        case .seconds: line.seconds
        case .recordedAt: recordedAt
        case .strikes: strikes
        }
      })
  }
}

extension GradebookRow {
  /// What stands in the place of a grade; nil where there is one.
  var withoutGrade: ClassResult? {
    switch outcome {
    case .graded: nil
    case .refused: .refused(submission: key.submission, reason: report)
    case .ungraded: .ungraded(submission: key.submission, reason: report)
    case .held: .held(submission: key.submission, reason: report)
    }
  }
}
