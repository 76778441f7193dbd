// A cell unrolled over T steps: plan once, then run forward and backward as often as wanted.

public import CellKit
public import Formula
import LinearAlgebra

/// A cell unrolled over T steps at given sizes, with the memory for it.
///
/// Step t's values are one block; a state enters step t + 1 by being copied there, which in the reverse pass is the
/// contribution `adjoint(h_t) += adjoint(previous h of step t + 1)`. Memory: (T + 1 or 2) blocks.
public final class Recurrence {
  /// The cell.
  public let cell: Cell
  /// A number for each letter, and T.
  public let sizes: Sizes
  let plan: StepPlan
  private let keepsAdjoints: Bool
  /// All steps as a few large operations; nil where the cell has something that this does not know.
  private let sequence: SequenceRun?
  /// The case of the last forward pass, and whether `blocks` have its values.
  private var current: Case?
  private var hasBlocks = false
  /// Every node's value, a block a step; there once somebody asks for a node.
  private lazy var blocks = Self.memory(plan.size * sizes.steps)
  private lazy var adjointBlocks = Self.memory(plan.size * (keepsAdjoints ? sizes.steps : 1))
  private var allocated: [UnsafeMutableBufferPointer<Double>] = []

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - keepsAdjoints: whether the adjoint of every node at every step stays readable after `backward`.
  public init(_ cell: Cell, sizes: Sizes, keepsAdjoints: Bool = false) {
    _ = BLAS.singleThread
    self.cell = cell
    self.sizes = sizes
    self.keepsAdjoints = keepsAdjoints
    plan = StepPlan(cell, sizes: sizes)
    sequence = keepsAdjoints ? nil : SequenceRun(cell, sizes: sizes)
  }

  deinit { for buffer in allocated { buffer.deallocate() } }

