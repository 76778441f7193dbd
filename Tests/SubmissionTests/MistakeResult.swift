// What a report says about a wrong cell, held against its label.

import Diagnostics
import Foundation
import Grading
import Reports
import Sheets

/// One wrong cell after grading.
struct MistakeResult: Sendable {
  enum Naming: String, Sendable {
    /// The first thing that the report says is what was done.
    case right
    /// It says something else.
    case wrong
    /// It names nothing, and compares numbers.
    case none
  }

  let exercise: String
  let mistake: Mistake
  let isRejected: Bool
  /// The blocks of the label's task that did not pass.
  let wrong: Set<String>
  /// The first naming of the label's task; empty where there is none.
  let naming: String
  let verdict: Naming
  /// What the label says that the question after the naming has, and it has not.
  let missingHints: [String]
  /// What the label says that no naming and no question has, and one has.
  let misleading: [String]
  /// Whether what the report points at first is a wrong block, and nothing that is right.
  let namesRightBlock: Bool
  /// The step from which on the report says that the blocks are wrong, counted as the label counts; nil where it says
  /// none.
  let step: String?

  /// Whether that is the label's step; nil where the label has none.
  var hasRightStep: Bool? { mistake.step.map { $0 == step } }

  var name: String { "\(exercise)/\(mistake.name)" }

  init(_ exercise: String, _ mistake: Mistake, _ grade: Grade, _ judgements: [Judgement]) throws {
    self.exercise = exercise
    self.mistake = mistake
    isRejected = !grade.hasFullMarks
    let stored = try JSONDecoder().decode(Stored.self, from: Data(JSONReport(.english).text(of: grade).utf8))
    // `fixed` is a published call, not a block.
    let failed = stored.checks.filter { $0.task == mistake.task && $0.status != "passed" && $0.block != "fixed" }
    wrong = Set(failed.map(\.block))
    let first = failed.first { $0.diagnosis != nil }
    naming = first?.diagnosis?.text ?? ""
    // A naming stands for all the blocks that it explains; without one the first comparison speaks for itself.
    let shown = (naming.isEmpty ? Array(failed.prefix(1)) : failed.filter { $0.diagnosis == first?.diagnosis }).map(
      \.block)
    namesRightBlock = !shown.isEmpty && shown.allSatisfy(mistake.blocks.contains)
    verdict = Self.judge(naming, "\(exercise)/\(mistake.name)", mistake, judgements)
    let next = PlainSymbols(first?.diagnosis?.next ?? "")
    missingHints = (mistake.hint ?? []).filter { !next.contains($0) }
    let told = Set(stored.checks.compactMap(\.diagnosis).flatMap { [$0.text, $0.next] }).map(PlainSymbols.init)
    misleading = (mistake.never ?? []).filter { word in told.contains { $0.contains(word) } }
    // What stands in the first line: the onset of what it explains, or of the first comparison.
    let wrongChecks = grade.checks.filter {
      $0.task == mistake.task && $0.status != .passed && !$0.id.hasSuffix(".fixed")
    }
    let cause = wrongChecks.lazy.compactMap(\.diagnosis).first
    step = Onset(cause == nil ? Array(wrongChecks.prefix(1)) : wrongChecks.filter { $0.diagnosis == cause }).map {
      onset in
      if mistake.step?.hasPrefix("T") != true { return "\(onset.step)" }
      return onset.step == onset.steps ? "T" : "T-\(onset.steps - onset.step)"
    }
  }

  private static func judge(_ naming: String, _ name: String, _ mistake: Mistake, _ judgements: [Judgement]) -> Naming {
    guard !naming.isEmpty else { return .none }
    let symbols = PlainSymbols(naming)
    let isForeseen =
      mistake.where.allSatisfy { $0.split(separator: "|").contains { symbols.contains(String($0)) } }
      && mistake.what.contains { naming.contains($0) }
    let judgement = judgements.first { $0.mistake == name && $0.says.allSatisfy(symbols.contains) }
    switch judgement?.verdict {
    case .right?: return .right
    case .wrong?: return .wrong
    case nil: return isForeseen ? .right : .wrong
    }
  }

  private struct Stored: Decodable {
    let checks: [Item]

    struct Item: Decodable {
      let task: String
      let id: String
      let status: String
      let diagnosis: Cause?

      /// `backward.previous.h` without the task.
      var block: String { String(id.dropFirst(task.count + 1)) }
    }

    struct Cause: Decodable, Equatable {
      let text: String
      let next: String
    }
  }
}

extension [MistakeResult] {
  /// The table of `make mistakes`.
  var table: String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: Swift.max(0, width - text.count))
    }
    func row(_ title: String, _ results: [MistakeResult]) -> String {
      func share(_ count: Int) -> String { pad("\(count)", 8) }
      return pad(title, 16) + share(results.count) + share(results.count { $0.isRejected })
        + share(results.count { $0.namesRightBlock }) + share(results.count { $0.verdict == .right })
        + share(results.count { $0.verdict == .wrong }) + share(results.count { $0.verdict == .none })
        + "\(results.count { $0.hasRightStep == true }) of \(results.count { $0.hasRightStep != nil })"
    }
    let header =
      pad("", 16) + ["cells", "reject", "block", "right", "wrong", "none", "step"].map { pad($0, 8) }.joined()
    let exercises = Set(map(\.exercise)).sorted()
    let tasks = ["forward", "backward", "sequence"]
    let details = map { result in
      "\(pad(result.verdict.rawValue, 6)) \(result.name)\n       \(result.naming.isEmpty ? "–" : result.naming)"
        + (result.hasRightStep == false ? "\n       step \(result.step ?? "–"), not \(result.mistake.step!)" : "")
    }
    return
      (details + ["", header] + exercises.map { exercise in row(exercise, filter { $0.exercise == exercise }) }
      + tasks.map { task in row(task, filter { $0.mistake.task == task }) } + [row("all", self)])
      .joined(separator: "\n")
  }
}
