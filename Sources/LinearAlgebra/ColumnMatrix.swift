// The storage that LAPACK works on.

package import CellKit

/// A matrix with its columns one after the other, as Fortran keeps it.
package struct ColumnMatrix: Sendable, Equatable {
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// The entries column by column: entry (r, c) is at `c * rows + r`.
  package var entries: [Double]

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    entries = [Double](repeating: 0, count: rows * columns)
  }

  /// A copy of a matrix that is kept row by row.
  package init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = matrix[row, column] }
    }
  }

  /// The identity.
  package static func identity(_ size: Int) -> ColumnMatrix {
    var matrix = ColumnMatrix(rows: size, columns: size)
    for index in 0..<size { matrix[index, index] = 1 }
    return matrix
  }

  /// The entry in a row and a column, both counted from 0.
  package subscript(row: Int, column: Int) -> Double {
    get { entries[column * rows + row] }
    set { entries[column * rows + row] = newValue }
  }

  /// Rows for columns.
  package var transposed: ColumnMatrix {
    var result = ColumnMatrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }
}
