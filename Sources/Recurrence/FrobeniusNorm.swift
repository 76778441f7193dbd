// The one norm that everything is measured with.

public import CellKit

/// The square root of a sum of squares.
package enum FrobeniusNorm {
  /// The norm of some entries, scaled so that neither tiny nor huge ones are lost; NaN where one of them is.
  package static func of(_ entries: UnsafeBufferPointer<Double>) -> Double {
    // Where nothing can be lost, in one pass.
    var plain = 0.0
    for entry in entries { plain += entry * entry }
    if plain > 1e-200, plain < 1e200 { return plain.squareRoot() }
    let largest = entries.reduce(0) { larger($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    var sum = 0.0
    for entry in entries {
      let part = entry / largest
      sum += part * part
    }
    return largest * sum.squareRoot()
  }

  /// The norm of several blocks together.
  package static func of(_ blocks: [Matrix]) -> Double {
    blocks.map(\.frobeniusNorm).withUnsafeBufferPointer { of($0) }
  }
}

extension Matrix {
  /// The square root of the sum of squares, scaled so that neither tiny nor huge entries are lost; NaN where an entry is.
  public var frobeniusNorm: Double { elements.withUnsafeBufferPointer { FrobeniusNorm.of($0) } }
}
