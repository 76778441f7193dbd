// The matrix product and the transpose.

extension Matrix {
  /// The matrix product: an R × K times a K × C is an R × C.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    if a.columns != b.rows || !a.isSet {
      stop("a * b", a, b, "the left side needs as many columns as the right side has rows (by element it is .*)")
    }
    let (rows, inner, columns) = (a.rows, a.columns, b.columns)
    let storage = [Double](unsafeUninitializedCapacity: rows * columns) { result, initialized in
      result.initialize(repeating: 0)
      a.storage.withUnsafeBufferPointer { left in
        b.storage.withUnsafeBufferPointer { right in
          // Row by row over the right side, so that the inner loop runs along memory.
          for row in 0..<rows {
            for middle in 0..<inner {
              let factor = left[row &* inner &+ middle]
              for column in 0..<columns {
                result[row &* columns &+ column] += factor * right[middle &* columns &+ column]
              }
            }
          }
        }
      }
      initialized = rows * columns
    }
    return Matrix(uncheckedRows: rows, columns: columns, storage: storage)
  }

  /// The transpose: entry (r, c) of an R × C matrix becomes entry (c, r) of a C × R one.
  public var T: Matrix {
    let transposed = [Double](unsafeUninitializedCapacity: storage.count) { result, initialized in
      storage.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          for column in 0..<columns { result[column &* rows &+ row] = source[row &* columns &+ column] }
        }
      }
      initialized = storage.count
    }
    return Matrix(uncheckedRows: columns, columns: rows, storage: transposed)
  }
}
