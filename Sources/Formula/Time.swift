// The time that a quantity carries: t, t-1, T, 0, k.

/// A step of time: an index letter with a whole offset, or a whole number.
public struct Time: Sendable, Hashable, CustomStringConvertible {
  /// The index letter, or nil for a fixed step.
  public let letter: String?
  /// What is added to the letter, or the step itself.
  public let offset: Int

  /// The step `letter + offset`, or the fixed step `offset`.
  public init(letter: String?, offset: Int) {
    self.letter = letter
    self.offset = offset
  }

  /// The present step, t.
  public static let present = Time(letter: "t", offset: 0)
  /// The step before, t-1.
  public static let previous = Time(letter: "t", offset: -1)

  /// As written: `t-1`, `T`, `0`.
  public var description: String {
    guard let letter else { return String(offset) }
    let shown = letter.count > 1 && Greek.isLetter(letter) ? "\\\(letter)" : letter
    return offset == 0 ? shown : "\(shown)\(offset > 0 ? "+" : "-")\(abs(offset))"
  }

  /// Reads a run of tokens as a time, if it is one whose letter is among those allowed.
  static func read(_ tokens: ArraySlice<Token>, letters: Set<String>) -> Time? {
    guard tokens.count <= 6 else { return nil }
    var letter: String?
    var offset = 0
    var sign: Int? = 1
    for token in tokens {
      switch token.kind {
      case .sign("+") where sign == nil: sign = 1
      case .sign("-") where sign == nil: sign = -1
      case .number(let digits):
        guard let factor = sign, let value = Int(digits), value < 1_000_000 else { return nil }
        offset += factor * value
        sign = nil
      case .sign("'") where letter != nil && sign == nil && offset == 0 && letter?.last != "'":
        letter?.append("'")
      case .letter(let name):
        guard sign == 1, letter == nil, letters.contains(String(name)) else { return nil }
        letter = String(name)
        sign = nil
      case .command(let name):
        guard sign == 1, letter == nil, letters.contains(name) else { return nil }
        letter = name
        sign = nil
      default: return nil
      }
    }
    guard sign == nil else { return nil }
    return Time(letter: letter, offset: offset)
  }
}
