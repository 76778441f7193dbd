// What a learner wrote for a person to grade: a section of derivation.md, kept as it stands.

import Diagnostics
import Markdown
import Sheets

/// Finds the text of an `essay` task.
enum EssayText {
  /// What stands below a heading that begins with the task's id, such as `## essay`, up to the next heading that is not
  /// below it; nil where there is no such heading or nothing below it.
  static func section(_ task: String, in text: SourceText) -> String? {
    // A person reads it: where the Markdown is nested too deep to be taken apart, the whole text is shown.
    guard let markdown = try? Markdown(text) else { return text.text }
    var start: (offset: Int, level: Int)?
    var end = text.count
    for block in markdown.blocks {
      guard case .heading(let level, let parts) = block.kind else { continue }
      if let start, level <= start.level {
        end = block.range.lowerBound
        break
      }
      let word = parts.plainText.prefix { !$0.isWhitespace && !"(（:：".contains($0) }
      if start == nil, word.lowercased() == task { start = (block.range.upperBound, level) }
    }
    guard let start, start.offset < end else { return nil }
    let lines = text.substring(start.offset..<end).split(separator: "\n", omittingEmptySubsequences: false)
    let content = lines.drop { $0.allSatisfy(\.isWhitespace) }
    guard let last = content.lastIndex(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
    return content[...last].joined(separator: "\n")
  }
}
