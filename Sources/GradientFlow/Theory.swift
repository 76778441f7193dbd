// What theory says of the norm of the gradient, for `predicted_relative`.

import Glibc
public import Recurrence

/// A prediction of the relative norm of the loss's gradient by each state, in the limit of many units.
public enum Theory {
  /// How many steps the sampled theory goes: its work grows with the square.
  static let longestSampled = 400

  /// For each state, the predicted norm at the steps 0…T relative to that at T; nil where theory says nothing.
  ///
  /// - A simple network, one matrix between one state and the next and no other path, of any activation: `SimpleTheory`.
  /// - Anything else whose states meet matrices and element-wise operations only, as residual and gated cells: `SiteTheory`,
  ///   up to 400 steps.
  /// - A recurrent matrix that stands in two products, and states of several samples that meet (as in attention): nil.
  public static func relativeNorms(_ experiment: Experiment, of cell: Cell) -> [[Double]]? {
    let squares: [[Double]]
    if let simple = SimpleTheory(experiment, cell) {
      squares = [simple.squares()]
    } else {
      guard experiment.steps <= longestSampled, let sites = SiteTheory(experiment, cell), let found = sites.squares()
      else { return nil }
      squares = found
    }
    return squares.map { list in
      let last = list.last ?? 0
      return list.map { ($0 / last).squareRoot() }
    }
  }

  /// The variance that the entries of a recurrent matrix have, times the number that is summed over; nil for the identity,
  /// whose entries are no random numbers.
  static func recurrentVariance(_ variant: Variant) -> Double? {
    switch variant.weights {
    case .uniform(let scale): return scale * scale / 3
    case .gaussian(let gain), .orthogonal(let gain), .radius(let gain): return gain * gain
    case .identity: return nil
    }
  }

  /// The variance that standard normal inputs give a pre-activation, and the variance of a bias.
  static func inputVariances(_ experiment: Experiment, inputs: Int) -> (input: Double, bias: Double) {
    if let deviation = experiment.variant.input { return (deviation * deviation, 0) }
    guard case .uniform(let scale) = experiment.variant.weights else { return (0, 0) }
    let each = scale * scale / (3 * Double(experiment.hidden))
    return (each * Double(inputs), each)
  }
}
