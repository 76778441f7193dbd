// A learner's equations evaluated on given numbers: right ones give the reference's gradients, step by step and sample
// by sample; wrong ones give what they say, with the line that is at fault.

import CellKit
import Diagnostics
import Formula
import Recurrence
import Sheets
import Testing

@testable import Derivation

@Suite struct WrittenEquationsTests {
  /// The equations of a text.
  ///
  /// - Parameter verdict: what is taken to be found about every equal sign; nil for what the check finds.
  private func equations(_ cell: Cell, _ text: SourceText, as verdict: LinkVerdict? = nil) throws -> WrittenEquations? {
    let checker = try DerivationChecker(cell: cell)
    guard let verdict else { return checker.equations(of: text, examined: checker.check(text, seed: 3)) }
    let chains = Paper(text, cell: cell).lines.map { line in
      let place = text.position(at: line.statement.range.lowerBound)
      let link = DerivationReport.Link(
        read: "", verdict: verdict, reason: nil, text: Wording("", ""), relativeError: nil, range: line.statement.range,
        position: place)
      return DerivationReport.Chain(
        position: place, range: line.statement.range, links: line.statement.signs.map { _ in link }, notes: [])
    }
    return checker.equations(
      of: text,
      examined: DerivationReport(reading: [], chains: chains, goals: [], diagnostics: [], method: Wording("", "")))
  }

  private func gradients(
    _ equations: WrittenEquations, _ cell: Cell, steps: Int, seed: UInt64
  ) -> (written: WrittenGradients, right: [WrittenGradients.Block: [Matrix]]) {
    var letters: [String: Int] = [:]
    for (index, letter) in cell.declaration.sizes.keys.sorted().enumerated() { letters[letter] = index + 2 }
    letters["N"] = 4
    let sizes = Sizes(letters, steps: steps)
    let value = cell.randomCase(sizes, seed: seed)
    let recurrence = Recurrence(cell, sizes: sizes)
    recurrence.forward(value)
    let gradients = recurrence.backward(value.upstream)
    var right: [WrittenGradients.Block: [Matrix]] = [:]
    for (index, list) in gradients.inputs.enumerated() { right[.input(index)] = list }
    for (index, matrix) in gradients.initial.enumerated() { right[.initial(index)] = [matrix] }
    for (index, matrix) in gradients.parameters.enumerated() { right[.parameter(index)] = [matrix] }
    return (equations.gradients(on: value, sizes: sizes, isStep: steps == 1), right)
  }

