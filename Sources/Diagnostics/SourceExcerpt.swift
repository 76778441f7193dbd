// A piece of text lifted out of a larger file, which still knows where each of its bytes came from.

/// Text taken out of a file, such as the content of a fenced block, with the way back to the file.
///
/// Markdown strips indentation and quote marks from the lines of a block, so an excerpt is a list of runs rather
/// than one range of its file.
public struct SourceExcerpt: Sendable, Hashable {
  /// The file.
  public let source: SourceText
  /// The text of the excerpt, lines joined by line feeds.
  public let text: String
  /// Where each run begins: its offset in `text`, and the offset in the file that it came from.
  let runs: [Run]

  struct Run: Sendable, Hashable {
    var here: Int
    var there: Int
  }

  /// A whole file as one excerpt.
  public init(_ source: SourceText) {
    self.init(source, lines: [(0, source.text)])
  }

  /// An excerpt made of lines, each with the offset in the file at which it begins.
  public init(_ source: SourceText, lines: [(offset: Int, text: String)]) {
    self.source = source
    var runs: [Run] = []
    var text = ""
    for (index, line) in lines.enumerated() {
      if index > 0 { text += "\n" }
      runs.append(Run(here: text.utf8.count, there: line.offset))
      text += line.text
    }
    self.text = text
    self.runs = runs.isEmpty ? [Run(here: 0, there: 0)] : runs
  }

  /// The place in the file of a UTF-8 offset of the excerpt.
  public func sourceOffset(of offset: Int) -> Int {
    let run = runs[runs.lastIndex(notAbove: offset, by: \.here)]
    return run.there + offset - run.here
  }

  /// The range in the file of a range of the excerpt.
  public func sourceRange(of range: Range<Int>) -> Range<Int> {
    let lower = sourceOffset(of: range.lowerBound)
    guard !range.isEmpty else { return lower..<lower }
    return lower..<max(lower, sourceOffset(of: range.upperBound - 1) + 1)
  }
}
