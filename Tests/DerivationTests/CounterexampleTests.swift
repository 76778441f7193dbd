// How the corpus's equalities are decided, and the small networks that show the wrong ones to be wrong.

import Diagnostics
import Foundation
import Recurrence
import TestSupport
import Testing

@testable import Derivation

@Suite(.tier(.test), .timed) struct CounterexampleTests {
  /// A link that does not hold, as `Corpus/counterexamples.py` reads it.
  struct Wrong: Encodable {
    let sheet: String
    let entry: String
    let line: Int
    let read: String
    let text: String
    let hidden: Int?
    let steps: Int?
    let values: [String: String]
    let left: String?
    let right: String?
  }

  struct Listing: Encodable {
    let wrong: [Wrong]
    /// What holds, by sheet.
    let right: [String: Set<String>]
  }

  /// `COUNTEREXAMPLES=path` writes every wrong equality of the corpus with its example.
  @Test func nearlyEveryWrongEqualityHasOne() throws {
    var cells: [String: Cell] = [:]
    var wrong: [Wrong] = []
    var (exact, tested) = (0, 0)
    var without: [String] = []
    var right: [String: Set<String>] = [:]
    for entry in try CorpusEntry.all() {
      let sheet = try #require(entry.values("sheet").first)
      let cell = try cells[sheet] ?? CorpusEntry.cell(sheet)
      cells[sheet] = cell
      for link in try entry.report(cell: cell, seed: 1).chains.flatMap(\.links) {
        switch link.certainty {
        case .exact: exact += 1
        case .tested: tested += 1
        case nil: continue
        }
        if link.verdict == .holds { right[sheet, default: []].insert(link.read) }
        guard link.verdict == .doesNotHold, link.relativeError != nil,
          !["\\leq", "\\geq", "<", ">"].contains(where: { link.read.contains(" \($0) ") }), !link.read.contains("lVert")
        else { continue }
        let example = link.counterexample
        if example == nil { without.append("\(entry.name) line \(link.position.line): \(link.read)") }
        if let example {
          #expect(example.left != example.right, "\(entry.name): \(link.read)")
          #expect(example.values.count <= CounterexampleSearch.mostNumbers + 3)
        }
        wrong.append(
          Wrong(
            sheet: sheet, entry: entry.id, line: link.position.line, read: link.read, text: example?.text.english ?? "",
            hidden: example?.hidden, steps: example?.steps,
            values: Dictionary(
              (example?.values ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { one, _ in one }),
            left: example?.left, right: example?.right))
      }
    }
    if let path = ProcessInfo.processInfo.environment["COUNTEREXAMPLES"] {
      try JSONEncoder().encode(Listing(wrong: wrong, right: right)).write(to: URL(filePath: path))
    }
    print(
      "decided exactly: \(exact), tested: \(tested); wrong equalities: \(wrong.count), without example: \(without.count)"
    )
    for line in without { print("  without: \(line)") }
    #expect(exact > 20 * tested)
    #expect(Double(without.count) <= 0.02 * Double(wrong.count))
  }
}
