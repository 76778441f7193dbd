// The only file that knows cmark: its tree, tidied, copied out into Swift values, rendered as HTML, and freed.

import CCmark
import Diagnostics
import Glibc

/// A tree of cmark nodes, owned.
///
/// Mathematics stands in it as custom nodes, whose user data is the index of the span plus one.
struct MarkdownTree: ~Copyable {
  private let root: OpaquePointer
  private let source: SourceText
  private let masked: [UInt8]
  private var spans: [MathSpan]
  private var nextSpan = 0

  /// Parses the masked text and puts mathematics back as nodes of its own.
  init(_ source: SourceText, _ scanner: MathScanner) {
    self.source = source
    masked = scanner.masked
    spans = scanner.spans
    root = scanner.masked.withUnsafeBytes { bytes in
      cmark_parse_document(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, CMARK_OPT_SOURCEPOS)
    }
    placeMath()
  }

  deinit { cmark_node_free(root) }

  // MARK: - Putting mathematics back

  private mutating func placeMath() {
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

  /// Every node of the tree in the order of the text: parents before children, but links and images after their text,
  /// as their destination stands after it.
  private func nodes() -> [OpaquePointer] {
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

  private func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
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

  private func mark(_ node: OpaquePointer, _ span: Int) {
    cmark_node_set_user_data(node, UnsafeMutableRawPointer(bitPattern: span + 1))
  }

  private func span(_ node: OpaquePointer) -> MathSpan {
    spans[Int(bitPattern: cmark_node_get_user_data(node)) - 1]
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

  /// A fence whose info string starts with `math` becomes a custom block.
  private mutating func placeFence(_ node: OpaquePointer) {
    let words = info(node).split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "math", let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { return }
    let role = words.dropFirst().isEmpty ? nil : words.dropFirst().joined(separator: " ")
    mark(block, spans.count)
    spans.append(MathSpan(form: .display, role: role, excerpt: content(node), range: range(node)))
    cmark_node_replace(node, block)
    cmark_node_free(node)
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

  // MARK: - Places

  private func info(_ node: OpaquePointer) -> String {
    cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
  }

  /// A node's range in the file; empty at its beginning where cmark has none that makes sense.
  private func range(_ node: OpaquePointer) -> Range<Int> {
    let lower = offset(line: cmark_node_get_start_line(node), column: cmark_node_get_start_column(node) - 1)
    let upper = offset(line: cmark_node_get_end_line(node), column: cmark_node_get_end_column(node))
    return lower..<max(lower, upper)
  }

  private func offset(line: Int32, column: Int32) -> Int {
    min(source.offset(ofLine: Int(max(1, line))) + Int(max(0, column)), source.count)
  }

  /// The content of a code block, line by line with its place in the file, indentation and quote marks left out.
  private func content(_ node: OpaquePointer) -> SourceExcerpt {
    let range = range(node)
    let isFenced = range.lowerBound < masked.count && "`~".utf8.contains(masked[range.lowerBound])
    let first = Int(cmark_node_get_start_line(node)) + (isFenced ? 1 : 0)
    var rows = literal(node).split(separator: "\n", omittingEmptySubsequences: false)
    if rows.last == "" { rows.removeLast() }
    var lines: [(offset: Int, text: String)] = []
    for (index, row) in rows.enumerated() {
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

  // MARK: - Copying out

  /// A node that was entered and not yet left, with what its children came to.
  private struct Frame {
    var blocks: [Block] = []
    var inlines: [Inline] = []
    var items: [[Block]] = []
  }

  /// The blocks of the tree and the mathematics that stands in it.
  func copyOut(depthLimit: Int) throws(DiagnosticList) -> (blocks: [Block], math: [MathSpan]) {
    var stack: [Frame] = []
    var math: [MathSpan] = []
    let iterator = cmark_iter_new(root)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return ([], math) }
      let type = cmark_node_get_type(node)
      if event == CMARK_EVENT_ENTER {
        stack.append(Frame())
        if stack.count > depthLimit {
          throw DiagnosticList([
            Diagnostic(
              "quotes, lists and emphasis are nested deeper than \(depthLimit); write it flatter", in: source,
              at: offset(line: cmark_node_get_start_line(node), column: 0)..<range(node).lowerBound)
          ])
        }
        if !Self.isLeaf(type) { continue }
      }
      let frame = stack.removeLast()
      if stack.isEmpty { return (frame.blocks, math) }
      let parent = stack.count - 1
      if type == CMARK_NODE_CUSTOM_BLOCK || type == CMARK_NODE_CUSTOM_INLINE { math.append(span(node)) }
      if type == CMARK_NODE_ITEM {
        stack[parent].items.append(frame.blocks)
      } else if let inline = inline(node, type, frame) {
        stack[parent].inlines.append(inline)
      } else if let kind = block(node, type, frame) {
        let range = type == CMARK_NODE_CUSTOM_BLOCK ? span(node).range : range(node)
        stack[parent].blocks.append(Block(kind: kind, range: range))
      }
    }
  }

  /// Whether cmark's walk enters a node of a type and never leaves it.
  private static func isLeaf(_ type: cmark_node_type) -> Bool {
    switch type {
    case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CODE_BLOCK, CMARK_NODE_TEXT, CMARK_NODE_SOFTBREAK,
      CMARK_NODE_LINEBREAK, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
      true
    default: false
    }
  }

  private func inline(_ node: OpaquePointer, _ type: cmark_node_type, _ frame: Frame) -> Inline? {
    switch type {
    case CMARK_NODE_TEXT: .text(literal(node))
    case CMARK_NODE_CODE: .code(literal(node))
    case CMARK_NODE_CUSTOM_INLINE: .math(span(node))
    case CMARK_NODE_EMPH: .emphasis(frame.inlines)
    case CMARK_NODE_STRONG: .strong(frame.inlines)
    case CMARK_NODE_LINK: .link(destination: url(node), frame.inlines)
    case CMARK_NODE_IMAGE: .image(source: url(node), frame.inlines)
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    default: nil
    }
  }

  private func url(_ node: OpaquePointer) -> String {
    cmark_node_get_url(node).map { String(cString: $0) } ?? ""
  }

  private func block(_ node: OpaquePointer, _ type: cmark_node_type, _ frame: Frame) -> Block.Kind? {
    switch type {
    case CMARK_NODE_HEADING: .heading(level: Int(cmark_node_get_heading_level(node)), frame.inlines)
    case CMARK_NODE_PARAGRAPH: .paragraph(frame.inlines)
    case CMARK_NODE_BLOCK_QUOTE: .quote(frame.blocks)
    case CMARK_NODE_LIST:
      .list(
        start: cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(node)) : nil,
        tight: cmark_node_get_list_tight(node) != 0, items: frame.items)
    case CMARK_NODE_CODE_BLOCK: .code(info: info(node), content(node))
    case CMARK_NODE_CUSTOM_BLOCK: .math(span(node))
    case CMARK_NODE_THEMATIC_BREAK: .rule
    default: nil
    }
  }

  // MARK: - HTML

  /// Each block of the document as HTML by cmark's own renderer, in its safe mode.
  ///
  /// Mathematics stands in it as escaped LaTeX in `<span class="math">` and `<div class="math">`.
  func html(destination: (String, Bool) -> String) -> [String] {
    for node in nodes() {
      switch cmark_node_get_type(node) {
      case CMARK_NODE_CUSTOM_INLINE:
        let span = span(node)
        let name = span.form == .display ? "math display" : "math"
        cmark_node_set_on_enter(node, "<span class=\"\(name)\">\(span.latex.escapedForHTML)</span>")
        if span.form == .inline { tie(node) }
      case CMARK_NODE_CUSTOM_BLOCK:
        cmark_node_set_on_enter(node, "<div class=\"math\">\(span(node).latex.escapedForHTML)</div>")
      case CMARK_NODE_LINK: cmark_node_set_url(node, destination(url(node), false))
      case CMARK_NODE_IMAGE: cmark_node_set_url(node, destination(url(node), true))
      case CMARK_NODE_CODE: keepWhole(node)
      case CMARK_NODE_CODE_BLOCK:
        // What stood hidden in a block of code is written out again.
        cmark_node_set_literal(node, content(node).text + "\n")
        if info(node) == "sh" { breakCommands(node) }
      default: break
      }
    }
    var blocks: [String] = []
    var child = cmark_node_first_child(root)
    while let block = child {
      if let text = cmark_render_html(block, CMARK_OPT_DEFAULT) {
        blocks.append(String(cString: text))
        cmark_get_default_mem_allocator().pointee.free(text)
      }
      child = cmark_node_next(block)
    }
    return blocks
  }

  /// Puts a formula and the marks right beside it into one element: browsers end a line after a formula whatever follows.
  private func tie(_ math: OpaquePointer) {
    func text(_ node: OpaquePointer?) -> String {
      node.map { cmark_node_get_type($0) == CMARK_NODE_TEXT ? literal($0) : "" } ?? ""
    }
    let (before, after) = (cmark_node_previous(math), cmark_node_next(math))
    let opening = text(before).reversed().prefix(while: \.opens).count
    let closing = text(after).prefix { $0.closes || $0 == "-" }.count
    guard opening + closing > 0, let tied = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) else { return }
    cmark_node_set_on_enter(tied, "<span class=\"tied\">")
    cmark_node_set_on_exit(tied, "</span>")
    cmark_node_insert_before(math, tied)
    func add(_ text: some StringProtocol) {
      guard !text.isEmpty, let piece = cmark_node_new(CMARK_NODE_TEXT) else { return }
      cmark_node_set_literal(piece, String(text))
      cmark_node_append_child(tied, piece)
    }
    let (left, right) = (text(before), text(after))
    add(left.suffix(opening))
    cmark_node_unlink(math)
    cmark_node_append_child(tied, math)
    add(right.prefix(closing))
    if opening > 0 { cmark_node_set_literal(before, String(left.dropLast(opening))) }
    if closing > 0 { cmark_node_set_literal(after, String(right.dropFirst(closing))) }
  }

  /// How long code in a line may be that is never broken, in characters.
  private static let wholeCodeLimit = 24

  /// Marks short code, so that no line ends in it. Longer code has to be broken on a narrow page: between its words,
  /// where a browser would also break `--format` behind the hyphens.
  private func keepWhole(_ code: OpaquePointer) {
    let text = literal(code)
    var parent = cmark_node_parent(code)
    while let node = parent {
      // The text beside an image has no elements.
      if cmark_node_get_type(node) == CMARK_NODE_IMAGE { return }
      parent = cmark_node_parent(node)
    }
    guard let whole = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) else { return }
    let html =
      text.count <= Self.wholeCodeLimit
      ? "<code class=\"whole\">\(text.escapedForHTML)</code>" : "<code>\(text.brokenBetweenWords)</code>"
    cmark_node_set_on_enter(whole, html)
    cmark_node_replace(code, whole)
    cmark_node_free(code)
  }

  /// Has a long command of a shell go on below itself instead of out of its box.
  private func breakCommands(_ code: OpaquePointer) {
    guard let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { return }
    let lines = literal(code).split(separator: "\n").map {
      "<span class=\"command\">\(String($0).brokenBetweenWords)</span>"
    }
    cmark_node_set_on_enter(block, "<pre><code>\(lines.joined(separator: "\n"))</code></pre>")
    cmark_node_replace(code, block)
    cmark_node_free(code)
  }
}

extension String {
  /// How long a word of code may be that no line ends in, in characters.
  private static var wholeWordLimit: Int { 32 }

  /// Code as HTML in which no line ends but between words: a browser breaks behind hyphens too, also in `--format`.
  var brokenBetweenWords: String {
    split(separator: " ", omittingEmptySubsequences: false).map { word in
      let escaped = String(word).escapedForHTML
      return (1...Self.wholeWordLimit).contains(word.count) ? "<span class=\"word\">\(escaped)</span>" : escaped
    }.joined(separator: " ")
  }

  /// The text with the characters that mean something to HTML written as entities.
  var escapedForHTML: String {
    var escaped = ""
    escaped.reserveCapacity(utf8.count)
    for character in unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
