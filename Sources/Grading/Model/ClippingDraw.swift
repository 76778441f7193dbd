// Gradients to be clipped: longer than the limit, shorter, and tiny.

import CellKit
import Diagnosis
import Models
import Recurrence
import SubmissionHost
import Wire

/// The calls that ask a learner to clip, and what should come of them.
enum ClippingDraw {
  /// One call a draw: a gradient that is too long, one that is not, and one so small that every constant added for
  /// safety shows.
  static func batch(_ draws: [ModelDraw], _ values: [ModelValues], task: String) -> ModelJudge.Batch {
    let cases = [(scale: 1.0, share: 0.3), (1, 1.7), (1e-12, 0.5)]
    var calls: [Call] = []
    var expectations: [ModelJudge.Batch.Expectation] = []
    for (index, (draw, value)) in zip(draws, values).enumerated() {
      let (scale, share) = cases[index % cases.count]
      let blocks = value.gradients.map { scale * $0 }
      let norm = FrobeniusNorm.of(blocks)
      let limit = share * norm
      let clipped = norm > limit ? blocks.map { limit / norm * $0 } : blocks
      calls.append(.model(.modelClip, [blocks, [number(limit)]]))
      expectations.append(.init(lists: [clipped, [number(norm)]], place: { _ in draw.place(step: nil) }))
    }
    return ModelJudge.Batch(
      task: task, calls: calls, expectations: expectations, items: [[.clippedBlocks, .clippedAfter], [.clippedBefore]])
  }

  /// What is wrong with the norm of the clipped blocks; a right norm of something else is none.
  static func troubleAfter(
    _ wanted: [Matrix], _ values: [BlockValue], _ place: (Int?) -> DrawPlace
  ) -> Finding? {
    guard !values.isEmpty, values.count == wanted.count else { return .notSet }
    var blocks: [Matrix] = []
    for value in values {
      switch value {
      case .matrix(let matrix), .nonFinite(let matrix): blocks.append(matrix)
      case .notSet, .wrongStepCount: return .notSet
      }
    }
    let received = BlockValue(number(FrobeniusNorm.of(blocks)))
    return Comparison.trouble(expected: [number(FrobeniusNorm.of(wanted))], received: [received], at: place)
      ?? zip(wanted, values).lazy.compactMap { Comparison.trouble(expected: [$0], received: [$1], at: place) }.first
  }

  private static func number(_ value: Double) -> Matrix { Matrix(rows: 1, columns: 1, repeating: value) }
}
