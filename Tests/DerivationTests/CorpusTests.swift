// The labelled derivations, all of them, for several seeds; and a table of what came out.

import Foundation
import Recurrence
import TestSupport
import Testing

@testable import Derivation

@Suite(.timed) struct CorpusTests {
  /// `CORPUS_SEEDS=200 swift test --filter CorpusTests` runs more seeds; the table is printed either way.
  /// `CORPUS_READINGS=path` writes what `Corpus/verify.py` reads.
  @Test func everyLabelIsMet() throws {
    let seeds = UInt64(ProcessInfo.processInfo.environment["CORPUS_SEEDS"] ?? "") ?? (Tier.current == .check ? 1 : 2)
    let wantsReadings = ProcessInfo.processInfo.environment["CORPUS_READINGS"] != nil
    let all = try CorpusEntry.all()
    #expect(all.count >= 200)
    let entries = all.sample(oneOf: 12)
    var cells: [String: Cell] = [:]
    var table: [String: [CorpusEntry.Difference.Kind: Int]] = [:]
    var readings: [CorpusEntry.Readings] = []
    for entry in entries {
      let sheet = try #require(entry.values("sheet").first)
      let cell = try cells[sheet] ?? CorpusEntry.cell(sheet)
      cells[sheet] = cell
      if wantsReadings { readings.append(try entry.readings(cell: cell)) }
      for seed in 1...seeds {
        for difference in try entry.differences(seed: seed, cell: cell) {
          table[entry.kind, default: [:]][difference.kind, default: 0] += 1
          Issue.record("\(entry.name), seed \(seed): \(difference.kind.rawValue): \(difference.text)")
        }
      }
    }
    if let path = ProcessInfo.processInfo.environment["CORPUS_READINGS"] {
      try JSONEncoder().encode(readings).write(to: URL(filePath: path))
    }
    print("corpus, \(seeds) seeds: kind, entries, then how often each label was not met")
    for (kind, list) in Dictionary(grouping: entries, by: \.kind).sorted(by: { $0.key < $1.key }) {
      let counts = CorpusEntry.Difference.Kind.allCases.map { "\($0.rawValue) \(table[kind]?[$0] ?? 0)" }
      print("  \(kind): \(list.count) entries; \(counts.joined(separator: ", "))")
    }
  }
}
