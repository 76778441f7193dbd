// One sample of a call as a network: once with the true derivatives, once with those of the learner's lines.

import CellKit
import Recurrence

/// One sample of a call.
struct SampleNetwork {
  /// The network with the true derivatives.
  let truly: World
  /// The same network with the derivatives that the learner's lines give.
  let own: World
  let stated: StatedValues

  /// How many steps are run past the last one, where lines may look without any effect.
  private static let beyond = 3

  init(_ value: Case, _ sizes: Sizes, _ context: Context, _ lines: StatedDerivatives, isStep: Bool) {
    let cell = context.cell
    var longer = sizes
    longer.steps += Self.beyond
    // What goes in past the last step is of no account; it must only be there.
    var whole = cell.randomCase(longer, seed: 1)
    whole.parameters = value.parameters
    whole.initial = value.initial
    for (index, list) in value.inputs.enumerated() { whole.inputs[index].replaceSubrange(0..<list.count, with: list) }
    let truth = Tape(cell, sizes: longer, whole)
    let isLastOnly = cell.declaration.loss == .last
    let seen = Set(context.lossNodes)
    var slopes: [Int: [Matrix]] = [:]
    var arriving: [Int: [Int: Matrix]] = [:]
    for (node, list) in zip(cell.graph.results, value.upstream) {
      for (index, matrix) in list.enumerated() {
        let (rows, columns) = truth.extent(node)
        let gradient = matrix ?? .zeros(rows, columns)
        let isSeen = seen.contains(node) && (!isLastOnly || index == list.count - 1)
        if seen.contains(node) { slopes[node, default: []].append(gradient) }
        if !isSeen { arriving[node, default: [:]][index + 1] = gradient }
      }
    }
    let seeds = arriving.flatMap { node, steps in
      steps.map { Tape.Seed(node: node, step: $0.key, gradient: $0.value) }
    }
    func world() -> World {
      World(context, truth, whole, steps: sizes.steps, slopes: slopes, arriving: seeds, isLastOnly: isLastOnly)
    }
    truly = world()
    own = world()
    stated = StatedValues(lines, in: own, arriving: arriving, isStep: isStep)
    let found = stated
    own.stated = { term, environment in found.found(term, environment).map(\.value) }
  }

  /// The lines among those that were followed whose last expression, of true derivatives, is not the true derivative.
  func wrongLines(among closure: Set<Instance>, _ tolerance: Double) -> [StatedDerivative] {
    closure.compactMap { instance in
      guard let line = stated.followed[instance], let environment = line.environment(at: instance.times, of: own),
        let right = truly.evaluate(line.head, environment)
      else { return nil }
      guard let value = stated.value(of: line, environment, instance, in: truly), value.rows == right.rows,
        value.columns == right.columns, let difference = value.combined(right, { $0 - $1 })?.largest
      else { return line }
      let scale = max(truly.scale(line.body, environment), right.largest, 1e-300)
      return difference <= tolerance * scale ? nil : line
    }
  }
}

extension Case {
  /// One sample of a batch.
  func sample(_ index: Int, of cell: Cell) -> Case {
    func one(_ matrix: Matrix) -> Matrix {
      cell.layout == .columns ? matrix[columns: index..<index + 1] : matrix[rows: index..<index + 1]
    }
    return Case(
      parameters: parameters, inputs: inputs.map { $0.map(one) }, initial: initial.map(one),
      upstream: upstream.map { $0.map { $0.map(one) } })
  }
}
