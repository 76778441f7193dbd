// Renders cmark's tree as HTML, by cmark's own renderer.

import Diagnostics

/// A block of a text as HTML.
package struct BlockHTML {
  /// What a heading is called in links and lists of contents.
  package struct Heading {
    /// 1 to 6.
    package let level: Int
    /// The `id` of its element, unique in the text.
    package let id: String
    /// What it says, as HTML.
    package let html: String
  }

  /// The block.
  package let html: String
  /// What it is called; nil for what is no heading.
  package let heading: Heading?
}

extension MarkdownTree {
  /// Each block of the document as HTML by cmark's own renderer, in its safe mode.
  ///
  /// Mathematics stands in it as escaped LaTeX in `<span class="math">` and `<div class="math">`.
  func html(destination: (String, Bool) -> String, page: (String) -> String?) -> [BlockHTML] {
    let names = headingNames()
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
      case .code: keepWhole(node, page: page)
      case .codeBlock:
        // What stood hidden in a block of code is written out again.
        node.literal = content(node).text + "\n"
        if node.info == "sh" { breakCommands(node) }
      default: break
      }
    }
    return zip(root.children, names).compactMap { node, name in
      guard let html = node.html() else { return nil }
      guard let name else { return BlockHTML(html: html, heading: nil) }
      let (opening, closing) = ("<h\(node.headingLevel)>", "</h\(node.headingLevel)>")
      let text = html.trimmed.dropFirst(opening.count).dropLast(closing.count)
      let heading = BlockHTML.Heading(level: node.headingLevel, id: name, html: String(text))
      return BlockHTML(
        html: "<h\(node.headingLevel) id=\"\(name.escapedForHTML)\">\(text)\(closing)\n", heading: heading)
    }
  }

  /// For each block the name of a heading, made of its letters and digits; nil for what is none.
  private func headingNames() -> [String?] {
    var used: Set<String> = []
    return root.children.map { node in
      guard node.kind == .heading else { return nil }
      let texts = node.events().compactMap { node, isEntered in
        isEntered ? node.kind == .customInline ? span(node).latex : node.literal : nil
      }
      let words = texts.joined().lowercased().split { !$0.isLetter && !$0.isNumber }
      let name = words.isEmpty ? "section" : words.joined(separator: "-")
      var unique = name
      var number = 2
      while !used.insert(unique).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return unique
    }
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
  /// It may be a link to the page of what it names.
  private func keepWhole(_ code: CmarkNode, page: (String) -> String?) {
    let text = code.literal
    var parent = code.parent
    var isInLink = false
    while let node = parent {
      // The text beside an image has no elements.
      if node.kind == .image { return }
      isInLink = isInLink || node.kind == .link || node.kind == .heading
      parent = node.parent
    }
    guard let whole = CmarkNode(.customInline) else { return }
    let html =
      text.count <= Self.wholeCodeLimit
      ? "<code class=\"whole\">\(text.escapedForHTML)</code>" : "<code>\(text.brokenBetweenWords)</code>"
    if !isInLink, let file = page(text) {
      whole.render("<a href=\"\(file.escapedForHTML)\">\(html)</a>")
    } else {
      whole.render(html)
    }
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
  package var escapedForHTML: String {
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
