// The size of an axis before numbers are known: H, 4H, H+D, 1.

/// A size as a sum of letters with whole factors: `H`, `4H`, `H+D`, `1`.
public struct Dimension: Sendable, Hashable, CustomStringConvertible {
  /// The factor of each letter, none of them zero.
  let terms: [String: Int]
  /// What is added without a letter.
  let constant: Int

  init(terms: [String: Int] = [:], constant: Int = 0) {
    self.terms = terms.filter { $0.value != 0 }
    self.constant = constant
  }

  /// The size of nothing.
  public static let zero = Dimension()
  /// The size 1.
  package static let one = Dimension(constant: 1)
  /// The size of the batch, whose letter is N everywhere.
  package static let batch = Dimension(terms: ["N": 1])

  static func letter(_ letter: String) -> Dimension { Dimension(terms: [letter: 1]) }

  /// The length of two parts together.
  public static func + (left: Dimension, right: Dimension) -> Dimension {
    Dimension(terms: left.terms.merging(right.terms, uniquingKeysWith: +), constant: left.constant + right.constant)
  }

  /// One of `count` equal parts, where the size has that many for every choice of letters.
  func divided(by count: Int) -> Dimension? {
    guard terms.values.allSatisfy({ $0 % count == 0 }), constant % count == 0 else { return nil }
    return Dimension(terms: terms.mapValues { $0 / count }, constant: constant / count)
  }

  /// Reads `H`, `4H`, `2*H`, `H+D`, `1`; nil for anything else.
  public init?(_ text: String) {
    var sum = Dimension()
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      let part = part.filter { $0 != " " && $0 != "*" }
      let digits = part.prefix { $0.isASCII && $0.isNumber }
      let letter = part.dropFirst(digits.count)
      guard !part.isEmpty, letter.count <= 1, letter.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
      let factor = digits.isEmpty ? 1 : Int(digits)
      guard let factor, (1...10_000).contains(factor) else { return nil }
      sum = sum + (letter.isEmpty ? Dimension(constant: factor) : Dimension(terms: [String(letter): factor]))
    }
    self = sum
  }

  /// The letters that the size depends on.
  public var letters: Set<String> { Set(terms.keys) }

  /// The number, once the letters have theirs.
  public func value(_ sizes: [String: Int]) -> Int {
    terms.reduce(constant) { sum, term in sum + term.value * (sizes[term.key] ?? 0) }
  }

  /// As a person writes it: `4H`, `D+H`.
  public var description: String {
    var parts = terms.sorted { $0.key < $1.key }.map { $0.value == 1 ? $0.key : "\($0.value)\($0.key)" }
    if constant != 0 || parts.isEmpty { parts.append(String(constant)) }
    return parts.joined(separator: "+")
  }
}
