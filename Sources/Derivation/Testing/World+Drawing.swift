// How networks are drawn: doubles that no function saturates at, and residues.

import CellKit
import Formula
import Recurrence

extension WorldOf {
  /// Sizes that tell one axis from another.
  fileprivate static func sizes(
    of cell: Cell, steps: Int, batch: Int, _ generator: inout SeededGenerator
  ) -> Sizes {
    var pool = [2, 3, 4, 5, 6, 7]
    var letters: [String: Int] = [:]
    for letter in cell.declaration.sizes.keys.sorted() where letter != "N" {
      let index = Int(generator.next() % UInt64(min(3, pool.count)))
      letters[letter] = pool.remove(at: index)
      if pool.isEmpty { pool = [8, 9, 10, 11] }
    }
    letters["N"] = batch
    return Sizes(letters, steps: steps)
  }

  /// The coefficients of a loss: for each node and step, slope and curvature by entry.
  static func loss(
    _ context: Context, _ truth: TapeOf<Number>, steps: Int, slope: () -> Number, curvature: () -> Number
  ) -> [Int: [(slope: [Number], curvature: [Number])]] {
    var slopes: [Int: [(slope: [Number], curvature: [Number])]] = [:]
    for node in context.lossNodes {
      let (rows, columns) = truth.extent(node)
      slopes[node] = (0..<steps).map { _ in
        ((0..<rows * columns).map { _ in slope() }, (0..<rows * columns).map { _ in curvature() })
      }
    }
    return slopes
  }
}

extension WorldOf<Double> {
  /// The same steps, sizes and loss with other numbers.
  convenience init(like other: World, _ value: Leaves<Double>) {
    self.init(
      other.context, Tape(other.context.cell, sizes: other.truth.sizes, value, RealFunctions.shared), value,
      steps: other.steps, slopes: other.slopes, isLastOnly: other.isLastOnly)
  }

  /// Given numbers over the steps of a truth, of which the loss sees the first ones; it is linear.
  ///
  /// - Parameters:
  ///   - slopes: the gradient of the loss by each node that it sees, one a step.
  ///   - arriving: gradients that come to other nodes as well.
  convenience init(
    _ context: Context, _ truth: Tape, _ value: Case, steps: Int, slopes: [Int: [CellKit.Matrix]],
    arriving: [Tape.Seed], isLastOnly: Bool
  ) {
    self.init(
      context, truth, Leaves(value), steps: steps,
      slopes: slopes.mapValues { list in
        list.map { (slope: $0.elements, curvature: [Double](repeating: 0, count: $0.elements.count)) }
      }, arriving: arriving, isLastOnly: isLastOnly)
  }

  /// Draws a network.
  convenience init(
    _ context: Context, steps: Int, beyond: Int, seed: UInt64, stream: UInt64, isLastOnly: Bool, batch: Int
  ) {
    let cell = context.cell
    var generator = SeededGenerator(seed: seed, stream: stream)
    let sizes = Self.sizes(of: cell, steps: steps + beyond, batch: batch, &generator)
    var scale = 1.0
    var value = Leaves(cell.randomCase(sizes, seed: seed, stream: stream &+ 100))
    var truth = Tape(cell, sizes: sizes, value, RealFunctions.shared)
    // Saturation blurs true identities.
    while truth.largestPreActivation() > 6, scale > 0.01 {
      scale *= 0.7
      value.parameters = value.parameters.map { $0.scaled(0.7) }
      value.inputs = value.inputs.map { $0.map { $0.scaled(0.8) } }
      truth = Tape(cell, sizes: sizes, value, RealFunctions.shared)
    }
    let slopes = Self.loss(
      context, truth, steps: steps, slope: { generator.normal() }, curvature: { 0.5 * generator.normal() })
    self.init(context, truth, value, steps: steps, slopes: slopes, isLastOnly: isLastOnly)
  }
}

extension WorldOf<Residue> {
  /// Draws a network of residues, with functions of its own.
  convenience init(
    _ context: Context, steps: Int, beyond: Int, seed: UInt64, stream: UInt64, isLastOnly: Bool, batch: Int
  ) {
    var generator = SeededGenerator(seed: seed, stream: stream)
    let sizes = Self.sizes(of: context.cell, steps: steps + beyond, batch: batch, &generator)
    self.init(context, sizes: sizes, steps: steps, seed: seed, stream: stream &+ 100, isLastOnly: isLastOnly)
  }

  /// Draws a network of residues with given sizes.
  convenience init(
    _ context: Context, sizes: Sizes, steps: Int, seed: UInt64, stream: UInt64, isLastOnly: Bool
  ) {
    let cell = context.cell
    var generator = SeededGenerator(seed: seed, stream: stream)
    let meaning = ResidueFunctions(key: generator.next())
    func number() -> Residue { Residue(drawnFrom: generator.next(), generator.next()) }
    func matrix(_ shape: Shape) -> Grid<Residue> {
      let (rows, columns) = sizes.storage(shape, cell.layout)
      return Grid(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in number() })
    }
    let leaves = Leaves<Residue>(
      parameters: cell.quantities.parameters.map { matrix($0.shape) },
      inputs: cell.quantities.inputs.map { quantity in (0..<sizes.steps).map { _ in matrix(quantity.shape) } },
      initial: cell.quantities.states.map { matrix($0.shape) })
    let truth = TapeOf(cell, sizes: sizes, leaves, meaning)
    let slopes = Self.loss(context, truth, steps: steps, slope: number, curvature: number)
    self.init(context, truth, leaves, steps: steps, slopes: slopes, isLastOnly: isLastOnly)
  }
}
