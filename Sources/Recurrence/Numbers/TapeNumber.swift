// The numbers that a tape runs on, and their arithmetic on row-major blocks.

package import Formula

/// A number that a tape runs on: what the rules of the operations need of it, a row at a time.
///
/// Everything has a plain form here; doubles have faster ones.
package protocol TapeNumber: Scalar {
  associatedtype Matrix: MatrixValue where Matrix.Number == Self
  typealias Block = UnsafeMutablePointer<Self>

  /// C += op(A) op(B), with C rows × columns and the sum over `inner`; C = … where it is not `accumulating`.
  static func multiply(
    _ a: Block, transposed aTransposed: Bool, _ b: Block, transposed bTransposed: Bool, into c: Block, rows: Int,
    columns: Int, inner: Int, accumulating: Bool)

  /// target = scale a + shift
  static func affine(_ a: Block, _ scale: Double, _ shift: Double, into target: Block, _ count: Int)
  static func add(_ a: Block, _ b: Block, into target: Block, _ count: Int)
  static func subtract(_ a: Block, _ b: Block, into target: Block, _ count: Int)
  static func hadamard(_ a: Block, _ b: Block, into target: Block, _ count: Int)
  /// target += scale a
  static func addScaled(_ a: Block, _ scale: Double, into target: Block, _ count: Int)
  /// target += a ⊙ b
  static func addHadamard(_ a: Block, _ b: Block, into target: Block, _ count: Int)

  /// Whether the larger one, or the smaller one, of two numbers is the second; nil where that cannot be said.
  static func takesSecond(_ a: Self, _ b: Self, isMaximum: Bool, _ meaning: Meaning) -> Bool?

  /// target = function(a)
  static func apply(_ function: Function, _ a: Block, into target: Block, _ count: Int, _ meaning: Meaning)
  /// target += adjoint ⊙ function'(source), where `value` is function(source).
  static func pullBack(
    _ function: Function, source: Block, value: Block, adjoint: Block, into target: Block, _ count: Int,
    _ meaning: Meaning)

  static func power(_ a: Block, _ exponent: Double, into target: Block, _ count: Int, _ meaning: Meaning)
  /// target += adjoint · exponent · a^(exponent − 1)
  static func pullBackPower(
    _ a: Block, _ exponent: Double, adjoint: Block, into target: Block, _ count: Int, _ meaning: Meaning)

  /// The softmax of the `count` entries at `start`, `start + stride`, ….
  static func softmax(_ source: Block, into target: Block, start: Int, stride: Int, count: Int, _ meaning: Meaning)
  /// target += y ⊙ (adjoint − ⟨adjoint, y⟩) for the same entries.
  static func pullBackSoftmax(
    value: Block, adjoint: Block, into target: Block, start: Int, stride: Int, count: Int)

  /// A function by element, or its first or second derivative, at a number; nil where there is none.
  static func value(of function: Function, derivative: Int, at x: Self, _ meaning: Meaning) -> Self?
  static func power(_ x: Self, _ exponent: Self, _ meaning: Meaning) -> Self
}

