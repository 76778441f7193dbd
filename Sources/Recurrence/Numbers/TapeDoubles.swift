// Doubles on a tape: BLAS, vectorised loops, and functions that are right in saturation too.

import CElementwise
package import CellKit
package import Formula
import Glibc
import LinearAlgebra

extension Double: TapeNumber {
  package typealias Matrix = CellKit.Matrix

  package static func multiply(
    _ a: Entries, transposed aTransposed: Bool, _ b: Entries, transposed bTransposed: Bool, into c: Entries,
    rows: Int, columns: Int, inner: Int, accumulating: Bool
  ) {
    BLAS.multiply(
      .init(a, stride: aTransposed ? rows : inner, isTransposed: aTransposed),
      .init(b, stride: bTransposed ? inner : columns, isTransposed: bTransposed), into: c, stride: columns, rows: rows,
      columns: columns, inner: inner, adding: accumulating)
  }

  package static func affine(_ a: Entries, _ scale: Double, _ shift: Double, into target: Entries, _ count: Int) {
    elementwise_affine(a, scale, shift, target, count)
  }

  package static func add(_ a: Entries, _ b: Entries, into target: Entries, _ count: Int) {
    elementwise_add(a, b, target, count)
  }

  package static func subtract(_ a: Entries, _ b: Entries, into target: Entries, _ count: Int) {
    elementwise_subtract(a, b, target, count)
  }

  package static func hadamard(_ a: Entries, _ b: Entries, into target: Entries, _ count: Int) {
    elementwise_multiply(a, b, target, count)
  }

  package static func addScaled(_ a: Entries, _ scale: Double, into target: Entries, _ count: Int) {
    elementwise_add_scaled(a, scale, target, count)
  }

  package static func addHadamard(_ a: Entries, _ b: Entries, into target: Entries, _ count: Int) {
    elementwise_add_multiply(a, b, target, count)
  }

  package static func takesSecond(_ a: Double, _ b: Double, isMaximum: Bool, _: RealFunctions) -> Bool? {
    a.isNaN || b.isNaN ? nil : isMaximum ? b > a : b < a
  }

  package static func apply(_ function: Function, _ a: Entries, into target: Entries, _ count: Int, _: RealFunctions) {
    guard let value = function.curve?.value else { preconditionFailure("\(function) is not by element") }
    for index in 0..<count { target[index] = value(a[index]) }
  }

  package static func pullBack(
    _ function: Function, source: Entries, value: Entries, adjoint: Entries, into target: Entries, _ count: Int,
    _: RealFunctions
  ) {
    guard let slope = function.curve?.slope else { preconditionFailure("\(function) is not by element") }
    for index in 0..<count { target[index] += adjoint[index] * slope(source[index], value[index]) }
  }

  package static func power(_ a: Entries, _ exponent: Double, into target: Entries, _ count: Int, _: RealFunctions) {
    for index in 0..<count { target[index] = realPower(a[index], exponent) }
  }

  package static func pullBackPower(
    _ a: Entries, _ exponent: Double, adjoint: Entries, into target: Entries, _ count: Int, _: RealFunctions
  ) {
    guard exponent != 0 else { return }
    for index in 0..<count {
      let slope = exponent == 2 ? a[index] : realPower(a[index], exponent - 1)
      target[index] += adjoint[index] * (exponent * slope)
    }
  }

  /// The largest entry is subtracted first, so that nothing overflows.
  package static func softmax(
    _ source: Entries, into target: Entries, start: Int, stride: Int, count: Int, _: RealFunctions
  ) {
    var largest = -Double.infinity
    for index in 0..<count { largest = Swift.max(largest, source[start + index * stride]) }
    var sum = 0.0
    for index in 0..<count {
      let value = Glibc.exp(source[start + index * stride] - largest)
      target[start + index * stride] = value
      sum += value
    }
    for index in 0..<count { target[start + index * stride] /= sum }
  }

  /// Adjoints are taken relative to that of the largest entry, which then drops out of the inner product: beside a y that was
  /// rounded to 1 nothing would be left of the difference.
  package static func pullBackSoftmax(
    value: Entries, adjoint: Entries, into target: Entries, start: Int, stride: Int, count: Int
  ) {
    var largest = start
    for index in 0..<count where value[start + index * stride] > value[largest] { largest = start + index * stride }
    let own = adjoint[largest]
    var inner = 0.0
    for index in 0..<count {
      let place = start + index * stride
      inner += (adjoint[place] - own) * value[place]
    }
    for index in 0..<count {
      let place = start + index * stride
      target[place] += value[place] * (adjoint[place] - own - inner)
    }
  }

  package static func value(of function: Function, derivative: Int, at x: Double, _: RealFunctions) -> Double? {
    guard let curve = function.curve else { return nil }
    switch derivative {
    case 0: return curve.value(x)
    case 1: return curve.slope(x, curve.value(x))
    case 2: return curve.curvature?(x)
    default: return nil
    }
  }

  package static func power(_ x: Double, _ exponent: Double, _: RealFunctions) -> Double { Glibc.pow(x, exponent) }
}

extension TapeOf<Double> {
  /// Memory for a run.
  package convenience init(_ cell: Cell, sizes: Sizes) { self.init(cell, sizes: sizes, RealFunctions.shared) }

  /// Memory for a run of nodes with extents of one's own.
  package convenience init(_ cell: Cell, _ plan: StepPlan, sizes: Sizes) {
    self.init(cell, plan, sizes: sizes, RealFunctions.shared)
  }

  /// Runs a cell forward over all steps of a case.
  package convenience init(_ cell: Cell, sizes: Sizes, _ value: Case) {
    self.init(cell, sizes: sizes, Leaves(value), RealFunctions.shared)
  }

  /// Computes every value of every step of a case; of leaves that `evaluating` fills where there is none.
  package func forward(
    _ value: Case?, feeding: ((_ step: Int, _ state: [Matrix]) -> (inputs: [Matrix], state: [Matrix]))? = nil,
    evaluating: ((_ node: Int, _ step: Int) -> Bool)? = nil
  ) {
    forward(value.map { Leaves($0) }, feeding: feeding, evaluating: evaluating)
  }
}
