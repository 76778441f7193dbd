// Reverse mode against differences of the forward pass: two computations that share nothing but the equations.

import CellKit
import Formula

extension Cell {
  /// How far the reverse-mode gradients are from differences of the forward pass, block by block.
  ///
  /// Every block is moved along a random direction d; the derivative of the loss ⟨upstream, outputs⟩ along d is compared
  /// with ⟨gradient, d⟩. The error is relative to the block's own norm, less what rounding alone can make. Where relu,
  /// max, min or an absolute value has a kink within every step that is tried, other numbers are drawn; a gradient that
  /// is stopped is stopped in the differences too.
  /// - Returns: the blocks by name with their relative errors; not a number where outputs or gradients are none.
  public func differenceErrors(_ sizes: Sizes, seed: UInt64) -> [(name: String, error: Double)] {
    differenceErrors(sizes, seed: seed) { _ in }
  }

  /// The same for gradients that have been changed, to see that a change is noticed.
  package func differenceErrors(
    _ sizes: Sizes, seed: UInt64, changing: (inout Gradients) -> Void
  ) -> [(name: String, error: Double)] {
    DifferenceCheck(cell: self, sizes: sizes, seed: seed).errors(changing)
  }
}

/// A derivative along a line by Ridders' method: central differences of shrinking steps, extrapolated to a step of 0.
package struct ExtrapolatedDifference {
  /// The derivative.
  package let value: Double
  /// How far the last extrapolations differ.
  package let spread: Double
  /// The smallest step that the value rests on.
  package let step: Double

  private static let ratio = 1.6
  private static let rows = 9

  /// - Parameters:
  ///   - first: the largest step.
  ///   - difference: f(x + h) − f(x − h) for a step h; nil where a kink lies between.
  /// - Returns: nil where one of the steps meets a kink.
  package init?(from first: Double, _ difference: (Double) -> Double?) {
    var step = first
    guard let start = difference(step) else { return nil }
    var last = [start / (2 * step)]
    var best = (value: last[0], spread: Double.infinity, step: step)
    for row in 1..<Self.rows {
      step /= Self.ratio
      guard let next = difference(step) else { return nil }
      var current = [next / (2 * step)]
      var factor = Self.ratio * Self.ratio
      for column in 1...row {
        current.append((factor * current[column - 1] - last[column - 1]) / (factor - 1))
        factor *= Self.ratio * Self.ratio
        let spread = max(abs(current[column] - current[column - 1]), abs(current[column] - last[column - 1]))
        if spread <= best.spread { best = (current[column], spread, step) }
      }
      // Rounding has taken over.
      if abs(current[row] - last[row - 1]) >= 2 * best.spread { break }
      last = current
    }
    (value, spread, self.step) = best
  }
}

/// Holds the gradients of a cell against differences.
private struct DifferenceCheck {
  let cell: Cell
  let sizes: Sizes
  let seed: UInt64

  /// How many cases are drawn for a block whose differences meet kinks, or do not settle.
  private static let attempts = 6
  private static let firstStep = 0.2
  /// Below this a step is as good as none.
  private static let smallestStep = 1e-5
  /// A spread of the extrapolations, relative to the block, at which a difference has settled.
  private static let settled = 1e-9

  /// A block of a case.
  private enum Block {
    case parameter(Int), input(Int), initial(Int)
  }

  /// A drawn case with its gradients.
  private struct Draw {
    let value: Case
    let gradients: Gradients
    let base: DifferenceRun
    /// What rounding makes of the loss, relative to an error of one unit in the last place everywhere.
    let rounding: Double
  }

  func errors(_ changing: (inout Gradients) -> Void) -> [(name: String, error: Double)] {
    let blocks =
      cell.quantities.parameters.enumerated().map { ($1.swift, Block.parameter($0)) }
      + cell.quantities.inputs.enumerated().map { ($1.swift, Block.input($0)) }
      + cell.quantities.states.enumerated().map { ("initial.\($1.swift)", Block.initial($0)) }
    var draws: [Draw] = []
    return blocks.map { name, block in
      var generator = SeededGenerator(seed: seed, stream: 77)
      var best = Double.infinity
      for attempt in 0..<Self.attempts {
        if attempt == draws.count { draws.append(draw(attempt, changing)) }
        guard let (error, hasSettled) = error(of: block, in: draws[attempt], &generator) else { continue }
        if hasSettled || error.isNaN { return (name, error) }
        best = min(best, error)
      }
      return (name, best)
    }
  }

  private func draw(_ attempt: Int, _ changing: (inout Gradients) -> Void) -> Draw {
    let value = cell.randomCase(sizes, seed: seed, stream: UInt64(attempt))
    let recurrence = Recurrence(cell, sizes: sizes)
    recurrence.forward(value)
    let base = DifferenceRun(cell, sizes: sizes)
    base.run(value, holding: nil)
    var gradients = recurrence.backward(value.upstream)
    changing(&gradients)
    return Draw(
      value: value, gradients: gradients, base: base,
      rounding: base.loss(value.upstream, less: nil, absolute: true))
  }

