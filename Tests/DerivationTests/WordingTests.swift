// Whatever a derivation can be refused for is told in Chinese as well.

import Diagnostics
import Foundation
import Testing

@testable import Derivation

@Suite struct WordingTests {
  /// The kinds of the messages in a file: the first arguments of `fail`, `Diagnostic` and `Wording`, and what is typed as a
  /// message.
  private static func kinds(of file: URL) throws -> [String] {
    let text = Array(try String(contentsOf: file, encoding: .utf8))
    var kinds: [String] = []
    var index = 0
    while index < text.count {
      let rest = text[index...]
      guard
        let start = ["fail(", "Diagnostic(", "Wording(", ": Message = ", ": Message =\n"].first(where: {
          rest.starts(with: $0)
        })
      else {
        index += 1
        continue
      }
      index += start.count
      while index < text.count, text[index].isWhitespace { index += 1 }
      guard index < text.count, text[index] == "\"" else { continue }
      let (kind, end) = literals(text, from: index)
      // A sentence with its own Chinese behind it needs no other.
      if start != "Wording(" || text[end...].first(where: { !$0.isWhitespace }) == ")" { kinds.append(kind) }
      index = end
    }
    return kinds
  }

  /// Literals joined by `+`, as the kind that they make.
  private static func literals(_ text: [Character], from start: Int) -> (kind: String, end: Int) {
    var kind = ""
    var places = 0
    var index = start
    while index < text.count, text[index] == "\"" {
      index += 1
      while text[index] != "\"" {
        guard text[index] == "\\" else {
          kind.append(text[index])
          index += 1
          continue
        }
        index += 2
        guard text[index - 1] == "(" else {
          kind.append(text[index - 1])
          continue
        }
        places += 1
        kind += "%\(places)"
        var depth = 1
        while depth > 0 {
          if text[index] == "\"" {
            index = literals(text, from: index).end
            continue
          }
          if text[index] == "(" { depth += 1 }
          if text[index] == ")" { depth -= 1 }
          index += 1
        }
      }
      index += 1
      var next = index
      while next < text.count, text[next].isWhitespace || text[next] == "+" { next += 1 }
      guard next < text.count, text[next] == "\"", text[index..<next].contains("+") else { break }
      index = next
    }
    return (kind, index)
  }

  @Test func everyRefusalHasChinese() throws {
    let sources = CorpusEntry.tests.deletingLastPathComponent().appending(path: "Sources")
    var files: [URL] = []
    for module in ["Formula", "Derivation"] {
      let folder = sources.appending(path: module)
      let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      files += found.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
    // The reader of forward equations speaks to the sheet's author.
    files.removeAll { ["ForwardReader.swift", "Wording+Chinese.swift"].contains($0.lastPathComponent) }
    var count = 0
    for file in files {
      for kind in try Self.kinds(of: file) where kind.contains(where: \.isLetter) {
        count += 1
        let pattern = Message.chinesePatterns[kind]
        #expect(pattern != nil, "\(file.lastPathComponent): \(kind)")
      }
    }
    #expect(count > 120)
  }

  @Test func everyChinesePatternHasTheSamePlaces() {
    func places(_ text: String) -> [String] { text.matches(of: /%[0-9]+/).map { String($0.output) }.sorted() }
    for (kind, pattern) in Message.chinesePatterns {
      #expect(Set(places(pattern)) == Set(places(kind)), "\(kind)")
      #expect(pattern.contains { !$0.isASCII }, "\(kind)")
    }
  }

  /// Every refusal in the corpus, as a learner reads it.
  @Test func refusalsOfTheCorpusAreInChinese() throws {
    var count = 0
    for entry in try CorpusEntry.all() where entry.kind == "asWritten" {
      let report = try entry.report(cell: CorpusEntry.cell(try #require(entry.values("sheet").first)), seed: 1)
      for link in report.chains.flatMap(\.links) where link.verdict == .notUnderstood {
        count += 1
        let words = link.text.chinese.replacing(/`[^`]*`/, with: "")
        #expect(!words.contains(/[a-z]{3,} [a-z]{2,}/), "\(entry.name): \(link.text.chinese)")
      }
    }
    #expect(count > 30)
  }
}
