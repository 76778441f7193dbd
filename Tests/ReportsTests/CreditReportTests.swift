// Goals that earn a part of what they are worth, and goals that rest on wrong lines, in every format.

import Derivation
import Diagnostics
import Sheets
import Testing

@testable import Grading
@testable import Reports
@testable import SubmissionHost

@Suite struct CreditReportTests {
  private static let half = Message("half of the points: right by itself", "得一半分：本身是对的")
  private static let full = Message("right; rests on line 12: full points", "正确；依赖第 12 行：得满分")

  private static let grade = {
    func check(_ number: Int, _ finding: Finding, _ points: Double) -> Check {
      Check(
        task: "derivation", id: "derivation.\(number)", title: "∂L/∂U", finding: finding, diagnosis: nil,
        maxPoints: points)
    }
    return Grade(
      exercise: "rnn-bptt", titles: [:], submission: "alice", seed: 7,
      checks: [
        check(1, .credited(share: 0.5, half), 9), check(2, .credited(share: 1, full), 9), check(3, .agrees, 101),
      ], written: nil, leftOut: [], warnings: [], printed: PrintedText(), caveats: [], seconds: 0, processorSeconds: 0)
  }()

  @Test("half a point: is written as one in text, JSON, CSV, Gradescope and JUnit")
  func halfAPoint() throws {
    let grade = Self.grade
    #expect(grade.score == 114.5)
    #expect(grade.checks.map(\.status) == [.failed, .passed, .passed])
    #expect(TextReport(.english).text(of: grade).contains("114.5 / 119"))
    #expect(try JSONReport(.english).text(of: grade).contains("\"score\" : 114.5"))
    #expect(try GradescopeReport(.english).text(of: grade).contains("\"score\" : 4.5"))
    let suite = JUnitReport(.english, timestamp: "2025-03-01T12:00:00").text(of: [.graded(grade)], exercise: "rnn-bptt")
    #expect(suite.contains("value=\"114.5\""))
    #expect(Words.number(119.25) == "119.25")
  }

  @Test("a goal that rests on a wrong line: passes and says so")
  func restingOnAWrongLine() {
    let text = TextReport(.english).text(of: Self.grade)
    #expect(text.contains("right; rests on line 12: full points"))
    #expect(text.contains("half of the points: right by itself"))
    #expect(TextReport(.chinese).text(of: Self.grade).contains("正确；依赖第 12 行：得满分"))
  }
}
