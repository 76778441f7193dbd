// The gradients of a model against differences of its loss, for authors of sheets.

import CellKit
import Recurrence
public import Sheets

extension SheetModel {
  /// How far the gradients are from fourth-order central differences of the loss, parameter by parameter.
  ///
  /// Every parameter is moved along a random direction of length one. The differences have an error of about 1e-10
  /// themselves.
  public func differenceErrors(seed: UInt64) -> [(name: String, error: Double)] {
    let draw = ModelDraw(model, seed: seed, stream: 200, scale: 1)
    let gradients = model.values(draw.batch, draw.parameters, letters: draw.letters).gradients
    var generator = SeededGenerator(seed: seed, stream: 78)
    return zip(model.parameters, gradients).enumerated().map { index, item in
      let (quantity, gradient) = item
      var direction = gradient.map { _ in generator.normal() }
      direction = direction / direction.frobeniusNorm
      func loss(_ step: Double) -> Double {
        var moved = draw.parameters
        moved[index] += step * direction
        return model.values(draw.batch, moved, letters: draw.letters, wantsGradients: false).loss
      }
      let step = 5e-3
      let measured = (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step))) / (12 * step)
      let claimed = (gradient .* direction).elements.reduce(0, +)
      return (quantity.swift, abs(measured - claimed) / Swift.max(abs(measured), abs(claimed), 1e-6))
    }
  }
}
