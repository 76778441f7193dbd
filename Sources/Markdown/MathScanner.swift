// Finds `$…$`, `$$…$$` and `` $`…`$ ``, and in a learner's text `\[…\]` and `\(…\)` too, before cmark sees a text, and
// hides them from it.
// Between dollars, cmark would read `_` and `*` as emphasis, `\\` as one backslash and a line that starts with `-` as a
// list. So each span is overwritten by as many bytes that mean nothing to cmark: every offset stays true.

import Diagnostics

/// A text with its dollar mathematics hidden, and what was hidden.
struct MathScanner {
  /// Stands for the first byte of a hidden span.
  static let marker = UInt8(1)
  /// Stands for every further byte of a hidden span, line breaks and quote marks left out.
  static let filler = UInt8(2)

  /// The text as cmark is to see it, byte for byte as long as the source.
  private(set) var masked: [UInt8]
  /// What was hidden, in the order of the text.
  private(set) var spans: [MathSpan] = []
  /// Displays that are never closed.
  private(set) var findings: [Diagnostic] = []

  private let source: SourceText
  private let bytes: [UInt8]
  /// Whether `\[`, `\(` and LaTeX's own environments begin mathematics, as learners write them.
  let readsLatex: Bool
  /// Up to where each closing mark was looked for in vain.
  private var missing: [String: Int] = [:]

