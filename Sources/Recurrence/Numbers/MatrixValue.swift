// A matrix over the numbers of a tape.

package import CellKit
package import Formula

/// A matrix whose entries lie row by row.
package protocol MatrixValue<Number>: Equatable {
  associatedtype Number: Scalar
  var rows: Int { get }
  var columns: Int { get }
  /// Entry (r, c) stands at `r * columns + c`.
  var elements: [Number] { get }
  init(rows: Int, columns: Int, elements: [Number])
}

extension Matrix: MatrixValue {
  package typealias Number = Double
}

/// A matrix of residues or of fractions.
package struct Grid<Number: Scalar>: MatrixValue {
  package let rows: Int
  package let columns: Int
  package let elements: [Number]

  package init(rows: Int, columns: Int, elements: [Number]) {
    precondition(
      elements.count == rows * columns, "\(elements.count) entries do not fill a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }
}

extension MatrixValue {
  /// The same number everywhere.
  package init(filling rows: Int, _ columns: Int, with number: Number) {
    self.init(rows: rows, columns: columns, elements: [Number](repeating: number, count: rows * columns))
  }
}
