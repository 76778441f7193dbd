// Arithmetic on single numbers that keeps NaN.

import Glibc

/// The larger of two numbers, the first at a tie; NaN where one of them is.
@inline(__always)
package func larger(_ first: Double, _ second: Double) -> Double { second > first || second.isNaN ? second : first }

/// The smaller of two numbers, the first at a tie; NaN where one of them is.
@inline(__always)
package func smaller(_ first: Double, _ second: Double) -> Double { second < first || second.isNaN ? second : first }

/// x to a power; NaN where that is no real number, also at minus infinity.
@inline(__always)
package func realPower(_ x: Double, _ exponent: Double) -> Double {
  if exponent == 2 { return x * x }
  return x < 0 && exponent != exponent.rounded() ? .nan : Glibc.pow(x, exponent)
}
