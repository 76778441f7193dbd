// cmark's tree, owned and walked; only the files of this type know cmark.

import CCmark
import Diagnostics

/// A tree of cmark nodes, owned.
///
/// Mathematics stands in it as custom nodes, whose user data is the index of the span plus one.
struct MarkdownTree: ~Copyable {
  let root: OpaquePointer
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
    root = scanner.masked.withUnsafeBytes { bytes in
      cmark_parse_document(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, CMARK_OPT_SOURCEPOS)
    }
    placeMath()
  }

  deinit { cmark_node_free(root) }

  /// Every node of the tree in the order of the text: parents before children, but links and images after their text,
  /// as their destination stands after it.
  func nodes() -> [OpaquePointer] {
    var list: [OpaquePointer] = []
    let iterator = cmark_iter_new(root)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { return list }
      guard let node = cmark_iter_get_node(iterator) else { continue }
      let type = cmark_node_get_type(node)
      let isLink = type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE
      if event == (isLink ? CMARK_EVENT_EXIT : CMARK_EVENT_ENTER) { list.append(node) }
    }
  }

  func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }

  func url(_ node: OpaquePointer) -> String {
    cmark_node_get_url(node).map { String(cString: $0) } ?? ""
  }

  func mark(_ node: OpaquePointer, _ span: Int) {
    cmark_node_set_user_data(node, UnsafeMutableRawPointer(bitPattern: span + 1))
  }

  func span(_ node: OpaquePointer) -> MathSpan {
    spans[Int(bitPattern: cmark_node_get_user_data(node)) - 1]
  }

  // MARK: - Places

  func info(_ node: OpaquePointer) -> String {
    cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
  }

  /// A node's range in the file; empty at its beginning where cmark has none that makes sense.
  func range(_ node: OpaquePointer) -> Range<Int> {
    let lower = offset(line: cmark_node_get_start_line(node), column: cmark_node_get_start_column(node) - 1)
    let upper = offset(line: cmark_node_get_end_line(node), column: cmark_node_get_end_column(node))
    return lower..<max(lower, upper)
  }

  /// Within the line: cmark counts a tab as the columns that it fills.
  func offset(line: Int32, column: Int32) -> Int {
    let line = Int(max(1, line))
    let start = source.offset(ofLine: line)
    return min(start + min(Int(max(0, column)), source.line(line).utf8.count), source.count)
  }

  /// The content of a code block, line by line with its place in the file, indentation and quote marks left out.
  ///
  /// - Parameter isKept: whether a line belongs to it, by what stands in it.
  func content(_ node: OpaquePointer, where isKept: (Substring) -> Bool = { _ in true }) -> SourceExcerpt {
    let range = range(node)
    let isFenced = range.lowerBound < masked.count && "`~".utf8.contains(masked[range.lowerBound])
    let first = Int(cmark_node_get_start_line(node)) + (isFenced ? 1 : 0)
    var rows = literal(node).split(separator: "\n", omittingEmptySubsequences: false)
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
