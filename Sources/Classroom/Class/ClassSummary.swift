// A class as a teacher reads it: a line a submission, and what was wrong most often.

public import Diagnostics
public import Grading
import Reports
import Sheets

/// Counts over a class while it is graded; needs no more room for more submissions.
public struct ClassSummary: Sendable {
  private let phrases: Phrases
  private var counts: [String: (text: String, count: Int)] = [:]
  private var manual: Set<String> = []
  private var manualOrder: [String] = []

  /// How many have a grade or were refused.
  public private(set) var judged = 0
  /// How many have full marks.
  public private(set) var full = 0
  /// How many were refused.
  public private(set) var refused = 0
  /// How many have no grade because the machine is at fault.
  public private(set) var ungraded = 0
  /// How many have no grade and are not tried again before a person has looked at them.
  public private(set) var held = 0

  /// Nothing counted yet.
  public init(_ language: Language) { phrases = Phrases(language) }

  /// Counts a submission.
  public mutating func add(_ row: GradebookRow) {
    switch row.outcome {
    case .ungraded:
      ungraded += 1
      return
    case .held:
      held += 1
      return
    case .refused: refused += 1
    case .graded: if row.line.hasFullMarks { full += 1 }
    }
    judged += 1
    for entry in row.line.entries where entry.points == nil && manual.insert(entry.check).inserted {
      manualOrder.append(entry.check)
    }
    // A reason for refusing names a file; counted are the refusals.
    for mistake in row.line.mistakes where row.outcome == .graded {
      counts[mistake.id, default: (mistake.text, 0)].count += 1
    }
  }

  /// One submission in one line: its name, its points, and the first of what was wrong.
  public func line(_ row: GradebookRow) -> String {
    let line = row.line
    let name = TextReport.oneLine(line.submission)
    guard row.outcome == .graded, let score = line.score, let maxScore = line.maxScore else {
      let points = line.score.map { "\(Words.number($0)) / \(line.maxScore.map(Words.number) ?? "–")" } ?? "–"
      let result = row.withoutGrade ?? .ungraded(submission: name, reason: row.report)
      return "\(name)  \(points)  \(phrases.fate(of: result, TextReport.oneLine(row.report)))"
    }
    let told = line.mistakes.prefix(2).map { TextReport.oneLine($0.text) }.joined(separator: phrases.say("; ", "；"))
    let more =
      line.mistakes.count > 2
      ? phrases.say(" (and \(line.mistakes.count - 2) more)", "（另有 \(line.mistakes.count - 2) 处）") : ""
    return "\(name)  \(Words.number(score)) / \(Words.number(maxScore))"
      + (told.isEmpty ? "" : "  \(told)\(more)")
  }

  /// What was wrong, the most frequent first.
  private var ranking: [(id: String, text: String, count: Int)] {
    counts.map { ($0.key, $0.value.text, $0.value.count) }.sorted { ($1.count, $0.id) < ($0.count, $1.id) }
  }

  /// The table of mistakes and the counts, for the end of standard output.
  public func text(seed: UInt64, shown: Int = 20) -> String {
    var lines = [""]
    let ranking = self.ranking
    if !ranking.isEmpty {
      lines.append(phrases.say("what was wrong most often:", "最常见的问题："))
      for mistake in ranking.prefix(shown) {
        let words = TextReport.oneLine(mistake.text)
        lines.append(
          "  " + phrases.say("\(mistake.count) of \(judged): \(words)", "\(judged) 份中有 \(mistake.count) 份：\(words)"))
      }
      if ranking.count > shown {
        let rest = ranking.count - shown
        lines.append("  " + phrases.say("and \(rest) more kinds", "还有 \(rest) 种"))
      }
      lines.append("")
    }
    let below = judged - full - refused
    lines.append(
      phrases.say(
        "\(judged) graded: \(full) with full marks, \(below) below, \(refused) not a submission; seed \(seed)",
        "已评分 \(judged) 份：满分 \(full) 份，未满分 \(below) 份，不是有效提交的 \(refused) 份；种子 \(seed)"))
    if ungraded > 0 {
      lines.append(
        phrases.say(
          "\(ungraded) not graded (not the learners' fault); the same command with --resume tries them again",
          "\(ungraded) 份没有评分（不是学生的问题）；加上 --resume 再次运行同一命令可以重试"))
    }
    if held > 0 {
      lines.append(
        phrases.say(
          "\(held) held for a person (not the learners' fault); --resume --retry-held tries them again",
          "\(held) 份等待老师查看（不是学生的问题）；加上 --resume --retry-held 可以重试"))
    }
    if !manualOrder.isEmpty {
      let tasks = manualOrder.map(TextReport.oneLine).joined(separator: ", ")
      lines.append(phrases.say("for a person to grade: \(tasks)", "由老师评分：\(tasks)"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table of mistakes as CSV: `fault,count,of,text`.
  public var csv: String {
    GradeTable.row(["fault", "count", "of", "text"])
      + ranking.map { GradeTable.row([$0.id, String($0.count), String(judged), $0.text]) }.joined()
  }
}

extension GradeLine {
  /// Whether nothing that a check can give is missing.
  public var hasFullMarks: Bool {
    guard let score, let maxScore else { return false }
    return score >= maxScore
  }
}