  private static func memory(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
    let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(1, count))
    buffer.initialize(repeating: 0)
    return buffer
  }

  /// The values of all nodes at a step of the last forward pass.
  func values(_ step: Int) -> Entries {
    if !hasBlocks, let current {
      hasBlocks = true
      fillBlocks(current)
    }
    return block(step)
  }

  private func block(_ step: Int) -> Entries {
    if !isMade.blocks {
      isMade.blocks = true
      allocated.append(blocks)
    }
    return blocks.baseAddress! + (step - 1) * plan.size
  }

  private var isMade = (blocks: false, adjoints: false)

  private func adjoints(_ step: Int) -> Entries {
    if !isMade.adjoints {
      isMade.adjoints = true
      allocated.append(adjointBlocks)
    }
    return adjointBlocks.baseAddress! + (keepsAdjoints ? (step - 1) * plan.size : 0)
  }

  // MARK: Forward

  /// Computes every value of every step from parameters, inputs and initial states; upstreams are not looked at.
  public func forward(_ value: Case) {
    current = value
    hasBlocks = false
    sequence?.forward(value)
  }

  private func fillBlocks(_ value: Case) {
    let graph = plan.graph
    for step in 1...sizes.steps {
      let block = block(step)
      for (index, node) in graph.parameters.enumerated() { fill(node, value.parameters[index], block) }
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
      plan.forward(block)
    }
  }

  private func fill(_ node: Int?, _ matrix: Matrix, _ block: Entries) {
    guard let node else { return }
    matrix.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      (block + plan.offsets[node]).update(from: base, count: plan.extents[node].count)
    }
  }

  /// The states and outputs at every step of the last forward pass.
  public func outputs() -> Outputs {
    if let sequence { return sequence.outputs() }
    return plan.graph.results.map { node in (1...sizes.steps).map { matrix(node, values($0)) } }
  }

  /// The value of a named quantity at a step of the last forward pass; nil if no equation defines it.
  public func value(of name: Name, at step: Int) -> Matrix? {
    plan.graph.named[name].map { matrix($0, values(step)) }
  }

  private func matrix(_ node: Int, _ block: Entries) -> Matrix {
    let extent = plan.extents[node]
    let entries = UnsafeBufferPointer(start: block + plan.offsets[node], count: extent.count)
    return Matrix(rows: extent.rows, columns: extent.columns, elements: Array(entries))
  }

  // MARK: Backward

  /// Total derivatives of the loss after `forward`, by reverse mode over the unrolled graph.
  ///
  /// - Parameters:
  ///   - upstream: the loss's own gradient by each state and output at each step (`Case.upstream`).
  ///   - recordsStates: whether the gradient by every state at the steps 0…T is kept in the result.
  public func backward(_ upstream: [[Matrix?]], recordsStates: Bool = false) -> Gradients {
    let graph = plan.graph
    var parameters = cell.quantities.parameters.map { zeros($0.shape) }
    var inputs = cell.quantities.inputs.map { [Matrix](repeating: zeros($0.shape), count: sizes.steps) }
    var carried = cell.quantities.states.map { zeros($0.shape) }
    var states = cell.quantities.states.map { [Matrix](repeating: zeros($0.shape), count: sizes.steps + 1) }
    if let sequence {
      sequence.backward(
        upstream, changing: nil, inputGradients: { inputs[$0][$1 - 1] = $2 },
        visit: { state, step, gradient, _ in
          if step == 0 { carried[state] = gradient() }
          if recordsStates { states[state][step] = gradient() }
        })
      sequence.gradients(parameters: &parameters, inputs: &inputs)
      return Gradients(parameters: parameters, inputs: inputs, initial: carried, states: recordsStates ? states : [])
    }
    carried = backwardByNode(upstream) { step, block in
      for (index, node) in graph.parameters.enumerated() {
        if let node { parameters[index] += matrix(node, block) }
      }
      for (index, node) in graph.inputs.enumerated() {
        if let node { inputs[index][step - 1] = matrix(node, block) }
      }
      if recordsStates { for index in states.indices { states[index][step] = matrix(graph.results[index], block) } }
    }
    if recordsStates { for index in carried.indices { states[index][0] = carried[index] } }
    return Gradients(parameters: parameters, inputs: inputs, initial: carried, states: recordsStates ? states : [])
  }

  /// Total gradients by the states alone after `forward`, each told as it is found; nothing is kept.
  ///
  /// - Parameters:
  ///   - upstream: the loss's own gradient by each state and output at each step (`Case.upstream`).
  ///   - changing: sees the gradients that a step hands to the states of the step before, and may change them, as
  ///     clipping does.
  ///   - visit: is told a state, a step from T to 0, and the entries of the gradient, samples one after the other.
  public func stateGradients(
    _ upstream: [[Matrix?]], changing: ((_ step: Int, _ carried: inout [Matrix]) -> Void)? = nil,
    visit: (_ state: Int, _ step: Int, _ entries: UnsafeBufferPointer<Double>) -> Void
  ) {
    let graph = plan.graph
    func bySample(_ matrix: Matrix) -> [Double] { cell.layout == .columns ? matrix.T.elements : matrix.elements }
    if let sequence {
      sequence.backward(upstream, changing: changing) { state, step, gradient, rows in
        if let rows { return visit(state, step, rows) }
        bySample(gradient()).withUnsafeBufferPointer { visit(state, step, $0) }
      }
      return
    }
    let carried = backwardByNode(upstream, changing: changing) { step, block in
      for index in cell.quantities.states.indices {
        bySample(matrix(graph.results[index], block)).withUnsafeBufferPointer { visit(index, step, $0) }
      }
    }
    for index in carried.indices { bySample(carried[index]).withUnsafeBufferPointer { visit(index, 0, $0) } }
  }

  /// The reverse pass node by node, for cells that have no plan for all steps, and where adjoints are kept.
  ///
  /// - Parameter visit: is told each step from T to 1 and the adjoints of its nodes.
  /// - Returns: the gradients by the states before the first step.
  private func backwardByNode(
    _ upstream: [[Matrix?]], changing: ((_ step: Int, _ carried: inout [Matrix]) -> Void)? = nil,
    visit: (_ step: Int, _ block: Entries) -> Void
  ) -> [Matrix] {
    let graph = plan.graph
    var carried = cell.quantities.states.map { zeros($0.shape) }
    for step in stride(from: sizes.steps, through: 1, by: -1) {
      let block = adjoints(step)
      block.update(repeating: 0, count: plan.size)
      for (index, node) in graph.results.enumerated() {
        if let own = upstream[index][step - 1] { add(own, to: node, block) }
        if index < carried.count { add(carried[index], to: node, block) }
      }
      plan.backward(values(step), block)
      visit(step, block)
      for index in carried.indices {
        carried[index] = graph.previous[index].map { matrix($0, block) } ?? zeros(cell.quantities.states[index].shape)
      }
      changing?(step, &carried)
    }
    return carried
  }

  /// Total gradients by the states after `forward`, from those that reach each state from outside its own step.
  ///
  /// Inside a step one state may feed another, as the LSTM's c_t feeds h_t: that path cannot be seen from outside a
  /// cell, so it is added here.
  ///
  /// - Parameter outside: for each state, the gradient from later steps and the loss at the steps 0…T.
  public func totalStateGradients(fromOutside outside: [[Matrix]]) -> [[Matrix]] {
    var totals = outside
    for step in 1...sizes.steps {
      let block = adjoints(step)
      block.update(repeating: 0, count: plan.size)
      for (index, list) in outside.enumerated() { add(list[step], to: plan.graph.results[index], block) }
      plan.backward(values(step), block)
      for index in outside.indices { totals[index][step] = matrix(plan.graph.results[index], block) }
    }
    return totals
  }

  private func zeros(_ shape: Shape) -> Matrix {
    let (rows, columns) = sizes.storage(shape, cell.layout)
    return .zeros(rows, columns)
  }

  private func add(_ matrix: Matrix, to node: Int, _ block: Entries) {
    let extent = plan.extents[node]
    precondition(
      matrix.rows == extent.rows && matrix.columns == extent.columns,
      "a \(matrix.rows)×\(matrix.columns) gradient for a \(extent.rows)×\(extent.columns) quantity")
    let target = block + plan.offsets[node]
    matrix.elements.withUnsafeBufferPointer { source in
      for (entry, value) in source.enumerated() { target[entry] += value }
    }
  }
}
