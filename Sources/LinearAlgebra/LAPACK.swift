// Factorisations, singular values and eigenvalues.

import CBLAS

/// The LAPACK that OpenBLAS carries. Every argument is finite; a routine that does not converge gives nil.
package enum LAPACK {
  /// A = Q R with columns exchanged.
  package struct PivotedQR {
    /// Orthonormal columns: rows × columns of A.
    package let q: ColumnMatrix
    /// Upper triangular; its diagonal falls in absolute value.
    package let r: ColumnMatrix
    /// Column j of Q R is column `order[j]` of A.
    package let order: [Int]
  }

  /// QR, the longest remaining column first (dgeqp3).
  ///
  /// - Parameter matrix: at least as many rows as columns.
  package static func pivotedQR(_ matrix: ColumnMatrix) -> PivotedQR {
    precondition(matrix.rows >= matrix.columns)
    var (a, order) = (matrix, [blasint](repeating: 0, count: matrix.columns))
    var reflectors = [Double](repeating: 0, count: matrix.columns)
    var (rows, columns, info) = (blasint(matrix.rows), blasint(matrix.columns), blasint(0))
    var stride = rows
    withWorkspace { work, length in
      dgeqp3_(&rows, &columns, &a.entries, &stride, &order, &reflectors, work, length, &info)
    }
    precondition(info == 0)
    var r = ColumnMatrix(rows: matrix.columns, columns: matrix.columns)
    for column in 0..<matrix.columns {
      for row in 0...column { r[row, column] = a[row, column] }
    }
    return PivotedQR(q: orthonormal(a, reflectors), r: r, order: order.map { Int($0) - 1 })
  }

  /// The orthonormal factor of a QR whose R has a positive diagonal (dgeqrf); that makes it the only one.
  ///
  /// - Parameter matrix: square or upright, of full rank.
  package static func orthonormalFactor(_ matrix: ColumnMatrix) -> ColumnMatrix {
    precondition(matrix.rows >= matrix.columns)
    var a = matrix
    var reflectors = [Double](repeating: 0, count: matrix.columns)
    var (rows, columns, info) = (blasint(matrix.rows), blasint(matrix.columns), blasint(0))
    var stride = rows
    withWorkspace { work, length in
      dgeqrf_(&rows, &columns, &a.entries, &stride, &reflectors, work, length, &info)
    }
    precondition(info == 0)
    var q = orthonormal(a, reflectors)
    for column in 0..<matrix.columns where a[column, column] < 0 {
      for row in 0..<matrix.rows { q[row, column].negate() }
    }
    return q
  }

  private static func orthonormal(_ reflected: ColumnMatrix, _ reflectors: [Double]) -> ColumnMatrix {
    var q = reflected
    var (rows, columns, info) = (blasint(q.rows), blasint(q.columns), blasint(0))
    var (stride, count) = (rows, columns)
    withWorkspace { work, length in
      dorgqr_(&rows, &columns, &count, &q.entries, &stride, reflectors, work, length, &info)
    }
    precondition(info == 0)
    return q
  }

  /// Singular values, the largest first (dgejsv).
  ///
  /// Each is right to many digits, however small it is, where the matrix is a well conditioned one times a diagonal
  /// (Drmač and Veselić 2008); else to 1e-16 of the largest.
  package static func singularValues(_ matrix: ColumnMatrix) -> [Double]? {
    var a = matrix.rows < matrix.columns ? matrix.transposed : matrix
    guard a.columns > 0 else { return [] }
    var values = [Double](repeating: 0, count: a.columns)
    var (rows, columns, info) = (blasint(a.rows), blasint(a.columns), blasint(0))
    var (stride, strideOfU, strideOfV) = (rows, rows, columns)
    var work = [Double](repeating: 0, count: max(2 * a.rows + a.columns, 4 * a.columns + 1, 7))
    var length = blasint(work.count)
    var integers = [blasint](repeating: 0, count: max(3, a.rows + 3 * a.columns))
    // Neither U nor V; small columns are kept ("N"), the matrix as it is.
    dgejsv_(
      "C", "N", "N", "N", "N", "N", &rows, &columns, &a.entries, &stride, &values, nil, &strideOfU, nil, &strideOfV, &work,
      &length, &integers, &info, 1, 1, 1, 1, 1, 1)
    precondition(info >= 0)
    guard info == 0 else { return nil }
    // What was found are the values times work[1] / work[0], which keeps them from overflowing.
    let scale = work[0] / work[1]
    return values.map { $0 * scale }.sorted(by: >)
  }

  /// Eigenvalues of a square matrix (dgeev), in no order.
  package static func eigenvalues(_ matrix: ColumnMatrix) -> [(real: Double, imaginary: Double)]? {
    precondition(matrix.rows == matrix.columns)
    guard matrix.rows > 0 else { return [] }
    var a = matrix
    var real = [Double](repeating: 0, count: a.rows)
    var imaginary = real
    var (size, info) = (blasint(a.rows), blasint(0))
    var (stride, strideOfLeft, strideOfRight) = (size, size, size)
    withWorkspace { work, length in
      dgeev_(
        "N", "N", &size, &a.entries, &stride, &real, &imaginary, nil, &strideOfLeft, nil, &strideOfRight, work, length,
        &info, 1, 1)
    }
    precondition(info >= 0)
    return info == 0 ? Array(zip(real, imaginary)) : nil
  }

  /// Asks a routine how much memory it works best with, then runs it with that.
  private static func withWorkspace(_ routine: (UnsafeMutablePointer<Double>, UnsafePointer<blasint>) -> Void) {
    var (best, query) = (0.0, blasint(-1))
    routine(&best, &query)
    var work = [Double](repeating: 0, count: max(1, Int(best)))
    var length = blasint(work.count)
    routine(&work, &length)
  }
}
