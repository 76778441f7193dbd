// The gradients of a model against differences of its loss, for authors of sheets.

import CellKit
import GradientFlow
import Models
import Recurrence
public import Sheets

extension SheetModel {
  /// How far the gradients are from differences of the loss, parameter by parameter, relative to each gradient's norm.
  ///
  /// Every parameter is moved along a random direction of length one.
  public func differenceErrors(seed: UInt64) -> [(name: String, error: Double)] {
    let draw = ModelDraw(model, seed: seed, stream: 200, scale: 1)
    let base = model.values(draw.batch, draw.parameters, letters: draw.letters)
    var generator = SeededGenerator(seed: seed, stream: 78)
    return zip(model.parameters, base.gradients).enumerated().map { index, item in
      let (quantity, gradient) = item
      var error = Double.infinity
      // A kink within the steps keeps the differences from settling: other directions, and smaller steps.
      for attempt in 0..<Self.attempts {
        var direction = gradient.map { _ in generator.normal() }
        direction = direction / direction.frobeniusNorm
        func loss(_ step: Double) -> Double {
          var moved = draw.parameters
          moved[index] += step * direction
          return model.values(draw.batch, moved, letters: draw.letters, wantsGradients: false).loss
        }
        let first = 0.2 / Double(1 << (3 * attempt))
        guard let found = ExtrapolatedDifference(from: first, { loss($0) - loss(-$0) }) else { continue }
        let claimed = (gradient .* direction).elements.reduce(0, +)
        let scale = Swift.max(gradient.frobeniusNorm, abs(found.value))
        guard scale.isFinite, claimed.isFinite else { return (quantity.swift, .nan) }
        let noise = 8 * 2.220446049250313e-16 * abs(base.loss) / found.step
        let excess = Swift.max(0, abs(found.value - claimed) - noise)
        error = Swift.min(error, scale > 0 ? excess / scale : 0)
        if found.spread <= Swift.max(1e-9 * scale, noise) { break }
      }
      return (quantity.swift, error)
    }
  }

  /// How many directions are tried for a parameter whose differences do not settle.
  private static let attempts = 5
}
