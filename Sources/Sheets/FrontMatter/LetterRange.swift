// Reads `between:` of a quantity: which numbers the letters of its formula stand for.

import Diagnostics

extension Sheet.Task {
  /// The numbers that a letter of a formula is drawn from, such as 0.05 to 0.95 for a gate.
  public struct LetterRange: Sendable, Hashable {
    /// The letter, in LaTeX.
    public let letter: String
    /// The smallest and the largest number.
    public let bounds: ClosedRange<Double>
    /// How many decimals a drawn number has: as many as the bounds are written with.
    public let decimals: Int
    /// Where the letter stands in sheet.md.
    public let range: Range<Int>

    /// How many numbers there are.
    public var count: Int { whole(bounds.upperBound) - whole(bounds.lowerBound) + 1 }

    /// One of the numbers, counted from 0 at the smallest.
    public func number(_ index: Int) -> Double { Double(whole(bounds.lowerBound) + index) / scale }

    private var scale: Double { (0..<decimals).reduce(1) { power, _ in 10 * power } }
    private func whole(_ number: Double) -> Int { Int((number * scale).rounded()) }

    /// The numbers of a letter of which a sheet says nothing: sizes.
    public static func size(_ letter: String) -> LetterRange {
      LetterRange(letter: letter, bounds: 2...97, decimals: 0, range: 0..<0)
    }

    /// The range of a letter.
    public init(letter: String, bounds: ClosedRange<Double>, decimals: Int, range: Range<Int>) {
      self.letter = letter
      self.bounds = bounds
      self.decimals = decimals
      self.range = range
    }
  }
}

extension FieldReader {
  private static let rangeExample = "between: {f: [0.05, 0.95], n: [2, 40]}"

  /// From where to where each letter is drawn.
  mutating func letterRanges(_ entry: FrontMatterEntry?) -> [Sheet.Task.LetterRange] {
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
      let range = Sheet.Task.LetterRange(
        letter: given.key.trimmed, bounds: lower...upper, decimals: min(decimals.max() ?? 0, 6), range: given.keyRange)
      guard range.number(0) == lower, range.number(range.count - 1) == upper else {
        report("the bounds of `\(given.key.clipped)` are plain numbers with at most six decimals", given.value.range)
        return nil
      }
      return range
    }
  }
}
