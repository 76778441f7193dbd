// A block over its steps: the first thing wrong with what was received.

package import CellKit
package import Diagnosis
package import SubmissionHost

extension Comparison {
  /// The first thing wrong with a block in one draw, or nil.
  ///
  /// - Parameters:
  ///   - expected: what the reference has, one matrix a step.
  ///   - received: what the submission has, likewise.
  ///   - isBackward: whether time runs from the last step to the first, so that the last step that differs is told.
  ///   - place: where to say it was found; it is asked with a step, from 1, where there are several.
  package static func trouble(
    expected: [Matrix], received: [BlockValue], isBackward: Bool = false,
    at place: (_ step: Int?) -> DrawPlace
  ) -> Finding? {
    guard received.count == expected.count else {
      return .wrongStepCount(received: received.count, expected: expected.count, at: place(nil))
    }
    var differing: [(step: Int, difference: Difference)] = []
    for (index, (wanted, value)) in zip(expected, received).enumerated() {
      let place = place(expected.count > 1 ? index + 1 : nil)
      switch value {
      case .notSet: return .notSet
      case .wrongStepCount(let count): return .wrongStepCount(received: count, expected: expected.count, at: place)
      case .nonFinite(let matrix), .matrix(let matrix):
        guard matrix.rows == wanted.rows, matrix.columns == wanted.columns else {
          return .wrongShape(received: BlockShape(matrix), expected: BlockShape(wanted), at: place)
        }
        if let entry = matrix.elements.firstIndex(where: { !$0.isFinite }) {
          return .notFinite(
            row: entry / matrix.columns, column: entry % matrix.columns, value: matrix.elements[entry], at: place)
        }
        let difference = difference(expected: wanted, received: matrix)
        if !(difference.relativeError <= tolerance) { differing.append((index + 1, difference)) }
      }
    }
    // The step at which the block parts from the right one: the first one met on the way.
    guard let (step, difference) = isBackward ? differing.last : differing.first else { return nil }
    guard expected.count > 1 else { return .differs(difference, at: place(nil)) }
    var spot = place(step)
    spot.isBackward = isBackward
    spot.wrongSteps = differing.map(\.step)
    return .differs(difference, at: spot)
  }
}
