// Looks through front matter before a YAML reader sees it, for what would go wrong there without a word of help.
//
// LaTeX and YAML share their brackets: `{b_{hz}: [H]}` and `goals: [\frac{a}{b}]` are broken YAML, and "\tilde{c}" in
// double quotes is a tab and `ilde{c}`. Here each gets a message that says which quotes to write. Aliases, by which a
// few lines stand for millions, and brackets without end are refused here too, so that what is read stays small.

import Diagnostics

/// One pass over the bytes of front matter.
struct FrontMatterScan {
  /// How deep `[` and `{` may be nested.
  static let depthLimit = 12

  private(set) var findings: [Diagnostic] = []
  private let source: SourceText
  private let bytes: [UInt8]
  private let end: Int
  private var offset: Int
  private var openers: [Int] = []
  /// Whether a value or key may begin here.
  private var isTokenStart = true

  /// Scans a range of a sheet.
  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    bytes = Array(source.text.utf8)
    offset = range.lowerBound
    end = range.upperBound
    run()
  }

  private mutating func report(_ message: Message, _ range: Range<Int>) {
    findings.append(Diagnostic(message, in: source, at: range))
  }

  private func byte(_ offset: Int) -> UInt8 { offset < end ? bytes[offset] : UInt8(ascii: "\n") }

  private func isSpace(_ offset: Int) -> Bool { " \t\r\n".utf8.contains(byte(offset)) }

  private mutating func run() {
    startLine()
    while offset < end, openers.count <= Self.depthLimit {
      let here = bytes[offset]
      if here == UInt8(ascii: "\n") {
        offset += 1
        startLine()
      } else if here == UInt8(ascii: "#"), offset == 0 || isSpace(offset - 1) {
        while offset < end, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      } else if isTokenStart {
        startToken(here)
      } else {
        continueToken(here)
      }
    }
    if openers.count > Self.depthLimit, let last = openers.last {
      report("brackets are nested deeper than \(Self.depthLimit); write it flatter", last..<(last + 1))
      return
    }
    guard let open = openers.first else { return }
    // What looks wrong on the lines below an open bracket follows from it.
    let line = source.position(at: open).line
    findings.removeAll { $0.position.line > line }
    if findings.isEmpty {
      let closer = bytes[open] == UInt8(ascii: "{") ? "}" : "]"
      report("this `\(Character(UnicodeScalar(bytes[open])))` is never closed by `\(closer)`", open..<(open + 1))
    }
  }

  /// At the beginning of a line: a value may begin, and tabs are no indentation.
  private mutating func startLine() {
    let start = offset
    while byte(offset) == UInt8(ascii: " ") { offset += 1 }
    if offset < end, bytes[offset] == UInt8(ascii: "\t"), openers.isEmpty {
      report("a tab indents this line; indent it with spaces", start..<(offset + 1))
    }
    while offset < end, bytes[offset] == UInt8(ascii: "\t") { offset += 1 }
    if openers.isEmpty { isTokenStart = true }
  }

  private mutating func startToken(_ here: UInt8) {
    switch here {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
    case UInt8(ascii: "-") where isSpace(offset + 1), UInt8(ascii: "?") where isSpace(offset + 1): offset += 1
    case UInt8(ascii: "-") where openers.isEmpty && "{['\"".utf8.contains(byte(offset + 1)):
      report("a space belongs behind this `-`", offset..<(offset + 1))
      offset += 1
    case UInt8(ascii: "'"): skipSingleQuotes()
    case UInt8(ascii: "\""): skipDoubleQuotes()
    case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
      let start = offset
      while offset < end, !isSpace(offset), !",]}".utf8.contains(bytes[offset]) { offset += 1 }
      report(
        "`\(source.substring(start..<offset))` is no text: a text that begins so needs single quotes, and anchors, "
          + "aliases and tags are not read", start..<offset)
      isTokenStart = false
    case UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "`"):
      let mark = Character(UnicodeScalar(here))
      report("a text that begins with “\(mark)” needs single quotes", offset..<(offset + 1))
      offset += 1
      isTokenStart = false
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      if openers.isEmpty { skipBlockText() } else { offset += 1 }
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","): bracket(here)
    default: isTokenStart = false
    }
  }

  private mutating func bracket(_ here: UInt8) {
    switch here {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      openers.append(offset)
      isTokenStart = true
    case UInt8(ascii: ","): isTokenStart = true
    default:
      if !openers.isEmpty { openers.removeLast() }
      isTokenStart = false
    }
    offset += 1
  }

  /// Inside or after a value: what ends it, and brackets that do not belong there.
  private mutating func continueToken(_ here: UInt8) {
    if here == UInt8(ascii: ":"), isSpace(offset + 1) || (!openers.isEmpty && ",[]{}".utf8.contains(byte(offset + 1))) {
      isTokenStart = true
      offset += 1
    } else if !openers.isEmpty, ",[]{}".utf8.contains(here) {
      if here == UInt8(ascii: "{") || here == UInt8(ascii: "["), !isSpace(offset - 1) {
        bracesInPlainText()
      } else {
        bracket(here)
      }
    } else {
      offset += 1
    }
  }

  /// `b_{hz}: [H]` between braces, or `\frac{a}{b}` in a list: YAML takes the brace for one of its own.
  private mutating func bracesInPlainText() {
    var start = offset
    while start > 0, !isSpace(start - 1), !",[{".utf8.contains(bytes[start - 1]) { start -= 1 }
    var depth = 0
    while offset < end, bytes[offset] != UInt8(ascii: "\n") {
      let here = bytes[offset]
      if "{[".utf8.contains(here) {
        depth += 1
      } else if "}]".utf8.contains(here) {
        if depth == 0 { break }
        depth -= 1
      } else if depth == 0, here == UInt8(ascii: ",") || (here == UInt8(ascii: ":") && isSpace(offset + 1)) {
        break
      }
      offset += 1
    }
    let text = source.substring(start..<offset)
    report("`\(text.clipped)` has brackets of its own and needs quotes here: write '\(text.clipped)'", start..<offset)
  }

  private mutating func skipSingleQuotes() {
    let start = offset
    offset += 1
    while offset < end {
      if bytes[offset] == UInt8(ascii: "'") {
        guard byte(offset + 1) == UInt8(ascii: "'") else { break }
        offset += 1
      }
      offset += 1
    }
    close(start)
  }

  private mutating func skipDoubleQuotes() {
    let start = offset
    offset += 1
    while offset < end, bytes[offset] != UInt8(ascii: "\"") {
      if bytes[offset] == UInt8(ascii: "\\") {
        let next = byte(offset + 1)
        if next != UInt8(ascii: "\\"), next != UInt8(ascii: "\"") {
          report(
            "a backslash in double quotes is no LaTeX: write single quotes, '…', and the backslash stays",
            offset..<(offset + 2))
        }
        offset += 1
      }
      offset += 1
    }
    close(start)
  }

  private mutating func close(_ start: Int) {
    if offset >= end {
      offset = end
      let quote = Character(UnicodeScalar(bytes[start]))
      report("this quote is never closed by another `\(quote)`", start..<(start + 1))
    } else {
      offset += 1
    }
    isTokenStart = false
  }

  /// Skips a text after `|` or `>`: the lines that are indented deeper than its key.
  private mutating func skipBlockText() {
    var start = offset
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var indentation = 0
    while byte(start + indentation) == UInt8(ascii: " ") { indentation += 1 }
    func skipLine() {
      while offset < end, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      if offset < end { offset += 1 }
    }
    skipLine()
    while offset < end {
      var text = offset
      while byte(text) == UInt8(ascii: " ") { text += 1 }
      guard text - offset > indentation || byte(text) == UInt8(ascii: "\n") || byte(text) == UInt8(ascii: "\r") else {
        break
      }
      skipLine()
    }
    startLine()
  }
}
