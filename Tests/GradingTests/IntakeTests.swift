// What is taken of a folder, what is left, and what makes it no submission.

import Foundation
import Glibc
import Testing

@testable import Grading

@Suite struct IntakeTests {
  private func folder(_ files: [String: String]) throws -> WorkFolder {
    let folder = try WorkFolder(prefix: "unroll-intake")
    for (name, text) in files { try WorkFolder.write(Array(text.utf8), to: "\(folder.path)/\(name)") }
    return folder
  }

  @Test func takesSwiftAndTheDerivationAndListsTheRest() throws {
    let folder = try folder([
      "Cell.swift": "a", "Gates.swift": "b", "derivation.md": "c", "notes.txt": "", ".DS_Store": "",
      "._Cell.swift": "", "Package.swift": "", "Interface.swift": "",
    ])
    _ = try folder.folder(".build")
    let submission = try Submission(at: folder.path)
    #expect(submission.files.map(\.name) == ["Cell.swift", "Gates.swift"])
    #expect(submission.derivation?.text == "c")
    #expect(
      submission.leftOut.map(\.name)
        == [".DS_Store", "._Cell.swift", ".build", "Interface.swift", "Package.swift", "notes.txt"])
  }

  @Test func takesASingleFile() throws {
    let folder = try folder(["My Cell.swift": "a", "other.txt": ""])
    #expect(try Submission(at: folder.path + "/My Cell.swift").files.map(\.name) == ["My Cell.swift"])
    #expect(throws: IntakeError.notASubmission(path: folder.path + "/other.txt")) {
      try Submission(at: folder.path + "/other.txt")
    }
  }

  @Test func refusesLinksDevicesAndPipes() throws {
    for make in [
      { symlink("/etc/passwd", $0) }, { mkfifo($0, 0o644) }, { mkdir($0, 0o755) },
    ] as [(String) -> Int32] {
      let folder = try folder(["Cell.swift": ""])
      #expect(make(folder.path + "/Extra.swift") == 0)
      #expect(throws: IntakeError.notARegularFile(name: "Extra.swift")) { try Submission(at: folder.path) }
    }
  }

  @Test func refusesNamesThatDifferByCase() throws {
    let folder = try folder(["Cell.swift": "", "cell.swift": ""])
    #expect(throws: IntakeError.namesDifferByCase("Cell.swift", "cell.swift")) { try Submission(at: folder.path) }
  }

  @Test func refusesTooMuch() throws {
    let many = try folder(Dictionary(uniqueKeysWithValues: (0...32).map { ("F\($0).swift", "") }))
    #expect(throws: IntakeError.tooManyFiles(limit: 32)) { try Submission(at: many.path) }
    let large = try folder(["Cell.swift": String(repeating: " ", count: (1 << 20) + 1)])
    #expect(throws: IntakeError.tooLarge(name: "Cell.swift", limit: 1 << 20)) { try Submission(at: large.path) }
    let long = try folder(["derivation.md": String(repeating: "> ", count: 40_000)])
    #expect(throws: IntakeError.tooLarge(name: "derivation.md", limit: 64 << 10)) { try Submission(at: long.path) }
  }

  @Test func namesThatACompilerReadsOtherwiseAreLeftOut() throws {
    let folder = try folder(["-o.swift": "", "@x.swift": "", "a:1.swift": "", "Cell (1).swift": ""])
    // Not made by the folder's own function: the bytes are no text.
    close(
      ([UInt8]("\(folder.path)/".utf8) + [0xFF] + [UInt8](".swift".utf8) + [0]).withUnsafeBufferPointer {
        $0.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o644) }
      })
    try WorkFolder.write([], to: "\(folder.path)/\u{202E}tfiws.swift")
    let submission = try Submission(at: folder.path)
    #expect(submission.files.map(\.name) == ["Cell (1).swift"])
    #expect(submission.leftOut.count == 5)
  }

  @Test func aFolderOfThousandsIsRefusedAndOfManyIsCut() throws {
    let folder = try folder(["Cell.swift": ""])
    for number in 0..<200 { try WorkFolder.write([], to: "\(folder.path)/\(number).txt") }
    let submission = try Submission(at: folder.path)
    #expect(submission.files.map(\.name) == ["Cell.swift"])
    #expect(submission.leftOut.count == 51 && submission.leftOut.last?.reason == "150 more")
    for number in 200..<10_001 { try WorkFolder.write([], to: "\(folder.path)/\(number).txt") }
    #expect(throws: IntakeError.tooManyNames(limit: 10_000)) { try Submission(at: folder.path) }
  }

  @Test func saysWhatIsMissing() {
    #expect(throws: IntakeError.unreadable(path: "/nowhere", reason: "No such file or directory")) {
      try Submission(at: "/nowhere")
    }
  }
}
