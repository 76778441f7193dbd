// How surely a verdict is known: what is decided in residues, what is only tested, and what the report says of it.

import Diagnostics
import Testing

@testable import Derivation

@Suite struct CertaintyTests {
  private func report(_ lines: String..., on sheet: String = "rnn-bptt") throws -> DerivationReport {
    let blocks = lines.map { "```math\n\($0)\n```\n" }.joined(separator: "\n")
    return try DerivationChecker(cell: CorpusEntry.cell(sheet))
      .check(SourceText(name: "derivation.md", text: blocks), seed: 1)
  }

  private static let right = "\\frac{\\partial L}{\\partial h_T} = \\frac{\\partial L_T}{\\partial h_T}"
  private static let wrong = "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L_t}{\\partial h_t}"
  private static let bound = "\\lVert h_t \\rVert \\le 2 \\lVert h_t \\rVert"
  private static let norms = "\\lVert h_t \\rVert = \\lVert h_t \\rVert"
  private static let definition = "q_t := 2 h_t"
  private static let misfit = "h_t = U"

  @Test(
    "the last line says that equalities were decided exactly where one was, and which lines were tested",
    arguments: [
      ([right], true, false), ([wrong], true, false), ([bound], false, true), ([norms], false, true),
      ([definition], false, false), ([misfit], false, false), ([], false, false), ([right, bound], true, true),
      ([misfit, bound], false, true), ([definition, right], true, false),
    ])
  func lastLine(_ lines: [String], _ isDecided: Bool, _ isTested: Bool) throws {
    let blocks = lines.map { "```math\n\($0)\n```\n" }.joined(separator: "\n")
    let method = try DerivationChecker(cell: CorpusEntry.cell("rnn-bptt"))
      .check(SourceText(name: "derivation.md", text: blocks), seed: 1).method
    #expect(method.english.contains("decided exactly, in residues mod 2^61 - 1, for T = 3,") == isDecided)
    #expect(method.chinese.contains("剩余类中精确判定的，取 T = 3,") == isDecided)
    #expect(method.english.contains("which is no proof") == isTested)
    #expect(method.chinese.contains("这不是证明") == isTested)
    #expect(method.english.contains("nothing was worked out in numbers") == !(isDecided || isTested))
    #expect(method.chinese.contains("没有用数值检验任何一行") == !(isDecided || isTested))
  }

  @Test("a change that mends a line to twelve digits is no near miss")
  func nearMissesAreExact() throws {
    let links = try report("h_t = -h_t", "h_t = -(h_t + 10^{-12} h_{t-1})").chains.map { $0.links[0] }
    #expect(links.map(\.verdict) == [.doesNotHold, .doesNotHold])
    #expect(links.map(\.reason) == [.sign, nil])
  }

  @Test("a gradient of which a share of 10^{-12} is left out is missing no whole path")
  func leftOutPathsAreExact() throws {
    let paths = "\\frac{\\partial L_t}{\\partial h_t}"
    let links = try report(
      "\\frac{\\partial L}{\\partial h_t} = \(paths)",
      "\\frac{\\partial L}{\\partial h_t} = \(paths) + 10^{-12} h_t"
    ).chains.map { $0.links[0] }
    #expect(links.map(\.reason) == [.missingPath, nil])
  }

  @Test("norms have no residues: what mends a line with norms is found with doubles")
  func nearMissesOfNorms() throws {
    let link = try report("\\lVert h_t \\rVert = 2 \\lVert h_t \\rVert").chains[0].links[0]
    #expect(link.verdict == .doesNotHold)
    #expect(link.certainty == .tested)
    #expect(link.reason == .factor)
    #expect(link.text.english.contains("the right side is 2 times the left side"))
  }

  @Test(
    "a counterexample: every quantity of the line has a value in it, those that are 0 too; no function that matters is 0"
  )
  func functionsOfToldArguments() throws {
    let line =
      "\\frac{\\partial L}{\\partial c_t} = o_t \\odot (1 - c_t^2) \\odot \\frac{\\partial L}{\\partial h_t} "
      + "+ f_{t+1} \\odot \\frac{\\partial L}{\\partial c_{t+1}}"
    let example = try #require(try report(line, on: "nndl-6-4").chains[0].links[0].counterexample)
    let names = example.values.map(\.name)
    #expect(
      Set(names).isSuperset(of: ["o_t", "c_t", "f_{t+1}", "\\frac{\\partial L}{\\partial c_{t+1}}", "\\tanh(c_t)"]),
      "\(names)")
    #expect(!example.text.english.contains("tanh(cₜ) = 0"), "\(example.text.english)")
    let squared = "\\frac{\\partial L}{\\partial z_t} = \\frac{\\partial L}{\\partial h_t} \\odot (1 - z_t^2)"
    let other = try #require(try report(squared).chains[0].links[0].counterexample)
    #expect(Set(other.values.map(\.name)).isSuperset(of: ["z_t", "h_t"]), "\(other.text.english)")
    #expect(other.text.english.contains("values of gates and states are chosen freely"))
  }

  @Test("a counterexample names the entry that is compared")
  func entries() throws {
    let line =
      "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L_t}{\\partial h_t} + U \\frac{\\partial L}{\\partial z_{t+1}}"
    let example = try #require(try report(line).chains[0].links[0].counterexample)
    #expect(example.hidden == 2)
    #expect(example.entry.count == 1)
    #expect(example.text.english.contains(example.entry == [1] ? "[∂L/∂hₜ]₁ = " : "[∂L/∂hₜ]₂ = "))
    let jacobian = "\\frac{\\partial h_t}{\\partial h_{t-1}} = \\operatorname{diag}(1 - h_t^2) U"
    #expect(try report(jacobian).chains[0].links[0].counterexample?.entry.count == 2)
    #expect(
      try report("\\frac{\\partial L}{\\partial z_t} = \\frac{\\partial L}{\\partial h_t}")
        .chains[0].links[0].counterexample?.entry == [])
  }
}
