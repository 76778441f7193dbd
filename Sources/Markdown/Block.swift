// What a Markdown text is made of once it has been read: blocks, and the runs of text in them.

public import Diagnostics

/// A block of a Markdown text and where it stands.
public struct Block: Sendable, Hashable {
  /// What it is.
  public indirect enum Kind: Sendable, Hashable {
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    case quote([Block])
    /// A list; `start` is the first number of an ordered one; a tight one has no blank lines between its items.
    case list(start: Int?, tight: Bool, items: [[Block]])
    /// Code, with the info string of its fence.
    case code(info: String, SourceExcerpt)
    case math(MathSpan)
    case rule
  }

  /// What it is.
  public var kind: Kind
  /// Its UTF-8 range in the text.
  public var range: Range<Int>
}

/// A run of text inside a block.
public indirect enum Inline: Sendable, Hashable {
  case text(String)
  case code(String)
  case math(MathSpan)
  case emphasis([Inline])
  case strong([Inline])
  case link(destination: String, [Inline])
  case image(source: String, [Inline])
  case softBreak
  case lineBreak

  /// The text without its marks; mathematics as LaTeX.
  public var plainText: String {
    switch self {
    case .text(let text), .code(let text): text
    case .math(let span): span.latex
    case .emphasis(let parts), .strong(let parts), .link(_, let parts), .image(_, let parts): parts.plainText
    case .softBreak, .lineBreak: " "
    }
  }
}

extension [Inline] {
  /// The text without its marks; mathematics as LaTeX.
  public var plainText: String { map(\.plainText).joined() }
}
