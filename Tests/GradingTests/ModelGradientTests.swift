// Wrong gradients of a model are named like those of a cell, and so is what stands where its softmax belongs.

import Diagnostics
import Grading
import Reports
import Sheets
import Testing

@testable import Diagnosis

/// A change of a model solution, and what is to be told of it.
struct ModelChange: Sendable, CustomTestStringConvertible {
  let sheet: String
  let old: String
  let new: String
  /// The blocks of the gradients that are wrong.
  let wrong: [String]
  /// The fault of all of them.
  let fault: String

  var testDescription: String { "\(sheet): \(fault)" }

  init(_ sheet: String, _ old: String, _ new: String, _ wrong: [String], _ fault: String) {
    (self.sheet, self.old, self.new, self.wrong, self.fault) = (sheet, old, new, wrong, fault)
  }

  private static let all = ["Wv", "bv", "E", "Wx", "Wh", "b", "Ws", "bs"]
  private static let inner = ["Wv", "bv", "E", "Wx", "Wh", "b"]

  static let steps: [ModelChange] = [
    .init("captioning", "later = dz * p.Wh.T", "later = dz * p.Wh", inner, "notTransposed:hPrevious<ht1Wh"),
    .init("captioning", "(ds * p.Ws.T + later)", "(ds * p.Ws.T)", inner, "time.carryDropped:all"),
    .init("captioning", " .* (1 - h .* h)\n", "\n", inner, "derivativeMissing:etWxht1Whb<h"),
    .init("captioning", "g.Wh += tape.h[t].T", "g.Wh += tape.h[t + 1].T", ["Wh"], "presentForPrevious:Wh<ht1Wh"),
    .init("captioning", "g.bv = later.sumOverRows()", "g.bv = .zeros(like: p.bv)", ["bv"], "zeros:bv"),
    .init("captioning", "g.Wv = batch.v.T * later", "g.Wv = -1 * (batch.v.T * later)", ["Wv"], "multiple(-1.0):Wv"),
    .init(
      "text-generation", "dhLater = da * p.Wh.T", "dhLater = 0 * (da * p.Wh.T)", ["Wx", "Wh", "b"],
      "time.carryDropped:h"),
    .init("text-generation", "dcLater = dc .* k.f", "", ["Wx", "Wh", "b"], "time.carryDropped:c"),
    .init("text-generation", ".* k.f .* (1 - k.f)", ".* k.f", ["Wx", "Wh", "b"], "derivativeFirstHalf:af<f"),
  ]

  static let probabilities: [ModelChange] = [
    .init(
      "captioning", "let probabilities = softmax(s)", "let probabilities = softmax(softmax(s))", all, "softmaxTwice"),
    .init(
      "captioning", "let probabilities = softmax(s)", "let probabilities = exp(s) ./ s.sumOverColumns()", all,
      "exponentialsOverScores"),
    .init("captioning", "let probabilities = softmax(s)", "let probabilities = sigmoid(s)", all, "sigmoidOfScores"),
    .init(
      "captioning", "let probabilities = softmax(s)", "let probabilities = softmax(-1 * s)", all, "softmaxOfNegated"),
    .init("captioning", "let probabilities = softmax(s)", "let probabilities = exp(s)", all, "exponentialsAlone"),
    .init(
      "captioning", "let probabilities = softmax(s)", "let probabilities = s ./ s.sumOverColumns()", all,
      "scoresOverTheirSum"),
  ]
}

@Suite struct ModelGradientTests {
  private func failed(_ change: ModelChange) async throws -> [Check] {
    let sheet = try Models.sheet(change.sheet)
    let submission = try Course.changed(change.sheet, change.old, change.new)
    let grade = try await Models.grade(submission, of: sheet, tasks: ["forward", "gradients"], seed: 5)
    return grade.checks.filter { $0.status != .passed }
  }

  @Test("a mistake of the step or of its loop is named in the gradients of a model", arguments: ModelChange.steps)
  func steps(_ change: ModelChange) async throws {
    let failed = try await failed(change)
    #expect(failed.map(\.id) == change.wrong.map { "gradients.\($0)" })
    #expect(failed.allSatisfy { $0.diagnosis?.fault == change.fault }, "\(failed.map { $0.diagnosis?.fault })")
  }

  @Test("what stands where the softmax belongs is named in loss and gradients", arguments: ModelChange.probabilities)
  func probabilities(_ change: ModelChange) async throws {
    let failed = try await failed(change)
    #expect(failed.map(\.id) == ["forward.loss"] + change.wrong.map { "gradients.\($0)" })
    #expect(failed.allSatisfy { $0.diagnosis?.fault == change.fault }, "\(failed.map { $0.diagnosis?.fault })")
  }

  @Test("probabilities that are no distribution are said to be none, in both languages")
  func noDistribution() {
    for slip in [ModelSlip.exponentialsOverScores, .scoresOverTheirSum, .exponentialsAlone, .sigmoidOfScores] {
      #expect(Phrases(.english).words(slip).contains("no distribution"))
      #expect(Phrases(.chinese).words(slip).contains("不是概率分布"))
    }
    for slip in [ModelSlip.softmaxTwice, .softmaxOfNegated] {
      #expect(!Phrases(.english).words(slip).contains("distribution"))
    }
  }

  @Test("a sheet that names no mistakes names none in a model")
  func silent() async throws {
    let sheet = try Models.sheet(
      "captioning", "part: gradients, points: 40", "part: gradients, points: 40, diagnosis: false")
    let submission = try Course.changed("captioning", "later = dz * p.Wh.T", "later = dz * p.Wh")
    let grade = try await Models.grade(submission, of: sheet, tasks: ["gradients"], seed: 5)
    let failed = grade.checks.filter { $0.status != .passed }
    #expect(failed.count == 6 && failed.allSatisfy { $0.diagnosis == nil })
  }
}
