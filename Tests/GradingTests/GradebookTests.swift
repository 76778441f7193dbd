// The gradebook: what it keeps, what it refuses, and that putting parts together loses and repeats nothing.

import Foundation
import GRDB
import Testing

@testable import Classroom
@testable import Grading
@testable import SubmissionHost

@Suite struct GradebookTests {
  /// A file name in a folder that is gone when the test is over.
  final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "unroll-gradebook-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func path(_ name: String) -> String { url.appending(path: name).path }
  }

  static func row(
    _ name: String, hash: String = "a", seed: UInt64 = 7, score: Double? = 10, at time: Int64 = 1
  ) -> GradebookRow {
    GradebookRow(
      key: GradeKey(
        exercise: "e", submission: name, submissionHash: hash, exerciseHash: "x", grader: "g", tasks: "t", seed: seed),
      outcome: score == nil ? .ungraded : .graded,
      line: GradeLine(
        submission: name, score: score, maxScore: score.map { _ in 10 },
        entries: [.init(check: "a", points: score), .init(check: "essay", points: nil)],
        mistakes: [Mistake(id: "m", text: "“it”")], seconds: 0.5), report: "{}", language: "en", recordedAt: time)
  }

  @Test func keepsWhatItIsGiven() throws {
    let folder = try Folder()
    let row = Self.row("张三\n'; DROP TABLE grade; --", seed: .max)
    do { try Gradebook(at: folder.path("a")).record(row) }
    let book = try Gradebook(at: folder.path("a"))
    #expect(try book.latest(row.key.submission, exercise: "e") == row)
    #expect(try book.lastSeed(exercise: "e") == .max)
    #expect(try book.submissions(exercise: "e") == [row.key.submission])
    #expect(try book.exercises() == ["e"])
  }

  @Test("gradebook: grades by other rules are told apart, isolation aside")
  func gradesByOtherRulesAreToldApart() throws {
    let book = try Gradebook(at: nil)
    func record(_ name: String, _ grader: String, score: Double? = 1, at time: Int64 = 1) throws {
      let row = Self.row(name, score: score, at: time)
      let key = GradeKey(
        exercise: "e", submission: name, submissionHash: "h", exerciseHash: "x", grader: grader, tasks: "t", seed: 1)
      try book.record(
        GradebookRow(
          key: key, outcome: row.outcome, line: row.line, report: "{}", language: "en", recordedAt: time))
    }
    try record("a", "unroll 1, verdicts 4, kit k, namespaces")
    try record("b", "unroll 1, verdicts 4, kit k, limits")
    #expect(try book.rules(exercise: "e") == ["unroll 1, verdicts 4, kit k": 2])
    // What has no grade is no grade by anybody.
    try record("c", "unroll 1, verdicts 3, kit k, limits", score: nil)
    #expect(try book.rules(exercise: "e").count == 1)
    try record("d", "unroll 1, verdicts 3, kit k, limits")
    #expect(try book.rules(exercise: "e") == ["unroll 1, verdicts 4, kit k": 2, "unroll 1, verdicts 3, kit k": 1])
    try record("d", "unroll 1, verdicts 4, kit k, limits", at: 2)
    #expect(try book.rules(exercise: "e").count == 1)
  }

  @Test func theLastRowOfASubmissionCounts() throws {
    let book = try Gradebook(at: nil)
    try book.record(Self.row("a", hash: "new", score: 4, at: 3))
    try book.record(Self.row("a", hash: "old", score: 2, at: 1))
    #expect(try book.latest("a", exercise: "e")?.line.score == 4)
    try book.record(Self.row("a", hash: "old", score: 2, at: 5))
    #expect(try book.latest("a", exercise: "e")?.line.score == 2)
  }

  @Test func mergingTwiceChangesNothing() throws {
    let folder = try Folder()
    let parts = try (0..<3).map { try Gradebook(at: folder.path("part\($0)")) }
    for number in 0..<9 { try parts[number % 3].record(Self.row("s\(number)", score: Double(number))) }
    // The same in two parts, once without a grade.
    try parts[0].record(Self.row("twice", score: nil, at: 9))
    try parts[1].record(Self.row("twice", score: 3, at: 2))
    let forward = try Gradebook(at: folder.path("forward"))
    let backward = try Gradebook(at: folder.path("backward"))
    for part in parts { try forward.merge(part) }
    for part in parts.reversed() { try backward.merge(part) }
    for part in parts { #expect(try forward.merge(part) == 0) }
    let names = try forward.submissions(exercise: "e")
    #expect(names.count == 10)
    for name in names {
      let row = try forward.latest(name, exercise: "e")
      #expect(try backward.latest(name, exercise: "e") == row)
    }
    #expect(try forward.latest("twice", exercise: "e")?.line.score == 3)
  }

  @Test func whatIsNoGradebookIsLeftAlone() throws {
    let folder = try Folder()
    let notes = Data("my own notes, long enough to be read as the header of a file".utf8)
    try notes.write(to: folder.url.appending(path: "notes"))
    let other = try DatabaseQueue(path: folder.path("other"))
    try other.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
    for name in ["notes", "other"] {
      let error = #expect(throws: GradebookError.self) { try Gradebook(at: folder.path(name)) }
      #expect(error?.description.contains("no gradebook") == true)
    }
    #expect(try Data(contentsOf: folder.url.appending(path: "notes")) == notes)
    #expect(throws: GradebookError.self) { try Gradebook(at: folder.path("none"), isNewAllowed: false) }
    #expect(throws: GradebookError.self) { try Gradebook(at: folder.path("no/such/folder")) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  @Test func aLaterVersionsFileIsRefused() throws {
    let folder = try Folder()
    do { _ = try Gradebook(at: folder.path("a")) }
    let queue = try DatabaseQueue(path: folder.path("a"))
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2')") }
    let error = #expect(throws: GradebookError.self) { try Gradebook(at: folder.path("a")) }
    #expect(error?.description.contains("later version") == true)
  }

  @Test func everythingThatDecidesAGradeIsInItsFingerprint() {
    func key(
      _ exercise: String = "e", _ name: String = "n", _ hash: String = "h", _ sheet: String = "s",
      _ grader: String = "g",
      _ tasks: String = "t", _ seed: UInt64 = 1
    ) -> String {
      GradeKey(
        exercise: exercise, submission: name, submissionHash: hash, exerciseHash: sheet, grader: grader, tasks: tasks,
        seed: seed
      ).fingerprint
    }
    let all = [
      key(), key("x"), key("e", "x"), key("e", "n", "x"), key("e", "n", "h", "x"), key("e", "n", "h", "s", "x"),
      key("e", "n", "h", "s", "g", "x"), key("e", "n", "h", "s", "g", "t", 2), key("en", ""),
    ]
    #expect(Set(all).count == all.count)
    let left = Submission(files: [.init(name: "a.swift", bytes: [1]), .init(name: "b.swift", bytes: [2])])
    let right = Submission(files: left.files.reversed(), leftOut: [.init(name: ".DS_Store", reason: "hidden")])
    #expect(left.hash == right.hash)
  }
}

@Suite struct ShardTests {
  @Test func partsNeverOverlapAndAreTheWhole() throws {
    for count in [1, 2, 8, 13] {
      let parts = try (1...count).map { try #require(Shard($0, of: count)) }
      var sizes = [Int](repeating: 0, count: count)
      for number in 0..<1000 {
        let members = parts.indices.filter { parts[$0].contains("student-\(number)") }
        #expect(members.count == 1)
        sizes[members[0]] += 1
      }
      #expect(sizes.allSatisfy { $0 > 1000 / count / 2 })
    }
  }

  @Test(arguments: ["0/3", "4/3", "1/0", "-1/3", "1", "1/3/5", "a/b", "", "1/", "/3", "99999999999999999999/3"])
  func whatIsNoPartIsRefused(_ text: String) { #expect(Shard(text) == nil) }

  @Test func isWrittenFromOne() {
    #expect(Shard("3/8") == Shard(3, of: 8))
  }
}
