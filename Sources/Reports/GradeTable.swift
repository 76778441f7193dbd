// Grades as a table, RFC 4180, safe to open in a spreadsheet.

import CSV
import Diagnostics
import FoundationEssentials
public import Grading
import Sheets

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
  package struct Fate {
    package var status: String
    package var reason = ""

    package init(status: String, reason: String = "") {
      self.status = status
      self.reason = reason
    }
  }

  /// The line of one grade; a field is empty where there is no number.
  package func row(_ line: GradeLine, _ fate: Fate) -> String {
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
  package static func csv(_ lines: [(line: GradeLine, fate: Fate)]) -> String {
    let table = GradeTable(columnsOf: lines.map(\.line))
    return table.header + lines.map { table.row($0.line, $0.fate) }.joined()
  }

  private static func number(_ value: Double?) -> String { value.map(Words.number) ?? "" }

  package static func row(_ fields: [String]) -> String { CSV.row(fields.map(field)) }

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
