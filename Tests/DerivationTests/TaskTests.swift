// Bounds and quantities.

import Diagnostics
import Recurrence
import Testing

@testable import Derivation

private func excerpt(_ text: String) -> SourceExcerpt { SourceExcerpt(SourceText(name: "task", text: text)) }

@Suite struct PathTests {
  /// A path that is left out is named in the letters of the line.
  @Test(arguments: [
    ("\\frac{\\partial h_t}{\\partial h_{t-1}} = U^\\top \\operatorname{diag}(1 - \\tanh^2(z_t))", "`h_t`"),
    (
      "\\frac{\\partial L}{\\partial h_k} = \\frac{\\partial L_k}{\\partial h_k} + \\frac{\\partial L}{\\partial h_{k+1}}",
      "`z_{k+1}`"
    ),
  ])
  func aPathIsNamedByTheLettersOfItsLine(_ line: String, _ name: String) throws {
    let text = SourceText(name: "derivation.md", text: "```math\n\(line)\n```\n")
    let link = try DerivationChecker(cell: CorpusEntry.cell("nndl-6-3")).check(text, seed: 1).chains[0].links[0]
    #expect(link.reason == .missingPath)
    #expect(link.text.english.hasSuffix("\(name)"), "\(link.text.english)")
  }
}

@Suite struct BoundTests {
  private func report(_ text: String) throws -> BoundChecker.Report {
    let checker = try BoundChecker(
      cell: CorpusEntry.cell("nndl-6-3"),
      limit: excerpt("\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le 1 + \\lVert U \\rVert"),
      given: [excerpt("\\lVert U \\rVert")], slack: 2)
    return checker.check(SourceText(name: "derivation.md", text: "```math\n\(text)\n```\n"), seed: 1)
  }

  @Test func theSheetsOwnEarns() throws {
    let report = try report("\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le 1 + \\lVert U \\rVert")
    #expect(report.earned)
  }

  @Test func aChainEarns() throws {
    let report = try report(
      """
      \\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert = \\lVert I + U^\\top \\operatorname{diag}(1 - \\tanh^2(z_t)) \\rVert
        \\le 1 + \\lVert U^\\top \\operatorname{diag}(1 - \\tanh^2(z_t)) \\rVert \\le 1 + \\lVert U \\rVert
      """)
    #expect(report.earned)
  }

  @Test func aFalseOneIsBroken() throws {
    let report = try report(
      "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le 1 + \\frac{1}{2} \\lVert U \\rVert")
    #expect(!report.earned)
    #expect(report.chains[0].links[0].verdict == .doesNotHold)
  }

  @Test("bounds: a list of guesses earns nothing, a mistake that is put right costs nothing")
  func aListOfGuessesEarnsNothing() throws {
    func line(_ bound: String) -> String { "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \(bound)" }
    func text(_ bounds: String...) -> String { bounds.map(line).joined(separator: "\n```\n\n```math\n") }
    let right = "1 + \\lVert U \\rVert"
    #expect(try report(text("\\lVert U \\rVert", right)).earned)
    #expect(try report(text(right, "5 + 9 \\lVert U \\rVert")).earned)
    #expect(try !report(text(right, "\\lVert U \\rVert")).earned)
    let guesses = try report(text("\\lVert U \\rVert", "1", "\\frac{1}{2} + \\lVert U \\rVert", right))
    #expect(!guesses.earned && guesses.missing?.english.hasPrefix("3 lines") == true)
  }

  @Test func anEqualFactorForEachStepEarns() throws {
    let checker = try BoundChecker(
      cell: CorpusEntry.cell("nndl-6-3"),
      limit: excerpt("\\lVert \\frac{\\partial h_t}{\\partial h_k} \\rVert \\le (1 + \\lVert U \\rVert)^{t-k}"),
      given: [excerpt("\\lVert U \\rVert")], slack: 1)
    let line = "\\lVert \\frac{\\partial h_t}{\\partial h_k} \\rVert \\le \\prod_{i=k+1}^{t} (1 + \\lVert U \\rVert)"
    #expect(checker.check(SourceText(name: "derivation.md", text: "```math\n\(line)\n```\n"), seed: 1).earned)
  }

