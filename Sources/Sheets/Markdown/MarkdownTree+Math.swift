// Puts mathematics back into cmark's tree, where the scanner had hidden it from cmark.

import CCmark
import Diagnostics
import Glibc

extension MarkdownTree {
  /// Replaces what the scanner hid by nodes of mathematics, and takes away what pages do not show.
  mutating func placeMath() {
    cmark_consolidate_text_nodes(root)
    // Nodes are replaced while the tree is walked, so the walk is over a list.
    var paragraphs: [OpaquePointer] = []
    for node in nodes() {
      let type = cmark_node_get_type(node)
      switch type {
      case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING:
        if type == CMARK_NODE_PARAGRAPH { paragraphs.append(node) }
        // What cmark dropped, such as a link's definition, may have held mathematics: it is passed over.
        let start = source.offset(ofLine: Int(cmark_node_get_start_line(node)))
        while nextSpan < spans.count, spans[nextSpan].range.lowerBound < start { nextSpan += 1 }
      case CMARK_NODE_TEXT: splitText(node)
      case CMARK_NODE_CODE:
        cmark_node_set_literal(node, unmasked(literal(node)))
      case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
        if let url = cmark_node_get_url(node) { cmark_node_set_url(node, unmasked(String(cString: url))) }
        if let title = cmark_node_get_title(node) { cmark_node_set_title(node, unmasked(String(cString: title))) }
      case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE:
        cmark_node_unlink(node)
        cmark_node_free(node)
      case CMARK_NODE_CODE_BLOCK: placeFence(node)
      default: break
      }
    }
    for paragraph in paragraphs { liftDisplays(of: paragraph) }
    joinLines()
  }

  /// Takes away the line breaks of the source that are no spaces, such as one between two Chinese characters.
  private func joinLines() {
    for node in nodes() where cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK {
      guard let left = edge(cmark_node_previous(node), isLast: true),
        let right = edge(cmark_node_next(node), isLast: false), Character.joinsLines(left, right)
      else { continue }
      cmark_node_unlink(node)
      cmark_node_free(node)
    }
  }

  /// The last or the first character of a run of text; code and mathematics count as a letter.
  private func edge(_ node: OpaquePointer?, isLast: Bool) -> Character? {
    var node = node
    while let part = node {
      switch cmark_node_get_type(part) {
      case CMARK_NODE_TEXT: return isLast ? literal(part).last : literal(part).first
      case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK:
        node = isLast ? cmark_node_last_child(part) : cmark_node_first_child(part)
      default: return "x"
      }
    }
    return nil
  }

  /// The bytes that stand for hidden mathematics, as cmark wants a text.
  private static let marks = String(decoding: [MathScanner.marker, MathScanner.filler], as: UTF8.self)

  /// Text around markers becomes text nodes, each marker a custom node.
  private mutating func splitText(_ node: OpaquePointer) {
    guard let bytes = cmark_node_get_literal(node), strpbrk(bytes, Self.marks) != nil else { return }
    let text = Array(literal(node).utf8)
    if text.first == MathScanner.filler, let previous = cmark_node_previous(node) {
      // The span ran over a line break, which belongs to it.
      let type = cmark_node_get_type(previous)
      if type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK {
        cmark_node_unlink(previous)
        cmark_node_free(previous)
      }
    }
    var run: [UInt8] = []
    func flush() {
      guard !run.isEmpty, let piece = cmark_node_new(CMARK_NODE_TEXT) else { return }
      cmark_node_set_literal(piece, String(decoding: run, as: UTF8.self))
      cmark_node_insert_before(node, piece)
      run = []
    }
    for byte in text {
      switch byte {
      case MathScanner.filler: break
      case MathScanner.marker:
        flush()
        guard nextSpan < spans.count, let math = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) else { break }
        mark(math, nextSpan)
        cmark_node_insert_before(node, math)
        nextSpan += 1
      default: run.append(byte)
      }
    }
    flush()
    cmark_node_unlink(node)
    cmark_node_free(node)
  }

  /// A literal in which cmark saw no text, such as code: the hidden spans are written out again.
  private mutating func unmasked(_ literal: String) -> String {
    guard literal.utf8.contains(MathScanner.marker) else { return literal }
    var bytes: [UInt8] = []
    for byte in literal.utf8 where byte != MathScanner.filler {
      if byte == MathScanner.marker, nextSpan < spans.count {
        bytes += source.substring(spans[nextSpan].range).utf8
        nextSpan += 1
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A fence whose info string starts with `math` becomes a custom block, and one of formulas in LaTeX where those are read.
  private mutating func placeFence(_ node: OpaquePointer) {
    let words = info(node).split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "math" || isLatex(node, words.first), let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK)
    else { return }
    let role = words.first != "math" || words.count < 2 ? nil : words.dropFirst().joined(separator: " ")
    mark(block, spans.count)
    let content = words.first == "math" ? content(node) : content(node) { !Self.isDelimiter($0) }
    spans.append(MathSpan(form: .display, role: role, excerpt: content, range: range(node)))
    cmark_node_replace(node, block)
    cmark_node_free(node)
  }

  /// Whether a fence is marked as LaTeX and holds formulas alone, no text with formulas in it.
  private func isLatex(_ node: OpaquePointer, _ mark: Substring?) -> Bool {
    guard readsLatex, let mark, ["latex", "tex", "katex"].contains(mark.lowercased()) else { return false }
    // `\\[4pt]` ends a row.
    let formulas = content(node) { !Self.isDelimiter($0) }.text.replacing("\\\\", with: "")
    return !["$", "\\[", "\\(", "\\section", "\\documentclass"].contains { formulas.contains($0) }
  }

  /// Whether a line is nothing but the beginning or the end of a display.
  private static func isDelimiter(_ line: Substring) -> Bool {
    ["$$", "\\[", "\\]"].contains(line.filter { !$0.isWhitespace })
  }

  /// A paragraph of nothing but displays becomes displays; one of nothing but fillers goes.
  private func liftDisplays(of paragraph: OpaquePointer) {
    var displays: [Int] = []
    var child = cmark_node_first_child(paragraph)
    while let part = child {
      let type = cmark_node_get_type(part)
      if type == CMARK_NODE_CUSTOM_INLINE, span(part).form == .display {
        displays.append(Int(bitPattern: cmark_node_get_user_data(part)) - 1)
      } else if type != CMARK_NODE_SOFTBREAK,
        type != CMARK_NODE_TEXT || literal(part).contains(where: { !$0.isWhitespace })
      {
        return
      }
      child = cmark_node_next(part)
    }
    for display in displays {
      guard let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { continue }
      mark(block, display)
      cmark_node_insert_before(paragraph, block)
    }
    cmark_node_unlink(paragraph)
    cmark_node_free(paragraph)
  }
}
