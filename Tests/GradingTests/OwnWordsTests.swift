// A sheet's own words for mistakes: read in the language asked for, and refused where nobody would ever read them.

import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Authoring
@testable import Diagnosis
@testable import Grading

@Suite(.tier(.test), .timed) struct OwnWordsTests {
  /// The path of c_t through h_t, left out.
  private static let missing = "dropped:c<tanhct"

  /// nndl-6-4 with `faults` in its front matter, and in that of its translation.
  private static func sheet(english: [String: String], chinese: [String: String]? = nil) throws -> Sheet {
    func source(_ name: String, _ words: [String: String]) throws -> SourceText {
      let file = Repository.root.appending(path: "exercises/nndl-6-4/\(name)")
      let lines = words.sorted { $0.key < $1.key }.map { "  '\($0.key)': '\($0.value)'\n" }.joined()
      let text = try String(contentsOf: file, encoding: .utf8)
      // What the sheet has of its own is not looked at here.
      let parts = text.split(separator: "---\n", maxSplits: 2, omittingEmptySubsequences: false)
      let front = parts[1].split(separator: "faults:", maxSplits: 1, omittingEmptySubsequences: false)[0]
      return SourceText(name: name, text: "---\n\(front)\(lines.isEmpty ? "" : "faults:\n\(lines)")---\n\(parts[2])")
    }
    return try Sheet(source("sheet.md", english), translation: source("sheet.zh.md", chinese ?? english))
  }

  @Test func theyStandForTheWordsThatEverySheetHas() async throws {
    let sheet = try Self.sheet(
      english: [Self.missing: "the memory is shown through $`h_t`$ as well"],
      chinese: [Self.missing: "记忆 $`c_t`$ 也通过 $`h_t`$ 输出"])
    let wrong = try Course.changed(
      "nndl-6-4", "let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)", "let dc = upstream.c")
    let grader = try Grader(sheet, tasks: ["backward"], with: try await TestWorkbench.value)
    let grade = try await grader.grade(wrong, named: "wrong", seed: 1)
    let diagnosis = try #require(grade.checks.lazy.compactMap(\.diagnosis).first)
    #expect(diagnosis.fault == Self.missing)
    #expect(diagnosis.words == [.english: "the memory is shown through hₜ as well", .chinese: "记忆 cₜ 也通过 hₜ 输出"])
    // Other mistakes keep their words.
    let other = try await grader.grade(
      Course.changed("nndl-6-4", "g.previous.c = f .* dc", "g.previous.c = dc"), named: "other", seed: 1)
    #expect(!other.checks.compactMap(\.diagnosis).contains { !$0.words.isEmpty })
  }

  @Test func idsThatNoMistakeHasAreRefusedWithTheNearest() throws {
    let troubles = OwnWords.troubles(of: try Self.sheet(english: ["dropped:c<tanct": "words"]))
    #expect(troubles.count == 2, "\(troubles)")
    #expect(troubles.first?.hasPrefix("sheet.md:") == true)
    #expect(
      troubles.first?.contains("no mistake `dropped:c<tanct` with this cell; the nearest are `\(Self.missing)`")
        == true,
      "\(troubles)")
  }

  @Test func bothLanguagesHaveThem() throws {
    let english = try Self.sheet(english: [Self.missing: "words"], chinese: [:])
    #expect(
      OwnWords.troubles(of: english).map(Self.end) == ["`\(Self.missing)` has words here and none in sheet.zh.md"])
    let chinese = try Self.sheet(english: [:], chinese: [Self.missing: "文字"])
    #expect(OwnWords.troubles(of: chinese).map(Self.end) == ["`\(Self.missing)` has words here and none in sheet.md"])
    #expect(OwnWords.troubles(of: try Self.sheet(english: [Self.missing: "words"])).isEmpty)
  }

  /// Of edges in series one speaks for all: words for another one would never be read.
  @Test func wordsForWhatIsToldByAnotherNameAreRefused() throws {
    let cell = try #require(try Course.sheet("nndl-6-4").cell)
    let ids = Diagnosis.catalogue(of: cell, hasSequence: false).map(\.fault).filter { $0.hasPrefix("dropped:tanhct<") }
    let series = try #require(ids.first)
    let told = OwnWords.troubles(of: try Self.sheet(english: [series: "words"])).map(Self.end)
    #expect(told == ["`\(series)` is never told: it gives the same numbers as `\(Self.missing)`"], "\(told)")
  }

  private static let sheets: [String] = ["exercises", "Tests/Fixtures/sheets"].flatMap { folder in
    let path = Repository.root.appending(path: folder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().map {
      "\(path)/\($0)/sheet.md"
    }
  }

  @Test("ids of faults: no two faults of a cell share one", arguments: sheets)
  func idsAreUnique(_ path: String) throws {
    guard let cell = try Sheet(path: path).cell else { return }
    let ids = Diagnosis.catalogue(of: cell, hasSequence: true).map(\.fault)
    let repeated = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    #expect(repeated.isEmpty, "\(repeated)")
  }

  @Test("faults made at all gates: each is named by what it leaves out")
  func idsSayWhatIsLeftOut() throws {
    let cell = try #require(try Course.sheet("nndl-6-4").cell)
    let ids = Diagnosis.catalogue(of: cell, hasSequence: false).map(\.fault)
    let places = "forward.termMissing:WfxtUfht1+WixtUiht1+WoxtUoht1+WcxtUcht1"
    #expect(ids.filter { $0.hasPrefix(places) }.sorted() == ["\(places)<Ufht1", "\(places)<Wfxt"])
  }

  private static func end(_ headline: String) -> String {
    headline.components(separatedBy: "error: ").last ?? headline
  }
}
