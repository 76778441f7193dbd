// Parts of matrices and matrices from parts: slices, equal splits, side by side, one above the other; and sums.

extension Matrix {
  /// The rows of a range: `a[rows: 0..<h]` are the first h.
  public subscript(rows range: Range<Int>) -> Matrix {
    get {
      checkRange(range, within: rows, "rows")
      return Matrix(
        uncheckedRows: range.count, columns: columns,
        storage: Array(storage[range.lowerBound * columns..<range.upperBound * columns]))
    }
    set {
      checkRange(range, within: rows, "rows")
      if newValue.rows != range.count || newValue.columns != columns {
        stop("rows \(range) of a \(shapeText) matrix take a \(range.count) × \(columns) one, not \(newValue.shapeText)")
      }
      storage.replaceSubrange(range.lowerBound * columns..<range.upperBound * columns, with: newValue.storage)
    }
  }

  /// The columns of a range: `a[columns: 0..<h]` are the first h.
  public subscript(columns range: Range<Int>) -> Matrix {
    get {
      checkRange(range, within: columns, "columns")
      var part: [Double] = []
      part.reserveCapacity(rows * range.count)
      for row in 0..<rows {
        part += storage[row * columns + range.lowerBound..<row * columns + range.upperBound]
      }
      return Matrix(uncheckedRows: rows, columns: range.count, storage: part)
    }
    set {
      checkRange(range, within: columns, "columns")
      if newValue.rows != rows || newValue.columns != range.count {
        stop("columns \(range) of a \(shapeText) matrix take a \(rows) × \(range.count) one, not \(newValue.shapeText)")
      }
      for row in 0..<rows {
        for column in 0..<range.count {
          storage[row * columns + range.lowerBound + column] = newValue.storage[row * range.count + column]
        }
      }
    }
  }

  private func checkRange(_ range: Range<Int>, within count: Int, _ word: String) {
    if range.lowerBound < 0 || range.upperBound > count {
      stop("Index out of range: \(word) \(range) of a \(shapeText) matrix, which has \(word) 0..<\(count)")
    }
  }

  /// Splits into `count` matrices with equally many rows, from the top: the inverse of `stacked`.
  public func splitRows(_ count: Int) -> [Matrix] {
    if count < 1 || rows % count != 0 { stop("the \(rows) rows of a \(shapeText) matrix do not split into \(count)") }
    let height = rows / count
    return (0..<count).map { self[rows: $0 * height..<($0 + 1) * height] }
  }

  /// Splits into `count` matrices with equally many columns, from the left: the inverse of `beside`.
  public func splitColumns(_ count: Int) -> [Matrix] {
    if count < 1 || columns % count != 0 {
      stop("the \(columns) columns of a \(shapeText) matrix do not split into \(count)")
    }
    let width = columns / count
    return (0..<count).map { self[columns: $0 * width..<($0 + 1) * width] }
  }

  /// Matrices with equally many rows, side by side from left to right.
  public static func beside(_ parts: Matrix...) -> Matrix {
    let first = parts.first ?? .notSet
    for part in parts where part.rows != first.rows {
      stop("beside", first, part, "side by side they need equally many rows")
    }
    var result = Matrix(rows: first.rows, columns: parts.reduce(0) { $0 + $1.columns }, repeating: 0)
    var column = 0
    for part in parts {
      result[columns: column..<column + part.columns] = part
      column += part.columns
    }
    return result
  }

  /// Matrices with equally many columns, one above the other from the top.
  public static func stacked(_ parts: Matrix...) -> Matrix {
    let first = parts.first ?? .notSet
    for part in parts where part.columns != first.columns {
      stop("stacked", first, part, "one above the other they need equally many columns")
    }
    return Matrix(
      uncheckedRows: parts.reduce(0) { $0 + $1.rows }, columns: first.columns, storage: parts.flatMap(\.storage))
  }

  /// The rows added up: a 1 × C from an R × C. In a rows sheet this is the sum over the batch.
  public func sumOverRows() -> Matrix {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { sums[column] += storage[row * columns + column] }
    }
    return Matrix(uncheckedRows: 1, columns: columns, storage: sums)
  }

  /// The columns added up: an R × 1 from an R × C. In a columns sheet this is the sum over the batch.
  public func sumOverColumns() -> Matrix {
    var sums = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      for column in 0..<columns { sums[row] += storage[row * columns + column] }
    }
    return Matrix(uncheckedRows: rows, columns: 1, storage: sums)
  }
}
