// Sums, differences and products by element, with a bias spread over the batch.

// `U.T * delta .* f` is `(U.T * delta) .* f`, as ⊙ binds in the sheets: looser than the product, tighter than the sum.
precedencegroup ElementwisePrecedence {
  higherThan: AdditionPrecedence
  lowerThan: MultiplicationPrecedence
  associativity: left
}

/// The product by element, ⊙.
infix operator .* : ElementwisePrecedence
/// The quotient by element.
infix operator ./ : ElementwisePrecedence
/// Multiplies the left side by element.
infix operator .*= : AssignmentPrecedence

/// What one side of an operation by element may look like beside the other.
@usableFromInline let spreadRule =
  "by element both sides have one shape, or one side is a single column (R × 1) or a single row (1 × C) of the other"

/// Computes `body` entry by entry; an R × 1, a 1 × C or a 1 × 1 side is spread over the R × C of the other.
@inline(__always)
func byElement(_ name: String, _ a: Matrix, _ b: Matrix, _ body: (Double, Double) -> Double) -> Matrix {
  let rows = max(a.rows, b.rows)
  let columns = max(a.columns, b.columns)
  // One of the two sides has the shape of the result: a column and a row do not make a matrix between them.
  let oneIsWhole = (a.rows == rows && a.columns == columns) || (b.rows == rows && b.columns == columns)
  func spreads(_ m: Matrix) -> Bool {
    (m.rows == rows || m.rows == 1) && (m.columns == columns || m.columns == 1)
  }
  if !oneIsWhole || !spreads(a) || !spreads(b) { stop(name, a, b, spreadRule) }
  let count = rows * columns
  let storage = [Double](unsafeUninitializedCapacity: count) { result, initialized in
    a.storage.withUnsafeBufferPointer { left in
      b.storage.withUnsafeBufferPointer { right in
        if left.count == count && right.count == count {
          for index in 0..<count { result[index] = body(left[index], right[index]) }
        } else {
          let (leftRow, leftColumn) = (a.rows == rows ? a.columns : 0, a.columns == columns ? 1 : 0)
          let (rightRow, rightColumn) = (b.rows == rows ? b.columns : 0, b.columns == columns ? 1 : 0)
          for row in 0..<rows {
            for column in 0..<columns {
              result[row &* columns &+ column] = body(
                left[row &* leftRow &+ column &* leftColumn], right[row &* rightRow &+ column &* rightColumn])
            }
          }
        }
      }
    }
    initialized = count
  }
  return Matrix(uncheckedRows: rows, columns: columns, storage: storage)
}

extension Matrix {
  /// The matrix with `transform` applied to every entry.
  public func map(_ transform: (Double) -> Double) -> Matrix {
    Matrix(uncheckedRows: rows, columns: columns, storage: storage.map(transform))
  }

  // MARK: Two matrices

  /// The sum; a bias (R × 1 or 1 × C) is spread over the batch.
  public static func + (a: Matrix, b: Matrix) -> Matrix { byElement("a + b", a, b) { $0 + $1 } }

  /// The difference; a bias (R × 1 or 1 × C) is spread over the batch.
  public static func - (a: Matrix, b: Matrix) -> Matrix { byElement("a - b", a, b) { $0 - $1 } }

  /// The product by element, ⊙; a side of one column or one row is spread over the other.
  public static func .* (a: Matrix, b: Matrix) -> Matrix { byElement("a .* b", a, b) { $0 * $1 } }

  /// The quotient by element; a side of one column or one row is spread over the other.
  public static func ./ (a: Matrix, b: Matrix) -> Matrix { byElement("a ./ b", a, b) { $0 / $1 } }

  /// Adds to the left side, whose shape stays.
  public static func += (a: inout Matrix, b: Matrix) { a = keepingShape("a += b", a, b, a + b) }

  /// Subtracts from the left side, whose shape stays.
  public static func -= (a: inout Matrix, b: Matrix) { a = keepingShape("a -= b", a, b, a - b) }

  /// Multiplies the left side by element; its shape stays.
  public static func .*= (a: inout Matrix, b: Matrix) { a = keepingShape("a .*= b", a, b, a .* b) }

  private static func keepingShape(_ name: String, _ a: Matrix, _ b: Matrix, _ result: Matrix) -> Matrix {
    if result.rows != a.rows || result.columns != a.columns {
      stop(name, a, b, "the left side keeps its shape, so only the right side is spread")
    }
    return result
  }

  /// Every entry with the opposite sign.
  public static prefix func - (a: Matrix) -> Matrix { a.map { -$0 } }

  // MARK: A number and a matrix

  /// A number added to every entry.
  public static func + (a: Matrix, number: Double) -> Matrix { a.map { $0 + number } }
  /// A number added to every entry.
  public static func + (number: Double, a: Matrix) -> Matrix { a.map { number + $0 } }
  /// A number subtracted from every entry.
  public static func - (a: Matrix, number: Double) -> Matrix { a.map { $0 - number } }
  /// Every entry subtracted from a number: `1 - z`.
  public static func - (number: Double, a: Matrix) -> Matrix { a.map { number - $0 } }
  /// Every entry times a number.
  public static func * (a: Matrix, number: Double) -> Matrix { a.map { $0 * number } }
  /// Every entry times a number.
  public static func * (number: Double, a: Matrix) -> Matrix { a.map { number * $0 } }
  /// Every entry divided by a number.
  public static func / (a: Matrix, number: Double) -> Matrix { a.map { $0 / number } }
  /// A number divided by every entry: `1 / (1 + exp(-a))`.
  public static func / (number: Double, a: Matrix) -> Matrix { a.map { number / $0 } }
  /// Every entry times a number.
  public static func .* (a: Matrix, number: Double) -> Matrix { a.map { $0 * number } }
  /// Every entry times a number.
  public static func .* (number: Double, a: Matrix) -> Matrix { a.map { number * $0 } }
  /// Every entry divided by a number.
  public static func ./ (a: Matrix, number: Double) -> Matrix { a.map { $0 / number } }
  /// A number divided by every entry.
  public static func ./ (number: Double, a: Matrix) -> Matrix { a.map { number / $0 } }
}
