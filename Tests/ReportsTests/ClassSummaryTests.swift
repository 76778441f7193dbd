// A class in lines, and what changed between two grades of one learner.

import Diagnostics
import Grading
import Sheets
import TestSupport
import Testing

@testable import Classroom
@testable import Reports

@Suite struct ClassSummaryTests {
  private func row(_ line: GradeLine, _ outcome: GradebookRow.Outcome = .graded, report: String = "{}") -> GradebookRow
  {
    GradebookRow(
      key: SampleGrades.key(line.submission), outcome: outcome, line: line, report: report, language: "en",
      recordedAt: 1)
  }

  @Test(arguments: Language.allCases)
  func isAsExpected(_ language: Language) throws {
    var summary = ClassSummary(language)
    let empty = GradeLine(submission: "mallory", score: 0, maxScore: 60, entries: [], mistakes: [], seconds: 0)
    let none = GradeLine(submission: "bob", score: nil, maxScore: nil, entries: [], mistakes: [], seconds: 0)
    let rows = [
      row(GradeLine(SampleGrades.mixed, in: language)), row(GradeLine(SampleGrades.hostile, in: language)),
      row(empty, .refused, report: "“Cell.swift” is a link"), row(none, .ungraded, report: "the disk\nis full"),
      row(.none("carol"), .held, report: "three tries"),
      row(GradeLine(SampleGrades.mixed, in: language)),
    ]
    var text = ""
    for row in rows {
      summary.add(row)
      text += summary.line(row) + "\n"
    }
    text += summary.text(seed: 7) + summary.csv.replacing("\r\n", with: "\n")
    try expectGolden(text, language == .english ? "class.txt" : "class.zh.txt", in: "reports")
    #expect(
      summary.judged == 4 && summary.refused == 1 && summary.ungraded == 1 && summary.held == 1 && summary.full == 0)
    #expect(text.split(separator: "\n").allSatisfy { !$0.hasPrefix("::") })
  }

  @Test func whatChangedIsNamed() {
    let phrases = Phrases(.english)
    #expect(phrases.changes(from: nil, to: SampleGrades.mixed).isEmpty)
    #expect(phrases.changes(from: SampleGrades.mixed, to: SampleGrades.mixed) == ["the same as last time"])
    #expect(
      phrases.changes(from: SampleGrades.mixed, to: SampleGrades.improved) == [
        "since last time: +10 points", "  now right: forward cₜ", "  wrong in another way: backward ∂L/∂b",
      ])
    #expect(
      phrases.changes(from: SampleGrades.improved, to: SampleGrades.mixed) == [
        "since last time: −10 points", "  no longer right: forward cₜ", "  wrong in another way: backward ∂L/∂b",
      ])
  }
}
