// The shape of a learner's matrix, as the comments of generated Swift have it.

import Recurrence

extension CellInterface.Block {
  /// The shape of a quantity that has a column or row for every sample, such as `H × N`.
  func batchShape(_ layout: Layout) -> String {
    let features = axes.first ?? "1"
    return layout == .columns ? "\(features) × N" : "N × \(features)"
  }

  /// The shape of a parameter, such as `H × D`.
  func parameterShape(_ layout: Layout) -> String {
    switch axes.count {
    case 0: "1 × 1"
    case 1: layout == .columns ? "\(axes[0]) × 1" : "1 × \(axes[0])"
    default: axes.joined(separator: " × ")
    }
  }
}
