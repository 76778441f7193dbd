// The time that a quantity carries: t, t-1, T, 0, k, t-i.

/// A step of time: an index letter with a whole offset, or a whole number; a second letter may be added or taken away.
public struct Time: Sendable, Hashable, CustomStringConvertible {
  /// The second letter of `t-i` or `t+i`.
  public struct Second: Sendable, Hashable {
    /// The letter.
    public let letter: String
    /// Whether it is taken away.
    public let isSubtracted: Bool

    /// A letter that is added or taken away.
    public init(_ letter: String, isSubtracted: Bool) {
      self.letter = letter
      self.isSubtracted = isSubtracted
    }
  }

  /// The index letter, or nil for a fixed step.
  public let letter: String?
  /// What is added to the letter, or the step itself.
  public let offset: Int
  /// A second letter beside the first.
  public let second: Second?

  /// The step `letter + offset`, or the fixed step `offset`; with a second letter `letter - second + offset`.
  public init(letter: String?, offset: Int, second: Second? = nil) {
    self.letter = letter
    self.offset = offset
    self.second = letter == nil ? nil : second
  }

  /// The step some steps later.
  public func shifted(by steps: Int) -> Time { Time(letter: letter, offset: offset + steps, second: second) }

  /// The step with one letter exchanged for another.
  public func renaming(_ old: String, to new: String) -> Time {
    Time(
      letter: letter == old ? new : letter, offset: offset,
      second: second.map { $0.letter == old ? Second(new, isSubtracted: $0.isSubtracted) : $0 })
  }

  /// Whether a letter stands in it.
  public func mentions(_ name: String) -> Bool { letter == name || second?.letter == name }

  /// The present step, t.
  public static let present = Time(letter: "t", offset: 0)
  /// The step before, t-1.
  public static let previous = Time(letter: "t", offset: -1)

  /// As written: `t-1`, `T`, `0`.
  public var description: String {
    guard let letter else { return String(offset) }
    func written(_ letter: String) -> String {
      letter.count > 1 && Greek.isLetter(letter) ? "\\\(letter)" : letter
    }
    let shown = written(letter) + (second.map { ($0.isSubtracted ? "-" : "+") + written($0.letter) } ?? "")
    return offset == 0 ? shown : "\(shown)\(offset > 0 ? "+" : "-")\(abs(offset))"
  }

  /// Reads a run of tokens as a time, if it is one whose letter is among those allowed.
  static func read(_ tokens: ArraySlice<Token>, letters: Set<String>) -> Time? { read(tokens, letters.contains) }

  /// Reads a run of tokens as a time, if it is one of a letter that is a step.
  static func read(_ tokens: ArraySlice<Token>, _ isStep: (String) -> Bool) -> Time? {
    guard tokens.count <= 8 else { return nil }
    var letter: String?
    var second: Second?
    var offset = 0
    var sign: Int? = 1
    func add(_ name: String) -> Bool {
      guard let factor = sign, isStep(name) else { return false }
      if letter == nil {
        guard factor > 0 else { return false }
        letter = name
      } else {
        guard second == nil, name != letter else { return false }
        second = Second(name, isSubtracted: factor < 0)
      }
      sign = nil
      return true
    }
    for token in tokens {
      switch token.kind {
      case .sign("+") where sign == nil: sign = 1
      case .sign("-") where sign == nil: sign = -1
      case .number(let digits):
        guard let factor = sign, let value = Int(digits), value < 1_000_000 else { return nil }
        offset += factor * value
        sign = nil
      case .sign("'") where letter != nil && second == nil && sign == nil && offset == 0 && letter?.last != "'":
        letter?.append("'")
      case .letter(let name): guard add(String(name)) else { return nil }
      case .command(let name): guard add(name) else { return nil }
      default: return nil
      }
    }
    guard sign == nil else { return nil }
    return Time(letter: letter, offset: offset, second: second)
  }
}
