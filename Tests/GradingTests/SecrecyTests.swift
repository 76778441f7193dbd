// Nothing of the reference, the tolerance or the score is to be seen from inside a submission's process.

import Foundation
import Grading
import Sheets
import TestSupport
import Testing

@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct SecrecyTests {
  /// A cell that looks around as far as it can and prints what it finds, then answers as the model does.
  private static let spy = """
    import Glibc

    func contents(_ path: String, limit: Int = 4000) -> String {
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { return "" }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: limit)
      let count = max(0, read(descriptor, &bytes, limit))
      return String(decoding: bytes[..<count].map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
    }

    func names(_ path: String) -> [String] {
      guard let folder = opendir(path) else { return [] }
      defer { closedir(folder) }
      var names: [String] = []
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      return names.sorted()
    }

    func target(_ path: String) -> String {
      var bytes = [CChar](repeating: 0, count: 512)
      return readlink(path, &bytes, 511) > 0 ? String(cString: bytes) : "?"
    }

    func lookAround() {
      print("ARGUMENTS", contents("/proc/self/cmdline"))
      print("ENVIRONMENT", contents("/proc/self/environ"))
      for name in names("/proc/self/fd") { print("DESCRIPTOR", name, target("/proc/self/fd/" + name)) }
      for name in names("/proc") where name.first!.isNumber {
        print("PROCESS", name, contents("/proc/" + name + "/cmdline"))
        for open in names("/proc/" + name + "/fd") { print("THEIRS", name, open, target("/proc/" + name + "/fd/" + open)) }
      }
      for name in names("/") { print("ROOT", name) }
      for folder in ["/tmp", "/home", "/root", "/var", "/etc", "/build", "/kit", "/submission", "/dev/shm"] {
        print("FOLDER", folder, names(folder).joined(separator: " "))
      }
      var byte: UInt8 = 0
      print("STDIN", read(0, &byte, 1))
    }

    """

  @Test func aSpySeesNothingButItsInputs() async throws {
    let model = try #require(try Course.solution("rnn-step").files.first).text
    let marker = "static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {"
    try #require(model.contains(marker))
    let text = Self.spy + model.replacingOccurrences(of: marker, with: marker + "\n    lookAround()\n")
    let file = Submission.File(name: "Cell.swift", bytes: Array(text.utf8))
    let seed: UInt64 = 918_273_645_546_372_819
    let grade = try await Course.grade(Submission(files: [file]), of: "rnn-step", seed: seed)
    #expect(grade.hasFullMarks, "\(grade.checks)")
    let seen = grade.printed.output
    try #require(seen.contains("ARGUMENTS") && seen.contains("STDIN"), "the spy printed: \(seen)")
    for word in ["918273645", "exercises", "solutions", "sheet.md", "tolerance", "rnn-step", "score", "reference"] {
      #expect(!seen.contains(word), "`\(word)` is to be seen: \(seen)")
    }
    let lines = seen.split(separator: "\n")
    // Its own three streams, the answers, and the folder it is just listing.
    let descriptors = lines.filter { $0.hasPrefix("DESCRIPTOR") }.compactMap { Int($0.split(separator: " ")[1]) }
    #expect(descriptors.filter { $0 <= 3 } == [0, 1, 2, 3])
    #expect(descriptors.count <= 5, "\(descriptors)")
    // No calls left to be read ahead.
    #expect(lines.contains("STDIN 0"))
    // The descriptors of the supervisor are closed to it.
    #expect(!lines.contains { $0.hasPrefix("THEIRS 1 ") })
  }

  /// The program that runs holds the learner's code and the kit; what judges them is not linked into it.
  @Test func theProgramHoldsNothingThatJudges() async throws {
    let workbench = try await TestWorkbench.value
    let cell = try #require(try Course.sheet("rnn-step").cell)
    guard
      case .built(let program) = await workbench.build(
        try Course.solution("rnn-step"), interface: CellInterface(cell, hasSequence: false))
    else { return try #require(Bool(false), "it must compile") }
    let bytes = String(decoding: try Data(contentsOf: URL(filePath: program.path)), as: UTF8.self)
    for word in ["Recurrence", "Grading", "tolerance", "relativeError", "maxPoints"] {
      #expect(!bytes.contains(word), "the program contains `\(word)`")
    }
  }
}
