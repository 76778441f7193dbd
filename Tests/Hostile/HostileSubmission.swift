// One hostile submission: what its first lines say, and the folder that is handed in.

import Foundation
import TestSupport

/// A file of `Submissions`, read; README.md there has the words of its head.
struct HostileSubmission: Sendable {
  let name: String
  let base: String
  let exercise: String
  /// The isolation it is graded with; nil for the default.
  let isolation: String?
  /// The isolation in which all are graded that are not about one: what is expected of them is expected of the default.
  static let otherIsolation = ProcessInfo.processInfo.environment["UNROLL_HOSTILE_ISOLATION"]
  /// The worst verdict and the points, as the table shows them.
  let expected: String
  /// Words that the report must have.
  let says: [String]
  /// Words that no output may have.
  let never: [String]
  private let makes: [String]
  private let fill: String?
  private let source: String

  static let folder = Repository.tests.appending(path: "Hostile/Submissions")

  /// Every hostile submission, by name.
  static func all() throws -> [HostileSubmission] {
    let shared = ["Right.swift", "Wrong.swift", "Tools.swift"]
    // Some of them only, while one is written: UNROLL_HOSTILE=isolate-,judge0-
    let wanted = ProcessInfo.processInfo.environment["UNROLL_HOSTILE"]?.split(separator: ",")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { name in wanted?.contains { name.hasPrefix($0) } ?? true }
      .filter { $0.hasSuffix(".swift") && !shared.contains($0) }.sorted().map { try HostileSubmission($0) }
  }

  init(_ file: String) throws {
    name = String(file.dropLast(".swift".count))
    source = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    var words: [String: [String]] = [:]
    for line in source.split(separator: "\n").prefix(while: { $0.hasPrefix("//") }) {
      let parts = line.dropFirst(3).split(separator: ": ", maxSplits: 1)
      if parts.count == 2 { words[String(parts[0]), default: []].append(String(parts[1])) }
    }
    base = words["base"]?.first ?? "right"
    exercise = words["exercise"]?.first ?? "rnn-step"
    isolation = words["isolation"]?.first ?? Self.otherIsolation
    expected = words["expect"]?.first ?? ""
    says = (words["says"] ?? []).map(Self.unescaped)
    never = (words["never"] ?? []).map(Self.unescaped)
    makes = (words["make"] ?? []).map(Self.unescaped)
    fill = words["fill"]?.first
  }

  /// `\n` and `\r` stand for the characters that end a line.
  private static func unescaped(_ text: String) -> String {
    text.replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\r", with: "\r")
  }

  /// Writes the folder to be handed in.
  ///
  /// - Parameter mark: takes the place of `hostile-unroll`, so that what this one leaves is told from what others leave.
  func write(to folder: URL, mark: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var files = [("Attack.swift", source + (fill.map(Self.filled) ?? ""))]
    if base != "none" {
      for file in [base == "right" ? "Right.swift" : "Wrong.swift", "Tools.swift"] {
        files.append((file, try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)))
      }
    }
    for (name, text) in files {
      let marked = text.replacingOccurrences(of: "hostile-unroll", with: mark)
      try marked.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    for line in makes { try make(line, in: folder.path) }
  }

  private func make(_ line: String, in folder: String) throws {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let paths = words[1].split(separator: " ").map(String.init)
    var made: Int32 = 0
    switch words[0] {
    case "link": made = symlink(paths[1], "\(folder)/\(paths[0])")
    case "pipe": made = mkfifo("\(folder)/\(paths[0])", 0o644)
    case "folder": made = mkdir("\(folder)/\(paths[0])", 0o755)
    case "large": made = truncate(try file("\(folder)/\(paths[0])"), 1 << 40)
    case "odd":
      let names: [[UInt8]] = [
        Array("-o.swift".utf8), Array("@x.swift".utf8), Array("two\nlines.swift".utf8),
        Array("\u{1B}[31mred.swift".utf8), Array("\u{202E}tfiws.swift".utf8), [0xFF, 0xFE] + Array(".swift".utf8),
        Array("a:1:1.swift".utf8), Array(String(repeating: "x", count: 249).utf8) + Array(".swift".utf8),
      ]
      for name in names {
        let descriptor = (Array("\(folder)/".utf8) + name + [0]).withUnsafeBufferPointer {
          $0.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o644) }
        }
        close(descriptor)
      }
    default: _ = try file("\(folder)/\(words[1])")
    }
    guard made == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  private func file(_ path: String) throws -> String {
    guard FileManager.default.createFile(atPath: path, contents: Data("// Nothing.\n".utf8)) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return path
  }

  /// `N TEXT`: so many lines of the text, `§` standing for the line's number; `@PART,M@` is the part M times over.
  private static func filled(_ rule: String) -> String {
    let words = rule.split(separator: " ", maxSplits: 1)
    var text = ""
    for (index, piece) in words[1].split(separator: "@", omittingEmptySubsequences: false).enumerated() {
      let comma = piece.lastIndex(of: ",")
      if index % 2 == 0 {
        text += piece
      } else if let comma, let count = Int(piece[piece.index(after: comma)...]) {
        text += String(repeating: String(piece[..<comma]), count: count)
      } else {
        text += String(repeating: "a", count: Int(piece) ?? 0)
      }
    }
    let count = Int(words[0]) ?? 0
    return "\n" + (0..<count).map { text.replacingOccurrences(of: "§", with: "\($0)") }.joined(separator: "\n") + "\n"
  }
}
