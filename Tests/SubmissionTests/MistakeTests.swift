// Wrong cells, written without a look at the table of faults: every one is rejected, and what was done is said.

import Foundation
import Grading
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct MistakeTests {
  /// The share that must be named by what was done.
  static let named = 0.8

  @Test func wrongCellsAreRejectedAndNamed() async throws {
    let judgements = try Judgement.all()
    let results = try await Mistake.all().concurrently { exercise, mistake in
      let submission = Course.submission(try mistake.cell(of: exercise))
      let grade = try await Course.grader(exercise).grade(submission, named: mistake.name, seed: 3)
      return try MistakeResult(exercise, mistake, grade, judgements)
    }
    if ProcessInfo.processInfo.environment["UNROLL_TABLE"] != nil { print(results.table) }
    #expect(results.count >= 80)
    for result in results {
      #expect(result.isRejected, "\(result.name)")
      #expect(result.wrong == Set(result.mistake.blocks), "\(result.name)")
      // A wrong name is worse than none.
      #expect(result.misleading.isEmpty, "\(result.name): \(result.misleading)")
      #expect(result.missingHints.isEmpty, "\(result.name): \(result.missingHints)")
    }
    let count = Double(results.count)
    #expect(Double(results.count { $0.namesRightBlock }) >= 0.95 * count)
    #expect(Double(results.count { $0.verdict == .right }) >= Self.named * count)
    let steps = results.compactMap(\.hasRightStep)
    #expect(steps.count >= 15 && Double(steps.count { $0 }) >= 0.95 * Double(steps.count))
    #expect(
      Double(results.count { $0.verdict == .wrong }) <= 0.03 * count,
      "\(results.filter { $0.verdict == .wrong }.map { "\($0.name): \($0.naming)" })")
  }

  @Test func symbolsAreComparedWithoutTheirMarks() {
    #expect(PlainSymbols("c_{t-1}").text == PlainSymbols("cₜ₋₁").text)
    #expect(PlainSymbols("\\tilde{c}_t").text == PlainSymbols("c̃ₜ").text)
    #expect(PlainSymbols("the factor a_{f,t}").contains("a_f,t"))
  }
}
