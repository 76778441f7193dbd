// A value of a sheet's front matter with its place in the file.

import Diagnostics

/// A value as it stands in front matter: a text, a list or a mapping, with its place in the sheet.
public struct FrontMatterValue: Sendable, Hashable {
  /// What the value is; numbers and flags are texts until somebody asks for one.
  public enum Content: Sendable, Hashable {
    /// A scalar, and whether it stands in quotes.
    case text(String, isQuoted: Bool)
    case list([FrontMatterValue])
    case mapping([FrontMatterEntry])
  }

  /// What the value is.
  public var content: Content
  /// Where it stands, as UTF-8 offsets of the sheet; a list or mapping is marked by its first character.
  public var range: Range<Int>
}

/// A key of front matter and its value.
public struct FrontMatterEntry: Sendable, Hashable {
  /// The key.
  public var key: String
  /// Where the key stands, as UTF-8 offsets of the sheet.
  public var keyRange: Range<Int>
  /// Its value.
  public var value: FrontMatterValue
}

extension FrontMatterValue {
  /// What stands there, as the end of a message that says what should.
  var contrast: Message {
    switch content {
    case .text("", isQuoted: false): "not nothing"
    case .text(let text, isQuoted: false): "not `\(text.clipped)`"
    case .text(let text, isQuoted: true): "not the text “\(text.clipped)”"
    case .list([]): "not an empty list"
    case .list: "not a list"
    case .mapping: "not a mapping"
    }
  }

  /// Whether a key stands there with nothing after it.
  var isEmpty: Bool { content == .text("", isQuoted: false) }
}

extension String {
  /// The text short enough for a message, on one line.
  var clipped: String {
    let line = split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count <= 60 ? line : line.prefix(59) + "…"
  }
}
