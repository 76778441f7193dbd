// A sheet as text for a terminal.

public import Diagnostics
import Markdown

/// Sets sheets as plain text: wrapped paragraphs, lists, code, and mathematics in Unicode.
public struct TerminalText: Sendable {
  /// How many columns a line has at most, where it can be broken.
  public var width: Int
  /// Whether emphasis, code and mathematics are set off by colour.
  public var hasColor: Bool

  /// How the person called the sheet, to be repeated in the command for the next hint; nil stands for its id.
  public var name: String?

  /// Text of a width; colour only if asked for.
  public init(width: Int = 80, hasColor: Bool = false, name: String? = nil) {
    self.name = name.map(Self.sanitized)
    self.width = max(20, width)
    self.hasColor = hasColor
  }

  /// A sheet without what is for teachers, with its first hints.
  ///
  /// - Parameters:
  ///   - sheet: The sheet.
  ///   - language: The language; nil is returned where the sheet has no text in it.
  ///   - count: How many hints are opened, from the first on.
  /// - Returns: Lines that end in a line feed; the last says how many hints there are and how to open the next.
  public func text(_ sheet: Sheet, language: Language = .english, hints count: Int = 0) -> String? {
    guard let text = sheet.text(language) else { return nil }
    let words = Words(language)
    var lines = StyledText(text.title, .bold).lines(width: width, hasColor: hasColor)
    var facts = [sheet.id]
    if let source = sheet.source(language) { facts.append(words.source(source)) }
    facts.append(words.points(sheet.points))
    if let minutes = sheet.minutes { facts.append(words.minutes(minutes)) }
    if !sheet.needs.isEmpty { facts.append(words.needs(sheet.needs)) }
    lines += StyledText(facts.joined(separator: " · "), .faint).lines(width: width, hasColor: hasColor)
    let tasks = sheet.tasks.map { "\($0.id) (\($0.points))" }.joined(separator: words.separator)
    lines += StyledText("\(words.tasks)\(tasks)", .faint).lines(width: width, hasColor: hasColor)
    for section in text.body where !section.blocks.isEmpty { lines += [""] + blocks(section.blocks, width: width) }
    for number in text.hints.indices.prefix(max(0, count)) { lines += [""] + hint(number, text, words) }
    lines += ["", words.footer(name ?? sheet.id, hints: text.hints.count, opened: count)]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One hint by its number from 1, or nil where the sheet has no such hint or no text in the language.
  public func hint(_ number: Int, of sheet: Sheet, language: Language = .english) -> String? {
    guard let text = sheet.text(language), number >= 1, number <= text.hints.count else { return nil }
    let words = Words(language)
    let lines = hint(number - 1, text, words)
    let footer = words.footer(name ?? sheet.id, hints: text.hints.count, opened: number)
    return (lines + ["", footer]).joined(separator: "\n") + "\n"
  }

  private func hint(_ index: Int, _ text: SheetText, _ words: Words) -> [String] {
    let section = text.hints[index]
    let title = words.hint(index + 1, of: text.hints.count) + (section.title.map { words.colon + $0 } ?? "")
    let heading = StyledText(title, .bold).lines(width: width, hasColor: hasColor)
    return heading + [""] + blocks(section.blocks, width: width)
  }

  // MARK: - Blocks

  /// Blocks with an empty line between them.
  func blocks(_ blocks: [Block], width: Int) -> [String] {
    var lines: [String] = []
    for (index, block) in blocks.enumerated() {
      if index > 0 { lines.append("") }
      lines += self.lines(of: block, width: width)
    }
    return lines
  }

  private func lines(of block: Block, width: Int) -> [String] {
    switch block.kind {
    case .heading(let level, let parts):
      let heading = styled(parts, .bold).lines(width: width, hasColor: hasColor)
      guard level <= 2, !hasColor else { return heading }
      let longest = styled(parts, .bold).lines(width: width, hasColor: false).map(\.terminalWidth).max() ?? 0
      return heading + [String(repeating: level == 1 ? "═" : "─", count: longest)]
    case .paragraph(let parts): return styled(parts).lines(width: width, hasColor: hasColor)
    case .quote(let blocks): return self.blocks(blocks, width: width - 2).map { "│ " + $0 }
    case .list(let start, let tight, let items): return list(items, start: start, isTight: tight, width: width)
    case .code(_, let excerpt):
      return excerpt.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        var text = StyledText()
        // The spaces of code are its own.
        text.append(
          line.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    "), .code, isTied: true)
        return "    " + (text.lines(width: .max / 2, hasColor: hasColor).first ?? "")
      }
    case .math(let span): return display(span, width: width)
    case .rule: return [String(repeating: "─", count: min(width, 40))]
    }
  }

  private func display(_ span: MathSpan, width: Int) -> [String] {
    MathText.lines(span.latex).flatMap { line in
      let lines = StyledText(line, .math).lines(width: width - 4, hasColor: hasColor)
      guard lines.count > 1 else { return lines.map { "    " + $0 } }
      // What does not fit on one line goes on below, further in.
      let rest = StyledText(line, .math).lines(width: width - 8, hasColor: hasColor)
      return rest.enumerated().map { ($0.offset == 0 ? "    " : "        ") + $0.element }
    }
  }

  private func list(_ items: [[Block]], start: Int?, isTight: Bool, width: Int) -> [String] {
    var lines: [String] = []
    let last = start.map { String($0 + items.count - 1).count } ?? 0
    for (index, item) in items.enumerated() {
      let mark = start.map { "\($0 + index). ".indented(to: last + 2) } ?? "• "
      let indentation = String(repeating: " ", count: mark.terminalWidth)
      var content: [String] = []
      for (index, block) in item.enumerated() {
        if index > 0, !isTight { content.append("") }
        content += self.lines(of: block, width: width - mark.terminalWidth)
      }
      if index > 0, !isTight { lines.append("") }
      if content.isEmpty { content = [""] }
      for (index, line) in content.enumerated() {
        lines.append(index == 0 ? mark + line : line.isEmpty ? "" : indentation + line)
      }
    }
    return lines
  }

  // MARK: - Text

  private func styled(_ parts: [Inline], _ style: StyledText.Style = []) -> StyledText {
    var text = StyledText()
    append(parts, style, to: &text)
    return text
  }

  private func append(_ parts: [Inline], _ style: StyledText.Style, to text: inout StyledText) {
    for part in parts {
      switch part {
      case .text(let content): text.append(content, style)
      case .code(let content):
        text.append(hasColor ? content : "`\(content)`", style.union(.code), isTied: content.terminalWidth < 40)
      case .math(let span):
        let line = MathText.line(span.latex)
        text.append(line, style.union(.math), isTied: line.terminalWidth < 32)
      case .emphasis(let parts): append(parts, style.union(.italic), to: &text)
      case .strong(let parts): append(parts, style.union(.bold), to: &text)
      case .link(let destination, let parts):
        append(parts, style, to: &text)
        if parts.plainText != destination, !destination.isEmpty { text.append(" <\(destination)>", style) }
      case .image(let source, let parts): text.append("[\(parts.plainText): \(source)]", style)
      case .softBreak: text.append(" ", style)
      case .lineBreak: text.appendBreak()
      }
    }
  }

  /// A text without characters that a terminal would obey: controls become U+FFFD, marks of direction too.
  static func sanitized(_ text: String) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2028, 0x2029, 0x2066...0x2069, 0x061C, 0xFEFF: true
      default: false
      }
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(isHarmful(scalar) ? "\u{FFFD}" : scalar) }
    return String(clean)
  }
}
