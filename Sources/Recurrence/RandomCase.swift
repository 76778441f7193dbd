// Fresh numbers for a cell, from a seed.

import CellKit

extension Cell {
  /// A random case: parameters of a size that keeps pre-activations moderate, inputs, initial states and upstreams
  /// of size about one, an upstream on every output at every step.
  ///
  /// Many mistakes show only where initial states and every upstream are there (mistakes 2, 10, 14, 42).
  public func randomCase(_ sizes: Sizes, seed: UInt64, stream: UInt64 = 0) -> Case {
    var generator = SeededGenerator(seed: seed, stream: stream)
    func draw(_ shape: Shape, scale: Double) -> Matrix {
      let (rows, columns) = sizes.storage(shape, layout)
      return Matrix(
        rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in scale * generator.normal() })
    }
    let parameters = quantities.parameters.map { quantity in
      switch quantity.shape.axes {
      case .matrix(let rows, let columns):
        // What is summed over has the size of the axis that the product takes away.
        let inner = (layout == .columns ? columns : rows).value(sizes.letters)
        return draw(quantity.shape, scale: 0.9 / Double(max(1, inner)).squareRoot())
      default: return draw(quantity.shape, scale: 0.5)
      }
    }
    let inputs = quantities.inputs.map { quantity in (0..<sizes.steps).map { _ in draw(quantity.shape, scale: 1) } }
    let initial = quantities.states.map { draw($0.shape, scale: 0.8) }
    let upstream = quantities.results.map { quantity in
      (0..<sizes.steps).map { _ in Optional(draw(quantity.shape, scale: 1)) }
    }
    return Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream)
  }
}
