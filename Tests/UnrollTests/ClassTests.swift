// A class from the command line: the same grades in any order, after any interruption, in parts or at once.

import Foundation
import TestSupport
import Testing

/// One class for all tests here: solutions, starters, wrong cells and hostile ones.
enum SampleClass {
  static let exercise = "nndl-6-4"
  static let count = 12

  static func make(in scratch: Scratch) throws -> String {
    let folder = scratch.url.appending(path: "class")
    let process = Process()
    process.executableURL = Repository.tests.appending(path: "Class/make-class")
    process.arguments = [Repository.products.appending(path: "unroll").path, String(count), folder.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return folder.path
  }

  /// The tasks that cost little; the others take the same way.
  static let tasks = ["--task", "forward", "--task", "backward"]

  static func grade(_ folder: String, _ more: String...) throws -> Run {
    try Run(list: ["grade", exercise, "--class", folder, "--seed", "11"] + tasks + more)
  }

  /// The rows that count as JSON, without the time they took.
  static func rows(_ gradebook: String) throws -> [String] {
    let run = try Run("gradebook", "export", gradebook, "--format", "json")
    #expect(run.code == 0, "\(run.error)")
    let rows = try #require(try run.json() as? [[String: Any]])
    return try rows.map { row in
      let row = row.filter { $0.key != "seconds" }
      return String(decoding: try JSONSerialization.data(withJSONObject: row, options: .sortedKeys), as: UTF8.self)
    }
  }
}

/// One after the other: each keeps both processors busy.
@Suite(.serialized, .tier(.test), .timed) struct ClassTests {
  @Test func theOrderOfGradingDoesNotMatter() throws {
    let scratch = try Scratch()
    let folder = try SampleClass.make(in: scratch)
    let one = scratch.url.appending(path: "one").path
    let three = scratch.url.appending(path: "three").path
    let alone = try SampleClass.grade(folder, "--jobs", "1", "--output", one)
    let together = try SampleClass.grade(folder, "--jobs", "3", "--output", three)
    #expect(alone.code == 1 && together.code == 1, "\(alone.error) \(together.error)")
    #expect(alone.output == together.output)
    #expect(alone.error.contains("roster.csv"))
    let rows = try SampleClass.rows(one + "/gradebook.sqlite")
    #expect(rows.count == SampleClass.count)
    #expect(try SampleClass.rows(three + "/gradebook.sqlite") == rows)
    #expect(alone.output.contains(/student-0003  (\d+) \/ \1\n/) && alone.output.contains("student-0001  0 / "))
    #expect(alone.output.contains("the derivative at fₜ seems to be left out"))
    // A grade in a class is the grade by itself.
    let single = try Run(
      list: ["grade", SampleClass.exercise, folder + "/student-0002", "--seed", "11", "--format", "csv"]
        + SampleClass.tasks)
    let table = try String(contentsOfFile: one + "/grades.csv", encoding: .utf8)
    func points(_ text: String, _ name: String) -> [Substring]? {
      text.split(separator: "\r\n").first { $0.hasPrefix(name) }.map {
        Array($0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().dropLast())
      }
    }
    #expect(points(table, "student-0002") == points(single.output, folder))
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: one))
    #expect(
      files
        == Set((1...SampleClass.count).map { "student-00\($0 < 10 ? "0" : "")\($0).txt" })
        .union(["grades.csv", "faults.csv", "gradebook.sqlite"]))
  }

  @Test func resumingGradesOnlyWhatHasChanged() throws {
    let scratch = try Scratch()
    let folder = try SampleClass.make(in: scratch)
    let out = scratch.url.appending(path: "out").path
    let first = try SampleClass.grade(folder, "--output", out)
    let report = out + "/student-0003.txt"
    let before = try FileManager.default.attributesOfItem(atPath: report)[.modificationDate] as? Date
    let cell = URL(filePath: folder + "/student-0004/Cell.swift")
    try Data("struct LSTM {}".utf8).write(to: cell)
    let again = try Run(
      list: ["grade", SampleClass.exercise, "--class", folder, "--output", out, "--resume"] + SampleClass.tasks)
    #expect(try FileManager.default.attributesOfItem(atPath: report)[.modificationDate] as? Date == before)
    let lines = zip(first.output.split(separator: "\n"), again.output.split(separator: "\n")).prefix(SampleClass.count)
    #expect(lines.filter { $0 != $1 }.map { String($0.0.prefix(12)) } == ["student-0004"])
    // The seed is that of the gradebook.
    #expect(again.output.contains("seed 11"))
  }

  @Test func partsMergedAreTheWhole() throws {
    let scratch = try Scratch()
    let folder = try SampleClass.make(in: scratch)
    let whole = scratch.url.appending(path: "whole.sqlite").path
    _ = try SampleClass.grade(folder, "--gradebook", whole)
    let parts = (1...3).map { scratch.url.appending(path: "part\($0).sqlite").path }
    var seen: [Substring] = []
    for (index, part) in parts.enumerated() {
      let run = try SampleClass.grade(
        folder, "--shard", "\(index + 1)/3", "--gradebook", part)
      seen += run.output.split(separator: "\n").filter { $0.hasPrefix("student-") }.map { $0.prefix(12) }
    }
    #expect(seen.count == SampleClass.count && Set(seen).count == SampleClass.count)
    let merged = scratch.url.appending(path: "merged.sqlite").path
    for _ in 0..<2 {
      #expect(try Run(list: ["gradebook", "merge"] + parts + ["--into", merged]).code == 0)
      #expect(try SampleClass.rows(merged) == SampleClass.rows(whole))
    }
    #expect(try Run("gradebook", "merge", merged, "--into", merged).code == 2)
  }

  /// The same with fifty kills and three hundred submissions: `make test-class`.
  @Test func aKilledGraderLosesOnlyWhatWasInFlight() throws {
    let scratch = try Scratch()
    let folder = try SampleClass.make(in: scratch)
    let calm = scratch.url.appending(path: "calm.sqlite").path
    _ = try SampleClass.grade(folder, "--gradebook", calm)
    let process = Process()
    process.executableURL = Repository.tests.appending(path: "Class/kill-and-resume")
    let killed = scratch.url.appending(path: "killed.sqlite").path
    process.arguments =
      [
        Repository.products.appending(path: "unroll").path, folder, killed, "4", "1500",
      ] + SampleClass.tasks
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try SampleClass.rows(killed) == SampleClass.rows(calm))
  }

  @Test func somebodysFilesAreNotOverwritten() throws {
    let scratch = try Scratch()
    _ = try scratch.file("class/ann/Cell.swift", "struct RNN {}")
    let notes = try scratch.file("out/ann.txt", "what I think of Ann's work")
    let run = try Run(
      "grade", "rnn-step", "--class", scratch.url.appending(path: "class").path, "--output",
      scratch.url.appending(path: "out").path)
    #expect(run.code == 2 && run.error.contains("ann.txt"))
    #expect(try String(contentsOfFile: notes, encoding: .utf8) == "what I think of Ann's work")
  }

  @Test(arguments: [
    ["--resume"], ["--shard", "1/2"], ["--shard", "3/2", "--seed", "1"], ["--jobs", "0"], ["--jobs", "-3"],
    ["solutions/rnn-step"], ["--gradebook", "README.md"], ["--gradebook", "/nonexistent/a.sqlite"],
  ])
  func whatMakesNoSenseEndsWithTwo(_ arguments: [String]) throws {
    let scratch = try Scratch()
    _ = try scratch.file("ann/derivation.md", "")
    let run = try Run(list: ["grade", "rnn-step", "--class", scratch.url.path] + arguments)
    #expect(run.code == 2 && !run.error.isEmpty && run.output.isEmpty, "\(arguments): \(run.output)")
    #expect(try Run(list: ["grade", "rnn-step", "solutions/rnn-step", "--resume"]).code == 2)
  }

  @Test func anEmptyClassIsDone() throws {
    let scratch = try Scratch()
    #expect(try Run("grade", "rnn-step", "--class", scratch.url.path).code == 0)
    #expect(try Run("grade", "rnn-step", "--class", scratch.url.path + "/none").code == 2)
  }
}

