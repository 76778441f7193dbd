// Doubles as numbers of a graph, and functions as they are.

import Glibc

extension Double: Scalar {
  package typealias Meaning = RealFunctions

  package static var one: Double { 1 }
  package static var undefined: Double { .nan }
  package var isNumber: Bool { isFinite }
  package var integer: Int? { self == rounded() && Swift.abs(self) < 1_000_000 ? Int(self) : nil }
}

/// The functions of real numbers.
package final class RealFunctions: FunctionMeaning, Sendable {
  /// They have no state.
  package static let shared = RealFunctions()

  package func exp(_ x: Double) -> Double { Glibc.exp(x) }
  package func log(_ x: Double) -> Double { Glibc.log(x) }
  package func root(_ x: Double) -> Double { x.squareRoot() }
  package func isAbove(_ x: Double) -> Bool { x > 0 }
  package func normal(_ x: Double) -> (below: Double, density: Double) {
    (Glibc.erfc(-x * 0.5.squareRoot()) / 2, Glibc.exp(-x * x / 2) / (2 * Double.pi).squareRoot())
  }
  package func circle(_ x: Double) -> (sine: Double, cosine: Double) { (Glibc.sin(x), Glibc.cos(x)) }
}