  /// Scans a text from an offset on; what lies before it, such as front matter, becomes blank lines.
  init(_ source: SourceText, from start: Int, readsLatex: Bool = false) {
    self.source = source
    self.readsLatex = readsLatex
    bytes = Array(source.text.utf8)
    masked = bytes
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
      // Control characters mean nothing in a text and would be taken for marks of ours.
      case 0..<32 where bytes[index] != UInt8(ascii: "\t"): masked[index] = UInt8(ascii: " ")
      case 127: masked[index] = UInt8(ascii: " ")
      default: if index < start { masked[index] = UInt8(ascii: " ") }
      }
    }
    scan(from: source.position(at: start).line)
  }

  // MARK: - Lines

  /// A line without its break: where it begins, where its text begins after quote and list marks, where it ends.
  private struct Line {
    var start: Int
    var text: Int
    var end: Int
    var quotes: Int
    var isBlank: Bool { text == end }
  }

  /// A line, its list marks skipped only where a list may begin.
  private func line(_ number: Int, skippingListMarks: Bool) -> Line {
    let start = source.offset(ofLine: number)
    var end = source.offset(ofLine: number + 1)
    while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    var line = Line(start: start, text: start, end: end, quotes: 0)
    while line.text < end {
      let byte = bytes[line.text]
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        line.text += 1
      } else if byte == UInt8(ascii: ">") {
        line.quotes += 1
        line.text += 1
      } else if skippingListMarks, let length = listMark(at: line.text, end: end) {
        line.text += length
      } else {
        break
      }
    }
    return line
  }

  private func listMark(at offset: Int, end: Int) -> Int? {
    var next = offset
    if "-+*".utf8.contains(bytes[next]) {
      next += 1
    } else {
      while next < end, next - offset < 9, bytes[next].isDigit { next += 1 }
      guard next > offset, next < end, bytes[next] == UInt8(ascii: ".") || bytes[next] == UInt8(ascii: ")") else {
        return nil
      }
      next += 1
    }
    guard next < end, bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t") else { return nil }
    return next - offset
  }

  /// A run of three or more backticks or tildes that can open a code block.
  private func fence(_ line: Line) -> (mark: UInt8, length: Int)? {
    guard line.text < line.end else { return nil }
    let mark = bytes[line.text]
    guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
    let length = runLength(at: line.text, end: line.end)
    guard length >= 3 else { return nil }
    if mark == UInt8(ascii: "`"), bytes[(line.text + length)..<line.end].contains(mark) { return nil }
    return (mark, length)
  }

  private func runLength(at offset: Int, end: Int) -> Int {
    var next = offset
    while next < end, bytes[next] == bytes[offset] { next += 1 }
    return next - offset
  }

  private mutating func scan(from first: Int) {
    var number = first
    var open: (mark: UInt8, length: Int, quotes: Int)?
    while number <= source.lineCount {
      let line = line(number, skippingListMarks: open == nil)
      if let fence = open, line.quotes >= fence.quotes {
        if line.quotes == fence.quotes, line.text < line.end, bytes[line.text] == fence.mark {
          let length = runLength(at: line.text, end: line.end)
          if length >= fence.length, bytes[(line.text + length)..<line.end].allSatisfy(\.isBlank) { open = nil }
        }
        number += 1
      } else if open == nil, let fence = fence(line) {
        open = (fence.mark, fence.length, line.quotes)
        number += 1
      } else if open != nil {
        // The quote ended, and the fence with it: this line is read again as text.
        open = nil
      } else {
        number = scanText(line, number) + 1
      }
    }
  }

  // MARK: - Text

  /// Scans one line of text and returns the number of the line at which the last span of it ended.
  private mutating func scanText(_ line: Line, _ number: Int) -> Int {
    var reach = Reach(lines: [line], first: number)
    var offset = line.text
    while offset < reach.lines[reach.lines.count - 1].end {
      switch bytes[offset] {
      case UInt8(ascii: "\\"):
        if let end = latexSpan(at: offset, isFirst: offset == line.text, &reach) {
          offset = end
          reach.settle(at: end - 1)
        } else {
          offset += 2
          reach.drop()
        }
      case UInt8(ascii: "`"):
        let length = runLength(at: offset, end: reach.lines[reach.lines.count - 1].end)
        if let close = backticks(length, from: offset + length, &reach, needsDollar: false) {
          offset = close + length
          reach.settle(at: close)
        } else {
          offset += length
          reach.drop()
        }
      case UInt8(ascii: "$"):
        if let end = span(at: offset, isFirst: offset == line.text, &reach) {
          offset = end
          reach.settle(at: end - 1)
        } else {
          offset += runLength(at: offset, end: reach.lines[reach.lines.count - 1].end)
          reach.drop()
        }
      default: offset += 1
      }
    }
    return reach.first + reach.settled
  }

  /// The lines that a span may run over: those read so far, and how many of them are behind us.
  private struct Reach {
    var lines: [Line]
    let first: Int
    var settled = 0

    init(lines: [Line], first: Int) {
      self.lines = lines
      self.first = first
    }

    /// Ends at the line in which a span ended.
    mutating func settle(at offset: Int) {
      settled = lines.lastIndex { $0.start <= offset } ?? settled
      lines.removeSubrange((settled + 1)...)
    }

    /// Forgets the lines looked at in vain.
    mutating func drop() { lines.removeSubrange((settled + 1)...) }
  }

  /// Reads on to the next line of a paragraph, or of a display that may hold blank lines.
  private func extend(_ reach: inout Reach, overBlankLines: Bool) -> Bool {
    let number = reach.first + reach.lines.count
    guard number <= source.lineCount else { return false }
    let next = line(number, skippingListMarks: false)
    guard overBlankLines || !next.isBlank, fence(next) == nil, !isHeading(next) else { return false }
    reach.lines.append(next)
    return true
  }

  /// Whether a line is a heading; no formula goes on over one, so that an unclosed `$$` does not swallow the text.
  private func isHeading(_ line: Line) -> Bool {
    guard line.text < line.end, bytes[line.text] == UInt8(ascii: "#") else { return false }
    let after = line.text + runLength(at: line.text, end: line.end)
    return after == line.end || bytes[after].isBlank
  }

  private func backticks(_ length: Int, from start: Int, _ reach: inout Reach, needsDollar: Bool) -> Int? {
    var offset = start
    var index = reach.lines.count - 1
    while true {
      let end = reach.lines[index].end
      while offset < end {
        guard bytes[offset] == UInt8(ascii: "`") else {
          offset += 1
          continue
        }
        let run = runLength(at: offset, end: end)
        if run == length {
          let after = offset + length
          return !needsDollar || (after < end && bytes[after] == UInt8(ascii: "$")) ? offset : nil
        }
        offset += run
      }
      guard extend(&reach, overBlankLines: false) else { return nil }
      index += 1
      offset = reach.lines[index].text
    }
  }

  /// Reads a span that begins with the dollar at an offset, hides it, and returns the offset after it.
  private mutating func span(at start: Int, isFirst: Bool, _ reach: inout Reach) -> Int? {
    let end = reach.lines[reach.lines.count - 1].end
    let next = start + 1
    guard next < end else { return nil }
    if bytes[next] == UInt8(ascii: "`") {
      let length = runLength(at: next, end: end)
      guard let close = backticks(length, from: next + length, &reach, needsDollar: true) else { return nil }
      hide(start..<(close + length + 1), content: (next + length)..<close, .inline, reach)
      return close + length + 1
    }
    if bytes[next] == UInt8(ascii: "$") {
      guard runLength(at: start, end: end) == 2 else { return nil }
      guard let close = dollars(2, from: start + 2, &reach, overBlankLines: isFirst) else {
        if isFirst {
          let message: Message = "this “$$” is never closed: write “$$” after the formula"
          findings.append(Diagnostic(message, in: source, at: start..<(start + 2)))
        }
        return nil
      }
      hide(start..<(close + 2), content: (start + 2)..<close, .display, reach)
      return close + 2
    }
    // A price is no formula: `$5 and $6`. No space after the first dollar, none before the last, no digit after it.
    guard !bytes[next].isBlank, let close = dollars(1, from: next, &reach, overBlankLines: false),
      !bytes[close - 1].isBlank, bytes[close - 1] != UInt8(ascii: "\n"),
      close + 1 >= bytes.count || !bytes[close + 1].isDigit
    else { return nil }
    hide(start..<(close + 1), content: next..<close, .inline, reach)
    return close + 1
  }

  /// Reads what LaTeX itself sets as mathematics: `\[…\]` and `\begin{align}…\end{align}` at the start of a line, and
  /// `\(…\)`; hides it, and returns the offset after it.
  private mutating func latexSpan(at start: Int, isFirst: Bool, _ reach: inout Reach) -> Int? {
    guard readsLatex, start + 1 < reach.lines[reach.lines.count - 1].end else { return nil }
    let opener = bytes[start + 1]
    if opener == UInt8(ascii: "("), let close = find("\\)", from: start + 2, &reach, overBlankLines: false) {
      hide(start..<(close + 2), content: (start + 2)..<close, .inline, reach)
      return close + 2
    }
    guard isFirst else { return nil }
    if opener == UInt8(ascii: "["), let close = find("\\]", from: start + 2, &reach, overBlankLines: true) {
      hide(start..<(close + 2), content: (start + 2)..<close, .display, reach)
      return close + 2
    }
    for name in ["align", "align*", "aligned", "equation", "equation*", "gather", "gather*", "split", "eqnarray"]
    where bytes[start...].starts(with: "\\begin{\(name)}".utf8) {
      let closer = "\\end{\(name)}"
      guard let close = find(closer, from: start, &reach, overBlankLines: true) else { return nil }
      let end = close + closer.utf8.count
      hide(start..<end, content: start..<end, .display, reach)
      return end
    }
    return nil
  }

  /// Where a run of letters stands next, in this line or those that a span may run over.
  private mutating func find(_ text: String, from start: Int, _ reach: inout Reach, overBlankLines: Bool) -> Int? {
    // What was not found before the end of a paragraph is not found from further on in it.
    guard start >= missing[text] ?? 0 else { return nil }
    let wanted = Array(text.utf8)
    var offset = start
    var index = reach.lines.count - 1
    while true {
      let end = reach.lines[index].end
      while offset + wanted.count <= end {
        if bytes[offset..<(offset + wanted.count)].elementsEqual(wanted) { return offset }
        // `\\]` is a row break before a bracket.
        offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
      }
      guard extend(&reach, overBlankLines: overBlankLines) else {
        missing[text] = end
        return nil
      }
      index += 1
      offset = reach.lines[index].text
    }
  }

  private func dollars(_ length: Int, from start: Int, _ reach: inout Reach, overBlankLines: Bool) -> Int? {
    var offset = start
    var index = reach.lines.count - 1
    while true {
      let end = reach.lines[index].end
      while offset < end {
        switch bytes[offset] {
        case UInt8(ascii: "\\"): offset += 2
        case UInt8(ascii: "`"): return nil
        case UInt8(ascii: "$"):
          let run = runLength(at: offset, end: end)
          // Behind `$f = g$` a display may begin at once: `$f = g$$$…$$`.
          if run == length || (length == 1 && run == 3) { return offset }
          return nil
        default: offset += 1
        }
      }
      guard extend(&reach, overBlankLines: overBlankLines) else { return nil }
      index += 1
      offset = reach.lines[index].text
    }
  }

  private mutating func hide(_ range: Range<Int>, content: Range<Int>, _ form: MathSpan.Form, _ reach: Reach) {
    var lines: [(offset: Int, text: String)] = []
    for line in reach.lines where line.end >= range.lowerBound && line.start < range.upperBound {
      let whole = max(line.text, range.lowerBound)..<max(line.text, min(line.end, range.upperBound))
      for index in whole { masked[index] = Self.filler }
      let lower = max(line.text, content.lowerBound)
      if lower <= content.upperBound, line.end >= content.lowerBound {
        lines.append((lower, source.substring(lower..<max(lower, min(line.end, content.upperBound)))))
      }
    }
    masked[range.lowerBound] = Self.marker
    spans.append(MathSpan(form: form, role: nil, excerpt: SourceExcerpt(source, lines: lines), range: range))
  }
}
