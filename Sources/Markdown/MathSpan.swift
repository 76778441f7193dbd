// A piece of mathematics in a Markdown text: its LaTeX, and the way back to the file.

public import Diagnostics

/// Mathematics found in a Markdown text.
///
/// Found are `` $`…`$ ``, `$…$`, `$$…$$` and fenced blocks whose info string starts with `math`.
public struct MathSpan: Sendable, Hashable {
  /// Whether it runs in a line of text or stands by itself.
  public enum Form: Sendable, Hashable {
    case inline, display
  }

  /// Whether it runs in a line of text or stands by itself.
  public let form: Form
  /// The second word of a fence's info string, such as `forward`; nil where there is none.
  public let role: String?
  /// The LaTeX between the delimiters, every byte mapped to its place in the file.
  public let excerpt: SourceExcerpt
  /// Where it stands in the file with its delimiters, as UTF-8 offsets.
  public let range: Range<Int>

  /// The LaTeX between the delimiters.
  public var latex: String { excerpt.text }
}
