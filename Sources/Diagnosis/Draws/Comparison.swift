// Whether two blocks are the same numbers: relative to the block itself, with no absolute floor.

public import CellKit
import Recurrence

/// How two blocks of one shape differ.
public struct Difference: Sendable, Hashable {
  /// The norm of the difference over the larger of the two norms; 0 where both are zero, 2 at most, NaN where an entry is
  /// no finite number.
  public let relativeError: Double
  /// The entry that differs most, from 0.
  public let row: Int
  public let column: Int
  /// What the reference has there, and what the submission.
  public let expected: Double
  public let received: Double
}

/// Compares blocks.
///
/// Gradients vanish in this course. A tolerance with an absolute part (`atol`, or CS231n's 1e-8) takes zeros and wrong
/// signs for right as soon as they are small, so there is none here: a block of size 1e-100 is told from zero.
public enum Comparison {
  /// The largest relative error that counts as equal. Different orders of summation differ by some 1e-14.
  public static let tolerance = 1e-9

  /// How two blocks of one shape differ.
  public static func difference(expected: Matrix, received: Matrix) -> Difference {
    let (left, right) = (expected.elements, received.elements)
    // Scaled before squaring: the square of 1e-200 is 0.
    let scale = zip(left, right).reduce(0) { larger($0, larger(abs($1.0), abs($1.1))) }
    guard scale != 0 else { return Difference(relativeError: 0, row: 0, column: 0, expected: 0, received: 0) }
    var (sumLeft, sumRight, sumDifference) = (0.0, 0.0, 0.0)
    var worst = 0
    for index in left.indices {
      let (a, b) = (left[index] / scale, right[index] / scale)
      sumLeft += a * a
      sumRight += b * b
      sumDifference += (a - b) * (a - b)
      // What is no number differs more than any number.
      let (here, there) = (abs(left[index] - right[index]), abs(left[worst] - right[worst]))
      if here > there || (here.isNaN && !there.isNaN) { worst = index }
    }
    let error = (sumDifference / Swift.max(sumLeft, sumRight)).squareRoot()
    return Difference(
      relativeError: error, row: worst / expected.columns, column: worst % expected.columns, expected: left[worst],
      received: right[worst])
  }
}