  /// The relative error of a block, and whether the differences settled; nil where kinks are everywhere.
  private func error(
    of block: Block, in draw: Draw, _ generator: inout SeededGenerator
  ) -> (error: Double, hasSettled: Bool)? {
    let gradient = self.gradient(block, draw)
    let direction = Matrix(
      rows: gradient.rows, columns: gradient.columns, elements: gradient.elements.map { _ in generator.normal() })
    let claimed = inner(gradient, direction)
    guard claimed.isFinite, draw.rounding.isFinite else { return (.nan, true) }
    let (above, below) = (DifferenceRun(cell, sizes: sizes), DifferenceRun(cell, sizes: sizes))
    func difference(_ step: Double) -> Double? {
      above.run(moved(draw.value, block, step * direction), holding: draw.base)
      below.run(moved(draw.value, block, -step * direction), holding: draw.base)
      guard above.branches == draw.base.branches, below.branches == draw.base.branches else { return nil }
      return above.loss(draw.value.upstream, less: below, absolute: false)
    }
    var step = Self.firstStep
    var best: (error: Double, spread: Double)?
    // Smaller where a kink lies within the step, and where the function bends too much for it.
    while step > Self.smallestStep {
      if let found = ExtrapolatedDifference(from: step, difference) {
        let scale = max(norm(gradient), abs(found.value))
        // Both runs are rounded, entry by entry.
        let noise = 8 * 2.220446049250313e-16 * draw.rounding / found.step
        let excess = max(0, abs(found.value - claimed) - noise)
        let error = scale > 0 ? excess / scale : 0
        if found.spread <= max(Self.settled * scale, noise) { return (error, true) }
        if best.map({ found.spread < $0.spread }) ?? true { best = (error, found.spread) }
      }
      step /= 4
    }
    return best.map { ($0.error, false) }
  }

  private func gradient(_ block: Block, _ draw: Draw) -> Matrix {
    switch block {
    case .parameter(let index): draw.gradients.parameters[index]
    case .input(let index): draw.gradients.inputs[index][0]
    case .initial(let index): draw.gradients.initial[index]
    }
  }

  private func moved(_ value: Case, _ block: Block, _ by: Matrix) -> Case {
    var moved = value
    switch block {
    case .parameter(let index): moved.parameters[index] += by
    case .input(let index): moved.inputs[index][0] += by
    case .initial(let index): moved.initial[index] += by
    }
    return moved
  }

  private func norm(_ matrix: Matrix) -> Double { inner(matrix, matrix).squareRoot() }

  private func inner(_ left: Matrix, _ right: Matrix) -> Double {
    zip(left.elements, right.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// A forward pass node by node that knows on which side of each kink it went.
private final class DifferenceRun {
  private let cell: Cell
  private let sizes: Sizes
  private let plan: StepPlan
  private let values: UnsafeMutableBufferPointer<Double>
  private let stops: Set<Int>
  /// For each entry with a kink whether it was above it, step by step.
  private(set) var branches: [Bool] = []

  init(_ cell: Cell, sizes: Sizes) {
    self.cell = cell
    self.sizes = sizes
    plan = StepPlan(cell, sizes: sizes)
    stops = Set(cell.graph.nodes.indices.filter { cell.graph.nodes[$0].operation == .stop })
    values = .allocate(capacity: max(1, plan.size * sizes.steps))
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  private func block(_ step: Int) -> Entries { values.baseAddress! + (step - 1) * plan.size }

  /// Computes all steps; what stops the gradient keeps the value that it has in another run.
  func run(_ value: Case, holding other: DifferenceRun?) {
    let graph = plan.graph
    branches = []
    for step in 1...sizes.steps {
      let block = block(step)
      func fill(_ node: Int?, _ matrix: Matrix) {
        guard let node else { return }
        for (entry, number) in matrix.elements.enumerated() { block[plan.offsets[node] + entry] = number }
      }
      for (index, node) in graph.parameters.enumerated() { fill(node, value.parameters[index]) }
      for (index, node) in graph.inputs.enumerated() { fill(node, value.inputs[index][step - 1]) }
      for (index, node) in graph.previous.enumerated() {
        guard let node else { continue }
        if step == 1 {
          fill(node, value.initial[index])
        } else {
          let before = self.block(step - 1) + plan.offsets[graph.results[index]]
          (block + plan.offsets[node]).update(from: before, count: plan.extents[node].count)
        }
      }
      if let other {
        for node in stops {
          let kept = other.block(step) + plan.offsets[node]
          (block + plan.offsets[node]).update(from: kept, count: plan.extents[node].count)
        }
      }
      plan.forward(block, held: other == nil ? [] : stops)
      noteBranches(block)
    }
  }

  private func noteBranches(_ block: Entries) {
    for node in plan.graph.nodes {
      guard node.operation.hasBranches else { continue }
      let first = block + plan.offsets[node.operands[0]]
      let second = node.operands.count > 1 ? block + plan.offsets[node.operands[1]] : nil
      for entry in 0..<plan.extents[node.operands[0]].count {
        branches.append(first[entry] - (second?[entry] ?? 0) > 0)
      }
    }
  }

  /// ⟨upstream, outputs⟩, or what it is more than in another run, entry by entry so that little is lost.
  func loss(_ upstream: [[Matrix?]], less other: DifferenceRun?, absolute: Bool) -> Double {
    var sum = 0.0
    for (result, node) in plan.graph.results.enumerated() {
      for step in 1...sizes.steps {
        guard let weights = upstream[result][step - 1] else { continue }
        let own = block(step) + plan.offsets[node]
        let base = other.map { $0.block(step) + plan.offsets[node] }
        for (entry, weight) in weights.elements.enumerated() {
          let term = weight * (own[entry] - (base?[entry] ?? 0))
          sum += absolute ? abs(term) : term
        }
      }
    }
    return sum
  }
}

extension Operation {
  /// Whether it is one function on one side of a border and another one on the other; softsign is, by its curvature.
  var hasBranches: Bool {
    switch self {
    case .function(.relu), .function(.abs), .function(.softsign), .maximum, .minimum: true
    default: false
    }
  }
}
