// A course on disk: good sheets, broken ones beside them, and where the course is found.

import Diagnostics
import Foundation
import Sheets
import Testing

@Suite struct SheetLibraryTests {
  /// A course of four sheets in a folder.
  private func course(_ folder: String) throws -> SheetLibrary {
    func sheet(_ id: String, needs: String) throws {
      let text = Fixture.sheet.replacing("id: demo", with: "id: \(id)").replacing(
        "minutes: 20", with: "needs: [\(needs)]")
      try write(text, "\(folder)/exercises/\(id)/sheet.md")
    }
    try sheet("aaa", needs: "ccc")
    try sheet("bbb", needs: "")
    try sheet("ccc", needs: "bbb")
    try write("no sheet\n", "\(folder)/exercises/broken/sheet.md")
    try write("a note\n", "\(folder)/exercises/README.md")
    return SheetLibrary(ContentRoot(path: folder))
  }

  @Test func brokenSheetsHideNoOthers() throws {
    try withFolder { folder in
      let library = try course(folder)
      #expect(library.sheets.map(\.id) == ["bbb", "ccc", "aaa"])
      #expect(library.broken.map(\.id) == ["broken"])
      #expect(throws: DiagnosticList.self) { try library.sheet("broken") }
      #expect(throws: DiagnosticList.self) { try SheetLibrary.sheet("broken", in: library.root) }
    }
  }

  /// Chains before chains that are longer; then the short before the long, then what more rests on.
  @Test func theCourseIsAPath() throws {
    try withFolder { folder in
      func sheet(_ id: String, _ minutes: Int, needs: String) throws {
        let text = Fixture.sheet.replacing("id: demo", with: "id: \(id)").replacing(
          "minutes: 20", with: "minutes: \(minutes)\nneeds: [\(needs)]")
        try write(text, "\(folder)/exercises/\(id)/sheet.md")
      }
      try sheet("last", 10, needs: "long, deep")
      try sheet("long", 90, needs: "first")
      try sheet("leaf", 45, needs: "first")
      try sheet("stem", 45, needs: "first")
      try sheet("deep", 10, needs: "stem")
      try sheet("first", 100, needs: "")
      let library = SheetLibrary(ContentRoot(path: folder))
      #expect(library.sheets.map(\.id) == ["first", "stem", "leaf", "long", "deep", "last"])
    }
  }

