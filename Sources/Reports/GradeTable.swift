// Grades as a table, RFC 4180, safe to open in a spreadsheet.

import CSV
import Diagnostics
import FoundationEssentials
public import Grading

/// Writes lines of grades as CSV: `submission,score,max_score,<one column a check>,faults,status,reason,seconds`.
///
/// The columns are known before the first line, so that a table of any length is written line by line.
public struct GradeTable: Sendable {
  /// The ids of the checks, one column each.
  public let checks: [String]

  /// A table with columns for these checks.
  public init(checks: [String]) { self.checks = checks }

  /// A table with a column for every check that a line has, in the order of their first appearance.
  public init(columnsOf lines: [GradeLine]) {
    var seen: Set<String> = []
    checks = lines.flatMap(\.entries).map(\.check).filter { seen.insert($0).inserted }
  }

  /// The first line.
  public var header: String {
    Self.row(["submission", "score", "max_score"] + checks + ["faults", "status", "reason", "seconds"])
  }

  /// What became of a submission, and why there is no grade where there is none.
  struct Fate {
    var status: String
    var reason = ""

    init(status: String, reason: String = "") {
      self.status = status
      self.reason = reason
    }

    /// What a row of the gradebook says.
    init(_ row: GradebookRow) {
      status = row.outcome.rawValue
      let phrases = Phrases(Language(rawValue: row.language) ?? .english)
      if let result = row.withoutGrade { reason = phrases.fate(of: result, row.report) }
    }
  }

  /// The line of one grade; a field is empty where there is no number.
  func row(_ line: GradeLine, _ fate: Fate) -> String {
    let points = Dictionary(line.entries.map { ($0.check, $0.points) }) { first, _ in first }
    return Self.row(
      [line.submission, Self.number(line.score), Self.number(line.maxScore)]
        + checks.map { Self.number(points[$0] ?? nil) }
        + [
          line.mistakes.map(\.id).joined(separator: " "), fate.status, fate.reason,
          Self.number((line.seconds * 1000).rounded() / 1000),
        ])
  }

  /// A whole table.
  static func csv(_ lines: [(line: GradeLine, fate: Fate)]) -> String {
    let table = GradeTable(columnsOf: lines.map(\.line))
    return table.header + lines.map { table.row($0.line, $0.fate) }.joined()
  }

  private static func number(_ value: Double?) -> String { value.map(TextReport.points) ?? "" }

  static func row(_ fields: [String]) -> String { CSV.row(fields.map(field)) }

  /// Text that no reader takes for anything but text or a number of ours.
  ///
  /// A spreadsheet computes what begins with one of `= + - @`, so an apostrophe, which it takes for "text follows",
  /// stands before a submission's own words that begin so. Control characters are written out.
  static func field(_ text: String) -> String {
    var text = TextReport.harmless(text)
    let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"]
    if let first = text.unicodeScalars.first, formula.contains(first) { text = "'" + text }
    return text
  }
}

extension GradeTable {
  /// The grades that count, out of a gradebook, as CSV.
  public static func csv(of submissions: [String], in gradebook: Gradebook, exercise: String) throws -> String {
    // Twice through the gradebook rather than all grades at once in memory: the columns, then the lines.
    var seen: Set<String> = []
    var checks: [String] = []
    for name in submissions {
      for entry in try gradebook.latest(name, exercise: exercise)?.line.entries ?? []
      where seen.insert(entry.check).inserted {
        checks.append(entry.check)
      }
    }
    let table = GradeTable(checks: checks)
    var text = table.header
    for name in submissions {
      if let row = try gradebook.latest(name, exercise: exercise) { text += table.row(row.line, Fate(row)) }
    }
    return text
  }

  /// The grades that count, out of a gradebook, as a JSON array with everything that decided each and its report.
  public static func json(of submissions: [String], in gradebook: Gradebook, exercise: String) throws -> String {
    struct Item: Encodable {
      var submission, exercise, outcome, fingerprint, submissionHash, exerciseHash, grader, report: String
      var seed: UInt64
      var score, maxScore: Double?
      var entries: [GradeLine.Entry]
      var mistakes: [Mistake]
      var seconds: Double
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let items = try submissions.compactMap { name in
      try gradebook.latest(name, exercise: exercise).map { row in
        let item = Item(
          submission: name, exercise: exercise, outcome: row.outcome.rawValue, fingerprint: row.key.fingerprint,
          submissionHash: row.key.submissionHash, exerciseHash: row.key.exerciseHash, grader: row.key.grader,
          report: row.report, seed: row.key.seed, score: row.line.score, maxScore: row.line.maxScore,
          entries: row.line.entries, mistakes: row.line.mistakes, seconds: row.line.seconds)
        return String(decoding: try encoder.encode(item), as: UTF8.self)
      }
    }
    return items.isEmpty ? "[]\n" : "[\n" + items.joined(separator: ",\n") + "\n]\n"
  }
}