@Suite(.tier(.test), .timed) struct FormatCommandTests {
  @Test func aWorkflowGetsAnnotationsAtTheLines() throws {
    let scratch = try Scratch()
    let cell = try String(contentsOf: Repository.root.appending(path: "solutions/rnn-step/Cell.swift"), encoding: .utf8)
    _ = try scratch.file("mine/Cell.swift", cell.replacingOccurrences(of: "tanh(", with: "tanhh("))
    let run = try Run(
      list: ["grade", "rnn-step", "mine", "--root", Repository.root.path], in: scratch.url,
      environment: ["GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": scratch.url.path])
    #expect(run.code == 1)
    #expect(run.error.hasPrefix("::error file=mine/Cell.swift,line="), "\(run.error)")
    let derivation = try scratch.file(
      "paper/derivation.md", "```math\n\\frac{\\partial L}{\\partial U} = \\sum_{t=1}^{T} \\delta_t h_t^\\top\n```\n")
    let written = try Run(
      list: ["grade", "rnn-bptt", "paper", "--root", Repository.root.path], in: scratch.url,
      environment: ["GITHUB_ACTIONS": "true"])
    #expect(written.error.contains("::error file=paper/derivation.md,line=2,col="), "\(written.error) \(derivation)")
  }

  @Test func gradescopeGetsNoPointsForAFaultOfOurs() throws {
    let scratch = try Scratch()
    let results = scratch.url.appending(path: "results.json").path
    // No compiler is to be found, which is nothing of the learner's.
    let run = try Run(
      list: ["grade", "rnn-step", "solutions/rnn-step", "--format", "gradescope", "--output", results],
      environment: ["PATH": "/nonexistent"])
    #expect(run.code == 2)
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  @Test func gradescopeIsToldOfARefusedSubmission() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appending(path: "submission")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/Cell.swift", withDestinationPath: "/etc/passwd")
    let run = try Run("grade", "rnn-step", folder.path, "--format", "gradescope")
    #expect(run.code == 1)
    let json = try #require(try run.json() as? [String: Any])
    #expect(json["score"] as? Double == 0 && (json["output"] as? String)?.contains("link") == true)
  }
}
