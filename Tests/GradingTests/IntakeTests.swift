// What is taken of a folder, what is left, and what makes it no submission.

import Foundation
import Glibc
import Testing

@testable import Sandbox
@testable import SubmissionHost

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

  private static let derivation = "# Work\n\n$$\\frac{\\partial L}{\\partial h_T} = 1$$\n"

  @Test(
    "a derivation by another name: the only text with displayed mathematics",
    arguments: ["Derivation.md", "derivation.MD", "Solution.md", "HW3.Md", "我的推导.md"])
  func takesAnyText(_ name: String) throws {
    let folder = try folder([name: Self.derivation, "README.md": "My work, with $x$ in it.\n", "Cell.swift": ""])
    let submission = try Submission(at: folder.path)
    #expect(submission.derivation == .init(name: name, bytes: Array(Self.derivation.utf8)))
    #expect(
      submission.leftOut == [
        .init(
          name: "README.md",
          reason: name.lowercased() == "derivation.md" ? "derivation.md is the derivation" : "no displayed mathematics")
      ])
    #expect(submission.possibleDerivations.isEmpty)
    #expect(try Submission(at: "\(folder.path)/\(name)").derivation?.name == name)
  }

  @Test("a derivation.md beside other texts: wins")
  func derivationWins() throws {
    let folder = try folder(["derivation.md": "$$a = b$$", "other.md": Self.derivation, "notes.md": Self.derivation])
    let submission = try Submission(at: folder.path)
    #expect(submission.derivation?.text == "$$a = b$$")
    #expect(submission.leftOut.map(\.name) == ["notes.md", "other.md"])
  }

  @Test("several texts with displayed mathematics: none is taken, and they are named")
  func asksWhichText() throws {
    let folder = try folder(["a.md": Self.derivation, "b.md": "```math\nx = y\n```\n", "c.md": "prose"])
    let submission = try Submission(at: folder.path)
    #expect(submission.derivation == nil)
    #expect(submission.possibleDerivations == ["a.md", "b.md"])
    #expect(submission.leftOut.map(\.name) == ["a.md", "b.md", "c.md"])
  }

  @Test("texts that are links, hidden or too large: are left out and refuse nothing")
  func leavesTextsOut() throws {
    let folder = try folder([
      ".notes.md": Self.derivation, "large.md": String(repeating: "> ", count: 40_000), "mine.md": Self.derivation,
    ])
    #expect(symlink("/etc/passwd", folder.path + "/link.md") == 0)
    let submission = try Submission(at: folder.path)
    #expect(submission.derivation?.name == "mine.md")
    #expect(submission.leftOut.map(\.name) == [".notes.md", "large.md", "link.md"])
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
