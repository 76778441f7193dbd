// Renders cmark's tree as HTML, by cmark's own renderer.

import CCmark
import Diagnostics

extension MarkdownTree {
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
  /// An option and its value are one word.
  var brokenBetweenWords: String {
    var words: [String] = []
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if let option = words.last, option.hasPrefix("--"), !option.contains(" "), !word.hasPrefix("-"), !word.isEmpty,
        option.count + word.count < Self.wholeWordLimit
      {
        words[words.count - 1] += " " + word
      } else {
        words.append(String(word))
      }
    }
    return words.map { word in
      let escaped = word.escapedForHTML
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
