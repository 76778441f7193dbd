// Derivations that nobody of this project wrote (Outside/): how many of their right links pass as they stand.

import Derivation
import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

/// A text from outside with its labels.
struct OutsideText: Sendable {
  /// The label of one relation sign.
  struct Label: Sendable {
    let line: Int
    let column: Int
    let verdict: String
    let what: String
  }

  let name: String
  let exercise: String
  let language: String
  let earns: [String]
  let half: [String]
  let labels: [Label]
  let text: String

  /// The texts in the open; with `OUTSIDE_KEPT=1` those that are kept aside, and no others.
  static func all() throws -> [OutsideText] {
    var folder = Repository.tests.appending(path: "DerivationTests/Outside")
    if ProcessInfo.processInfo.environment["OUTSIDE_KEPT"] == "1" { folder = folder.appending(path: "Kept") }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
      .map { try OutsideText(String(contentsOf: folder.appending(path: $0), encoding: .utf8), name: $0) }
  }

  init(_ content: String, name: String) {
    let parts = content.components(separatedBy: "\n---\n")
    var headers: [(key: String, value: String)] = []
    for line in parts[0].split(separator: "\n").dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if pair.count == 2 { headers.append((pair[0], pair[1])) }
    }
    func values(_ key: String) -> [String] { headers.filter { $0.key == key }.map(\.value) }
    self.name = name
    exercise = values("exercise").first ?? ""
    language = values("language").first ?? ""
    earns = values("earns")
    half = values("half")
    labels = values("label").compactMap { value in
      let words = value.split(separator: " ", maxSplits: 3).map(String.init)
      guard words.count >= 3, let line = words[0].split(separator: ".").first.flatMap({ Int($0) }),
        let column = Int(words[1])
      else { return nil }
      return Label(line: line, column: column, verdict: words[2], what: words.count > 3 ? words[3] : "")
    }
    text = parts.dropFirst().joined(separator: "\n---\n")
  }
}

@Suite(.tier(.test), .timed) struct OutsideTests {
  /// Each label with the link of the report whose sign stands there, nil where the report has none.
  private static func matched(
    _ text: OutsideText, _ report: DerivationReport
  ) -> [(label: OutsideText.Label, link: DerivationReport.Link?)] {
    var free = report.chains.flatMap(\.links)
    return text.labels.map { label in
      // `\mathrel{+}=` is one sign of eleven characters.
      let near = free.indices.filter { free[$0].position.line == label.line }
        .min { abs(free[$0].position.column - label.column) < abs(free[$1].position.column - label.column) }
      guard let near, abs(free[near].position.column - label.column) <= 11 else { return (label, nil) }
      return (label, free.remove(at: near))
    }
  }

  @Test("texts from outside: no wrong link passes; how many right ones do is printed")
  func textsFromOutside() throws {
    let root = Repository.root
    let wantsLinks = ProcessInfo.processInfo.environment["OUTSIDE_LINKS"] != nil
    var sum: [String: Int] = [:]
    func count(_ key: String) { sum[key, default: 0] += 1 }
    let texts = try OutsideText.all()
    #expect(texts.count >= 25)
    for text in texts {
      let sheet = try Sheet(path: root.appending(path: "exercises/\(text.exercise)/sheet.md").path)
      let cell = try #require(sheet.cell)
      let task = try #require(sheet.tasks.first { $0.kind == .derivation })
      let report = try DerivationChecker(cell: cell, goals: task.goals, given: task.given)
        .check(SourceText(name: text.name, text: text.text), seed: 1)
      var own: [String: Int] = [:]
      for (label, link) in Self.matched(text, report) {
        let verdict = link?.verdict.rawValue ?? "dropped"
        let passes = link?.verdict == .holds || link?.verdict == .definition || link?.verdict == .follows
        count("\(label.verdict) \(verdict)")
        if label.verdict == "right" { own[passes ? "pass" : verdict, default: 0] += 1 }
        if wantsLinks, ["right", "wrong", "loose"].contains(label.verdict) {
          let reason = link?.text.english ?? ""
          print("  \(text.name):\(label.line): \(label.verdict) \(label.what) → \(verdict) \(passes ? "" : reason)")
        }
        #expect(
          !(label.verdict == "wrong" && link?.verdict == .holds),
          "\(text.name):\(label.line): \(label.what): \(link?.read ?? "")")
      }
      let earned = Set(report.goals.filter(\.earned).map(\.latex))
      for goal in task.goals.map(\.text) where text.earns.contains(goal) || earned.contains(goal) {
        let isWanted = text.earns.contains(goal)
        count("goals \(isWanted ? (earned.contains(goal) ? "given" : "not given") : "given against the rule")")
      }
      let rights = text.labels.count { $0.verdict == "right" }
      let others = own.filter { $0.key != "pass" }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      if wantsLinks {
        for finding in report.diagnostics { print("  \(text.name): \(finding.message)") }
        for latex in earned.subtracting(text.earns).sorted() { print("  \(text.name): against the rule: \(latex)") }
        for goal in report.goals where text.earns.contains(goal.latex) && !goal.earned {
          print("  \(text.name): \(goal.latex): \(goal.missing?.english ?? "")")
        }
      }
      print(
        "  \(text.name) (\(text.language)): \(own["pass"] ?? 0) of \(rights) right links pass; "
          + others.joined(separator: ", "))
    }
    print("texts from outside: \(texts.count)")
    for (key, value) in sum.sorted(by: { $0.key < $1.key }) { print("  \(key): \(value)") }
  }
}
