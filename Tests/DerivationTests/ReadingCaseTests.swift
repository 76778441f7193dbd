// Lines as people write them (Cases/derivations.yaml): the right ones are read and hold, the wrong ones do not hold.

import Derivation
import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing
import Yams

/// A line or a short text with what should be found.
struct ReadingCase: Decodable, Sendable, CustomTestStringConvertible {
  let exercise: String
  let wrong: Bool?
  let text: String
  let want: String

  var testDescription: String { "\(exercise): \(text)" }

  static let all: [ReadingCase] = {
    let path = Repository.tests.appending(path: "DerivationTests/Cases/derivations.yaml")
    return (try? YAMLDecoder().decode([ReadingCase].self, from: String(contentsOf: path, encoding: .utf8))) ?? []
  }()
}

@Suite(.timed) struct ReadingCaseTests {
  @Test("the cases are there") func theCasesAreThere() { #expect(ReadingCase.all.count == 39) }

  /// What the rules refuse, with the reason; a case that passes must leave this list.
  private static let refused = [
    #"[\delta_{t,k}]_i [h_{k-1}]_j"#: "a name that is only used has no value; the entries beside it are read",
    #"\partial h_T^{2}"#: "with layers a bare number above has two readings; the sheet writes (2)",
  ]

  @Test("a line as people write it", arguments: ReadingCase.all)
  func reading(_ item: ReadingCase) throws {
    let sheet = try CorpusEntry.sheet(item.exercise)
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    let report = try DerivationChecker(cell: try #require(sheet.cell), goals: task.goals, given: task.given)
      .check(SourceText(name: "derivation.md", text: item.text), seed: 1)
    let links = report.chains.flatMap(\.links)
    let told = links.map { "\($0.verdict): \($0.read) — \($0.text.english)" }.joined(separator: "\n")
    #expect(!links.isEmpty)
    if item.wrong == true {
      #expect(links.last?.verdict == .doesNotHold, "\(item.want)\n\(told)")
    } else if let reason = Self.refused.first(where: { item.text.contains($0.key) })?.value {
      #expect(links.first?.verdict == .notUnderstood, "\(reason)\n\(told)")
      #expect(links.dropFirst().allSatisfy { $0.verdict == .holds }, "\(told)")
    } else {
      #expect(links.allSatisfy { [.holds, .definition].contains($0.verdict) }, "\(item.want)\n\(told)")
    }
  }
}
