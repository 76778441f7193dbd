// Text with emphasis, broken into lines for a terminal: wide characters count two columns, Chinese breaks anywhere.

import Diagnostics
import Markdown

/// Text whose characters carry a style.
struct StyledText {
  /// How characters are set off, if the terminal may show colour.
  struct Style: OptionSet, Hashable {
    let rawValue: UInt8
    static let bold = Style(rawValue: 1)
    static let italic = Style(rawValue: 2)
    static let code = Style(rawValue: 4)
    static let math = Style(rawValue: 8)
    static let faint = Style(rawValue: 16)
  }

  /// A character, its style, and whether a line may end at it though it is a space.
  private struct Cell {
    var character: Character
    var style: Style
    var isTied = false
    var isSpace: Bool { character == " " && !isTied }
  }

  private var cells: [Cell] = []

  init() {}

  init(_ text: String, _ style: Style = []) {
    append(text, style)
  }

  /// Adds text; tied text is kept on one line where it fits.
  mutating func append(_ text: String, _ style: Style = [], isTied: Bool = false) {
    for character in TerminalText.sanitized(text) {
      let character = character.isNewline ? " " : character
      if character == " ", !isTied, cells.last?.isSpace ?? false { continue }
      cells.append(Cell(character: character, style: style, isTied: isTied))
    }
  }

  /// Adds a break that always ends a line.
  mutating func appendBreak() { cells.append(Cell(character: "\n", style: [])) }

  /// The text in lines of at most a width, where a line may be broken at all.
  func lines(width: Int, hasColor: Bool) -> [String] {
    var lines: [ArraySlice<Cell>] = []
    var start = 0
    while start < cells.count {
      while start < cells.count, cells[start].isSpace { start += 1 }
      let (end, next) = lineEnd(from: start, width: max(8, width))
      lines.append(cells[start..<end])
      start = next
    }
    return lines.map { Self.render($0, hasColor: hasColor) }
  }

  /// Where a line that starts at an index ends, and where the next one starts.
  private func lineEnd(from start: Int, width limit: Int) -> (end: Int, next: Int) {
    var width = 0
    var lastBreak: (end: Int, next: Int)?
    var index = start
    while index < cells.count {
      let cell = cells[index]
      if cell.character == "\n" { return (trimmed(start, index), index + 1) }
      if cell.isSpace {
        lastBreak = (trimmed(start, index), index + 1)
      } else if index > start, mayBreak(before: index) {
        lastBreak = (trimmed(start, index), index)
      }
      width += cell.character.terminalWidth
      if width > limit, !cell.isSpace {
        if let lastBreak, lastBreak.end > start { return lastBreak }
        // One word that is longer than a line stands out rather than being cut, but a formula may end at a space.
        if let tied = tiedBreak(start, index) { return tied }
        return unbroken(from: start, at: index)
      }
      index += 1
    }
    return (trimmed(start, cells.count), cells.count)
  }

  private func tiedBreak(_ start: Int, _ end: Int) -> (end: Int, next: Int)? {
    guard let space = cells[start..<end].lastIndex(where: { $0.character == " " }), space > start else { return nil }
    return (space, space + 1)
  }

  private func unbroken(from start: Int, at index: Int) -> (end: Int, next: Int) {
    var end = index
    while end < cells.count, cells[end].character != " ", cells[end].character != "\n", !mayBreak(before: end) {
      end += 1
    }
    return (end, end < cells.count && cells[end].character != "\n" ? end : min(end + 1, cells.count))
  }

  private func trimmed(_ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, cells[end - 1].isSpace { end -= 1 }
    return end
  }

  /// Between two characters of which one is wide a line may end, but not before a closing mark or after an opening one.
  private func mayBreak(before index: Int) -> Bool {
    let left = cells[index - 1]
    let right = cells[index]
    guard left.character.terminalWidth == 2 || right.character.terminalWidth == 2 else { return false }
    return !right.character.closes && !left.character.opens
  }

  private static func render(_ cells: ArraySlice<Cell>, hasColor: Bool) -> String {
    var text = ""
    var style: Style = []
    for cell in cells {
      if hasColor, cell.style != style {
        text += (style.isEmpty ? "" : "\u{1B}[0m") + cell.style.escape
        style = cell.style
      }
      text.append(cell.character)
    }
    return style.isEmpty ? text : text + "\u{1B}[0m"
  }
}

extension StyledText.Style {
  /// What turns the style on.
  fileprivate var escape: String {
    var codes: [String] = []
    if contains(.bold) { codes.append("1") }
    if contains(.faint) { codes.append("2") }
    if contains(.italic) { codes.append("3") }
    if contains(.code) { codes.append("33") }
    if contains(.math) { codes.append("36") }
    return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}
