// The norms of the loss's gradient by every state at every step of one network.

import CellKit
import Recurrence

/// Runs networks of one cell and size, and keeps norms alone.
final class NormFlow {
  private let recurrence: Recurrence
  private let clip: Double?
  private let states: Int
  private let steps: Int

  /// - Parameter clip: the largest norm of the gradient by all states together that a step hands to the one before,
  ///   relative to the loss's own at the last step.
  init(_ cell: Cell, _ sizes: Sizes, clip: Double?) {
    recurrence = Recurrence(cell, sizes: sizes)
    self.clip = clip
    states = cell.quantities.states.count
    steps = sizes.steps
  }

  /// For each state, the norm at the steps 0…T.
  func curves(_ network: Case) -> [[Double]] {
    var curves = [[Double]](repeating: [Double](repeating: 0, count: steps + 1), count: states)
    recurrence.forward(network)
    var change: ((Int, inout [Matrix]) -> Void)?
    if let clip {
      let own = network.upstream.compactMap { $0[steps - 1]?.frobeniusNorm }
      let limit = clip * Self.length(own)
      // g min(1, θ/‖g‖), as Pascanu, Mikolov and Bengio 2013 (arXiv 1211.5063, algorithm 1) do with parameters' gradients.
      change = { _, carried in
        let norm = Self.length(carried.map(\.frobeniusNorm))
        guard norm > limit else { return }
        for index in carried.indices { carried[index] = carried[index] * (limit / norm) }
      }
    }
    recurrence.stateGradients(network.upstream, changing: change) { state, step, entries in
      curves[state][step] = FrobeniusNorm.of(entries)
    }
    return curves
  }

  private static func length(_ norms: [Double]) -> Double {
    norms.withUnsafeBufferPointer { FrobeniusNorm.of($0) }
  }
}
