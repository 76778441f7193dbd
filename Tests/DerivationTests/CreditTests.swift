// What goals earn where lines are wrong: the texts of Cases/learner.yaml, and what a slip is called (Cases/naming.yaml).

import Derivation
import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing
import Yams

/// A text for the derivation task of an exercise, as a file of Cases has it.
struct CreditCase: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let sheet: String
  let text: String
  /// The one goal that is lost.
  let lost: String?
  /// What the wrong line is called.
  let reason: String?
  /// The share of each goal that earns something.
  let shares: [String: Double]?
  /// The lines that a goal rests on.
  let restsOn: [String: [Int]]?

  var testDescription: String { id }

  static func read(_ file: String) -> [CreditCase] {
    let path = Repository.tests.appending(path: "DerivationTests/Cases/\(file)")
    return (try? YAMLDecoder().decode([CreditCase].self, from: String(contentsOf: path, encoding: .utf8))) ?? []
  }

  func report() throws -> DerivationReport {
    let sheet = try CorpusEntry.sheet(sheet)
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    return try DerivationChecker(
      cell: #require(sheet.cell), goals: task.goals, worth: CorpusEntry.worth(of: task), given: task.given
    ).check(SourceText(name: id, text: text), seed: 1)
  }
}

extension DerivationReport {
  fileprivate var told: String {
    (goals.filter { !$0.earned || !$0.restsOn.isEmpty }.map {
      "\($0.latex) \($0.share): \($0.missing?.english ?? $0.remark?.english ?? "")"
    }
      + chains.flatMap(\.links).filter { $0.verdict != .holds && $0.verdict != .definition }
      .map { "\($0.position.line) \($0.verdict) \($0.reason?.rawValue ?? "–"): \($0.text.english)" }).joined(
        separator: "\n")
  }
}

@Suite(.timed) struct CreditTests {
  private static let learner = CreditCase.read("learner.yaml")
  private static let naming = CreditCase.read("naming.yaml")
  private static let shares = CreditCase.read("credit.yaml")

  @Test("the cases are there") func theCasesAreThere() {
    #expect(Self.learner.count == 12)
    #expect(Self.naming.count == 10)
    #expect(Self.shares.count >= 20)
  }

  @Test("a slip costs one goal and is named", arguments: learner)
  func aSlipCostsOneGoal(_ item: CreditCase) throws {
    let report = try item.report()
    #expect(report.goals.filter { $0.share < 1 }.map(\.latex) == [item.lost], "\(report.told)")
    let wrong = report.chains.flatMap(\.links).filter { $0.verdict == .doesNotHold }
    #expect(wrong.map(\.reason?.rawValue) == [item.reason], "\(report.told)")
  }

  @Test("a wrong line is called by its mistake", arguments: naming)
  func aWrongLineIsCalledByItsMistake(_ item: CreditCase) throws {
    let report = try item.report()
    let wrong = report.chains.flatMap(\.links).filter { $0.verdict == .doesNotHold }
    #expect(wrong.map(\.reason?.rawValue) == [item.reason], "\(report.told)")
  }

  @Test("shares of goals", arguments: shares)
  func sharesOfGoals(_ item: CreditCase) throws {
    let report = try item.report()
    let earned = Dictionary(uniqueKeysWithValues: report.goals.filter { $0.share > 0 }.map { ($0.latex, $0.share) })
    #expect(earned == item.shares ?? [:], "\(report.told)")
    for (goal, lines) in item.restsOn ?? [:] {
      #expect(report.goals.first { $0.latex == goal }?.restsOn == lines, "\(report.told)")
    }
  }
}
