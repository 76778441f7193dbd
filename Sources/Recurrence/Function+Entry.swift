// Functions by element at one number: the one place where each of them and its first derivative are written.

package import Formula
import Glibc

extension Function {
  /// The value at a number, for a function by element.
  @inline(__always)
  package func value(at x: Double) -> Double {
    switch self {
    case .sigmoid: 1 / (1 + Glibc.exp(-x))
    case .tanh: Glibc.tanh(x)
    case .exp: Glibc.exp(x)
    case .log: Glibc.log(x)
    case .sqrt: x.squareRoot()
    case .relu: x > 0 ? x : 0
    case .softplus: Swift.max(x, 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    case .softsign: x / (1 + Swift.abs(x))
    case .abs: Swift.abs(x)
    case .identity: x
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: preconditionFailure("\(self) is not by element")
    }
  }

  /// The derivative at a number, where the function's value is `y`; 0 at the kinks of relu and abs.
  @inline(__always)
  package func slope(at x: Double, value y: Double) -> Double {
    switch self {
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    case .exp: y
    case .log: 1 / x
    case .sqrt: 0.5 / y
    case .relu: x > 0 ? 1 : 0
    case .softplus: 1 / (1 + Glibc.exp(-x))
    case .softsign: 1 / ((1 + Swift.abs(x)) * (1 + Swift.abs(x)))
    case .abs: x > 0 ? 1 : x < 0 ? -1 : 0
    case .identity: 1
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: preconditionFailure("\(self) is not by element")
    }
  }
}
