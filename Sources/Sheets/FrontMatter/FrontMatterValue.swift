// A value of a sheet's front matter with its place in the file.

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
  /// What a person would call it, in a message.
  var noun: String {
    switch content {
    case .text("", isQuoted: false): "nothing"
    case .text(let text, isQuoted: false): "`\(text.clipped)`"
    case .text(let text, isQuoted: true): "the text “\(text.clipped)”"
    case .list: "a list"
    case .mapping: "a mapping"
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
