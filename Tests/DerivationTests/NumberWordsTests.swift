// Numbers in what is said of a line: with their signs, and with names for what is no number.

import Diagnostics
import Testing

@testable import Derivation

@Suite struct NumberWordsTests {
  @Test(
    "a line that is a multiple of the right one: the factor has its sign",
    arguments: [
      ("-0.00123", "-1.2e-3 times"), ("0.00123", "1.2e-3 times"), ("-7.77", "-7.77 times"), ("-2", "-2 times"),
    ])
  func factor(_ factor: String, _ words: String) throws {
    let line = "\\frac{\\partial L}{\\partial h_T} = \(factor) \\frac{\\partial L_T}{\\partial h_T}"
    let text = SourceText(name: "derivation.md", text: "```math\n\(line)\n```\n")
    let link = try DerivationChecker(cell: CorpusEntry.cell("rnn-bptt")).check(text, seed: 1).chains[0].links[0]
    #expect(link.text.english.contains("the right side is \(words)"), "\(link.text.english)")
  }

  @Test("numbers of few digits: signs, infinities and what is no number")
  func shortText() {
    #expect((-0.00123).shortText == "-1.2e-3")
    #expect(0.00999.shortText == "1.0e-2")
    #expect(Double.nan.shortText == "NaN")
    #expect((-Double.infinity).shortText == "-∞")
    #expect(Double.infinity.shortText == "∞")
    #expect((-12.3456).shortText == "-12.346")
  }

  @Test("a formula that has no value: says NaN, or which infinity")
  func quantity() throws {
    func text(_ formula: String) throws -> String {
      try QuantityChecker(answer: SourceExcerpt(SourceText(name: "task", text: "P = 4H"))).check(
        SourceText(name: "q.md", text: "$$P = \(formula)$$"), seed: 1
      ).text.english
    }
    #expect(try text("\\log(H-H)").hasSuffix("it gives -∞"))
    #expect(try text("\\frac{1}{H-H}").hasSuffix("it gives ∞"))
    #expect(try text("\\sqrt{-H}").hasSuffix("it gives NaN"))
  }
}
