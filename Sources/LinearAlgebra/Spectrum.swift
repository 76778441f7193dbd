// What the experiments and the derivations ask of a matrix's spectrum.

package import CellKit
import Glibc

extension Matrix {
  /// The singular values, the largest first, as many as the shorter side is long; not a number where an entry is not finite.
  package var singularValues: [Double] {
    let count = min(rows, columns)
    guard elements.allSatisfy(\.isFinite) else { return [Double](repeating: .nan, count: count) }
    return LAPACK.singularValues(ColumnMatrix(self)) ?? [Double](repeating: .nan, count: count)
  }

  /// The largest absolute value among the eigenvalues; not a number where an entry is not finite.
  package var spectralRadius: Double {
    guard elements.allSatisfy(\.isFinite), let values = LAPACK.eigenvalues(ColumnMatrix(self)) else { return .nan }
    return values.reduce(0) { max($0, hypot($1.real, $1.imaginary)) }
  }
}
