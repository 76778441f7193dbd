// The model derivations do what the sheets' tasks ask, every line of them.

import Diagnostics
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Derivation

@Suite(.timed) struct SolutionTests {
  /// Every sheet with a task on paper and a model derivation.
  static func papers() throws -> [(sheet: Sheet, text: SourceText)] {
    let root = Repository.root
    var folders = [root.appending(path: "exercises")]
    if let more = ProcessInfo.processInfo.environment["CORPUS_SHEETS"] { folders.append(URL(filePath: more)) }
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().compactMap { id in
        let path = root.appending(path: "solutions/\(id)/derivation.md")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return nil }
        let sheet = try Sheet(path: folder.appending(path: "\(id)/sheet.md").path)
        return (sheet, SourceText(name: "solutions/\(id)/derivation.md", text: text))
      }
    }
  }

  @Test func modelDerivationsEarnEverything() throws {
    var goals = 0
    for (sheet, text) in try Self.papers() {
      guard let cell = sheet.cell else { continue }
      for task in sheet.tasks {
        switch task.kind {
        case .derivation:
          let report = try DerivationChecker(cell: cell, goals: task.goals, given: task.given).check(text, seed: 1)
          for goal in report.goals {
            goals += 1
            #expect(goal.earned, "\(sheet.id) \(goal.latex): \(goal.missing?.english ?? "")")
          }
          for link in report.chains.flatMap(\.links) {
            #expect(
              link.verdict == .holds || link.verdict == .definition,
              "\(sheet.id):\(link.position.line): \(link.read): \(link.text.english)")
          }
          #expect(report.diagnostics.isEmpty)
        case .bound:
          let limit = try #require(task.limit)
          let report = try BoundChecker(cell: cell, limit: limit, given: task.given, slack: task.slack ?? 1)
            .check(text, seed: 1)
          goals += 1
          #expect(report.earned, "\(sheet.id) bound: \(report.missing?.english ?? "")")
        case .quantity:
          let answer = try #require(task.answer)
          let report = try QuantityChecker(answer: answer, between: task.between).check(text, seed: 1)
          goals += 1
          #expect(report.isRight, "\(sheet.id) quantity: \(report.text.english)")
        default: break
        }
      }
    }
    print("model derivations: \(goals) goals")
  }
}
