// What a learner writes for a person: kept as it stands, shown, never scored.

import Diagnostics
import Foundation
import Sheets
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite struct EssayTests {
  private func section(_ text: String) -> String? {
    EssayText.section("essay", in: SourceText(name: "derivation.md", text: text))
  }

  @Test func itIsTheSectionUnderTheTasksHeading() {
    #expect(section("# A\n\n## essay\n\n  One.\n\nTwo.\n\n\n") == "  One.\n\nTwo.")
    #expect(section("## essay (30 points)\nOne.\n### Part\nTwo.\n## Other\nThree.") == "One.\n### Part\nTwo.")
    #expect(section("## Essay：看法\n\n一。\n\n# 其他\n") == "一。")
  }

  @Test func whatIsNotThereIsNil() {
    #expect(section("") == nil)
    #expect(section("## essay\n\n \n## next\ntext") == nil)
    #expect(section("## essays\ntext") == nil)
    // A heading in a block of code is none.
    #expect(section("```\n## essay\n```\ntext") == nil)
  }

  @Test func itIsKeptAndNeverScored() async throws {
    let text = try #require(Course.solution("nndl-6-1p").derivation).text
    let start = try #require(text.range(of: "## essay\n"))
    let other = text[..<start.upperBound] + "Only this. \u{1B}[31m"
    let submission = Submission(files: [], derivation: .init(name: "derivation.md", bytes: Array(other.utf8)))
    let grade = try await Course.grade(submission, of: "nndl-6-1p")
    let check = try #require(grade.checks.last)
    #expect(check.finding == .manual(text: "Only this. \u{1B}[31m") && check.essay == "Only this. \u{1B}[31m")
    #expect(check.status == .manual && check.points == 0 && grade.hasFullMarks)
    let none = try await Course.grade(Submission(files: []), of: "nndl-6-1p")
    #expect(none.checks.last?.finding == .manual(text: nil) && none.score == 0)
  }
}
