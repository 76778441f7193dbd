// What the words around formulas say of them: introduced, supposed, struck out, corrected.

import Diagnostics
import Markdown

/// A text around its formulas.
struct Surroundings {
  /// What stands between `~~` and `~~`.
  let struck: [Range<Int>]
  /// A `~~` that is never closed.
  let findings: [Diagnostic]

  /// - Parameters:
  ///   - markdown: the text.
  ///   - start: where it begins, such as after the front matter.
  init(_ markdown: Markdown, from start: Int) {
    // Markdown's own strike-through ends with its paragraph; people strike out displays too.
    let passed = (markdown.math.map(\.range) + Self.code(markdown.blocks)).sorted { $0.lowerBound < $1.lowerBound }
    let bytes = Array(markdown.source.text.utf8)
    var marks: [Int] = []
    var index = start
    var next = 0
    while index < bytes.count {
      while next < passed.count, passed[next].upperBound <= index { next += 1 }
      if next < passed.count, passed[next].contains(index) {
        index = passed[next].upperBound
        continue
      }
      var end = index + 1
      while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
      if bytes[index] == UInt8(ascii: "~"), end - index == 2 { marks.append(index) }
      index = bytes[index] == UInt8(ascii: "~") ? end : index + 1
    }
    struck = stride(from: 0, to: marks.count - 1, by: 2).map { marks[$0]..<marks[$0 + 1] }
    findings =
      marks.count % 2 == 0
      ? []
      : [
        Diagnostic(
          "this `~~` is never closed by another one, so nothing is struck out by it", in: markdown.source,
          at: marks[marks.count - 1]..<(marks[marks.count - 1] + 2), severity: .note)
      ]
  }

  private static func code(_ blocks: [Block]) -> [Range<Int>] {
    blocks.flatMap { block -> [Range<Int>] in
      switch block.kind {
      case .code: [block.range]
      case .quote(let inner): code(inner)
      case .list(_, _, let items): code(items.flatMap { $0 })
      default: []
      }
    }
  }

  /// Whether a formula is struck out.
  func isStruck(_ range: Range<Int>) -> Bool {
    struck.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }

  // MARK: Words before a formula

  private static func ending(of words: String, without marks: String) -> String {
    var words = Substring(words)
    while let last = words.last, last.isWhitespace || marks.contains(last) { words.removeLast() }
    return words.lowercased()
  }

  /// Whether the words right before a formula end in "let", "令" and the like.
  static func introduces(_ words: String) -> Bool {
    let lower = ending(of: words, without: "$`*_:：,，~")
    for word in ["令", "记", "设", "定义", "記", "設", "記作", "记作", "记为"] where lower.hasSuffix(word) { return true }
    let final = lower.split(whereSeparator: { !$0.isLetter }).last.map(String.init) ?? ""
    guard lower.last?.isLetter == true else { return false }
    return ["let", "define", "denote", "set", "write", "with"].contains(final)
  }

  /// Whether the words right before a formula end in "if", "若" and the like.
  static func supposes(_ words: String) -> Bool {
    let lower = ending(of: words, without: "$`*_")
    for word in ["若", "如果", "当", "當", "假设", "假設", "假定", "只要", "倘若"] where lower.hasSuffix(word) { return true }
    guard lower.last?.isLetter == true else { return false }
    var last = lower.split(whereSeparator: { !$0.isLetter }).suffix(2)
    if last.last == "that" { last.removeLast() }
    let words = [
      "if", "when", "whenever", "once", "suppose", "supposing", "assume", "assuming", "provided", "unless", "for",
    ]
    return last.last.map { words.contains(String($0)) } ?? false
  }

  /// Whether the words before a formula announce a correction: "correction:", "更正：", also with what is corrected before
  /// the colon.
  static func corrects(_ words: String) -> Bool {
    let lower = words.lowercased()
    return ["correction", "更正"].contains { word in
      guard let found = lower.ranges(of: word).last else { return false }
      let rest = lower[found.upperBound...]
      guard let colon = rest.firstIndex(where: { ":：".contains($0) }) else { return false }
      return !rest[..<colon].contains { ".。!！?？;；\n".contains($0) }
    }
  }

  /// Whether nothing stands between two formulas that would end a correction.
  static func goesOn(_ words: String) -> Bool {
    ["", "and", "和", "及", "与"].contains(words.lowercased().filter { $0.isLetter })
  }
}
