// Whatever a derivation or a sheet can be refused for is told in Chinese as well.

import Diagnostics
import Foundation
import Sheets
import TestSupport
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
        let start = ["fail(", "Diagnostic(", "refusal(", "Wording(", "(message: ", ": Message = ", ": Message =\n"]
          .first(where: {
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
    var inside: [String] = []
    return literals(text, from: start, inside: &inside)
  }

  /// Literals joined by `+`, as the kind that they make, and the literals in their places.
  private static func literals(
    _ text: [Character], from start: Int, inside: inout [String]
  ) -> (kind: String, end: Int) {
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
            let (kind, end) = literals(text, from: index, inside: &inside)
            inside.append(kind)
            index = end
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
    let sources = Repository.root.appending(path: "Sources")
    var files: [URL] = []
    for module in ["Formula", "Recurrence", "Derivation"] {
      let folder = sources.appending(path: module)
      let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      files += found.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
    // Cases, sizes and the models of tasks are an author's and a program's matter.
    let equations = ["Cell.swift", "Cell+Layers.swift", "Shape.swift"]
    files.removeAll { file in
      let name = file.lastPathComponent
      return name.hasPrefix("Wording+Chinese")
        || (file.path.contains("/Recurrence/") && !name.hasPrefix("GraphBuilder") && !equations.contains(name))
    }
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

  /// Literals of Sources/Sheets that hold English words and are no sentence to a person: examples, headings, what YAML's
  /// reader says.
  private static let notSentences: Set<String> = [
    "title: Gradients of the LSTM", "{'dropped:c<tanhct': words for this mistake}",
    "{says: \"cannot find 'rang' in scope\", is: cannot_find_in_scope, at: rang, in: forwardThroughTime}",
    "for teachers", "For teachers",
    "mapping values are not allowed", "could not find expected ':'",
    "{file: published-step.json, title: np.random.seed(1)}",
  ]

  /// Every literal in a file, those inside of others too, as the kind that it makes.
  private static func literals(of file: URL) throws -> [String] {
    let text = Array(try String(contentsOf: file, encoding: .utf8))
    var kinds: [String] = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: "//") {
        while index < text.count, !text[index].isNewline { index += 1 }
      } else if text[index...].starts(with: "#\"") {
        let start = index + 2
        while !text[index...].starts(with: "\"#") { index += 1 }
        kinds.append(String(text[start..<index]))
        index += 2
      } else if text[index] == "\"" {
        let (kind, end) = literals(text, from: index, inside: &kinds)
        kinds.append(kind)
        index = end
      } else {
        index += 1
      }
    }
    return kinds
  }

  /// What can be wrong with a sheet: every literal with two English words outside of code.
  @Test func everythingWrongWithASheetHasChinese() throws {
    let sources = Repository.root.appending(path: "Sources")
    let found = try ["Markdown", "Sheets"].flatMap { module in
      let folder = sources.appending(path: module)
      return Array(try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)))
    }
    // The terminal has its words in both languages beside each other; a root is a matter of installation.
    let others = ["Progress.swift", "SheetList.swift", "ContentRoot.swift", "MarkdownTree+HTML.swift"]
    let files = found.compactMap { $0 as? URL }.filter { file in
      file.pathExtension == "swift" && !file.path.contains("/Terminal/")
        && !others.contains(file.lastPathComponent)
    }
    var count = 0
    // What only a grader sees, for it needs more than the sheet's text.
    let graders = [
      "Grading/Grade/TaskBlock", "Grading/Experiment/FlowPlan", "Grading/Model/ModelData",
    ].map { sources.appending(path: "\($0).swift") }
    for file in ["Variant", "Experiment"] {
      for kind in try Self.kinds(of: sources.appending(path: "GradientFlow/\(file).swift")) {
        #expect(Message.chinesePatterns[kind] != nil, "\(file): \(kind)")
      }
    }
    for file in files + graders {
      for kind in try Self.literals(of: file) where !Self.notSentences.contains(kind) {
        let words = kind.replacing(/`[^`]*`/, with: "")
        guard words.contains(/[A-Za-z]+[,;]? [a-z]+/) || words.contains(/%[0-9]+ [a-z]+/) else { continue }
        count += 1
        #expect(Message.chinesePatterns[kind] != nil, "\(file.lastPathComponent): \(kind)")
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

  /// What is wrong with a cell's equations, as a learner with a sheet of their own reads it.
  @Test(arguments: [
    "z_t = U h_{t-1} + W x_t + q\nh_t = \\tanh(z_t)", "z_t = h_{t-1} U + W x_t + b\nh_t = \\tanh(z_t)",
    "z_t = U x_t + W x_t + b\nh_t = \\tanh(z_t)", "z_t = U h_{t-1} + W x_t + b\nh_t = \\tanh(h_t)",
    "z_t = U h_{t+1} + W x_t + b\nh_t = \\tanh(z_t)", "z_t = U h_{t-1} + b\nh_t = \\tanh(z_t)",
    "z_t = U h_{t-1} + W x_t + b\nh_t = \\tanh(z_t) h_{t-1}", "z_t = U + W x_t + b\nh_t = \\tanh(z_t)",
    "z_t = U h_{t-1} + W x_t + b", "z_t = U h_{t-1} + W x_t + b\nh_t", "h_t = U W W x_t + b",
    "z_t = U h_{t-1} + W x_t + b\nz_t = b\nh_t = z_t", "z_t = U h_{t-1} + W x_t + b\nh_t = z_t / U",
    "z_t = U h_{t-1} + W x_t + b\nh_t = \\sum_t z_t", "z_t = U h_{t-1} + W x_t + b\nh_t = \\tanh'(z_t)",
    "z_t = U h_{t-1} + W x_t + b = h_t", "b = U h_{t-1} + W x_t\nh_t = \\tanh(b)", "h_t = I",
    "z_t = U h_{t-1} + W x_t + b\nh_t = h_{t-1} h_{t-1}^\\top h_{t-1} + z_t",
  ])
  func equationsAreRefusedInChinese(_ equations: String) throws {
    let text = """
      ---
      id: own
      title: Own
      cell:
        name: Own
        sizes: {D: 3, H: 4, N: 2}
        input: {x: [D]}
        state: {h: [H]}
        parameters: {U: [H, H], W: [H, D], b: [H]}
      tasks:
        - {id: essay, kind: essay, points: 10}
      ---

      # Own

      ```math forward
      \(equations)
      ```

      """
    let error = try #require(#expect(throws: DiagnosticList.self) { _ = try Sheet(SourceText(name: "s", text: text)) })
    for finding in error.diagnostics {
      let words = finding.wording.chinese.replacing(/`[^`]*`/, with: "")
      #expect(!words.contains(/[a-z]{3,} [a-z]{2,}/) && words.contains { !$0.isASCII }, "\(finding.wording.chinese)")
    }
  }
}
