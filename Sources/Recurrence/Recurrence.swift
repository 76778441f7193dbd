// A cell unrolled over T steps: plan once, then run forward and backward as often as wanted.

public import CellKit
import LinearAlgebra

/// A cell unrolled over T steps at given sizes, with the memory for it.
///
/// All steps are a few large operations where the cell has a `SequencePlan`, and run node by node on a `Tape` elsewhere.
public final class Recurrence {
  /// The cell.
  public let cell: Cell
  /// A number for each letter, and T.
  public let sizes: Sizes
  /// All steps as a few large operations; nil where the cell has something that this does not know.
  private let sequence: SequenceRun?
  private lazy var tape = Tape(cell, sizes: sizes)
  /// The case of the last forward pass, and whether `tape` has its values.
  private var current: Case?
  private var hasTape = false

  /// Plans a run.
  public init(_ cell: Cell, sizes: Sizes) {
    _ = BLAS.singleThread
    self.cell = cell
    self.sizes = sizes
    sequence = SequenceRun(cell, sizes: sizes)
  }

  /// Every value of the last forward pass.
  private var filledTape: Tape {
    if !hasTape, let current {
      hasTape = true
      tape.forward(current)
    }
    return tape
  }

  // MARK: Forward

  /// Computes every value of every step from parameters, inputs and initial states; upstreams are not looked at.
  public func forward(_ value: Case) {
    current = value
    hasTape = false
    sequence?.forward(value)
  }

  /// The states and outputs at every step of the last forward pass.
  public func outputs() -> Outputs { sequence?.outputs() ?? filledTape.outputs }

  // MARK: Backward

  /// Total derivatives of the loss after `forward`, by reverse mode over the unrolled graph.
  ///
  /// - Parameters:
  ///   - upstream: the loss's own gradient by each state and output at each step (`Case.upstream`).
  ///   - recordsStates: whether the gradient by every state at the steps 0…T is kept in the result.
  public func backward(_ upstream: [[Matrix?]], recordsStates: Bool = false) -> Gradients {
    let graph = cell.graph
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
    let plan = filledTape.plan
    carried = backwardByNode(upstream) { step, block in
      for (index, node) in graph.parameters.enumerated() {
        if let node { parameters[index] += plan.matrix(node, block) }
      }
      for (index, node) in graph.inputs.enumerated() {
        if let node { inputs[index][step - 1] = plan.matrix(node, block) }
      }
      if recordsStates {
        for index in states.indices { states[index][step] = plan.matrix(graph.results[index], block) }
      }
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
    func bySample(_ matrix: Matrix) -> [Double] { cell.layout == .columns ? matrix.T.elements : matrix.elements }
    if let sequence {
      sequence.backward(upstream, changing: changing) { state, step, gradient, rows in
        if let rows { return visit(state, step, rows) }
        bySample(gradient()).withUnsafeBufferPointer { visit(state, step, $0) }
      }
      return
    }
    let plan = filledTape.plan
    let carried = backwardByNode(upstream, changing: changing) { step, block in
      for index in cell.quantities.states.indices {
        bySample(plan.matrix(plan.graph.results[index], block)).withUnsafeBufferPointer { visit(index, step, $0) }
      }
    }
    for index in carried.indices { bySample(carried[index]).withUnsafeBufferPointer { visit(index, 0, $0) } }
  }

  /// The reverse pass node by node, for cells that have no plan for all steps.
  private func backwardByNode(
    _ upstream: [[Matrix?]], changing: ((_ step: Int, _ carried: inout [Matrix]) -> Void)? = nil,
    visit: (_ step: Int, _ block: Entries) -> Void
  ) -> [Matrix] {
    let tape = filledTape
    return tape.reverse(
      from: sizes.steps,
      arriving: { step, adjoints in
        for (index, node) in tape.plan.graph.results.enumerated() {
          if let own = upstream[index][step - 1] { tape.plan.add(own, to: node, adjoints) }
        }
      }, changing: changing, visit: visit)
  }

  /// Total gradients by the states after `forward`, from those that reach each state from outside its own step.
  ///
  /// Inside a step one state may feed another, as the LSTM's c_t feeds h_t: that path cannot be seen from outside a
  /// cell, so it is added here.
  ///
  /// - Parameter outside: for each state, the gradient from later steps and the loss at the steps 0…T.
  public func totalStateGradients(fromOutside outside: [[Matrix]]) -> [[Matrix]] {
    var totals = outside
    let tape = filledTape
    let results = tape.plan.graph.results
    tape.reverse(
      from: sizes.steps, crossesSteps: false,
      arriving: { step, adjoints in
        for (index, list) in outside.enumerated() { tape.plan.add(list[step], to: results[index], adjoints) }
      },
      visit: { step, adjoints in
        for index in outside.indices { totals[index][step] = tape.plan.matrix(results[index], adjoints) }
      })
    return totals
  }

  private func zeros(_ shape: Shape) -> Matrix {
    let (rows, columns) = sizes.storage(shape, cell.layout)
    return .zeros(rows, columns)
  }
}
