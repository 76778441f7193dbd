// T steps of a cell in memory: one loop forward, one loop back, and everything that is asked of a cell as a call on them.

import CellKit
package import Formula
import LinearAlgebra

/// Adjoints of every node at every step, from one reverse pass.
package struct AdjointTableOf<Number: TapeNumber>: Sendable {
  let entries: [Number]
  let size: Int
}

package typealias AdjointTable = AdjointTableOf<Double>

/// A tape of doubles.
package typealias Tape = TapeOf<Double>

/// The numbers of the leaves of a cell's graph over some steps.
package struct Leaves<Number: TapeNumber> {
  /// One matrix a parameter.
  package var parameters: [Number.Matrix]
  /// For each input, its matrix at the steps 1…T.
  package var inputs: [[Number.Matrix]]
  /// For each state, its matrix before the first step.
  package var initial: [Number.Matrix]

  package init(parameters: [Number.Matrix], inputs: [[Number.Matrix]], initial: [Number.Matrix]) {
    self.parameters = parameters
    self.inputs = inputs
    self.initial = initial
  }
}

extension Leaves<Double> {
  package init(_ value: Case) {
    self.init(parameters: value.parameters, inputs: value.inputs, initial: value.initial)
  }
}

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
  private lazy var adjoints = (Self.memory(plan.size), Self.memory(plan.size))
  private var hasAdjoints = false

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

  // MARK: Reverse

  /// The one loop back: gradients flow from step `last` to step `first`.
  ///
  /// - Parameters:
  ///   - order: the steps in another order, as in a loop with a mistake.
  ///   - held: nodes at which the flow ends, for immediate derivatives.
  ///   - crossesSteps: whether the flow goes on through the states of the step before.
  ///   - arriving: adds what reaches a step from outside to its adjoints.
  ///   - stepping: goes back through a step in another way, from what has arrived to the adjoints of its leaves.
  ///   - settling: is told a node and a step once all of its adjoint has arrived there, and may change it.
  ///   - changing: sees the gradients that a step hands to the states of the step before, and may change them.
  ///   - visit: is told each step and the adjoints of its nodes.
  /// - Returns: what step `first` hands to the states before it.
  @discardableResult
  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  package func reverse(
    from last: Int, to first: Int = 1, order: [Int]? = nil, held: Set<Int> = [], crossesSteps: Bool = true,
    arriving: (_ step: Int, _ adjoints: Block) -> Void,
    stepping: ((_ step: Int, _ adjoints: Block) -> Void)? = nil,
    settling: ((_ node: Int, _ step: Int, _ adjoints: Block) -> Void)? = nil,
    changing: ((_ step: Int, _ carried: inout [Matrix]) -> Void)? = nil,
    visit: (_ step: Int, _ adjoints: Block) -> Void
  ) -> [Matrix] {
    let graph = plan.graph
    hasAdjoints = true
    var (now, before) = adjoints
    now.update(repeating: .zero, count: plan.size)
    var carried: [Matrix] = []
    for step in order ?? Array(stride(from: min(last, sizes.steps), through: first, by: -1)) {
      arriving(step, now)
      if let stepping {
        stepping(step, now)
      } else {
        plan.backward(
          block(step), now, meaning, held: held, settling: settling.map { settle in { settle($0, step, now) } })
      }
      visit(step, now)
      if changing != nil || step == first {
        carried = cell.quantities.states.indices.map { index in
          graph.previous[index].map { plan.matrix($0, now) } ?? zeros(graph.results[index])
        }
        changing?(step, &carried)
      }
      before.update(repeating: .zero, count: plan.size)
      if crossesSteps {
        for (index, node) in graph.previous.enumerated() {
          if changing != nil {
            plan.add(carried[index], to: graph.results[index], before)
          } else if let node {
            let (target, source) = (before + plan.offsets[graph.results[index]], now + plan.offsets[node])
            for entry in 0..<plan.extents[node].count { target[entry] = target[entry] + source[entry] }
          }
        }
      }
      (now, before) = (before, now)
    }
    return carried
  }

  /// A node at a step with the gradient that starts there.
  package struct Seed {
    /// The node.
    package let node: Int
    /// The step, from 1.
    package let step: Int
    /// What starts there, of the node's shape.
    package let gradient: Matrix

    /// A gradient that starts at a node of a step.
    package init(node: Int, step: Int, gradient: Matrix) {
      self.node = node
      self.step = step
      self.gradient = gradient
    }
  }

  /// A reverse pass over the steps `last`…`first`, every adjoint kept.
  ///
  /// - Parameters:
  ///   - seeds: gradients that start somewhere.
  ///   - held: nodes at which the flow ends.
  ///   - crossesSteps: whether the flow goes on through the states of the step before.
  ///   - overrides: what stands in for the adjoint of a node at a step once all of it has arrived.
  package func adjoints(
    _ seeds: [Seed], from last: Int, to first: Int = 1, held: Set<Int> = [], crossesSteps: Bool = true,
    overrides: [Int: [Int: Matrix]] = [:]
  ) -> AdjointTableOf<Number> {
    var entries = [Number](repeating: .zero, count: plan.size * sizes.steps)
    reverse(
      from: last, to: first, held: held, crossesSteps: crossesSteps,
      arriving: { step, adjoints in
        for seed in seeds where seed.step == step { plan.add(seed.gradient, to: seed.node, adjoints) }
      },
      settling: overrides.isEmpty
        ? nil
        : { node, step, adjoints in
          guard let matrix = overrides[node]?[step] else { return }
          for (entry, number) in matrix.elements.enumerated() { adjoints[self.plan.offsets[node] + entry] = number }
        },
      visit: { step, adjoints in
        entries.withUnsafeMutableBufferPointer { table in
          guard let base = table.baseAddress else { return }
          (base + (step - 1) * plan.size).update(from: adjoints, count: plan.size)
        }
      })
    return AdjointTableOf(entries: entries, size: plan.size)
  }

  /// The adjoint of a node at a step.
  package func adjoint(_ node: Int, at step: Int, in table: AdjointTableOf<Number>) -> Matrix {
    let extent = plan.extents[node]
    let start = (step - 1) * plan.size + plan.offsets[node]
    return Matrix(
      rows: extent.rows, columns: extent.columns, elements: Array(table.entries[start..<start + extent.count]))
  }

  /// The adjoint of a node that all steps share, such as a parameter: its adjoints of all steps added up.
  package func sharedAdjoint(_ node: Int, in table: AdjointTableOf<Number>) -> Matrix {
    var sum = zeros(node).elements
    for step in 1...sizes.steps {
      let start = (step - 1) * plan.size + plan.offsets[node]
      for entry in sum.indices { sum[entry] = sum[entry] + table.entries[start + entry] }
    }
    return Matrix(rows: plan.extents[node].rows, columns: plan.extents[node].columns, elements: sum)
  }

  /// A matrix of zeros in a node's shape.
  private func zeros(_ node: Int) -> Matrix {
    Matrix(filling: plan.extents[node].rows, plan.extents[node].columns, with: .zero)
  }

  /// Rows and columns of a node as it lies in memory.
  package func extent(_ node: Int) -> (rows: Int, columns: Int) {
    (plan.extents[node].rows, plan.extents[node].columns)
  }
}

extension TapeOf<Double> {
  /// Memory for a run.
  package convenience init(_ cell: Cell, sizes: Sizes) { self.init(cell, sizes: sizes, RealFunctions.shared) }

  /// Memory for a run of nodes with extents of one's own.
  package convenience init(_ cell: Cell, _ plan: StepPlan, sizes: Sizes) {
    self.init(cell, plan, sizes: sizes, RealFunctions.shared)
  }

  /// Runs a cell forward over all steps of a case.
  package convenience init(_ cell: Cell, sizes: Sizes, _ value: Case) {
    self.init(cell, sizes: sizes, Leaves(value), RealFunctions.shared)
  }

  /// Computes every value of every step of a case; of leaves that `evaluating` fills where there is none.
  package func forward(
    _ value: Case?, feeding: ((_ step: Int, _ state: [Matrix]) -> (inputs: [Matrix], state: [Matrix]))? = nil,
    evaluating: ((_ node: Int, _ step: Int) -> Bool)? = nil
  ) {
    forward(value.map { Leaves($0) }, feeding: feeding, evaluating: evaluating)
  }
}
