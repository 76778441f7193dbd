// Singular values of long products of matrices, the tiny ones too.

import CellKit

/// A square matrix with columns one after the other, for factorisations.
struct ColumnMatrix {
  let rows: Int
  let columns: Int
  var entries: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    entries = [Double](repeating: 0, count: rows * columns)
  }

  static func identity(_ size: Int) -> ColumnMatrix {
    var matrix = ColumnMatrix(rows: size, columns: size)
    for index in 0..<size { matrix[index, index] = 1 }
    return matrix
  }

  subscript(row: Int, column: Int) -> Double {
    get { entries[column * rows + row] }
    set { entries[column * rows + row] = newValue }
  }
}

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
    let (q, r, order) = Self.pivotedQR(scaled)
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
    return q
  }

  /// Singular values of B D T, the largest first.
  func singularValues(_ left: ColumnMatrix) -> [Double] {
    var copy = self
    _ = copy.absorb(left)
    // (D T)ᵀ = Tᵀ D: columns of any size before a well conditioned matrix, where Jacobi's method gets every singular value
    // to high relative accuracy (Demmel and Veselić 1992).
    let size = copy.scales.count
    var transposed = ColumnMatrix(rows: size, columns: size)
    for column in 0..<size {
      for row in 0..<size { transposed[row, column] = copy.right[column, row] * copy.scales[column] }
    }
    return SingularValues.jacobi(transposed)
  }

  /// Householder's QR, the longest remaining column first.
  private static func pivotedQR(_ matrix: ColumnMatrix) -> (q: ColumnMatrix, r: ColumnMatrix, order: [Int]) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    var a = matrix.entries
    var order = Array(0..<columns)
    var r = ColumnMatrix(rows: columns, columns: columns)
    var q = ColumnMatrix(rows: rows, columns: columns)
    var reflectors = [Double](repeating: 0, count: columns)
    a.withUnsafeMutableBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return }
      for step in 0..<columns {
        let rest = rows - step
        var best = step
        var longest = -1.0
        for column in step..<columns {
          let start = a + column * rows + step
          let length = Dense.inner(start, start, rest)
          if length > longest { (best, longest) = (column, length) }
        }
        if best != step {
          for row in 0..<rows { swap(&a[best * rows + row], &a[step * rows + row]) }
          order.swapAt(best, step)
          for row in 0..<step {
            let kept = r[row, best]
            r[row, best] = r[row, step]
            r[row, step] = kept
          }
        }
        let column = a + step * rows + step
        let length = frobeniusNorm(UnsafeBufferPointer(start: column, count: rest))
        guard length > 0 else { continue }
        let first = column[0]
        let head = first < 0 ? first - length : first + length
        column[0] = head
        // H = I − v vᵀ / β with vᵀv = 2 β; entries are scaled so that tiny columns do not underflow.
        for row in 0..<rest { column[row] /= length }
        let beta = abs(head) / length
        reflectors[step] = beta
        r[step, step] = first < 0 ? length : -length
        for other in (step + 1)..<max(columns, step + 1) {
          let target = a + other * rows + step
          Dense.add(-Dense.inner(column, target, rest) / beta, column, to: target, rest)
          r[step, other] = target[0]
        }
      }
      for column in 0..<columns { q[column, column] = 1 }
      q.entries.withUnsafeMutableBufferPointer { entries in
        guard let q = entries.baseAddress else { return }
        for step in (0..<columns).reversed() where reflectors[step] > 0 {
          let reflector = a + step * rows + step
          for column in step..<columns {
            let target = q + column * rows + step
            Dense.add(
              -Dense.inner(reflector, target, rows - step) / reflectors[step], reflector, to: target, rows - step)
          }
        }
      }
    }
    return (q, r, order)
  }
}

/// Singular values of one matrix.
enum SingularValues {
  /// The singular values, the largest first.
  static func of(_ matrix: Matrix) -> [Double] {
    guard matrix.elements.allSatisfy(\.isFinite) else { return [.nan] }
    var upright = ColumnMatrix(rows: matrix.rows, columns: matrix.columns)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { upright[row, column] = matrix[row, column] }
    }
    return GradedProduct(size: matrix.columns).singularValues(upright)
  }

  /// One-sided Jacobi: columns are turned in pairs until all are orthogonal; their lengths are the singular values.
  static func jacobi(_ matrix: ColumnMatrix) -> [Double] {
    let (rows, columns) = (matrix.rows, matrix.columns)
    var entries = matrix.entries
    guard entries.allSatisfy(\.isFinite) else { return [Double](repeating: .nan, count: columns) }
    return entries.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return [] }
      // Each column has a scale of its own: a product of two lengths may not underflow.
      var scales = [Double](repeating: 0, count: columns)
      for column in 0..<columns {
        let start = base + column * rows
        let length = frobeniusNorm(UnsafeBufferPointer(start: start, count: rows))
        scales[column] = length
        guard length > 0 else { continue }
        for row in 0..<rows { start[row] /= length }
      }
      for _ in 0..<40 {
        var didTurn = false
        for first in 0..<max(0, columns - 1) {
          for second in (first + 1)..<columns where scales[first] > 0 && scales[second] > 0 {
            let (a, b) = (base + first * rows, base + second * rows)
            let cosine = Dense.inner(a, b, rows)
            guard abs(cosine) > 1e-15 else { continue }
            didTurn = true
            var (aScale, bScale) = (scales[first], scales[second])
            turn(a, b, &aScale, &bScale, cosine, rows)
            (scales[first], scales[second]) = (aScale, bScale)
          }
        }
        guard didTurn else { break }
      }
      return scales.sorted(by: >)
    }
  }

  /// Makes two columns of unit length and their scales orthogonal.
  private static func turn(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ aScale: inout Double,
    _ bScale: inout Double, _ cosine: Double, _ count: Int
  ) {
    // With q = bScale / aScale: ζ = (q² − 1) / (2 q cos), t = sign(ζ) / (|ζ| + √(1 + ζ²)), as Hestenes 1958.
    let ratio = bScale / aScale
    let zeta = (ratio - 1 / ratio) / (2 * cosine)
    let (c, first, second): (Double, Double, Double)
    if abs(zeta) > 1e8 {
      // The tangent is 1 / (2 ζ) to the last digit; its quotient with the ratio is formed without the tangent itself,
      // which may underflow.
      (c, first, second) = ratio < 1 ? (1, ratio * ratio * -cosine, -cosine) : (1, cosine, cosine / (ratio * ratio))
    } else {
      let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
      c = 1 / (1 + tangent * tangent).squareRoot()
      (first, second) = (c * tangent * ratio, c * tangent / ratio)
    }
    // In units of each scale: a ← c a − s q b, b ← (s / q) a + c b; both parts stay of the size of what they change.
    for index in 0..<count {
      let (x, y) = (a[index], b[index])
      a[index] = c * x - first * y
      b[index] = second * x + c * y
    }
    for (column, isFirst) in [(a, true), (b, false)] {
      let length = Dense.inner(column, column, count).squareRoot()
      guard length > 0 else { continue }
      for index in 0..<count { column[index] /= length }
      if isFirst { aScale *= length } else { bScale *= length }
    }
  }
}
