// What functions mean over fractions: simple values, chosen freely, for a person to work out an example with.

/// Functions whose values are chosen: equal arguments have equal values, and what no one chose follows from a key.
package final class FractionFunctions: FunctionMeaning {
  private struct Place: Hashable {
    var function: Function
    var argument: Fraction
  }

  private let key: UInt64
  private var chosen: [Place: Fraction] = [:]

  package init(key: UInt64) { self.key = key }

  /// Says what a function is at an argument; no number where it was said to be something else there.
  package func choose(_ value: Fraction, for function: Function, at argument: Fraction) {
    let place = Place(function: function, argument: argument)
    chosen[place] = chosen[place].map { $0 == value ? value : .undefined } ?? value
  }

  /// What a function was said to be at an argument.
  package func chosenValue(of function: Function, at argument: Fraction) -> Fraction? {
    chosen[Place(function: function, argument: argument)]
  }

  /// One of a few numbers, which follows from an argument but not from its sign; and whether the sign is that of the smaller one.
  private func drawn(_ kind: UInt64, _ x: Fraction, among few: [Fraction]) -> Fraction {
    let word = Residue.mixed(
      key ^ Residue.mixed(UInt64(abs(x.numerator)) &* 31 &+ UInt64(x.denominator)) &+ kind &* 0x9E37_79B9)
    return few[Int(word % UInt64(few.count))]
  }

  package func exp(_ x: Fraction) -> Fraction {
    guard x.isNumber else { return .undefined }
    guard x != .zero else { return .one }
    let value = drawn(1, x, among: [Fraction(2), Fraction(3)])
    return x.numerator > 0 ? value : .one / value
  }

  package func log(_ x: Fraction) -> Fraction {
    guard x.isNumber, x.numerator > 0 else { return .undefined }
    guard x != .one else { return .zero }
    let other = Fraction.one / x
    return x.numerator > x.denominator
      ? drawn(2, x, among: [.one, Fraction(2)]) : -drawn(2, other, among: [.one, Fraction(2)])
  }

  package func root(_ x: Fraction) -> Fraction {
    func root(_ number: Int) -> Int? {
      let root = Int(Double(number).squareRoot())
      return root * root == number ? root : nil
    }
    guard x.isNumber, x.numerator >= 0, let above = root(x.numerator), let below = root(x.denominator) else {
      return .undefined
    }
    return Fraction(above, over: below)
  }

  package func isAbove(_ x: Fraction) -> Bool { x.numerator > 0 }

  package func normal(_ x: Fraction) -> (below: Fraction, density: Fraction) {
    guard x.isNumber else { return (.undefined, .undefined) }
    let density = drawn(3, x, among: [Fraction(1, over: 2), Fraction(1, over: 4)])
    guard x != .zero else { return (Fraction(1, over: 2), density) }
    let below = drawn(4, x, among: [Fraction(3, over: 4), Fraction(2, over: 3)])
    return (x.numerator > 0 ? below : .one - below, density)
  }

  package func circle(_ x: Fraction) -> (sine: Fraction, cosine: Fraction) {
    guard x.isNumber else { return (.undefined, .undefined) }
    guard x != .zero else { return (.zero, .one) }
    let sine = drawn(5, x, among: [Fraction(3, over: 5), Fraction(4, over: 5)])
    let cosine = sine == Fraction(3, over: 5) ? Fraction(4, over: 5) : Fraction(3, over: 5)
    return (x.numerator > 0 ? sine : -sine, cosine)
  }
}
