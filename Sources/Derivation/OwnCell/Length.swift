// Lengths of vectors while they are worked out: sums of unknown ones, made equal where two meet.

/// A length: a whole number of times each of some unknown lengths.
struct Length: Hashable {
  /// The factor of each unknown, none of them zero.
  let terms: [Int: Int]

  init(_ terms: [Int: Int]) { self.terms = terms.filter { $0.value != 0 } }

  static func + (left: Length, right: Length) -> Length {
    Length(left.terms.merging(right.terms, uniquingKeysWith: +))
  }

  static func * (factor: Int, length: Length) -> Length { Length(length.terms.mapValues { $0 * factor }) }

  /// The unknown that it is, if it is one alone.
  var unknown: Int? { terms.count == 1 && terms.first?.value == 1 ? terms.first?.key : nil }
}

/// Unknown lengths, and what has been found out about them.
struct Lengths {
  private var bound: [Int: Length] = [:]
  private var count = 0

  /// A length of which nothing is known.
  mutating func fresh() -> Length {
    count += 1
    return Length([count: 1])
  }

  /// A length with everything put in that is known.
  func resolved(_ length: Length) -> Length {
    var result = length
    while let next = result.terms.first(where: { bound[$0.key] != nil }), let value = bound[next.key] {
      result = Length(result.terms.filter { $0.key != next.key }) + next.value * value
    }
    return result
  }

  /// Makes two lengths equal.
  ///
  /// - Returns: false where they cannot be.
  mutating func unify(_ one: Length, _ other: Length) -> Bool {
    let (a, b) = (resolved(one), resolved(other))
    if a == b { return true }
    for (this, that) in [(a, b), (b, a)] {
      guard let unknown = this.unknown, that.terms[unknown] == nil else { continue }
      bound[unknown] = that
      return true
    }
    return false
  }
}
