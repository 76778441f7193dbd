// The functions of the sheets, on matrices entry by entry and on single numbers.

// The scalar functions come from the C library under their own names: a submission that also imports Foundation sees
// one declaration by two ways, where a second `tanh(Double)` declared here would be ambiguous.
@_exported import func Glibc.cos
@_exported import func Glibc.exp
@_exported import func Glibc.log
@_exported import func Glibc.pow
@_exported import func Glibc.sin
@_exported import func Glibc.sqrt
@_exported import func Glibc.tanh
import func Glibc.erfc

/// The logistic function 1 / (1 + e^{-x}).
public func sigmoid(_ x: Double) -> Double {
  // e^{-x} of a very negative x is infinite; the second form never leaves the range.
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let e = exp(x)
  return e / (1 + e)
}

/// The positive part, max(0, x).
public func relu(_ x: Double) -> Double { x > 0 ? x : (x.isNaN ? x : 0) }

/// The SiLU (swish), x σ(x).
public func silu(_ x: Double) -> Double {
  if x == -.infinity { return 0 }
  // Below -700 the logistic function has fewer digits than its product with x.
  return x < -700 ? x * exp(x / 2) * exp(x / 2) : x * sigmoid(x)
}

/// The GELU, x Φ(x) with the standard normal distribution Φ.
public func gelu(_ x: Double) -> Double {
  // Below -39 there is nothing left of Φ.
  if x < -39 { return 0 }
  return x * 0.5 * erfc(-x * 0.5.squareRoot())
}

/// The sine of every entry.
public func sin(_ a: Matrix) -> Matrix { a.map { sin($0) as Double } }

/// The cosine of every entry.
public func cos(_ a: Matrix) -> Matrix { a.map { cos($0) as Double } }

/// The SiLU of every entry.
public func silu(_ a: Matrix) -> Matrix { a.map { silu($0) as Double } }

/// The GELU of every entry.
public func gelu(_ a: Matrix) -> Matrix { a.map { gelu($0) as Double } }

/// The hyperbolic tangent of every entry.
public func tanh(_ a: Matrix) -> Matrix { a.map { tanh($0) as Double } }

/// The logistic function of every entry.
public func sigmoid(_ a: Matrix) -> Matrix { a.map { sigmoid($0) as Double } }

/// e to the power of every entry.
public func exp(_ a: Matrix) -> Matrix { a.map { exp($0) as Double } }

/// The natural logarithm of every entry.
public func log(_ a: Matrix) -> Matrix { a.map { log($0) as Double } }

/// The square root of every entry.
public func sqrt(_ a: Matrix) -> Matrix { a.map { $0.squareRoot() } }

/// The positive part of every entry.
public func relu(_ a: Matrix) -> Matrix { a.map { relu($0) as Double } }

/// The softmax of each column, for sheets in which a sample is a column. Each column of the result adds up to 1.
public func softmaxOfColumns(_ a: Matrix) -> Matrix { softmaxOfRows(a.T).T }

/// The softmax of each row, for sheets in which a sample is a row. Each row of the result adds up to 1.
public func softmaxOfRows(_ a: Matrix) -> Matrix {
  var result = a
  for row in 0..<a.rows {
    let entries = a.elements[row * a.columns..<(row + 1) * a.columns]
    // Subtracting the largest changes nothing in the quotient and keeps every power finite.
    let largest = entries.max() ?? 0
    let powers = entries.map { exp($0 - largest) as Double }
    let total = powers.reduce(0, +)
    for column in 0..<a.columns { result[row, column] = powers[column] / total }
  }
  return result
}
