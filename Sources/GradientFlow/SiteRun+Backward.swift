// Gradients of single units backward: Uᵀδ is a gaussian process in time, independent of the forward ones.

import LinearAlgebra
import Recurrence

extension SiteRun {
  /// For each state, the mean square of the gradient at the steps 0…T; nil where it is not finite.
  func backward() -> [[Double]]? {
    let states = graph.results.prefix(theory.cell.quantities.states.count)
    var squares = states.map { _ in [Double](repeating: 0, count: steps + 1) }
    var carried = states.map { [Double](repeating: 0, count: width($0)) }
    let adjoints = Entries.allocate(capacity: max(1, plan.size))
    adjoints.initialize(repeating: 0, count: max(1, plan.size))
    defer { adjoints.deallocate() }
    var paths = Paths(steps: steps)
    var loss: [Double]?
    let seen = Experiment.observedState(of: theory.cell)
    let variant = theory.experiment.variant
    var limit = Double.infinity
    for step in stride(from: steps, through: 1, by: -1) {
      adjoints.update(repeating: 0, count: plan.size)
      for (state, node) in states.enumerated() {
        guard let target = place(node, in: adjoints) else { continue }
        BLAS.add(1, carried[state], to: target, carried[state].count)
        guard state == seen, step == steps || variant.hasLossAtEveryStep else { continue }
        // Only the mean square matters; signs have it without a sampling error.
        for unit in carried[state].indices { target[unit] += generator.next() & 1 == 0 ? 1 : -1 }
        guard step == steps else { continue }
        loss = Array(UnsafeBufferPointer(start: target, count: carried[state].count))
        if let clip = variant.clip { limit = clip * clip * Double(carried[state].count) / Double(SiteTheory.sites) }
      }
      for edge in graph.contributions where theory.needed[edge.source] && theory.needed[edge.target] {
        guard let adjoint = place(edge.source, in: adjoints) else { continue }
        if let use = uses[edge.source] {
          if edge.target == use.vector { pullBackProduct(use, adjoint, adjoints, loss, &paths) }
        } else if place(edge.target, in: adjoints) != nil {
          plan.pullBack(edge, block(step), adjoints)
        }
      }
      for (state, node) in states.enumerated() {
        if let result = place(node, in: adjoints) { squares[state][step] = meanSquare(result, carried[state].count) }
        guard let previous = graph.previous[state], let source = place(previous, in: adjoints) else {
          carried[state] = [Double](repeating: 0, count: carried[state].count)
          continue
        }
        carried[state] = Array(UnsafeBufferPointer(start: source, count: carried[state].count))
      }
      let total = carried.reduce(0.0) { $0 + meanSquare($1, $1.count) }
      if total > limit {
        let factor = (limit / total).squareRoot()
        for state in carried.indices { for unit in carried[state].indices { carried[state][unit] *= factor } }
      }
    }
    for state in states.indices { squares[state][0] = meanSquare(carried[state], carried[state].count) }
    return squares.joined().allSatisfy(\.isFinite) ? squares : nil
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