extension TapeNumber {
  package static func multiply(
    _ a: Block, transposed aTransposed: Bool, _ b: Block, transposed bTransposed: Bool, into c: Block, rows: Int,
    columns: Int, inner: Int, accumulating: Bool
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = accumulating ? c[row * columns + column] : zero
        for index in 0..<inner {
          let left = a[aTransposed ? index * rows + row : row * inner + index]
          let right = b[bTransposed ? column * inner + index : index * columns + column]
          sum = sum + left * right
        }
        c[row * columns + column] = sum
      }
    }
  }

  package static func affine(_ a: Block, _ scale: Double, _ shift: Double, into target: Block, _ count: Int) {
    let (scale, shift) = (Self(scale), Self(shift))
    for entry in 0..<count { target[entry] = scale * a[entry] + shift }
  }

  package static func add(_ a: Block, _ b: Block, into target: Block, _ count: Int) {
    for entry in 0..<count { target[entry] = a[entry] + b[entry] }
  }

  package static func subtract(_ a: Block, _ b: Block, into target: Block, _ count: Int) {
    for entry in 0..<count { target[entry] = a[entry] - b[entry] }
  }

  package static func hadamard(_ a: Block, _ b: Block, into target: Block, _ count: Int) {
    for entry in 0..<count { target[entry] = a[entry] * b[entry] }
  }

  package static func addScaled(_ a: Block, _ scale: Double, into target: Block, _ count: Int) {
    let scale = Self(scale)
    for entry in 0..<count { target[entry] = target[entry] + scale * a[entry] }
  }

  package static func addHadamard(_ a: Block, _ b: Block, into target: Block, _ count: Int) {
    for entry in 0..<count { target[entry] = target[entry] + a[entry] * b[entry] }
  }

  package static func takesSecond(_ a: Self, _ b: Self, isMaximum: Bool, _ meaning: Meaning) -> Bool? {
    guard a.isNumber, b.isNumber else { return nil }
    return isMaximum ? meaning.isAbove(b - a) : meaning.isAbove(a - b)
  }

  package static func apply(_ function: Function, _ a: Block, into target: Block, _ count: Int, _ meaning: Meaning) {
    guard let rule: Rule<Self> = function.rule(meaning) else { preconditionFailure("\(function) is not by element") }
    for entry in 0..<count { target[entry] = rule.value(a[entry]) }
  }

  package static func pullBack(
    _ function: Function, source: Block, value: Block, adjoint: Block, into target: Block, _ count: Int,
    _ meaning: Meaning
  ) {
    guard let rule: Rule<Self> = function.rule(meaning) else { preconditionFailure("\(function) is not by element") }
    for entry in 0..<count {
      target[entry] = target[entry] + adjoint[entry] * rule.slope(source[entry], value[entry])
    }
  }

  package static func power(_ a: Block, _ exponent: Double, into target: Block, _ count: Int, _ meaning: Meaning) {
    for entry in 0..<count { target[entry] = power(a[entry], Self(exponent), meaning) }
  }

  package static func pullBackPower(
    _ a: Block, _ exponent: Double, adjoint: Block, into target: Block, _ count: Int, _ meaning: Meaning
  ) {
    guard exponent != 0 else { return }
    let (factor, less) = (Self(exponent), Self(exponent - 1))
    for entry in 0..<count {
      target[entry] = target[entry] + adjoint[entry] * (factor * power(a[entry], less, meaning))
    }
  }

  package static func softmax(
    _ source: Block, into target: Block, start: Int, stride: Int, count: Int, _ meaning: Meaning
  ) {
    var sum = zero
    for index in 0..<count {
      let value = meaning.exp(source[start + index * stride])
      target[start + index * stride] = value
      sum = sum + value
    }
    for index in 0..<count { target[start + index * stride] = target[start + index * stride] / sum }
  }

  package static func pullBackSoftmax(
    value: Block, adjoint: Block, into target: Block, start: Int, stride: Int, count: Int
  ) {
    var inner = zero
    for index in 0..<count {
      let place = start + index * stride
      inner = inner + adjoint[place] * value[place]
    }
    for index in 0..<count {
      let place = start + index * stride
      target[place] = target[place] + value[place] * (adjoint[place] - inner)
    }
  }

  package static func value(of function: Function, derivative: Int, at x: Self, _ meaning: Meaning) -> Self? {
    guard let rule: Rule<Self> = function.rule(meaning) else { return nil }
    switch derivative {
    case 0: return rule.value(x)
    case 1: return rule.slope(x, rule.value(x))
    case 2: return rule.curvature?(x, rule.value(x))
    default: return nil
    }
  }

  package static func power(_ x: Self, _ exponent: Self, _ meaning: Meaning) -> Self { meaning.power(x, exponent) }
}

extension Residue: TapeNumber {
  package typealias Matrix = Grid<Residue>
}

extension Fraction: TapeNumber {
  package typealias Matrix = Grid<Fraction>

  package static func value(
    of function: Function, derivative: Int, at x: Fraction, _ meaning: FractionFunctions
  ) -> Fraction? {
    guard let rule: Rule<Fraction> = function.rule(meaning) else { return nil }
    let value = meaning.chosenValue(of: function, at: x) ?? rule.value(x)
    switch derivative {
    case 0: return value
    case 1: return rule.slope(x, value)
    case 2: return rule.curvature?(x, value)
    default: return nil
    }
  }
}
