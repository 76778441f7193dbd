// Moving and adding row-major blocks of numbers.

import Formula

/// A pointer to the first entry of a row-major block of doubles.
package typealias Entries = UnsafeMutablePointer<Double>

package enum Kernels {
  /// target (rows × columns) = source, whose rows or columns may be one.
  static func spread<Number>(
    _ source: UnsafeMutablePointer<Number>, _ from: Extent, into target: UnsafeMutablePointer<Number>, _ to: Extent
  ) {
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
  static func gather<Number: Scalar>(
    _ source: UnsafeMutablePointer<Number>, _ from: Extent, into target: UnsafeMutablePointer<Number>, _ to: Extent
  ) {
    for row in 0..<from.rows {
      let targetRow = target + (to.rows == 1 ? 0 : row * to.columns)
      let sourceRow = source + row * from.columns
      if to.columns == 1 {
        var sum = Number.zero
        for column in 0..<from.columns { sum = sum + sourceRow[column] }
        targetRow[0] = targetRow[0] + sum
      } else {
        for column in 0..<from.columns { targetRow[column] = targetRow[column] + sourceRow[column] }
      }
    }
  }

  /// Copies or adds a rows × columns window between blocks of different widths.
  static func window<Number: Scalar>(
    _ source: UnsafeMutablePointer<Number>, stride sourceStride: Int, into target: UnsafeMutablePointer<Number>,
    stride targetStride: Int, rows: Int, columns: Int, accumulating: Bool
  ) {
    for row in 0..<rows {
      let from = source + row * sourceStride
      let to = target + row * targetStride
      if accumulating {
        for column in 0..<columns { to[column] = to[column] + from[column] }
      } else {
        for column in 0..<columns { to[column] = from[column] }
      }
    }
  }

  // MARK: softmax

  /// The softmax of each sample.
  static func softmax<Number: TapeNumber>(
    _ source: UnsafeMutablePointer<Number>, into target: UnsafeMutablePointer<Number>, _ extent: Extent,
    samplesAreColumns: Bool, _ meaning: Number.Meaning
  ) {
    eachSample(extent, samplesAreColumns) { start, stride, count in
      Number.softmax(source, into: target, start: start, stride: stride, count: count, meaning)
    }
  }

  /// target += y ⊙ (adjoint − ⟨adjoint, y⟩) for each sample.
  package static func pullBackSoftmax<Number: TapeNumber>(
    value: UnsafeMutablePointer<Number>, adjoint: UnsafeMutablePointer<Number>,
    into target: UnsafeMutablePointer<Number>, _ extent: Extent, samplesAreColumns: Bool
  ) {
    eachSample(extent, samplesAreColumns) { start, stride, count in
      Number.pullBackSoftmax(value: value, adjoint: adjoint, into: target, start: start, stride: stride, count: count)
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
