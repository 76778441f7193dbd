// Training in the jail: what comes back is measured, and whatever else may happen there costs that check alone.

import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct ModelTrainingTests {
  /// The training check of the captioning solution with its `train` replaced.
  private func training(_ body: String, footer: String = "", seconds: Int = 20) async throws -> Check {
    let sheet = try Models.sheet("captioning", "seconds: 30", "seconds: \(seconds)")
    let solution = try Course.solution("captioning").files[0].text
    let head = "static func train(_ data: [Batch], _ p: Parameters) -> Parameters {\n"
    let start = try #require(solution.range(of: head))
    let text = solution[..<start.upperBound] + body + "\n  }\n}\n" + footer
    let submission = Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
    let grade = try await Models.grade(submission, of: sheet, tasks: ["forward", "training"])
    #expect(grade.checks.filter { $0.task == "forward" }.allSatisfy { $0.status == .passed }, "\(grade.checks)")
    let check = try #require(grade.checks.last)
    #expect(check.task == "training" && check.status != .passed && check.points == 0)
    return check
  }

  @Test func untrainedParametersAreMeasured() async throws {
    guard case .notReached(let loss, let below, let before, true) = try await training("return p").finding else {
      Issue.record("not measured")
      return
    }
    #expect(below == 0.1 && loss == before && loss > 5)
  }

  @Test func tooLittleTrainingIsMeasured() async throws {
    let body = """
      var p = p
      var adam = Adam(rate: 0.01)
      for _ in 0..<5 { adam.update(&p.blocks, by: backward(forward(data[0], p).1, p).blocks) }
      return p
      """
    guard case .notReached(let loss, _, let before, false) = try await training(body).finding else {
      Issue.record("not measured")
      return
    }
    #expect(loss < before && loss > 1)
  }

  /// A loss that the learner's own code calls 0 counts for nothing; the reference measures.
  @Test func trainingUphillIsMeasured() async throws {
    let body = """
      var p = p
      for _ in 0..<20 {
        let g = backward(forward(data[0], p).1, p).blocks
        p.blocks = p.blocks.indices.map { p.blocks[$0] + 0.1 * g[$0] }
      }
      return p
      """
    guard case .notReached(let loss, _, let before, false) = try await training(body).finding else {
      Issue.record("not measured")
      return
    }
    #expect(loss > before)
  }

  @Test func aLoopWithoutEndCostsTheTrainingAlone() async throws {
    let check = try await training("while true { _ = forward(data[0], p) }", seconds: 1)
    #expect(check.finding == .noAnswer(.timedOut(seconds: 1)))
  }

  @Test func sleepingDoesNotHelp() async throws {
    let check = try await training("while true { usleep(1_000_000) }", footer: "import Glibc\n", seconds: 1)
    #expect(check.finding == .noAnswer(.timedOut(seconds: 1)))
  }

  @Test func whatIsNoAnswerFailsClosed() async throws {
    let infinite = try await training("var p = p\n    p.b = p.b + Double.infinity\n    return p")
    guard case .notFinite = infinite.finding else {
      Issue.record("\(infinite.finding)")
      return
    }
    let turned = try await training("var p = p\n    p.Wx = p.Wx.T\n    return p")
    guard case .wrongShape = turned.finding else {
      Issue.record("\(turned.finding)")
      return
    }
    #expect(try await training("var p = p\n    p.Ws = .notSet\n    return p").finding == .notSet)
    // Finite numbers with which the loss is none.
    guard case .notReached = try await training("var p = p\n    p.Ws = p.Ws * 1e308\n    return p").finding else {
      Issue.record("a loss that is no number was taken")
      return
    }
  }

  @Test func endingTheProgramIsNoAnswer() async throws {
    let early = try await training("exit(0)", footer: "import Glibc\n")
    #expect(early.finding == .noAnswer(.earlyExit(code: 0)))
    let stop = try await training(
      "return Parameters(Wv: data[7].v, bv: p.bv, E: p.E, Wx: p.Wx, Wh: p.Wh, b: p.b, Ws: p.Ws, bs: p.bs)")
    #expect(stop.verdict == "crashed" && stop.place?.file == "Cell.swift")
  }

  @Test func memoryIsBounded() async throws {
    let check = try await training("var all: [Matrix] = []\n    while true { all.append(.zeros(2_000, 2_000)) }")
    #expect(["outOfMemory", "crashed"].contains(check.verdict), "\(check.finding)")
  }

  /// Without a way forward, or a way back, nobody waits for a training.
  @Test func withoutGradientsTrainingIsSkipped() async throws {
    let submission = try Course.changed(
      "captioning", "let batch = tape.batch\n", "let batch = tape.batch\n    while batch.x.count > 0 {}\n")
    let grade = try await Models.grade(submission, of: Models.sheet("captioning"))
    #expect(grade.checks.filter { $0.task == "gradients" }.allSatisfy { $0.verdict == "timedOut" })
    #expect(grade.checks.last?.finding == .skipped(needs: "gradients"))
    #expect(grade.score == 35)
  }

  @Test func whatIsKeptBetweenCallsIsFound() async throws {
    let submission = try Course.changed(
      "captioning", "var o = Output()", "var o = Output()\n    CaptionRNN.calls += 1\n    let p = CaptionRNN.changed(p)"
    )
    let text = submission.files[0].text.replacing(
      "  // MARK: Writing",
      with: """
          static var calls = 0.0
          static func changed(_ p: Parameters) -> Parameters {
            var p = p
            p.bs = p.bs + calls
            return p
          }

          // MARK: Writing
        """)
    let grade = try await Models.grade(
      Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))]), of: Models.sheet("captioning"),
      tasks: ["forward"])
    #expect(grade.checks.contains { if case .unsteady = $0.finding { true } else { false } }, "\(grade.checks)")
  }
}
