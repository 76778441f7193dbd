// Singular values of long products of matrices, the tiny ones too.

import LinearAlgebra

/// A matrix as B D T: D diagonal with entries of any size, T well conditioned.
///
/// Multiplying matrices loses whatever is 1e-16 of the largest entry; kept like this the product of any number of them has
/// all its singular values to many digits (the "UDT" stratification of Loh et al. 1989; Bauer 2020, arXiv 2003.05286).
struct GradedProduct {
  private(set) var scales: [Double]
  private(set) var right: ColumnMatrix

  /// The identity.
  init(size: Int) {
    scales = [Double](repeating: 1, count: size)
    right = .identity(size)
  }

  /// Factors B D T with a new B as Q D' T' with Q orthonormal columns.
  ///
  /// - Returns: Q.
  mutating func absorb(_ left: ColumnMatrix) -> ColumnMatrix {
    var scaled = left
    for column in 0..<left.columns {
      for row in 0..<left.rows { scaled[row, column] *= scales[column] }
    }
    let factors = LAPACK.pivotedQR(scaled)
    let (r, order) = (factors.r, factors.order)
    let size = left.columns
    var next = ColumnMatrix(rows: size, columns: size)
    // T'[i, :] = Σ_j R[i, j] / D'[i] · T[order[j], :]
    for column in 0..<size {
      for row in 0..<size where r[row, row] != 0 {
        var sum = 0.0
        for inner in row..<size { sum += r[row, inner] / r[row, row] * right[order[inner], column] }
        next[row, column] = sum
      }
    }
    scales = (0..<size).map { r[$0, $0] }
    right = next
    return factors.q
  }

  /// Singular values of B D T, the largest first.
  func singularValues(_ left: ColumnMatrix) -> [Double] {
    var copy = self
    _ = copy.absorb(left)
    // (D T)ᵀ = Tᵀ D: a well conditioned matrix times a diagonal, of which Jacobi's method gets every singular value to high
    // relative accuracy (Demmel and Veselić 1992).
    let size = copy.scales.count
    var transposed = ColumnMatrix(rows: size, columns: size)
    for column in 0..<size {
      for row in 0..<size { transposed[row, column] = copy.right[column, row] * copy.scales[column] }
    }
    guard transposed.entries.allSatisfy(\.isFinite), let values = LAPACK.singularValues(transposed) else {
      return [Double](repeating: .nan, count: size)
    }
    return values
  }
}
