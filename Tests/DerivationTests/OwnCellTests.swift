// Texts that state a cell in letters and layouts of their own: each held against the labels of Cases/own-cell.yaml.

import Derivation
import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing
import Yams

/// A text with what should be found, as the file has it.
struct OwnCellCase: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let sheet: String
  let text: String
  let preview: [String]
  let verdicts: [String]
  let goals: [String]?
  let points: Int?

  var testDescription: String { id }

  static let all: [OwnCellCase] = {
    let path = Repository.tests.appending(path: "DerivationTests/Cases/own-cell.yaml")
    return (try? YAMLDecoder().decode([OwnCellCase].self, from: String(contentsOf: path, encoding: .utf8))) ?? []
  }()

  func report() throws -> DerivationReport {
    let sheet = try CorpusEntry.sheet(sheet)
    guard let cell = sheet.cell, let task = sheet.tasks.first(where: { $0.kind == .derivation }) else {
      throw CorpusEntry.CorpusError(text: "`\(self.sheet)` has no derivation task")
    }
    return try DerivationChecker(cell: cell, goals: task.goals, given: task.given)
      .check(SourceText(name: id, text: text), seed: 1)
  }
}

@Suite(.timed) struct OwnCellTests {
  private static func word(_ link: DerivationReport.Link) -> String {
    switch link.verdict {
    case .definition: "definition"
    case .holds, .follows: "holds"
    case .doesNotHold: "wrong"
    case .notUnderstood: "refused"
    case .undecided: "undecided"
    }
  }

  @Test("the cases are there") func theCasesAreThere() { #expect(OwnCellCase.all.count == 28) }

  /// What is not read yet, with the reason; a case that passes must leave this list.
  private static let open = [
    "exchanged-letters-unstated": "names are not bound by their use where no forward equation is stated"
  ]

  @Test("verdicts and goals of a text in its own letters", arguments: OwnCellCase.all)
  func aTextInItsOwnLetters(_ item: OwnCellCase) throws {
    let report = try item.report()
    if let reason = Self.open[item.id] {
      withKnownIssue("\(reason)") { compare(report, item) }
    } else {
      compare(report, item)
    }
  }

  /// An output layer through which no loss sees the state would make every derivative 0, and every line that says so true.
  @Test(
    "an output layer without effect: earns nothing",
    arguments: [
      "o_t = V s_t - V s_t", "o_t = 0 s_t", "o_t = V s_t, \\quad q_t = o_t - o_t",
      "o_t = V s_t - V s_t, \\quad p_t = \\operatorname{softmax}(o_t), \\quad \\frac{\\partial L}{\\partial o_t} = p_t - y_t",
    ])
  func anOutputLayerWithoutEffect(_ layer: String) throws {
    let zero = ["o_t", "q_t", "A", "B", "d"].map { "$$\\frac{\\partial L}{\\partial \($0)} = 0$$" }
    let text = (["$$s_t = \\tanh(A s_{t-1} + B u_t + d)$$", "$$\(layer)$$"] + zero).joined(separator: "\n\n")
    let sheet = try CorpusEntry.sheet("rnn-bptt")
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    let report = try DerivationChecker(cell: #require(sheet.cell), goals: task.goals, given: task.given)
      .check(SourceText(name: "zero", text: text), seed: 1)
    #expect(report.goals.filter(\.earned).map(\.latex) == [])
  }

  private func compare(_ report: DerivationReport, _ item: OwnCellCase) {
    let found = report.chains.flatMap(\.links).map(Self.word)
    let expected = item.verdicts.map { $0 == "note" ? "holds" : $0 }
    let lines = report.chains.flatMap(\.links).map { "\($0.verdict): \($0.read) — \($0.text.english)" }
    let told = report.reading.map(\.text.english) + lines
    #expect(found == expected, "\(told.joined(separator: "\n"))")
    if let goals = item.goals {
      let earned = report.goals.filter(\.earned).map(\.latex)
      #expect(Set(earned) == Set(goals), "\(report.goals.map { "\($0.latex): \($0.missing?.english ?? "")" })")
    }
  }
}