  @Test func aLooseOneDoesNotEarn() throws {
    let report = try report("\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le 5 + 9 \\lVert U \\rVert")
    #expect(!report.earned)
    #expect(report.missing?.english.contains("times") == true)
  }

  @Test func aStrangerDoesNotEarn() throws {
    let report = try report(
      "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert"
    )
    #expect(!report.earned)
  }
}

@Suite struct QuantityTests {
  @Test func aNumberToTheTIsAPower() throws {
    func isRight(_ answer: String, _ line: String) throws -> Bool {
      try QuantityChecker(answer: excerpt(answer)).check(
        SourceText(name: "derivation.md", text: "```math\n\(line)\n```\n"), seed: 1
      ).isRight
    }
    #expect(try isRight("R = 2^{T+0}", "R = 2^T"))
    #expect(try !isRight("R = T", "R = 2^T"))
    #expect(try !isRight("P = H", "P = H^T"))
  }

  @Test func namesOfOnesOwnMayStandInIt() throws {
    let named = "```math\nQ := D + H + 1\nP_{\\mathrm{LSTM}} = 4HQ\n```\n"
    #expect(try report(named).isRight)
    // Not before they are named, not in themselves, and a size keeps its meaning.
    #expect(try !report("```math\nP_{\\mathrm{LSTM}} = 4HQ\nQ := D + H + 1\n```\n").isRight)
    #expect(try !report("```math\nQ := Q + 1\nP_{\\mathrm{LSTM}} = 4HQ\n```\n").isRight)
    #expect(try !report("```math\nH := 1\nP_{\\mathrm{LSTM}} = 4(D+2)\n```\n").isRight)
  }

  /// Each name is worked out once: this would be 2 to the power of 200 terms.
  @Test func namesThatDoubleEachOtherTakeNoTime() throws {
    let lines = (1...200).map { "q_{\($0)} := q_{\($0 - 1)} + q_{\($0 - 1)}" }.joined(separator: "\n")
    let text = "```math\nq_0 := 0\n\(lines)\nP_{\\mathrm{LSTM}} = q_{200} + 4H(D+H+1)\n```\n"
    #expect(try report(text).isRight)
  }

  private func report(_ text: String) throws -> QuantityChecker.Report {
    try QuantityChecker(answer: excerpt("P_{\\mathrm{LSTM}} = 4H(D+H+1)")).check(
      SourceText(name: "q.md", text: text), seed: 1)
  }

  @Test(arguments: ["4H(D+H+1)", "4(HD + H^2 + H)", "4 H D + 4 H^2 + 4 H", "4 \\cdot H \\cdot (D + H + 1)"])
  func equalForms(_ formula: String) throws {
    #expect(try report("So $P_{\\mathrm{LSTM}} = \(formula)$.").isRight)
  }

  @Test(arguments: ["4H(D+H)", "3H(D+H+1)", "4D(D+H+1)", "4H(D+H+K)"])
  func wrongForms(_ formula: String) throws {
    #expect(try !report("$$P_{\\mathrm{LSTM}} = \(formula)$$").isRight)
  }

  /// A function may stand before a number without brackets, and no further.
  @Test(arguments: [
    ("-\\frac{\\log 2}{\\log f}", true), ("\\frac{\\log\\frac{1}{2}}{\\log f}", true),
    ("\\frac{\\ln 2}{\\ln(1/f)}", true), ("\\frac{\\log(0.5)}{\\log f}", true),
    ("-\\frac{\\log 3}{\\log f}", false), ("-\\frac{\\log 2 f}{\\log f}", false),
  ])
  func logarithmsOfNumbers(_ formula: String, _ isRight: Bool) throws {
    let checker = try QuantityChecker(answer: excerpt("N_{\\mathrm{half}} = -\\frac{\\log 2}{\\log f}"))
    let report = checker.check(SourceText(name: "q.md", text: "$$N_{\\mathrm{half}} = \(formula)$$"), seed: 1)
    #expect(report.isRight == isRight, "\(report.text.english)")
  }

  @Test func nothingWritten() throws {
    #expect(try report("I do not know.").text.english.contains("no formula"))
  }
}
