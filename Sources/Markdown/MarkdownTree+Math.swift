// Puts mathematics back into cmark's tree, where the scanner had hidden it from cmark.

import Diagnostics

extension MarkdownTree {
  /// Replaces what the scanner hid by nodes of mathematics, and takes away what pages do not show.
  mutating func placeMath() {
    // Nodes are replaced while the tree is walked, so the walk is over a list.
    var paragraphs: [CmarkNode] = []
    for node in nodes() {
      switch node.kind {
      case .paragraph, .heading:
        if node.kind == .paragraph { paragraphs.append(node) }
        // What cmark dropped, such as a link's definition, may have held mathematics: it is passed over.
        let start = source.offset(ofLine: node.start.line)
        while nextSpan < spans.count, spans[nextSpan].range.lowerBound < start { nextSpan += 1 }
      case .text: splitText(node)
      case .code:
        node.literal = unmasked(node.literal)
      case .link, .image:
        node.url = unmasked(node.url)
        node.title = unmasked(node.title)
      case .htmlBlock, .htmlInline:
        node.remove()
      case .codeBlock: placeFence(node)
      default: break
      }
    }
    for paragraph in paragraphs { liftDisplays(of: paragraph) }
    joinLines()
  }

  /// Takes away the line breaks of the source that are no spaces, such as one between two Chinese characters.
  private func joinLines() {
    for node in nodes() where node.kind == .softBreak {
      guard let left = edge(node.previous, isLast: true),
        let right = edge(node.next, isLast: false), Character.joinsLines(left, right)
      else { continue }
      node.remove()
    }
  }

  /// The last or the first character of a run of text; code and mathematics count as a letter.
  private func edge(_ node: CmarkNode?, isLast: Bool) -> Character? {
    var node = node
    while let part = node {
      switch part.kind {
      case .text: return isLast ? part.literal.last : part.literal.first
      case .emphasis, .strong, .link:
        node = isLast ? part.lastChild : part.firstChild
      default: return "x"
      }
    }
    return nil
  }

  /// The bytes that stand for hidden mathematics, as cmark wants a text.
  private static let marks = String(decoding: [MathScanner.marker, MathScanner.filler], as: UTF8.self)

  /// Text around markers becomes text nodes, each marker a custom node.
  private mutating func splitText(_ node: CmarkNode) {
    guard node.literal(hasAnyOf: Self.marks) else { return }
    let text = Array(node.literal.utf8)
    if text.first == MathScanner.filler, let previous = node.previous {
      // The span ran over a line break, which belongs to it.
      if previous.kind == .softBreak || previous.kind == .lineBreak { previous.remove() }
    }
    var run: [UInt8] = []
    func flush() {
      guard !run.isEmpty, let piece = CmarkNode(.text) else { return }
      piece.literal = String(decoding: run, as: UTF8.self)
      piece.insert(before: node)
      run = []
    }
    for byte in text {
      switch byte {
      case MathScanner.filler: break
      case MathScanner.marker:
        flush()
        guard nextSpan < spans.count, let math = CmarkNode(.customInline) else { break }
        math.mark = nextSpan
        math.insert(before: node)
        nextSpan += 1
      default: run.append(byte)
      }
    }
    flush()
    node.remove()
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
  private mutating func placeFence(_ node: CmarkNode) {
    let words = node.info.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "math" || isLatex(node, words.first), let block = CmarkNode(.customBlock)
    else { return }
    let role = words.first != "math" || words.count < 2 ? nil : words.dropFirst().joined(separator: " ")
    block.mark = spans.count
    let content = words.first == "math" ? content(node) : content(node) { !Self.isDelimiter($0) }
    spans.append(MathSpan(form: .display, role: role, excerpt: content, range: range(node)))
    node.replace(with: block)
  }

  /// Whether a fence is marked as LaTeX and holds formulas alone, no text with formulas in it.
  private func isLatex(_ node: CmarkNode, _ mark: Substring?) -> Bool {
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
  private func liftDisplays(of paragraph: CmarkNode) {
    var displays: [Int] = []
    for part in paragraph.children {
      if part.kind == .customInline, let index = part.mark, spans[index].form == .display {
        displays.append(index)
      } else if part.kind != .softBreak, part.kind != .text || part.literal.contains(where: { !$0.isWhitespace }) {
        return
      }
    }
    for display in displays {
      guard let block = CmarkNode(.customBlock) else { continue }
      block.mark = display
      block.insert(before: paragraph)
    }
    paragraph.remove()
  }
}
