// Which numbers a letter of a formula of numbers stands for.

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
