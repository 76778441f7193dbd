// The grades of a gradebook as tables.

import Diagnostics
import FoundationEssentials
import Grading
public import Reports

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

extension GradeTable.Fate {
  /// What a row of the gradebook says.
  package init(_ row: GradebookRow) {
    let phrases = Phrases(Language(rawValue: row.language) ?? .english)
    self.init(
      status: row.outcome.rawValue, reason: row.withoutGrade.map { phrases.fate(of: $0, row.report) } ?? "")
  }
}
