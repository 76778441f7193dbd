// A parsed text, owned: cmark's tree, the mathematics in it, and where each node stands in the file.

import Diagnostics

/// The tree of a text, owned.
///
/// Mathematics stands in it as custom nodes, whose mark is the index of the span.
struct MarkdownTree: ~Copyable {
  let root: CmarkNode
  let source: SourceText
  let masked: [UInt8]
  /// Whether fences marked as LaTeX are mathematics.
  let readsLatex: Bool
  var spans: [MathSpan]
  var nextSpan = 0

  /// Parses the masked text and puts mathematics back as nodes of its own.
  init(_ source: SourceText, _ scanner: MathScanner) {
    self.source = source
    masked = scanner.masked
    readsLatex = scanner.readsLatex
    spans = scanner.spans
    root = CmarkNode(parsing: scanner.masked)
    placeMath()
  }

  deinit { root.free() }

  /// Every node of the tree in the order of the text: parents before children, but links and images after their text,
  /// as their destination stands after it.
  func nodes() -> [CmarkNode] {
    root.events().compactMap { node, isEntered in
      let isLink = node.kind == .link || node.kind == .image
      return isEntered != isLink ? node : nil
    }
  }

  /// The mathematics that a custom node stands for.
  func span(_ node: CmarkNode) -> MathSpan { spans[node.mark!] }

  // MARK: - Places

  /// A node's range in the file; empty at its beginning where cmark has none that makes sense.
  func range(_ node: CmarkNode) -> Range<Int> {
    let lower = offset(line: node.start.line, column: node.start.column - 1)
    let upper = offset(line: node.end.line, column: node.end.column)
    return lower..<max(lower, upper)
  }

  /// Within the line: cmark counts a tab as the columns that it fills.
  func offset(line: Int, column: Int) -> Int {
    let line = max(1, line)
    let start = source.offset(ofLine: line)
    return min(start + min(max(0, column), source.line(line).utf8.count), source.count)
  }

  /// The content of a code block, line by line with its place in the file, indentation and quote marks left out.
  ///
  /// - Parameter isKept: whether a line belongs to it, by what stands in it.
  func content(_ node: CmarkNode, where isKept: (Substring) -> Bool = { _ in true }) -> SourceExcerpt {
    let range = range(node)
    let isFenced = range.lowerBound < masked.count && "`~".utf8.contains(masked[range.lowerBound])
    let first = node.start.line + (isFenced ? 1 : 0)
    var rows = node.literal.split(separator: "\n", omittingEmptySubsequences: false)
    if rows.last == "" { rows.removeLast() }
    var lines: [(offset: Int, text: String)] = []
    for (index, row) in rows.enumerated() where isKept(row) {
      let start = source.offset(ofLine: first + index)
      let end = start + source.line(first + index).utf8.count
      let row = Array(row.utf8)
      if masked[start..<end].suffix(row.count).elementsEqual(row) {
        lines.append((end - row.count, source.substring((end - row.count)..<end)))
      } else {
        // A tab that was partly indentation: cmark wrote spaces for the rest of it, which stand nowhere in the file.
        let start = max(start, end - (row.count - row.prefix { $0 == UInt8(ascii: " ") }.count))
        lines.append((start, source.substring(start..<end)))
      }
    }
    if lines.isEmpty { lines.append((source.offset(ofLine: first), "")) }
    return SourceExcerpt(source, lines: lines)
  }
}
