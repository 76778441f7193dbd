// Renders cmark's tree as HTML, by cmark's own renderer.

import Diagnostics

extension MarkdownTree {
  /// Each block of the document as HTML by cmark's own renderer, in its safe mode.
  ///
  /// Mathematics stands in it as escaped LaTeX in `<span class="math">` and `<div class="math">`.
  func html(destination: (String, Bool) -> String) -> [String] {
    for node in nodes() {
      switch node.kind {
      case .customInline:
        let span = span(node)
        let name = span.form == .display ? "math display" : "math"
        node.render("<span class=\"\(name)\">\(span.latex.escapedForHTML)</span>")
        if span.form == .inline { tie(node) }
      case .customBlock:
        node.render("<div class=\"math\">\(span(node).latex.escapedForHTML)</div>")
      case .link: node.url = destination(node.url, false)
      case .image: node.url = destination(node.url, true)
      case .code: keepWhole(node)
      case .codeBlock:
        // What stood hidden in a block of code is written out again.
        node.literal = content(node).text + "\n"
        if node.info == "sh" { breakCommands(node) }
      default: break
      }
    }
    return root.children.compactMap { $0.html() }
  }

  /// Puts a formula and the marks right beside it into one element: browsers end a line after a formula whatever follows.
  private func tie(_ math: CmarkNode) {
    func text(_ node: CmarkNode?) -> String {
      node.map { $0.kind == .text ? $0.literal : "" } ?? ""
    }
    let (before, after) = (math.previous, math.next)
    let opening = text(before).reversed().prefix(while: \.opens).count
    let closing = text(after).prefix { $0.closes || $0 == "-" }.count
    guard opening + closing > 0, let tied = CmarkNode(.customInline) else { return }
    tied.render("<span class=\"tied\">", "</span>")
    tied.insert(before: math)
    func add(_ text: some StringProtocol) {
      guard !text.isEmpty, let piece = CmarkNode(.text) else { return }
      piece.literal = String(text)
      tied.append(piece)
    }
    let (left, right) = (text(before), text(after))
    add(left.suffix(opening))
    math.unlink()
    tied.append(math)
    add(right.prefix(closing))
    if opening > 0, let before { before.literal = String(left.dropLast(opening)) }
    if closing > 0, let after { after.literal = String(right.dropFirst(closing)) }
  }

  /// How long code in a line may be that is never broken, in characters.
  private static let wholeCodeLimit = 24

  /// Marks short code, so that no line ends in it. Longer code has to be broken on a narrow page: between its words,
  /// where a browser would also break `--format` behind the hyphens.
  private func keepWhole(_ code: CmarkNode) {
    let text = code.literal
    var parent = code.parent
    while let node = parent {
      // The text beside an image has no elements.
      if node.kind == .image { return }
      parent = node.parent
    }
    guard let whole = CmarkNode(.customInline) else { return }
    let html =
      text.count <= Self.wholeCodeLimit
      ? "<code class=\"whole\">\(text.escapedForHTML)</code>" : "<code>\(text.brokenBetweenWords)</code>"
    whole.render(html)
    code.replace(with: whole)
  }

  /// Has a long command of a shell go on below itself instead of out of its box.
  private func breakCommands(_ code: CmarkNode) {
    guard let block = CmarkNode(.customBlock) else { return }
    let lines = code.literal.split(separator: "\n").map {
      "<span class=\"command\">\(String($0).brokenBetweenWords)</span>"
    }
    block.render("<pre><code>\(lines.joined(separator: "\n"))</code></pre>")
    code.replace(with: block)
  }
}

extension String {
  /// How long a word of code may be that no line ends in, in characters.
  private static var wholeWordLimit: Int { 32 }

  /// Code as HTML in which no line ends but between words: a browser breaks behind hyphens too, also in `--format`.
  /// An option and its value are one word.
  package var brokenBetweenWords: String {
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
