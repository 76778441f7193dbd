// Every exercise of the course can be handed out, and what stands in the way of one is found.

import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Authoring

@Suite(.tier(.test), .timed) struct ReadinessTests {
  private static let library = SheetLibrary(ContentRoot(path: Repository.root.path))

  /// With how many seeds each model solution is graded: 2, or what the environment says (`UNROLL_SEEDS=20`).
  private static let seeds = ProcessInfo.processInfo.environment["UNROLL_SEEDS"].flatMap { Int($0) } ?? 2

  private static func readiness(
    _ sheet: Sheet, solutions: URL? = Repository.root.appending(path: "solutions"), seeds: Int = 1
  ) async throws -> Readiness {
    await Readiness(
      of: sheet, in: library, with: try await TestWorkbench.value,
      kitSources: Repository.root.appending(path: "Sources"),
      solutions: solutions, seeds: seeds)
  }

  @Test func noSheetIsBroken() {
    for broken in Self.library.broken { Issue.record("\(broken.diagnostics)") }
    #expect(Self.library.sheets.count >= 13)
  }

  @Test(arguments: library.sheets.map(\.id))
  func everyExerciseIsReady(_ id: String) async throws {
    let sheet = try #require(Self.library.sheets.first { $0.id == id })
    let readiness = try await Self.readiness(sheet, seeds: Self.seeds)
    #expect(readiness.isReady, "\(readiness.findings.filter { $0.status == .trouble }.map(\.text))")
    // In the course everything is there: nothing is left unlooked at.
    #expect(readiness.findings.allSatisfy { $0.status == .good }, "\(readiness.findings)")
    #expect(sheet.translation != nil && sheet.minutes != nil && !sheet.text.teachers.isEmpty)
    #expect(sheet.translation.map { $0.teachers.count } == sheet.text.teachers.count)
  }

  // MARK: What stands in the way

  /// The texts of a sheet with something replaced, read anew.
  private static func sheet(
    _ id: String, english: (String, String)? = nil, chinese: (String, String)? = nil
  ) throws -> Sheet {
    let folder = Repository.root.appending(path: "exercises/\(id)")
    func source(_ name: String, _ change: (String, String)?) throws -> SourceText {
      var text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      if let change {
        try #require(text.contains(change.0), "\(name) has no `\(change.0)`")
        text = text.replacing(change.0, with: change.1)
      }
      return SourceText(name: name, text: text)
    }
    return try Sheet(
      source("sheet.md", english), translation: source("sheet.zh.md", chinese),
      path: folder.appending(path: "sheet.md").path)
  }

  private static func troubles(_ sheet: Sheet) async throws -> [String] {
    try await readiness(sheet).findings.filter { $0.status == .trouble }.map(\.text)
  }

  @Test(arguments: [
    ("## 形状", "### 形状", "heading 3 has level 2 in sheet.md and level 3 in sheet.zh.md"),
    ("`upstream.h`", "`upstream`", "the code `upstream.h` stands in sheet.md and not in sheet.zh.md"),
    ("`upstream.h`", "`upstream`", "the code `upstream` stands in sheet.zh.md and not in sheet.md"),
    ("## 形状", "**一。**二\n\n## 形状", "sheet.zh.md:21: `**` is shown as it stands; move punctuation out of it"),
    ("$`D`$", "$`d`$", "the formula `D` stands in sheet.md and not in sheet.zh.md"),
    ("## 形状", "[链接](../nowhere/sheet.md)\n\n## 形状", "sheet.zh.md: the link to `../nowhere/sheet.md` leads nowhere"),
    (
      "`unroll start rnn-step`", "`unroll start rnn-stop`",
      "sheet.zh.md: `unroll start rnn-stop` names `rnn-stop`, and there is no such sheet"
    ),
  ])
  func whatDiffersBetweenLanguagesIsNamed(_ old: String, _ new: String, _ trouble: String) async throws {
    let found = try await Self.troubles(Self.sheet("rnn-step", chinese: (old, new)))
    #expect(found.contains(trouble), "\(found)")
  }

  @Test func pointsAndGradientsAndFilesAreLookedAt() async throws {
    let points = try Self.sheet("rnn-step", english: ("points: 30", "points: 31"))
    #expect(try await Self.troubles(points).contains { $0.contains("not 100") })
    let file = try Self.sheet("nndl-6-2p", english: ("published-loop.json", "published-lop.json"))
    #expect(try await Self.troubles(file).contains { $0.contains("published-lop.json: ") })
    let listing = try Self.sheet(
      "lstm-debug",
      english: (
        "'rang' in scope\", is: cannot_find_in_scope, at: rang",
        "'range' in scope\", is: cannot_find_in_scope, at: range"
      ))
    let told = try await Self.troubles(listing)
    #expect(told.contains("the compiler does not say of the listing: cannot find 'range' in scope"), "\(told)")
  }

  @Test func withoutSolutionsThatIsANote() async throws {
    let sheet = try Course.sheet("rnn-bptt")
    let installed = try await Self.readiness(sheet, solutions: nil)
    #expect(installed.isReady && installed.findings.last == .init(status: .note, text: "no model solution here"))
    let other = try await Self.readiness(sheet, solutions: Repository.tests.appending(path: "Fixtures/solutions"))
    #expect(!other.isReady && other.findings.last?.text.hasPrefix("no model solution at ") == true)
  }

  @Test func aSolutionThatFailsIsNamed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = folder.appending(path: "rnn-bptt")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    try Data("Nothing yet.".utf8).write(to: own.appending(path: "derivation.md"))
    let found = try await Self.readiness(Course.sheet("rnn-bptt"), solutions: folder)
    #expect(found.findings.last?.text.hasPrefix("the model solution fails derivation.1, ") == true)
  }
}
