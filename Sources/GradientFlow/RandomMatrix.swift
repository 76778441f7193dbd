// Random square matrices: gaussian, orthogonal, scaled to a spectral radius.

import CellKit
import LinearAlgebra
import Recurrence

/// Draws the matrices of an experiment.
enum RandomMatrix {
  /// Entries from N(0, deviation²).
  static func gaussian(_ rows: Int, _ columns: Int, deviation: Double, _ generator: inout SeededGenerator) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in deviation * generator.normal() })
  }

  /// A matrix from the Haar measure of the orthogonal group: the orthonormal factor of a gaussian one.
  ///
  /// Its R has a positive diagonal, which is what the measure asks for (Mezzadri 2007, arXiv math-ph/0609050).
  static func orthogonal(_ size: Int, _ generator: inout SeededGenerator) -> Matrix {
    var gaussian = ColumnMatrix(rows: size, columns: size)
    for column in 0..<size {
      for row in 0..<size { gaussian[row, column] = generator.normal() }
    }
    let q = LAPACK.orthonormalFactor(gaussian)
    return Matrix(rows: size, columns: size, elements: (0..<size).flatMap { row in (0..<size).map { q[row, $0] } })
  }
}
