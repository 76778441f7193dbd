// What is claimed of the sources themselves: the reading path is short, and operations have two sets of rules at most.

import Foundation
import TestSupport
import Testing

@Suite struct SourceTests {
  @Test func readingPathHasTwelveShortStops() throws {
    let text = try String(contentsOf: Repository.root.appending(path: "docs/architecture.md"), encoding: .utf8)
    let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("A reading path") })
    let stops = section.split(separator: "\n").compactMap { line in line.firstMatch(of: /^\d+\. `([^`]+\.swift)`/)?.1 }
    #expect(stops.count == 12)
    var total = 0
    for stop in stops {
      let file = try String(contentsOf: Repository.root.appending(path: "Sources/\(stop)"), encoding: .utf8)
      let count = file.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(count <= 150, "\(stop) has \(count) lines")
      total += count
    }
    #expect(total <= 1800)
  }

  @Test func twoFilesAtMostSayWhatOperationsCompute() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = Repository.root.appending(path: "scripts/rules")
    process.standardOutput = output
    try process.run()
    let files = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      .split(separator: "\n")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(files == ["Sources/Recurrence/Rules.swift", "Sources/Recurrence/SequenceRules.swift"])
  }
}
