// Products of dense matrices and vectors; the only file here that knows BLAS.

import CBLAS
import CellKit

/// Arithmetic on plain arrays.
enum Dense {
  /// One thread a call: networks run side by side.
  static let singleThread: Void = openblas_set_num_threads(1)

  /// ⟨a, b⟩
  static func inner(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in cblas_ddot(blasint(a.count), a.baseAddress, 1, b.baseAddress, 1) }
    }
  }

  /// target += factor · source
  static func add(_ factor: Double, _ source: [Double], to target: inout [Double]) {
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        cblas_daxpy(blasint(source.count), factor, source.baseAddress, 1, target.baseAddress, 1)
      }
    }
  }

  /// ⟨a, b⟩ of two stretches of memory.
  static func inner(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    cblas_ddot(blasint(count), a, 1, b, 1)
  }

  /// target += factor · source
  static func add(
    _ factor: Double, _ source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    cblas_daxpy(blasint(count), factor, source, 1, target, 1)
  }

  /// (s A)(s B)
  static func product(_ a: Matrix, _ b: Matrix, scale: Double = 1) -> Matrix {
    var result = [Double](repeating: 0, count: a.rows * b.columns)
    let (left, right) = (a.elements, b.elements)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(a.rows), blasint(b.columns), blasint(a.columns), scale * scale,
      left, blasint(a.columns), right, blasint(b.columns), 0, &result, blasint(b.columns))
    return Matrix(rows: a.rows, columns: b.columns, elements: result)
  }

  /// result[i] = scale · ⟨row i of a, v⟩ for the first `rows` rows of a block that is `columns` wide.
  static func rows(
    _ a: UnsafePointer<Double>, _ rows: Int, _ columns: Int, times v: UnsafePointer<Double>, scale: Double,
    into result: UnsafeMutablePointer<Double>, adding: Bool
  ) {
    guard rows > 0 else { return }
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, blasint(rows), blasint(columns), scale, a, blasint(columns), v, 1, adding ? 1 : 0,
      result, 1)
  }

  /// result += Σ_i weights[i] · row i of a
  static func combine(
    _ a: UnsafePointer<Double>, _ rows: Int, _ columns: Int, weights: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    guard rows > 0 else { return }
    cblas_dgemv(
      CblasRowMajor, CblasTrans, blasint(rows), blasint(columns), 1, a, blasint(columns), weights, 1, 1, result, 1)
  }
}
