// T steps of a cell in memory and the one loop forward; the loop back stands in Tape+Reverse.swift, and whatever else is asked
// of a cell is a call on the two.

import CellKit
package import Formula
import LinearAlgebra

/// A tape of doubles.
package typealias Tape = TapeOf<Double>

/// A cell run over some steps, its values kept, its gradients answered node by node.
///
/// A step's values are one block; a state enters the next step by being copied there, which in the reverse pass is the
/// contribution `adjoint(h_t) += adjoint(previous h of step t + 1)`.
package final class TapeOf<Number: TapeNumber> {
  package typealias Block = UnsafeMutablePointer<Number>
  package typealias Matrix = Number.Matrix

  /// The cell.
  package let cell: Cell
  /// A number for each letter, and how many steps there are.
  package let sizes: Sizes
  package let plan: StepPlan
  /// What functions mean over these numbers.
  package let meaning: Number.Meaning
  private let values: Block
  /// Adjoints of the step at hand and of the one before it.
  lazy var adjoints = (Self.memory(plan.size), Self.memory(plan.size))
  var hasAdjoints = false

  /// Memory for a run.
  package convenience init(_ cell: Cell, sizes: Sizes, _ meaning: Number.Meaning) {
    self.init(cell, StepPlan(cell, sizes: sizes), sizes: sizes, meaning)
  }

  /// Memory for a run of nodes with extents of one's own.
  package init(_ cell: Cell, _ plan: StepPlan, sizes: Sizes, _ meaning: Number.Meaning) {
    _ = BLAS.singleThread
    self.cell = cell
    self.sizes = sizes
    self.meaning = meaning
    self.plan = plan
    values = Self.memory(plan.size * sizes.steps)
  }

  /// Runs a cell forward over all steps.
  ///
  /// - Parameter chosen: nodes whose values are given and not computed, with their matrices at the steps 1…T.
  package convenience init(
    _ cell: Cell, sizes: Sizes, _ leaves: Leaves<Number>, chosen: [Int: [Matrix]] = [:], _ meaning: Number.Meaning
  ) {
    self.init(cell, sizes: sizes, meaning)
    forward(leaves, chosen: chosen)
  }

  deinit {
    values.deallocate()
    guard hasAdjoints else { return }
    adjoints.0.deallocate()
    adjoints.1.deallocate()
  }

  private static func memory(_ count: Int) -> Block {
    let entries = Block.allocate(capacity: max(1, count))
    entries.initialize(repeating: .zero, count: max(1, count))
    return entries
  }

  /// The values of all nodes at a step 1….
  package func block(_ step: Int) -> Block { values + (step - 1) * plan.size }

  // MARK: Forward

  /// Computes every value of every step.
  ///
  /// - Parameters:
  ///   - value: what the leaves are filled with; nil where `evaluating` fills them.
  ///   - chosen: nodes whose values are given and not computed.
  ///   - feeding: what a step is given in place of its own inputs and the states before it, as by a loop with a mistake.
  ///   - evaluating: fills in a node at a step in another way; returns false where it does not.
  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  package func forward(
    _ value: Leaves<Number>?, chosen: [Int: [Matrix]] = [:],
    feeding: ((_ step: Int, _ state: [Matrix]) -> (inputs: [Matrix], state: [Matrix]))? = nil,
    evaluating: ((_ node: Int, _ step: Int) -> Bool)? = nil
  ) {
    let held = Set(chosen.keys)
    for step in 1...sizes.steps {
      if let value { enter(value, step, feeding) }
      for (node, list) in chosen { fill(node, list[step - 1], block(step)) }
      plan.forward(block(step), held: held, meaning, evaluating: evaluating.map { own in { own($0, step) } })
    }
  }

  /// Fills in the leaves of a step.
  private func enter(
    _ value: Leaves<Number>, _ step: Int,
    _ feeding: ((_ step: Int, _ state: [Matrix]) -> (inputs: [Matrix], state: [Matrix]))?
  ) {
    let graph = plan.graph
    let block = block(step)
    for (node, matrix) in zip(graph.parameters, value.parameters) { fill(node, matrix, block) }
    if let feeding {
      let state = value.initial.indices.map {
        step == 1 ? value.initial[$0] : self.value(graph.results[$0], at: step - 1)
      }
      let fed = feeding(step, state)
      for (node, matrix) in zip(graph.inputs, fed.inputs) { fill(node, matrix, block) }
      for (node, matrix) in zip(graph.previous, fed.state) { fill(node, matrix, block) }
      return
    }
    for (index, node) in graph.inputs.enumerated() { fill(node, value.inputs[index][step - 1], block) }
    for (index, node) in graph.previous.enumerated() {
      guard let node else { continue }
      if step == 1 {
        fill(node, value.initial[index], block)
      } else {
        let before = self.block(step - 1) + plan.offsets[graph.results[index]]
        (block + plan.offsets[node]).update(from: before, count: plan.extents[node].count)
      }
    }
  }

  private func fill(_ node: Int?, _ matrix: Matrix, _ block: Block) {
    guard let node else { return }
    matrix.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      (block + plan.offsets[node]).update(from: base, count: plan.extents[node].count)
    }
  }

  /// The value of a node at a step 1….
  package func value(_ node: Int, at step: Int) -> Matrix { plan.matrix(node, block(step)) }

  /// The states and outputs at every step.
  package var outputs: [[Matrix]] { plan.graph.results.map { node in (1...sizes.steps).map { value(node, at: $0) } } }

  /// Rows and columns of a node as it lies in memory.
  package func extent(_ node: Int) -> (rows: Int, columns: Int) {
    (plan.extents[node].rows, plan.extents[node].columns)
  }
}
