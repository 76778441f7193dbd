// Arithmetic on row-major blocks of doubles.

import Formula
import Glibc
import LinearAlgebra

/// A pointer to the first entry of a row-major block.
package typealias Entries = UnsafeMutablePointer<Double>

package enum Kernels {
  /// C += op(A) op(B), with C rows × columns and the sum over `inner`.
  static func multiply(
    _ a: Entries, transposed aTransposed: Bool, _ b: Entries, transposed bTransposed: Bool, into c: Entries,
    rows: Int, columns: Int, inner: Int, accumulating: Bool
  ) {
    BLAS.multiply(
      .init(a, stride: aTransposed ? rows : inner, isTransposed: aTransposed),
      .init(b, stride: bTransposed ? inner : columns, isTransposed: bTransposed), into: c, stride: columns, rows: rows,
      columns: columns, inner: inner, adding: accumulating)
  }

  /// target (rows × columns) = source, whose rows or columns may be one.
  static func spread(_ source: Entries, _ from: Extent, into target: Entries, _ to: Extent) {
    for row in 0..<to.rows {
      let sourceRow = source + (from.rows == 1 ? 0 : row * from.columns)
      let targetRow = target + row * to.columns
      if from.columns == 1 {
        for column in 0..<to.columns { targetRow[column] = sourceRow[0] }
      } else {
        for column in 0..<to.columns { targetRow[column] = sourceRow[column] }
      }
    }
  }

  /// target += source summed over the rows or columns that target has one of.
  static func gather(_ source: Entries, _ from: Extent, into target: Entries, _ to: Extent) {
    for row in 0..<from.rows {
      let targetRow = target + (to.rows == 1 ? 0 : row * to.columns)
      let sourceRow = source + row * from.columns
      if to.columns == 1 {
        var sum = 0.0
        for column in 0..<from.columns { sum += sourceRow[column] }
        targetRow[0] += sum
      } else {
        for column in 0..<from.columns { targetRow[column] += sourceRow[column] }
      }
    }
  }

  /// Copies or adds a rows × columns window between blocks of different widths.
  static func window(
    _ source: Entries, stride sourceStride: Int, into target: Entries, stride targetStride: Int, rows: Int,
    columns: Int, accumulating: Bool
  ) {
    for row in 0..<rows {
      let from = source + row * sourceStride
      let to = target + row * targetStride
      if accumulating {
        for column in 0..<columns { to[column] += from[column] }
      } else {
        for column in 0..<columns { to[column] = from[column] }
      }
    }
  }

  // MARK: Functions by element

  static func apply(_ function: Function, _ source: Entries, into target: Entries, count: Int) {
    guard let value = function.curve?.value else { preconditionFailure("\(function) is not by element") }
    for index in 0..<count { target[index] = value(source[index]) }
  }

  /// target += adjoint · function'(source), where `value` is function(source).
  static func pullBack(
    _ function: Function, source: Entries, value: Entries, adjoint: Entries, into target: Entries, count: Int
  ) {
    guard let slope = function.curve?.slope else { preconditionFailure("\(function) is not by element") }
    for index in 0..<count { target[index] += adjoint[index] * slope(source[index], value[index]) }
  }

  static func power(_ source: Entries, _ exponent: Double, into target: Entries, count: Int) {
    for index in 0..<count { target[index] = realPower(source[index], exponent) }
  }

  /// target += adjoint · exponent · source^(exponent − 1)
  static func pullBackPower(
    _ source: Entries, _ exponent: Double, adjoint: Entries, into target: Entries, count: Int
  ) {
    guard exponent != 0 else { return }
    for index in 0..<count {
      let slope = exponent == 2 ? source[index] : realPower(source[index], exponent - 1)
      target[index] += adjoint[index] * (exponent * slope)
    }
  }

  // MARK: softmax

  /// The softmax of each sample; the largest entry of a sample is subtracted first, so that nothing overflows.
  static func softmax(_ source: Entries, into target: Entries, _ extent: Extent, samplesAreColumns: Bool) {
    eachSample(extent, samplesAreColumns) { start, stride, count in
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
  }

  /// target += y ⊙ (adjoint − ⟨adjoint, y⟩) for each sample.
  ///
  /// Adjoints are taken relative to that of the largest entry, which then drops out of the inner product: beside a y that was
  /// rounded to 1 nothing would be left of the difference.
  package static func pullBackSoftmax(
    value: Entries, adjoint: Entries, into target: Entries, _ extent: Extent, samplesAreColumns: Bool
  ) {
    eachSample(extent, samplesAreColumns) { start, stride, count in
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
  }

  private static func eachSample(
    _ extent: Extent, _ samplesAreColumns: Bool, _ body: (_ start: Int, _ stride: Int, _ count: Int) -> Void
  ) {
    if samplesAreColumns {
      for column in 0..<extent.columns { body(column, extent.columns, extent.rows) }
    } else {
      for row in 0..<extent.rows { body(row * extent.columns, 1, extent.columns) }
    }
  }
}

/// Rows and columns of a block.
package struct Extent: Sendable, Hashable {
  package var rows: Int
  package var columns: Int

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  package var count: Int { rows * columns }
}