  @Test func idsAndPaths() throws {
    try withFolder { folder in
      let library = try course(folder)
      for name in ["aaa", "\(folder)/exercises/aaa", "\(folder)/exercises/aaa/", "\(folder)/exercises/aaa/sheet.md"] {
        #expect(try library.sheet(name).id == "aaa")
        #expect(try SheetLibrary.sheet(name, in: library.root).id == "aaa")
      }
      try write(Fixture.sheet, "\(folder)/mine.md")
      #expect(try library.sheet("\(folder)/mine.md").id == "demo")
      let error = #expect(throws: SheetLibrary.UnknownSheet.self) { try library.sheet("brokn") }
      #expect(
        error?.description == "there is no sheet `brokn`; did you mean `broken`?\nknown sheets: aaa, bbb, broken, ccc")
    }
  }

  @Test func needsAndFolders() throws {
    try withFolder { folder in
      func sheet(_ name: String, _ id: String, needs: String) throws {
        let text = Fixture.sheet.replacing("id: demo", with: "id: \(id)").replacing(
          "minutes: 20", with: "needs: [\(needs)]")
        try write(text, "\(folder)/exercises/\(name)/sheet.md")
      }
      try sheet("one", "one", needs: "two")
      try sheet("two", "two", needs: "three")
      try sheet("three", "three", needs: "one")
      try sheet("hanging", "hanging", needs: "one")
      try sheet("typo", "typo", needs: "hangin")
      try sheet("renamed", "named", needs: "")
      let library = SheetLibrary(ContentRoot(path: folder))
      #expect(library.sheets.map(\.id) == ["hanging"])
      let messages = Dictionary(
        uniqueKeysWithValues: library.broken.map { ($0.id, $0.diagnostics.diagnostics[0].message) })
      #expect(messages["one"]?.contains("break the circle") == true)
      #expect(messages["typo"] == "there is no sheet `hangin`; did you mean `hanging`?")
      #expect(messages["renamed"]?.contains("the folder is called `renamed`") == true)
    }
  }

  @Test func badFiles() throws {
    try withFolder { folder in
      func finding(_ data: Data) throws -> Diagnostic? {
        try write(data, "\(folder)/a.md")
        return #expect(throws: DiagnosticList.self) { try Sheet(path: "\(folder)/a.md") }?.diagnostics.first
      }
      let utf8 = try finding(Data("---\nid: \u{4E2D}".utf8) + [0xFF, 0x41])
      #expect(utf8?.position == SourcePosition(line: 2, column: 6) && utf8?.message.contains("UTF-8") == true)
      let zero = try finding(Data("---\nid: a".utf8) + [0])
      #expect(zero?.position == SourcePosition(line: 2, column: 6) && zero?.message.contains("byte 0") == true)
      #expect(try finding(Data(repeating: 0x61, count: 3_000_000))?.message.contains("has 3000000 bytes") == true)
      let missing = #expect(throws: DiagnosticList.self) { try Sheet(path: "\(folder)/none.md") }
      #expect(missing?.diagnostics.first?.message.contains("cannot be read: No such file") == true)
      mkfifo("\(folder)/pipe.md", 0o600)
      let pipe = #expect(throws: DiagnosticList.self) { try Sheet(path: "\(folder)/pipe.md") }
      #expect(pipe?.diagnostics.first?.message == "this is no file")
      try write(
        Data([0xEF, 0xBB, 0xBF])
          + Data(Fixture.sheet.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8),
        "\(folder)/windows.md")
      #expect(try Sheet(path: "\(folder)/windows.md").forward.map(\.text) == [try Fixture.read().forward[0].text])
    }
  }

  @Test func theRootIsFound() throws {
    try withFolder { folder in
      for name in ["a", "b", "c/share/unroll", "d"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)/exercises/x/y", withIntermediateDirectories: true)
      }
      func find(_ option: String?, _ environment: String?, _ executable: String?, _ directory: String) throws -> String
      {
        let root = try ContentRoot.find(
          option: option, environment: environment, executable: executable, workingDirectory: directory)
        return String(root.path.dropFirst(folder.count)) + " " + root.origin.rawValue
      }
      let deep = "\(folder)/d/exercises/x"
      #expect(try find("\(folder)/a/", "\(folder)/b", "\(folder)/c/bin/unroll", deep) == "/a option")
      #expect(try find(nil, "\(folder)/b", "\(folder)/c/bin/unroll", deep) == "/b environment")
      #expect(try find(nil, nil, "\(folder)/c/bin/unroll", deep) == "/c/share/unroll installed")
      #expect(try find(nil, nil, "\(folder)/nowhere/bin/unroll", deep) == "/d workingDirectory")
      #expect(try find("a", nil, nil, folder) == "/a option")
      #expect(try find(nil, nil, "\(folder)/a/.build/x86/debug/unroll", deep) == "/a checkout")
      #expect(try find(nil, nil, "\(folder)/none/.build/x86/debug/unroll", deep) == "/d workingDirectory")
      #expect(throws: ContentRoot.NotFound.self) { try find("\(folder)/none", "\(folder)/b", nil, deep) }
      let error = #expect(throws: ContentRoot.NotFound.self) { try find(nil, nil, "/x/bin/unroll", folder) }
      #expect(error?.tried.first == "/x/share/unroll (beside the program): is no folder")
      #expect(error?.tried.contains("/ (the working directory and above): has no folder `exercises`") == true)
    }
  }
}
