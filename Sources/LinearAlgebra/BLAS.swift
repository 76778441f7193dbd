// Products and sums of dense blocks; this file and `LAPACK.swift` are the only ones that know OpenBLAS.

import CBLAS

/// The BLAS, on stretches of memory that the caller keeps alive.
package enum BLAS {
  /// One thread a call: runs side by side use the cores, and sums come out the same however many there are.
  package static let singleThread: Void = openblas_set_num_threads(1)

  /// A matrix in memory, row by row: entry (r, c) is at `r * stride + c`.
  package struct Block {
    package let start: UnsafePointer<Double>
    package let stride: Int
    /// Whether its transpose is meant.
    package let isTransposed: Bool

    package init(_ start: UnsafePointer<Double>, stride: Int, isTransposed: Bool = false) {
      self.start = start
      self.stride = stride
      self.isTransposed = isTransposed
    }
  }

  /// C = factor · op(A) op(B), or added to C.
  ///
  /// - Parameters:
  ///   - rows: the rows of C.
  ///   - columns: the columns of C.
  ///   - inner: over how many the sums run.
  package static func multiply(
    _ a: Block, _ b: Block, into c: UnsafeMutablePointer<Double>, stride: Int, rows: Int, columns: Int, inner: Int,
    factor: Double = 1, adding: Bool = false
  ) {
    guard rows > 0, columns > 0, inner > 0 else { return }
    if rows == 1, !a.isTransposed {
      // A vector, for which the general product takes longer to begin than to compute.
      cblas_dgemv(
        CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans, blasint(b.isTransposed ? columns : inner),
        blasint(b.isTransposed ? inner : columns), factor, b.start, blasint(b.stride), a.start, 1, adding ? 1 : 0, c, 1)
      return
    }
    cblas_dgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), factor, a.start, blasint(a.stride), b.start, blasint(b.stride),
      adding ? 1 : 0, c, blasint(stride))
  }

  /// ⟨a, b⟩
  package static func inner(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    cblas_ddot(blasint(count), a, 1, b, 1)
  }

  /// target += factor · source
  package static func add(
    _ factor: Double, _ source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    cblas_daxpy(blasint(count), factor, source, 1, target, 1)
  }

  /// target = factor · A v, or added to it.
  ///
  /// - Parameters:
  ///   - rows: the rows of A as it lies in memory.
  ///   - columns: the columns of A as it lies in memory.
  package static func multiply(
    _ a: Block, rows: Int, columns: Int, vector: UnsafePointer<Double>, factor: Double = 1,
    into target: UnsafeMutablePointer<Double>, adding: Bool = false
  ) {
    guard rows > 0, columns > 0 else { return }
    cblas_dgemv(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), factor, a.start,
      blasint(a.stride), vector, 1, adding ? 1 : 0, target, 1)
  }
}
