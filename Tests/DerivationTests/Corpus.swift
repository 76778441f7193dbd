// The labelled derivations in Corpus/: read, checked, and held against their labels.

import Derivation
import Diagnostics
import Foundation
import Recurrence
import Sheets
import TestSupport

/// A labelled derivation.
struct CorpusEntry: Sendable {
  let kind: String
  let id: String
  let file: String
  /// Where its text begins in the file.
  let line: Int
  private(set) var headers: [(key: String, value: String)] = []
  private(set) var text = ""

  func values(_ key: String) -> [String] { headers.filter { $0.key == key }.map(\.value) }

  var name: String { "\(file):\(line) \(id)" }

  static let folder = Repository.tests.appending(path: "DerivationTests/Corpus")

  /// Every entry of every file.
  static func all() throws -> [CorpusEntry] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
      .sorted()
    return try files.flatMap { try read($0) }
  }

  private static func read(_ file: String) throws -> [CorpusEntry] {
    let content = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    let kind = String(file.prefix { $0 != "-" && $0 != "." })
    var entries: [CorpusEntry] = []
    var isHeader = false
    var lines: [Substring] = []
    func finish() {
      while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
      if !entries.isEmpty { entries[entries.count - 1].text = lines.joined(separator: "\n") + "\n" }
      lines = []
    }
    for (number, line) in content.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("=== ") {
        finish()
        entries.append(CorpusEntry(kind: kind, id: String(line.dropFirst(4)), file: file, line: number + 1))
        isHeader = true
      } else if isHeader, line == "---" {
        isHeader = false
      } else if isHeader {
        let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        if parts.count == 2 { entries[entries.count - 1].headers.append((parts[0], parts[1])) }
      } else {
        lines.append(line)
      }
    }
    finish()
    return entries
  }

  // MARK: Checking

  static func cell(_ id: String) throws -> Cell {
    guard let cell = try sheet(id).cell else { throw CorpusError(text: "`\(id)` has no cell") }
    return cell
  }

  static func sheet(_ sheet: String) throws -> Sheet {
    var folders = [Repository.root.appending(path: "exercises"), Repository.tests.appending(path: "Fixtures/sheets")]
    if let more = ProcessInfo.processInfo.environment["CORPUS_SHEETS"] { folders.append(URL(filePath: more)) }
    let paths = folders.map { $0.appending(path: "\(sheet)/sheet.md").path }
    guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw CorpusError(text: "no sheet `\(sheet)`")
    }
    return try Sheet(path: path)
  }

  struct CorpusError: Error { let text: String }

  private var goals: [(latex: String, isEarned: Bool, word: String?)] {
    headers.compactMap { key, value in
      guard key == "earns" || key == "misses" else { return nil }
      let parts = value.components(separatedBy: " | ")
      return (
        parts[0].trimmingCharacters(in: .whitespaces), key == "earns",
        parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : nil
      )
    }
  }

  func report(_ text: String? = nil, cell: Cell, seed: UInt64) throws -> DerivationReport {
    func excerpt(_ latex: String) -> SourceExcerpt { SourceExcerpt(SourceText(name: "task", text: latex)) }
    let checker = try DerivationChecker(
      cell: cell, goals: goals.map { excerpt($0.latex) }, given: values("given").map(excerpt))
    return checker.check(SourceText(name: id, text: text ?? self.text), seed: seed)
  }

  /// What the text earns too much in the derivation task of its sheet, of which it may earn `most:` points at most.
  private func excess(seed: UInt64) throws -> [Difference] {
    guard let most = values("most").first.flatMap(Double.init) else { return [] }
    let sheet = try Self.sheet(values("sheet").first ?? "")
    guard let cell = sheet.cell, let task = sheet.tasks.first(where: { $0.kind == .derivation }) else {
      throw CorpusError(text: "`\(sheet.id)` has no derivation task")
    }
    let worth = Self.worth(of: task)
    let report = try DerivationChecker(cell: cell, goals: task.goals, worth: worth, given: task.given)
      .check(SourceText(name: id, text: text), seed: seed)
    let points = zip(report.goals, worth).reduce(0) { $0 + $1.0.share * $1.1 }
    guard points > most else { return [] }
    let earned = report.goals.filter { $0.share > 0 }.map { "\($0.latex) (\($0.share))" }
    return [
      Difference(
        kind: .earnedWrongly, text: "\(points) points, more than \(most): \(earned.joined(separator: ", "))")
    ]
  }

  /// What each goal of a task is worth: whole points that add up to those of the task.
  static func worth(of task: Sheet.Task) -> [Double] {
    let count = task.goals.count
    return (0..<count).map { Double(task.points * ($0 + 1) / count - task.points * $0 / count) }
  }

  /// Every claim of the text as it was read, with its verdict, for a program that shares nothing with this package.
  struct Readings: Encodable {
    struct Claim: Encodable {
      let read: String
      let verdict: String
    }

    let name: String
    let sheet: String
    /// What the front matter says; empty for the sheet's own.
    let layout: String
    let links: [Claim]
  }

  func readings(cell: Cell) throws -> Readings {
    let front = text.hasPrefix("---\n") ? text.components(separatedBy: "---\n")[1] : ""
    let layout = front.split(separator: "\n").first { $0.hasPrefix("layout:") }?.dropFirst(7) ?? ""
    let links = try report(cell: cell, seed: 1).chains.flatMap(\.links)
    return Readings(
      name: name, sheet: values("sheet").first ?? "", layout: layout.trimmingCharacters(in: .whitespaces),
      links: links.map { Readings.Claim(read: $0.read, verdict: $0.verdict.rawValue) })
  }

  /// What is not as the labels say; empty where all is.
  func differences(seed: UInt64, cell: Cell) throws -> [Difference] {
    let report = try report(cell: cell, seed: seed)
    var found = try excess(seed: seed)
    let source = SourceText(name: id, text: text)
    for (goal, label) in zip(report.goals, goals) {
      if goal.earned != label.isEarned {
        found.append(
          Difference(
            kind: goal.earned ? .earnedWrongly : .notEarned,
            text: "goal \(label.latex): \(goal.earned ? "earned" : goal.missing?.english ?? "")"))
      } else if let word = label.word, let missing = goal.missing?.english, !missing.contains(word) {
        found.append(Difference(kind: .reason, text: "goal \(label.latex): missing piece lacks \(word): \(missing)"))
      }
    }
    var expected: [String: [(link: Int, verdict: String, reasons: [String])]] = [:]
    for value in values("verdict") {
      let parts = value.split(separator: " ").map(String.init)
      guard parts.count >= 3, let link = Int(parts[1]) else { continue }
      expected[parts[0], default: []].append(
        (link, parts[2], parts.count > 3 ? parts[3].split(separator: "/").map(String.init) : []))
    }
    let isOpen = values("lines").contains("any")
    var refused = values("refused").map { value -> (line: String, word: String) in
      let parts = value.split(separator: " ", maxSplits: 1).map(String.init)
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    let hasReads = !values("reads").isEmpty
    var used: Set<String> = []
    var order: [Int: Int] = [:]
    for chain in report.chains {
      for (index, link) in chain.links.enumerated() {
        let line = link.position.line
        // Of several chains on one line, the second is `12b`.
        if index == 0 { order[line, default: 0] += 1 }
        let letters = ["", "b", "c", "d", "e", "f"]
        let key = "\(line)" + letters[min(5, max(0, (order[line] ?? 1) - 1))]
        if link.verdict == .notUnderstood,
          let index = refused.firstIndex(where: {
            $0.line == "\(line)" || $0.line == key || $0.line == "\(chain.position.line)"
          })
        {
          let word = refused[index].word.lowercased()
          if !word.isEmpty, !link.text.english.lowercased().contains(word) {
            found.append(Difference(kind: .reason, text: "line \(line): refusal lacks `\(word)`: \(link.text.english)"))
          }
          refused.remove(at: index)
          continue
        }
        let label = expected[key]?.first { $0.link == index + 1 || ($0.link == 0 && $0.verdict == "notUnderstood") }
        if let label { used.insert("\(key) \(label.link)") }
        if label == nil, isOpen { continue }
        let shown =
          "line \(line) link \(index + 1): \(link.read) → \(link.verdict.rawValue) \(link.reason?.rawValue ?? "") \(link.relativeError.map { "\($0)" } ?? ""): \(link.text.english)"
        guard let label else {
          let isFine =
            link.verdict == .holds || link.verdict == .definition
            || (kind == "cheat" && link.verdict != .doesNotHold) || (!values("refused").isEmpty && kind == "asWritten")
          if !isFine { found.append(Difference(kind: .rightCalledWrong, text: shown)) }
          continue
        }
        if label.verdict != link.verdict.rawValue {
          let isMissed = label.verdict == "doesNotHold" && (link.verdict == .holds || link.verdict == .definition)
          found.append(
            Difference(kind: isMissed ? .wrongCalledRight : .verdict, text: "\(shown) — expected \(label.verdict)"))
        } else if !label.reasons.isEmpty, !label.reasons.contains(link.reason?.rawValue ?? "none") {
          found.append(Difference(kind: .reason, text: "\(shown) — expected \(label.reasons.joined(separator: "/"))"))
        }
      }
      if chain.links.isEmpty, let index = refused.firstIndex(where: { $0.line == "\(chain.position.line)" }) {
        let word = refused[index].word.lowercased()
        if word.isEmpty || chain.notes.contains(where: { $0.english.lowercased().contains(word) }) {
          refused.remove(at: index)
        }
      }
    }
    for (key, labels) in expected {
      for label in labels where !used.contains("\(key) \(label.link)") {
        found.append(
          Difference(
            kind: .verdict,
            text: "line \(key) link \(label.link): no such link; \(source.line(Int(key.filter(\.isNumber)) ?? 1))"))
      }
    }
    if hasReads {
      let readings = try readings(report, seed: seed, cell: cell)
      // Where both stand, either outcome is right and nothing else is.
      if !values("refused").isEmpty, readings.isEmpty {
        return found.filter { $0.kind != .reason && $0.kind != .rightCalledWrong }
      }
      if values("refused").isEmpty { found += readings }
    }
    for item in refused where !report.diagnostics.contains(where: { "\($0.position.line)" == item.line }) {
      found.append(
        Difference(
          kind: .verdict, text: "line \(item.line): not refused: \(source.line(Int(item.line.filter(\.isNumber)) ?? 1))"
        ))
    }
    return found
  }

  /// The document must be read as the lines of `reads:` are.
  private func readings(_ report: DerivationReport, seed: UInt64, cell: Cell) throws -> [Difference] {
    let lines = values("reads")
    let front =
      text.hasPrefix("---\n")
      ? text.components(separatedBy: "---\n").prefix(2).joined(separator: "---\n") + "---\n" : ""
    let model = front + lines.map { "```math\n\($0)\n```\n" }.joined(separator: "\n")
    let wanted = try self.report(model, cell: cell, seed: seed)
    let (a, b) = (report.chains.filter { !$0.links.isEmpty }, wanted.chains.filter { !$0.links.isEmpty })
    guard a.count == b.count else {
      return [
        Difference(
          kind: .reading,
          text:
            "\(a.count) chains where \(b.count) are meant: \(a.map { $0.links.map(\.read).joined(separator: " ; ") }.joined(separator: " | "))"
        )
      ]
    }
    var found: [Difference] = []
    for (chain, model) in zip(a, b) {
      let (own, meant) = (
        chain.links.map { "\($0.read) [\($0.verdict)]" }, model.links.map { "\($0.read) [\($0.verdict)]" }
      )
      let plain = { (list: [String]) in list.map { $0.replacingOccurrences(of: ":=", with: "=") } }
      if plain(own) != plain(meant) {
        found.append(
          Difference(
            kind: .reading,
            text:
              "read \(own.joined(separator: " ; ")), meant \(meant.joined(separator: " ; ")) \(chain.links.map(\.text.english))"
          ))
      }
    }
    return found
  }

  /// A label that the check did not meet.
  struct Difference: Sendable {
    enum Kind: String, Sendable, CaseIterable {
      case wrongCalledRight, rightCalledWrong, earnedWrongly, notEarned, verdict, reason, reading
    }

    let kind: Kind
    let text: String
  }
}
