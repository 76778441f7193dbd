// Reads `between:` of a quantity: which numbers the letters of its formula stand for.

import Diagnostics
import Formula
import Markdown

extension FieldReader {
  private static let rangeExample = "between: {f: [0.05, 0.95], n: [2, 40]}"

  /// From where to where each letter is drawn.
  mutating func letterRanges(_ entry: FrontMatterEntry?) -> [LetterRange] {
    guard let entry, let entries = entries(entry, example: Self.rangeExample) else { return [] }
    if entries.isEmpty { report("`between` is empty; write it as in `\(Self.rangeExample)`", place(entry)) }
    return entries.compactMap { given in
      guard let (lower, upper) = pair(given, in: -1000...1000), case .list(let values) = given.value.content else {
        return nil
      }
      let decimals = values.map { value in
        guard case .text(let text, _) = value.content, let point = text.firstIndex(of: ".") else { return 0 }
        return text[text.index(after: point)...].count
      }
      let range = LetterRange(
        letter: given.key.trimmed, bounds: lower...upper, decimals: min(decimals.max() ?? 0, 6), range: given.keyRange)
      guard range.number(0) == lower, range.number(range.count - 1) == upper else {
        report("the bounds of `\(given.key.clipped)` are plain numbers with at most six decimals", given.value.range)
        return nil
      }
      return range
    }
  }
}
