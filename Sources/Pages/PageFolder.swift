// A folder of pages: written only where nothing of anybody else's can be lost.

import FoundationEssentials
import Glibc
import Sheets

/// A folder that is missing, empty, or was written before, as a list of files inside says.
struct PageFolder {
  /// The file that lists what was written.
  static let marker = ".unroll-pages"

  /// The folder.
  let path: String
  private var own: Set<String> = []
  private var written: [String] = []

  /// Takes a folder; nothing is changed yet.
  init(_ path: String) throws(CoursePages.Refusal) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    switch SourceFile.kind(path) {
    case .file:
      throw CoursePages.Refusal(description: "\(path) is a file; give a folder for the pages")
    case .nothing: break
    case .directory:
      if let list = FileManager.default.contents(atPath: path + "/" + Self.marker) {
        own = Set(String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init))
      } else if let content = try? FileManager.default.contentsOfDirectory(atPath: path), content.isEmpty {
        break
      } else {
        throw CoursePages.Refusal(
          description: "\(path) holds files that unroll did not make; give a folder that is empty or does not exist")
      }
    }
  }

  /// Writes a page or another text.
  mutating func write(_ text: String, to name: String) throws {
    try write(Data(text.utf8), to: name)
  }

  /// Copies a file's content; a link's target, not the link.
  mutating func copy(_ source: String, to name: String) throws {
    guard let data = FileManager.default.contents(atPath: source) else {
      throw CoursePages.Refusal(description: "\(source) cannot be read")
    }
    try write(data, to: name)
  }

  private mutating func write(_ data: Data, to name: String) throws {
    let file = path + "/" + name
    guard own.contains(name) || SourceFile.kind(file) == .nothing else {
      throw CoursePages.Refusal(description: "\(file) was not made by unroll; move it away or give another folder")
    }
    do {
      if written.isEmpty {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // Noted first, so that a run that is cut off can be repeated.
        own.insert(Self.marker)
      }
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      own.insert(name)
      written.append(name)
      try list(own)
      try data.write(to: URL(filePath: file))
    } catch {
      throw CoursePages.Refusal(description: "\(file) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private func list(_ names: some Sequence<String>) throws {
    try Data((names.sorted().joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path + "/" + Self.marker))
  }

  /// Removes what an earlier run wrote and this one did not.
  mutating func finish() throws {
    let current = Set(written + [Self.marker])
    for name in own.subtracting(current) where !name.hasPrefix("/") && !name.split(separator: "/").contains("..") {
      unlink(path + "/" + name)
    }
    try list(current)
  }
}
