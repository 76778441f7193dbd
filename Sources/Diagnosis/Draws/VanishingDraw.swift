// A sequence in which the gradient vanishes, down to 1e-100 of what it was: where absolute tolerances see only zeros.

import CellKit
import Glibc
package import Recurrence

extension Draw {
  /// How small the gradient gets from the last step to the first.
  package static let vanished = 1e-100
  /// What a step must leave of a gradient for no more to be changed.
  private static let rate = 1e-3
  /// The most steps a draw may take to get there; in the debugger's build of a learner's loop, 40 take milliseconds.
  private static let longest = 40

  /// A draw whose loss stands at the last step alone and whose gradient vanishes on the way to the first.
  ///
  /// The parameters are random, and then changed one by one where that makes the gradient smaller from step to step: a
  /// matrix to a ten-thousandth, which closes the roads through it, a bias by 9 up or down, which shuts a gate or opens
  /// it. That takes one or two runs over three steps for each parameter, and no knowledge of the cell.
  ///
  /// - Returns: nil where that is not enough, as for a residual cell: the identity in its Jacobian does not vanish.
  package static func vanishing(_ cell: Cell, seed: UInt64, letters: [String: Int]) -> Draw? {
    let stream: UInt64 = 90
    let short = Sizes(letters, steps: 3)
    let recurrence = Recurrence(cell, sizes: short)
    var parameters = cell.randomCase(short, seed: seed, stream: stream).parameters

    /// The gradient by the initial states over the gradient at the last step, for one step.
    func shrinking(_ parameters: [Matrix]) -> Double {
      var value = cell.randomCase(short, seed: seed, stream: stream)
      value.parameters = parameters
      value.keepLastLoss()
      recurrence.forward(value)
      let gradients = recurrence.backward(value.upstream)
      let arriving = value.upstream.compactMap { $0.last ?? nil }
      return pow(FrobeniusNorm.of(gradients.initial) / FrobeniusNorm.of(arriving), 1 / Double(short.steps))
    }

    var best = shrinking(parameters)
    // Matrices first: with the roads through them closed, only a bias that holds the gate of an open road helps. What
    // helps little is left alone, since a saturated function leaves few digits to compare.
    let biases = parameters.indices.filter { parameters[$0].rows == 1 || parameters[$0].columns == 1 }
    for index in parameters.indices.filter({ !biases.contains($0) }) + biases where best > rate {
      let now = parameters[index]
      for candidate in biases.contains(index) ? [now - 9, now + 9] : [1e-4 * now] {
        var changed = parameters
        changed[index] = candidate
        let shrunk = shrinking(changed)
        if shrunk < 0.9 * best { (best, parameters) = (shrunk, changed) }
      }
    }
    guard best < 1 else { return nil }
    // As many steps as that rate takes; where its own numbers let the longer case shrink less, a few more.
    var steps = max(Int((log(vanished) / log(best)).rounded(.up)) + 1, short.steps)
    while steps <= longest {
      let sizes = Sizes(letters, steps: steps)
      var value = cell.randomCase(sizes, seed: seed, stream: stream)
      value.parameters = parameters
      value.keepLastLoss()
      let draw = Draw(cell, sizes: sizes, value)
      let hasVanished = draw.gradients.inputs.allSatisfy {
        FrobeniusNorm.of([$0[0]]) <= vanished * FrobeniusNorm.of([$0[steps - 1]])
      }
      if hasVanished { return draw }
      steps += 2
    }
    return nil
  }
}

extension Case {
  /// Leaves a loss at the last step only.
  fileprivate mutating func keepLastLoss() {
    upstream = upstream.map { steps in
      steps.enumerated().map { step, matrix in step == steps.count - 1 ? matrix : matrix.map { .zeros(like: $0) } }
    }
  }
}
