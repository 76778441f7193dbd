// The numbers that a graph or a term can be computed with: doubles, residues, fractions.

/// A number with the four operations.
///
/// What has no value, such as a quotient by 0, is a number too: it is not `isNumber`, and whatever is made of it is not either.
package protocol Scalar: Sendable, Hashable {
  /// What functions such as exp mean over these numbers.
  associatedtype Meaning: FunctionMeaning where Meaning.Number == Self

  static var zero: Self { get }
  static var one: Self { get }
  /// What has no value.
  static var undefined: Self { get }
  init(_ integer: Int)
  /// The number that a formula writes with a decimal point.
  init(_ number: Double)
  static prefix func - (a: Self) -> Self
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// Whether it has a value.
  var isNumber: Bool { get }
  /// It as a whole number of at most six digits; nil where it is none.
  var integer: Int? { get }
}

/// What functions mean over some numbers: the few from which `Function` makes all the others.
///
/// Equal arguments have equal values. Over residues that is all there is to a function, but for the rules that are told below.
package protocol FunctionMeaning<Number>: AnyObject {
  associatedtype Number: Scalar
  /// exp(a + b) = exp(a) exp(b), as far as the numbers can tell.
  func exp(_ x: Number) -> Number
  /// log exp(a) = a and log(1/a) = −log(a).
  func log(_ x: Number) -> Number
  /// root(a)² = a and root(a) root(b) = root(a b).
  func root(_ x: Number) -> Number
  /// On which side of a kink at 0 a number lies; −a lies on the other side.
  func isAbove(_ x: Number) -> Bool
  /// The standard normal distribution: its share below a number, below(−a) = 1 − below(a), and its density, which is even.
  func normal(_ x: Number) -> (below: Number, density: Number)
  /// Sine and cosine: one is odd, the other even, and the sum of their squares is 1.
  func circle(_ x: Number) -> (sine: Number, cosine: Number)
}

extension Scalar {
  /// A whole power; a negative one of 0 is no number.
  package func power(_ exponent: Int) -> Self {
    guard exponent >= 0 else { return .one / power(-exponent) }
    var (result, square, left) = (Self.one, self, exponent)
    while left > 0 {
      if left & 1 == 1 { result = result * square }
      left >>= 1
      if left > 0 { square = square * square }
    }
    return result
  }
}

extension FunctionMeaning {
  /// A power whose exponent is a whole number or half of one; no number elsewhere.
  package func power(_ x: Number, _ exponent: Number) -> Number {
    if let whole = exponent.integer { return x.power(whole) }
    guard let double = (exponent + exponent).integer else { return .one / .zero }
    return root(x).power(double)
  }
}
