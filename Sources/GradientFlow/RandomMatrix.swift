// Random square matrices: gaussian, orthogonal, scaled to a spectral radius.

import CellKit
import Glibc
import Recurrence

/// Draws the matrices of an experiment.
enum RandomMatrix {
  /// Entries from N(0, deviation²).
  static func gaussian(_ rows: Int, _ columns: Int, deviation: Double, _ generator: inout SeededGenerator) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in deviation * generator.normal() })
  }

  /// A matrix from the Haar measure of the orthogonal group: Gram and Schmidt's process on a gaussian one.
  ///
  /// Its diagonal R is positive, which is what the measure asks for (Mezzadri 2007, arXiv math-ph/0609050). Each column is
  /// made orthogonal twice, which leaves rounding errors only (Kahan's "twice is enough").
  static func orthogonal(_ size: Int, _ generator: inout SeededGenerator) -> Matrix {
    var columns = (0..<size).map { _ in (0..<size).map { _ in generator.normal() } }
    columns.withUnsafeMutableBufferPointer { columns in
      for column in 0..<size {
        for _ in 0..<2 {
          for other in 0..<column {
            let overlap = Dense.inner(columns[column], columns[other])
            Dense.add(-overlap, columns[other], to: &columns[column])
          }
        }
        let length = Dense.inner(columns[column], columns[column]).squareRoot()
        for row in 0..<size { columns[column][row] /= length }
      }
    }
    return Matrix(rows: size, columns: size, elements: (0..<size).flatMap { row in columns.map { $0[row] } })
  }

  /// The largest absolute value among the eigenvalues.
  ///
  /// Gelfand's formula ‖A^m‖^(1/m) with m = 2⁴⁶ by squaring; each squaring's rounding error counts for half as much as
  /// the one before, so that about 14 digits hold. 0 for a nilpotent matrix.
  static func spectralRadius(of matrix: Matrix) -> Double {
    var power = matrix
    var logarithm = 0.0
    var weight = 1.0
    for _ in 0..<46 {
      let norm = power.frobeniusNorm
      guard norm > 0 else { return 0 }
      logarithm += weight * Glibc.log(norm)
      power = Dense.product(power, power, scale: 1 / norm)
      weight /= 2
    }
    return Glibc.exp(logarithm)
  }
}
