// What stands in a model where the softmax of its scores belongs.

import CellKit
import Diagnosis
import Glibc
import Models
import Recurrence

/// The functions that are written for a softmax by mistake, each by the slip that it is.
///
/// The scores themselves are right; what is made of them shows in the loss, and in p − y, where every gradient begins.
struct ModelProbabilities {
  private static let slips: [ModelSlip] = [
    .softmaxTwice, .exponentialsOverScores, .scoresOverTheirSum, .exponentialsAlone, .sigmoidOfScores,
    .softmaxOfNegated,
  ]

  private let model: SequenceModel
  private let draws: [ModelDraw]
  private let step: ModelGradients
  /// By draw and step.
  private let scores: [[Matrix]]

  init(_ model: SequenceModel, _ draws: [ModelDraw], _ step: ModelGradients) {
    (self.model, self.draws, self.step) = (model, draws, step)
    let index = model.results.firstIndex { $0.name == model.scores.name } ?? 0
    scores = draws.map { draw in
      model.values(draw.batch, draw.parameters, letters: draw.letters, wantsGradients: false).results[index]
    }
  }

  /// Each slip with the gradients that p − y gives with it, by draw.
  var gradients: [(slip: ModelSlip, gradients: [[Matrix]])] {
    Self.slips.map { slip in
      let deltas = draws.indices.map { draw in
        let (batch, weight) = (draws[draw].batch, step.weight(on: draw))
        return scores[draw].indices.map { time in
          let difference = probabilities(slip, scores[draw][time]) - batch.targets[time]
          return Self.scale(difference, by: batch.mask[time], model.layout) * weight
        }
      }
      return (slip, step.gradients(fromScores: deltas))
    }
  }

  /// Each slip with the loss that it gives on each draw; NaN where a logarithm has no value.
  var losses: [(slip: ModelSlip, losses: [Double])] {
    Self.slips.map { slip in
      let losses = draws.indices.map { draw in
        let batch = draws[draw].batch
        return scores[draw].indices.reduce(0.0) { sum, time in
          let logarithms = probabilities(slip, scores[draw][time]).map { log($0) }
          let own = Self.scale(batch.targets[time] .* logarithms, by: batch.mask[time], model.layout)
          return sum - step.weight(on: draw) * own.elements.reduce(0, +)
        }
      }
      return (slip, losses)
    }
  }

  private func probabilities(_ slip: ModelSlip, _ scores: Matrix) -> Matrix {
    Self.bySample(scores, model.layout) { sample in
      func softmax(_ values: [Double]) -> [Double] {
        let most = values.max() ?? 0
        let powers = values.map { exp($0 - most) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
      let sum = sample.reduce(0, +)
      return switch slip {
      case .softmaxTwice: softmax(softmax(sample))
      case .exponentialsOverScores: sample.map { exp($0) / sum }
      case .scoresOverTheirSum: sample.map { $0 / sum }
      case .exponentialsAlone: sample.map { exp($0) }
      case .sigmoidOfScores: sample.map { 1 / (1 + exp(-$0)) }
      default: softmax(sample.map { -$0 })
      }
    }
  }

  /// A function of each sample.
  private static func bySample(_ matrix: Matrix, _ layout: Layout, _ body: ([Double]) -> [Double]) -> Matrix {
    let rows = layout == .rows ? matrix : matrix.T
    var elements: [Double] = []
    for row in 0..<rows.rows {
      elements += body(Array(rows.elements[row * rows.columns..<(row + 1) * rows.columns]))
    }
    let made = Matrix(rows: rows.rows, columns: rows.columns, elements: elements)
    return layout == .rows ? made : made.T
  }

  /// Each sample times its own number.
  private static func scale(_ matrix: Matrix, by factors: Matrix, _ layout: Layout) -> Matrix {
    var index = 0
    return bySample(matrix, layout) { sample in
      defer { index += 1 }
      // What does not count has no part in a sum, whatever it is.
      let factor = factors.elements[index]
      return sample.map { factor == 0 ? 0 : $0 * factor }
    }
  }
}
