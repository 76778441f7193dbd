// Paths of single units forward: a product with a random matrix is a gaussian process in time.

import LinearAlgebra
import Recurrence

extension SiteRun {
  func forward() {
    let parameters = parameterValues()
    var paths = Paths(steps: steps)
    // The same vector before several matrices has one covariance.
    var covariances: [Int: [Double]] = [:]
    var current = 0
    tape.forward(
      nil,
      evaluating: { index, step in
        if step != current { (covariances, current) = ([:], step) }
        guard self.theory.needed[index], let target = self.place(index, in: self.block(step)) else { return true }
        if case .parameter(let parameter) = self.nodes[index].operation {
          for (unit, value) in (parameters[parameter] ?? []).enumerated() { target[unit] = value }
        } else if let use = self.uses[index] {
          self.multiply(use, into: target, step, &paths, &covariances)
        } else if case .previous(let state) = self.nodes[index].operation {
          self.hand(state, into: target, width: self.width(index), step)
        } else {
          return false
        }
        return true
      })
  }

  /// A state as the step before left it; before the first it is zero.
  private func hand(_ state: Int, into target: Entries, width: Int, _ step: Int) {
    if step > 1, let before = place(graph.results[state], in: block(step - 1)) {
      target.update(from: before, count: width)
    } else {
      target.update(repeating: 0, count: width)
    }
  }

  /// U v at each unit: with a random matrix gaussian, with the covariance of v in time.
  private func multiply(
    _ use: CellAnatomy.MatrixUse, into target: Entries, _ step: Int, _ paths: inout Paths,
    _ covariances: inout [Int: [Double]]
  ) {
    let count = width(use.product)
    let block = block(step)
    let parts = stateParts(of: use)
    target.update(repeating: 0, count: count)
    if let identityGain = theory.identityGain {
      // Unit by unit, and what inputs add: independent from step to step.
      for (_, from) in parts {
        guard let source = place(from, in: block) else { continue }
        for unit in 0..<count { target[unit] += identityGain * source[unit % width(from)] }
      }
      let variance = inputVariance(use)
      if variance > 0 { for unit in 0..<count { target[unit] += variance.squareRoot() * generator.normal() } }
      return
    }
    if covariances[use.vector] == nil {
      var sum = [Double](repeating: 0, count: step)
      for (part, from) in parts {
        let history = paths.history(Paths.Key(node: use.vector, part: part), width: width(from))
        let scale = theory.recurrentVariance / Double(SiteTheory.sites)
        BLAS.add(1, history.append(place(from, in: block) ?? block, scale: scale), to: &sum, step)
      }
      covariances[use.vector] = sum
    }
    guard var covariance = covariances[use.vector] else { return }
    covariance[step - 1] += inputVariance(use)
    if parts.isEmpty {
      let deviation = covariance[step - 1].squareRoot()
      for unit in 0..<count { target[unit] = deviation * generator.normal() }
    } else {
      paths.process(Paths.Key(node: use.product), width: count).draw(covariance, into: target, &generator)
    }
  }

  private func inputVariance(_ use: CellAnatomy.MatrixUse) -> Double {
    let letters = theory.experiment.sizes(for: theory.cell).letters
    return use.parts.filter { $0.source == .input }
      .reduce(0) { $0 + Theory.inputVariances(theory.experiment, inputs: $1.size.value(letters)).input }
  }
}
