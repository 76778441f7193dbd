// Wrong models: each loses the checks that it gets wrong and no others, and the slip is named where it can be.

import Grading
import Sheets
import Testing

@testable import Diagnosis

/// A slip in a model solution.
struct ModelError: Sendable, CustomTestStringConvertible {
  var name: String
  var sheet: String
  var old: String
  var new: String
  /// The checks that fail.
  var wrong: [String]
  /// What the report says was done.
  var slip: ModelSlip?

  var testDescription: String { "\(sheet): \(name)" }

  init(_ sheet: String, _ name: String, _ old: String, _ new: String, _ wrong: [String], _ slip: ModelSlip? = nil) {
    (self.sheet, self.name, self.old, self.new, self.wrong, self.slip) = (sheet, name, old, new, wrong, slip)
  }

  private static let gradients = ["Wv", "bv", "E", "Wx", "Wh", "b", "Ws", "bs"].map { "gradients.\($0)" }
  private static let lstm = ["Wx", "Wh", "b", "Ws", "bs"].map { "gradients.\($0)" }
  private static let loss = ["forward.loss"]

  static let all: [ModelError] = [
    .init(
      "captioning", "padding counts in the loss", "batch.m[t] .* batch.y[t] .* log", "batch.y[t] .* log", loss,
      .maskIgnored),
    .init(
      "captioning", "padding counts in the gradients", "let ds = batch.m[t] .* (", "let ds = (", gradients, .maskIgnored
    ),
    .init(
      "captioning", "the loss is a mean over targets", "o.loss = total / Double(batch.v.rows)",
      "o.loss = total / batch.m.reduce(0) { $0 + $1.elements.reduce(0, +) }", loss, .dividedByTargets),
    .init(
      "captioning", "the loss is a mean over every place", "o.loss = total / Double(batch.v.rows)",
      "o.loss = total / Double(batch.v.rows * batch.x.count)", loss, .dividedByEveryPlace),
    .init(
      "captioning", "the gradients are not divided", "- batch.y[t]) / Double(batch.v.rows)", "- batch.y[t])", gradients,
      .notDivided),
    .init("captioning", "the sign of the loss", "o.loss = total", "o.loss = -total", loss),
    .init(
      "captioning", "nothing reaches the picture", "g.Wv = batch.v.T * later", "g.Wv = .zeros(like: p.Wv)",
      [gradients[0]]),
    .init("captioning", "an embedding of the last step alone", "g.E += batch", "g.E = batch", ["gradients.E"]),
    .init(
      "captioning", "the future is forgotten", "later = dz * p.Wh.T\n    }", "later = 0 * dz\n    }",
      gradients.filter { !["gradients.Ws", "gradients.bs"].contains($0) }),
    .init(
      "captioning", "writing repeats the first word", "h = nextState(word * p.E", "h = nextState(first * p.E",
      ["sampling.greedy"], .firstWordAgain),
    .init(
      "captioning", "writing forgets the state", "h = nextState(word * p.E, h",
      "h = nextState(word * p.E, v * p.Wv + p.bv", ["sampling.greedy"], .stateNotCarried),
    .init(
      "captioning", "probabilities instead of words", "word = likeliest(scores(h, p))", "word = softmax(scores(h, p))",
      ["sampling.greedy"]),
    .init("captioning", "one word too few", "for _ in 0..<steps", "for _ in 1..<steps", ["sampling.greedy"]),
    .init(
      "text-generation", "a mean over sequences", "o.loss = total / count", "o.loss = total / Double(h.rows)", loss,
      .dividedBySamples),
    .init(
      "text-generation", "padding counts", "let ds = tape.batch.m[t] .* (", "let ds = (", lstm),
    .init(
      "text-generation", "the memory is not carried back", "dcLater = dc .* k.f", "",
      ["Wx", "Wh", "b"].map { "gradients.\($0)" }),
    .init(
      "text-generation", "scores times temperature", "s / temperature", "s * temperature",
      ["sampling.0.5", "sampling.2.0"],
      .temperatureMultiplied),
    .init(
      "text-generation", "no temperature", "s / temperature", "s", ["sampling.0.5", "sampling.2.0"], .temperatureIgnored
    ),
    .init(
      "text-generation", "probabilities tempered", "softmax(s / temperature)", "softmax(s) / temperature",
      ["sampling.0.5", "sampling.2.0"], .probabilitiesDivided),
    .init(
      "text-generation", "a probability by itself", "if sum > u { return k }", "if probability > u { return k }",
      ["sampling.0.5", "sampling.1.0", "sampling.2.0"], .singleProbability),
    .init(
      "text-generation", "writing forgets the memory",
      "let (next, s, kept) = step(character, h, c, p)\n      (h, c) = (kept.h, next)",
      "let (_, s, kept) = step(character, h, c, p)\n      h = kept.h",
      ["sampling.0.5", "sampling.1.0", "sampling.2.0"], .stateNotCarried),
    .init(
      "text-generation", "always the likeliest", "if sum > u { return k }",
      "if probability == probabilities.elements.max() { return k }", ["sampling.0.5", "sampling.1.0", "sampling.2.0"],
      .alwaysLikeliest),
    .init(
      "text-generation", "something else is given the right norm",
      "clipped.blocks = g.blocks.map { limit / norm .* $0 }",
      "clipped.blocks = g.blocks.map { .zeros(like: $0) }\n    clipped.blocks[0][0, 0] = limit",
      ["clipping.after", "clipping.blocks"]),
    .init(
      "text-generation", "each entry is clipped", "g.blocks.map { limit / norm .* $0 }",
      "g.blocks.map { $0.map { max(-limit, min(limit, $0)) } }", ["clipping.after", "clipping.blocks"]),
    .init(
      "text-generation", "short gradients are stretched", "guard norm > limit else { return (g, norm) }", "",
      ["clipping.after", "clipping.blocks"], .clippedShort),
    .init(
      "text-generation", "a little is added to the norm", "limit / norm .*", "limit / (norm + 1e-6) .*",
      ["clipping.after", "clipping.blocks"]),
    .init(
      "text-generation", "the norm without its root", "let norm = sqrt(squares)", "let norm = squares",
      ["clipping.before", "clipping.after", "clipping.blocks"]),
    .init(
      "text-generation", "the norm after clipping", "return (clipped, norm)", "return (clipped, limit)",
      ["clipping.before"]),
  ]
}

@Suite struct ModelSlipTests {
  @Test(arguments: ModelError.all)
  func losesItsOwnChecksAlone(_ error: ModelError) async throws {
    let sheet = try Models.sheet(error.sheet)
    let tasks = ["forward", "gradients", "sampling", "clipping"].filter { id in sheet.tasks.contains { $0.id == id } }
    let submission = try Course.changed(error.sheet, error.old, error.new)
    let grade = try await Models.grade(submission, of: sheet, tasks: tasks, seed: 11)
    let failed = grade.checks.filter { $0.status != .passed }
    #expect(failed.map(\.id) == grade.checks.map(\.id).filter(error.wrong.contains), "\(failed)")
    #expect(failed.count == error.wrong.count)
    if let slip = error.slip {
      #expect(failed.allSatisfy { $0.diagnosis?.cause == .model(slip) }, "\(failed.map(\.diagnosis))")
    }
  }
}
