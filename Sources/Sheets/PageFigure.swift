// A picture that belongs to a sheet and is made when pages are written.

/// A drawing beside the text of a sheet, in one language.
public struct PageFigure: Sendable, Hashable {
  /// The drawing.
  public let svg: String
  /// What it shows, for who cannot see it.
  public let alternative: String
  /// What stands below it.
  public let caption: String

  /// The command line that draws it again.
  public let command: String

  /// A drawing with its words.
  public init(svg: String, alternative: String, caption: String, command: String) {
    self.svg = svg
    self.alternative = alternative
    self.caption = caption
    self.command = command
  }
}
