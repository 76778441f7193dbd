// Functions by element at one number: the one place where each of them and its first derivative are written.
//
// Both are exact to a few units in the last place wherever they are numbers at all, and both are NaN where the argument is:
// a run that exploded must not look like one that vanished.

package import Formula
import Glibc

extension Function {
  /// The value at a number, for a function by element.
  @inline(__always)
  package func value(at x: Double) -> Double {
    switch self {
    case .sigmoid: Logistic(at: x).value
    case .tanh: Glibc.tanh(x)
    case .exp: Glibc.exp(x)
    case .log: Glibc.log(x)
    case .sqrt: x.squareRoot()
    case .relu: x <= 0 ? 0 : x
    case .softplus: larger(x, 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    // The quotient of two infinities is no number.
    case .softsign: Swift.abs(x) == .infinity ? (x > 0 ? 1 : -1) : x / (1 + Swift.abs(x))
    case .abs: Swift.abs(x)
    case .identity: x
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: preconditionFailure("\(self) is not by element")
    }
  }

  /// The derivative at a number, where the function's value is `y`; 0 at the kinks of relu and abs.
  ///
  /// Where a function saturates its value has lost what the derivative needs: 1 − y² of a y that was rounded to 1 is 0.
  @inline(__always)
  package func slope(at x: Double, value y: Double) -> Double {
    switch self {
    case .sigmoid: Logistic(at: x).slope
    case .tanh: 4 * Logistic(at: 2 * x).slope
    case .exp: y
    case .log: x < 0 ? .nan : 1 / Swift.abs(x)
    case .sqrt: 0.5 / Swift.abs(y)
    case .relu: x > 0 ? 1 : zeroUnlessNaN(x)
    case .softplus: Logistic(at: x).value
    case .softsign:
      // The square of a large number overflows long before that of its reciprocal vanishes.
      (1 / (1 + Swift.abs(x))) * (1 / (1 + Swift.abs(x)))
    case .abs: x > 0 ? 1 : x < 0 ? -1 : zeroUnlessNaN(x)
    case .identity: 1
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: preconditionFailure("\(self) is not by element")
    }
  }

  /// The second derivative; nil for a function whose second derivative nobody writes.
  package func curvature(at x: Double) -> Double? {
    switch self {
    case .sigmoid: -Glibc.tanh(x / 2) * slope(at: x, value: 0)
    case .tanh: -2 * Glibc.tanh(x) * slope(at: x, value: 0)
    default: nil
    }
  }
}

/// The logistic function and its derivative, from q = e^{-|x|}, which no rounding to 1 has touched.
private struct Logistic {
  let value: Double
  let slope: Double

  @inline(__always)
  init(at x: Double) {
    let q = Glibc.exp(-Swift.abs(x))
    value = x >= 0 ? 1 / (1 + q) : q / (1 + q)
    slope = q / ((1 + q) * (1 + q))
  }
}

/// The larger of two numbers, the first at a tie; NaN where one of them is.
@inline(__always)
package func larger(_ first: Double, _ second: Double) -> Double { second > first || second.isNaN ? second : first }

/// The smaller of two numbers, the first at a tie; NaN where one of them is.
@inline(__always)
package func smaller(_ first: Double, _ second: Double) -> Double { second < first || second.isNaN ? second : first }

@inline(__always)
private func zeroUnlessNaN(_ x: Double) -> Double { x.isNaN ? x : 0 }

/// x to a power; NaN where that is no real number, also at minus infinity.
@inline(__always)
package func realPower(_ x: Double, _ exponent: Double) -> Double {
  if exponent == 2 { return x * x }
  return x < 0 && exponent != exponent.rounded() ? .nan : Glibc.pow(x, exponent)
}
