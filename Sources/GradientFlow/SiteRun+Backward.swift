// Gradients of single units backward: Uᵀδ is a gaussian process in time, independent of the forward ones.

import CellKit
import LinearAlgebra
import Recurrence

extension SiteRun {
  /// For each state, the mean square of the gradient at the steps 0…T; nil where it is not finite.
  func backward() -> [[Double]]? {
    let states = graph.results.prefix(theory.cell.quantities.states.count)
    var squares = states.map { _ in [Double](repeating: 0, count: steps + 1) }
    var paths = Paths(steps: steps)
    var loss: [Double]?
    var limit = Double.infinity
    let carried = tape.reverse(
      from: steps,
      arriving: { step, adjoints in
        guard let (start, bound) = self.addLoss(at: step, to: adjoints) else { return }
        (loss, limit) = (start, bound)
      },
      stepping: { step, adjoints in
        self.plan.backward(
          self.block(step), adjoints,
          pull: { edge in
            guard self.theory.needed[edge.source], self.theory.needed[edge.target],
              let adjoint = self.place(edge.source, in: adjoints)
            else { return true }
            guard let use = self.uses[edge.source] else { return self.place(edge.target, in: adjoints) == nil }
            if edge.target == use.vector { self.pullBackProduct(use, adjoint, adjoints, loss, &paths) }
            return true
          })
      },
      changing: { _, carried in
        for (state, node) in states.enumerated() where carried[state].elements.count != self.plan.extents[node].count {
          carried[state] = self.plan.zeros(node)
        }
        let total = carried.reduce(0.0) { $0 + self.meanSquare($1.elements, $1.elements.count) }
        guard total > limit else { return }
        let factor = (limit / total).squareRoot()
        for state in carried.indices { carried[state] = carried[state].map { $0 * factor } }
      },
      visit: { step, adjoints in
        for (state, node) in states.enumerated() {
          if let result = self.place(node, in: adjoints) {
            squares[state][step] = self.meanSquare(result, self.width(node))
          }
        }
      })
    for state in states.indices {
      squares[state][0] = meanSquare(carried[state].elements, carried[state].elements.count)
    }
    return squares.joined().allSatisfy(\.isFinite) ? squares : nil
  }

  /// Adds what the loss sends to a step.
  ///
  /// - Returns: at the last step the gradient that starts there, and the mean square at which gradients are clipped.
  private func addLoss(at step: Int, to adjoints: Entries) -> (gradient: [Double], limit: Double)? {
    let variant = theory.experiment.variant
    let node = graph.results[Experiment.observedState(of: theory.cell)]
    guard step == steps || variant.hasLossAtEveryStep, let target = place(node, in: adjoints) else { return nil }
    let count = width(node)
    // Only the mean square matters; signs have it without a sampling error.
    for unit in 0..<count { target[unit] += generator.next() & 1 == 0 ? 1 : -1 }
    guard step == steps else { return nil }
    let limit = variant.clip.map { $0 * $0 * Double(count) / Double(SiteTheory.sites) } ?? .infinity
    return (Array(UnsafeBufferPointer(start: target, count: count)), limit)
  }

  private func meanSquare(_ entries: UnsafePointer<Double>, _ count: Int) -> Double {
    BLAS.inner(entries, entries, count) / Double(SiteTheory.sites)
  }

  /// Uᵀδ at the units of each part of the vector.
  private func pullBackProduct(
    _ use: CellAnatomy.MatrixUse, _ adjoint: Entries, _ adjoints: Entries, _ loss: [Double]?, _ paths: inout Paths
  ) {
    let count = width(use.product)
    let parts = stateParts(of: use)
    if let identityGain = theory.identityGain {
      for (_, from) in parts {
        guard let target = place(from, in: adjoints) else { continue }
        for unit in 0..<count { target[unit % width(from)] += identityGain * adjoint[unit] }
      }
      return
    }
    guard theory.recurrentVariance > 0, !parts.isEmpty else { return }
    let scale = theory.recurrentVariance / Double(SiteTheory.sites)
    let covariance = paths.history(Paths.Key(node: use.product), width: count).append(adjoint, scale: scale)
    for (part, from) in parts {
      guard let target = place(from, in: adjoints) else { continue }
      paths.process(Paths.Key(node: use.product, part: part), width: width(from), avoiding: loss)
        .draw(covariance, into: target, &generator)
    }
  }
}
