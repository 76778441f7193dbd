// One thing wrong in a text, where, and what to do about it; and the lines in which a person is told.

/// One finding about a text: what is wrong, where, and what to do.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// Whether the finding stops the work.
  public enum Severity: String, Sendable, Hashable {
    case error, warning, note
  }

  /// How grave it is.
  public let severity: Severity
  /// What is wrong and what to do, lower case, without a full stop.
  public let wording: Message
  /// The same in English.
  public var message: String { wording.english }
  /// The text it is about.
  public let source: SourceText
  /// The UTF-8 range in that text.
  public let range: Range<Int>

  /// A finding at a range of UTF-8 offsets of a text.
  public init(_ wording: Message, in source: SourceText, at range: Range<Int>, severity: Severity = .error) {
    self.wording = wording
    self.source = source
    self.range = range
    self.severity = severity
  }

  /// A finding at a range of an excerpt, told at the place in the file it came from.
  public init(_ wording: Message, in excerpt: SourceExcerpt, at range: Range<Int>, severity: Severity = .error) {
    self.init(wording, in: excerpt.source, at: excerpt.sourceRange(of: range), severity: severity)
  }

  /// Line and column of its first character.
  public var position: SourcePosition { source.position(at: range.lowerBound) }

  /// One line: `file:line:column: error: message`.
  public var headline: String { headline(severity.rawValue, message) }

  private func headline(_ grade: String, _ message: String) -> String {
    "\(source.name):\(position.line):\(position.column): \(grade): \(message)"
  }

  /// The headline, the line of the file, and a caret under the place.
  public var description: String { description(grade: severity.rawValue, message: message) }

  /// The headline, the line of the file, and a caret, with the words of another language.
  public func description(grade: String, message: String) -> String {
    let headline = headline(grade, message)
    let line = String(source.line(position.line))
    guard !line.isEmpty else { return headline }
    // A caret under column n stands n columns in; wide characters take two, tabs are copied.
    let before = line.prefix(position.column - 1)
    let padding = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: $0.terminalWidth) }.joined()
    let marked = source.substring(range).prefix { $0 != "\n" }
    let width = max(1, marked.reduce(0) { $0 + $1.terminalWidth })
    let underline = "^" + String(repeating: "~", count: min(width, 120) - 1)
    return "\(headline)\n  \(line)\n  \(padding)\(underline)"
  }
}

/// Several findings thrown as one.
public struct DiagnosticList: Error, Sendable, Hashable, CustomStringConvertible {
  /// The findings in the order of the text.
  public let diagnostics: [Diagnostic]

  /// Several findings as one error.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }

  /// The findings one after the other.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

extension Character {
  /// How many columns a terminal gives the character: 2 for East Asian wide forms, 0 for a combining mark, else 1.
  public var terminalWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
