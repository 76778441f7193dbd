// Trainings that train nothing: weights from elsewhere earn nothing, whether or not the gradients are right.

import CellKit
import Foundation
import Models
import Recurrence
import Sheets
import TestSupport
import Testing
import Wire

@testable import Grading
@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct ModelCheatTests {
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-")

  /// What the model solution makes of the data of a seed.
  private func learned(_ id: String, seed: UInt64) async throws -> [Matrix] {
    let (sheet, program) = try await Models.program(id)
    let grader = try ModelJudge(try #require(sheet.model), sheet: sheet)
    let batches = grader.data.batches(seed: seed)
    let call = Call.model(
      .modelTrain,
      [grader.data.parameters(seed: seed)] + batches.flatMap { [$0.start, $0.words, $0.targets, $0.mask] })
    let report = await (try TestWorkbench.value).run(program, [call], limits: CallLimits(seconds: 60))
    let answer = try #require(report.outcomes.first?.answer)
    return try answer.lists[0].map { value in
      guard case .matrix(let matrix) = value else { throw TestFailure(reason: "\(value)") }
      return matrix
    }
  }

  /// A `train` that gives back these weights, from a text of two letters a number.
  private func byHeart(_ weights: [Matrix]) -> String {
    let text = weights.flatMap(\.elements).map { weight in
      let number = max(0, min(4_095, Int((weight * 128).rounded()) + 2_048))
      return String([Self.digits[number / 64], Self.digits[number % 64]])
    }.joined()
    return """
          let digits = Array("\(String(Self.digits))".utf8)
          var values = [Double](repeating: 0, count: 256)
          for (index, digit) in digits.enumerated() { values[Int(digit)] = Double(index) }
          let text = Array("\(text)".utf8)
          var p = p
          var position = 0
          p.blocks = p.blocks.map { block in
            var block = block
            for row in 0..<block.rows {
              for column in 0..<block.columns {
                block[row, column] = (values[Int(text[position])] * 64 + values[Int(text[position + 1])] - 2048) / 128
                position += 2
              }
            }
            return block
          }
          return p
      """
  }

  /// The model solution with another `train`, and with its backward emptied if asked.
  private func cheat(_ id: String, train: String, emptiesBackward: Bool = false) throws -> Submission {
    var text = try Course.solution(id).files[0].text
    func replaceBody(_ head: String, _ body: String) throws {
      let start = try #require(text.range(of: head)).upperBound
      let end = try #require(text.range(of: "\n  }\n", range: start..<text.endIndex)).lowerBound
      text.replaceSubrange(start..<end, with: "\n" + body)
    }
    try replaceBody("static func train(_ data: [Batch], _ p: Parameters) -> Parameters {", train)
    if emptiesBackward {
      try replaceBody("static func backward(_ tape: Tape, _ p: Parameters) -> Gradients {", "    return Gradients()")
    }
    return Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
  }

  @Test("training: weights learned for one seed reach its loss, and no other seed's", arguments: Models.sheets)
  func weightsByHeart(_ id: String) async throws {
    let train = byHeart(try await learned(id, seed: 5))
    let sheet = try Models.sheet(id)
    let honest = try cheat(id, train: train)
    let own = try await Models.grade(honest, of: sheet, tasks: ["training"], seed: 5)
    #expect(own.hasFullMarks, "the cheat is none: \(own.checks)")
    for seed: UInt64 in [1, 2, 3, 4, 6] {
      let grade = try await Models.grade(honest, of: sheet, tasks: ["training"], seed: seed)
      guard case .notReached(let loss, let below, _, false)? = grade.checks.last?.finding else {
        Issue.record("seed \(seed): \(grade.checks)")
        continue
      }
      #expect(grade.score == 0 && loss > 2 * below, "seed \(seed): \(loss)")
    }
  }

  @Test("training: it earns nothing where the gradients are not right", arguments: Models.sheets)
  func withoutGradients(_ id: String) async throws {
    let train = byHeart(try await learned(id, seed: 5))
    let submission = try cheat(id, train: train, emptiesBackward: true)
    // Also where the gradients are not asked for, and for the very seed that the weights are from.
    for tasks in [nil, ["training"]] {
      let grade = try await Models.grade(submission, of: Models.sheet(id), tasks: tasks, seed: 5)
      let checks = grade.checks.filter { $0.task == "training" || $0.task == "gradients" }
      #expect(checks.allSatisfy { $0.points == 0 })
      #expect(grade.checks.last?.finding == .skipped(needs: "gradients"))
    }
  }

  @Test("training: one wrong gradient is enough")
  func oneWrongGradient() async throws {
    let submission = try Course.changed("captioning", "g.Wv = batch.v.T * later", "g.Wv = .zeros(like: p.Wv)")
    let grade = try await Models.grade(submission, of: Models.sheet("captioning"))
    #expect(grade.checks.filter { $0.status != .passed }.map(\.id) == ["gradients.Wv", "training.loss"])
  }
}
