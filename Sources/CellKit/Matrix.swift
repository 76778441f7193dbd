// The one type that a cell computes with: a rectangle of doubles that behaves as a value.

/// A matrix of doubles, a value like `Double` itself: `let b = a` is a copy, and changing `b` leaves `a` alone.
///
/// A vector is a matrix with one column or one row. Indices start at 0. Every operation checks shapes and, where they
/// do not fit, stops with both of them in its message.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries row by row: entry (r, c) stands at `r * columns + c`.
  @usableFromInline var storage: [Double]

  /// Takes entries whose number is known to be right.
  @inlinable init(uncheckedRows rows: Int, columns: Int, storage: [Double]) {
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix with the same number everywhere.
  @inlinable public init(rows: Int, columns: Int, repeating value: Double) {
    if rows < 0 || columns < 0 { stop("a matrix cannot have the shape \(rows) × \(columns)") }
    self.init(uncheckedRows: rows, columns: columns, storage: [Double](repeating: value, count: rows * columns))
  }

  /// A matrix from its entries row by row; their number is `rows * columns`.
  @inlinable public init(rows: Int, columns: Int, elements: [Double]) {
    if rows < 0 || columns < 0 || elements.count != rows * columns {
      stop("\(elements.count) entries do not fill a \(rows) × \(columns) matrix")
    }
    self.init(uncheckedRows: rows, columns: columns, storage: elements)
  }

  /// A matrix from its rows: `Matrix([[1, 2], [3, 4]])` has the rows 1 2 and 3 4.
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != columns {
      stop("row 0 has \(columns) entries but row \(index) has \(row.count): the rows of a matrix are equally long")
    }
    self.init(uncheckedRows: rows.count, columns: columns, storage: Array(rows.joined()))
  }

  /// A matrix of zeros with `rows` rows and `columns` columns.
  @inlinable public static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, repeating: 0)
  }

  /// A matrix of zeros with the shape of another.
  @inlinable public static func zeros(like other: Matrix) -> Matrix {
    Matrix(rows: other.rows, columns: other.columns, repeating: 0)
  }

  /// The entries row by row, `rows * columns` of them.
  @inlinable public var elements: [Double] { storage }

  /// The entry in row `row` and column `column`, both counted from 0.
  @inlinable public subscript(row: Int, column: Int) -> Double {
    get {
      checkIndex(row, column)
      return storage[row &* columns &+ column]
    }
    set {
      checkIndex(row, column)
      storage[row &* columns &+ column] = newValue
    }
  }

  @inlinable @inline(__always) func checkIndex(_ row: Int, _ column: Int) {
    // Comparing as unsigned catches negative indices with the same two comparisons.
    if UInt(bitPattern: row) >= UInt(bitPattern: rows) || UInt(bitPattern: column) >= UInt(bitPattern: columns) {
      stopAtIndex(row, column)
    }
  }

  @usableFromInline @inline(never) func stopAtIndex(_ row: Int, _ column: Int) -> Never {
    stop("Index out of range: [\(row), \(column)] of a \(shapeText) matrix, whose rows and columns count from 0")
  }
}

// MARK: - Not set

extension Matrix {
  /// What a gradient holds before it has been assigned: a matrix without entries.
  public static let notSet = Matrix(uncheckedRows: 0, columns: 0, storage: [])

  /// Whether this is anything but `notSet`.
  @inlinable public var isSet: Bool { rows != 0 || columns != 0 }

  /// The shape as messages show it.
  @usableFromInline var shapeText: String { isSet ? "\(rows) × \(columns)" : "not set yet" }
}