  private func error(_ left: [Matrix], _ right: [Matrix]) -> Double {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).map { a, b in
      guard a.rows == b.rows, a.columns == b.columns else { return Double.infinity }
      return a.combined(b, -)!.largest / max(a.largest, b.largest, 1e-300)
    }.max() ?? 0
  }

  @Test(arguments: ["nndl-6-3", "nndl-6-4", "nndl-6-5", "nndl-6-2p", "rnn-bptt"], [1, 4])
  func modelDerivationsGiveTheTrueGradients(_ id: String, _ steps: Int) throws {
    let (sheet, text) = try #require(try SolutionTests.papers().first { $0.sheet.id == id })
    let cell = try #require(sheet.cell)
    let equations = try #require(try equations(cell, text))
    let (written, right) = gradients(equations, cell, steps: steps, seed: 3)
    #expect(!written.isExhausted)
    #expect(written.entries.count > cell.quantities.parameters.count / 2)
    for (block, entry) in written.entries {
      guard let values = entry.values else {
        Issue.record("\(block) has no value")
        continue
      }
      #expect(error(values, try #require(right[block])) < 1e-10, "\(block)")
      #expect(entry.roots.isEmpty && !entry.isDoubtful, "\(block): \(entry.roots)")
    }
  }

  /// Every gradient that a derivation of the corpus states, evaluated on one step and on three.
  private func stated(
    in kind: String, as verdict: LinkVerdict? = nil
  ) throws -> [(name: String, found: WrittenGradients.Entry, isTrue: Bool)] {
    var all: [(name: String, found: WrittenGradients.Entry, isTrue: Bool)] = []
    for entry in try CorpusEntry.all() where entry.kind == kind {
      let cell = try CorpusEntry.cell(try #require(entry.values("sheet").first))
      let text = SourceText(name: entry.name, text: entry.text)
      guard let equations = try equations(cell, text, as: verdict) else { continue }
      for steps in [1, 3] {
        let (written, right) = gradients(equations, cell, steps: steps, seed: 5)
        for (block, found) in written.entries {
          let isTrue = try found.values.map { error($0, try #require(right[block])) < 1e-9 } ?? false
          all.append(("\(entry.name) T = \(steps): \(block)", found, isTrue))
        }
      }
    }
    return all
  }

  /// Nothing that is right is given another value, however it is written.
  @Test func rightDerivationsOfTheCorpusGiveTheTrueGradients() throws {
    let all = try stated(in: "right", as: .holds)
    for (name, found, isTrue) in all where !isTrue {
      print("\(name): \(found.values == nil ? "no value" : "another value")")
      #expect(found.values == nil || (found.isDoubtful && found.roots.isEmpty), "\(name): \(found.roots)")
    }
    let count = all.filter(\.isTrue).count
    print("right derivations: \(count) of \(all.count) gradients have their true value")
    #expect(count * 20 > all.count * 19)
  }

  /// What is wrong has a value too, and the line from which it is wrong.
  @Test func wrongDerivationsOfTheCorpusAreEvaluatedToo() throws {
    let different = try stated(in: "wrong").filter { !$0.isTrue && $0.found.values != nil }
    let told = different.filter { !$0.found.isDoubtful && !$0.found.roots.isEmpty }
    print("wrong derivations: of \(different.count) gradients that differ \(told.count) are told")
    #expect(told.count > 100 && told.count * 20 > different.count * 19)
  }

  /// What an honest text takes is a small part of what is allowed.
  @Test(arguments: ["nndl-6-4", "nndl-6-2p", "rnn-bptt"])
  func modelDerivationsTakeLittle(_ id: String) throws {
    let (sheet, text) = try #require(try SolutionTests.papers().first { $0.sheet.id == id })
    let cell = try #require(sheet.cell)
    let equations = try #require(try equations(cell, text, as: .holds))
    let sizes = Sizes(cell.declaration.sizes, steps: 6)
    _ = equations.gradients(on: cell.randomCase(sizes, seed: 1), sizes: sizes, isStep: false)
    print("\(id): \(WrittenEquations.budget - equations.budget) of \(WrittenEquations.budget) terms")
    #expect(equations.budget > WrittenEquations.budget * 3 / 4)
  }

  @Test func whatTakesTooLongIsGivenUp() throws {
    let cell = try CorpusEntry.cell("nndl-6-4")
    let sum = "\\sum_{i=1}^{90} \\sum_{j=1}^{90} \\sum_{k=1}^{90} \\sum_{s=1}^{90}"
    let line = "\\frac{\\partial L}{\\partial W_f} = \(sum) W_f"
    let text = SourceText(name: "derivation.md", text: "```math\n\(line)\n```\n")
    let equations = try #require(try equations(cell, text, as: .undecided))
    equations.budget = 50_000
    let sizes = Sizes(cell.declaration.sizes, steps: 3)
    let written = equations.gradients(on: cell.randomCase(sizes, seed: 1), sizes: sizes, isStep: false)
    #expect(written.isExhausted && written.entries.isEmpty)
  }

  @Test func namesOfNamesAndCirclesEnd() throws {
    let cell = try CorpusEntry.cell("nndl-6-4")
    let names = (0..<150).map { "q_{\($0)f,t} := q_{\($0 + 1)f,t} \\odot q_{\($0 + 1)f,t+1}" } + ["q_{150f,t} := h_t"]
    let lines =
      names + [
        "p_t := p_t + h_t", "\\frac{\\partial L}{\\partial c_t} = q_{0f,t}",
        "\\frac{\\partial L}{\\partial c_t} = p_t",
        "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L}{\\partial o_t}",
        "\\frac{\\partial L}{\\partial o_t} = \\frac{\\partial L}{\\partial h_t}",
        "\\frac{\\partial L}{\\partial b_f} = \\sum_{t=1}^{T} \\frac{\\partial L}{\\partial c_t}",
        "\\frac{\\partial L}{\\partial b_o} = \\sum_{t=1}^{T} \\frac{\\partial L}{\\partial h_t}",
      ]
    let text = SourceText(name: "derivation.md", text: "```math\n\(lines.joined(separator: "\n"))\n```\n")
    let (written, _) = gradients(try #require(try equations(cell, text)), cell, steps: 3, seed: 1)
    let circle = cell.quantities.parameters.firstIndex { $0.swift == "bo" }!
    #expect(written.isExhausted || written.entries[.parameter(circle)]?.values == nil)
  }
}
