// The unrolled graph with every node open to questions: what a written derivation is held against.

public import CellKit
public import Diagnostics
public import Formula
import LinearAlgebra

extension Cell {
  /// The same cell with other equations, such as one with a sub-expression named, or another convention's.
  ///
  /// - Throws: the first equation that does not fit.
  public func replacingEquations(_ equations: [ForwardEquation], vocabulary: Vocabulary) throws(DiagnosticList) -> Cell
  {
    try Cell(self, equations: equations, vocabulary: vocabulary)
  }

  private init(_ cell: Cell, equations: [ForwardEquation], vocabulary: Vocabulary) throws(DiagnosticList) {
    do {
      var builder = try GraphBuilder(
        layout: cell.layout, source: cell.declaration.source, quantities: cell.quantities, constants: cell.constants,
        tensor: cell.declaration.otimes, equations: equations)
      graph = try builder.build()
    } catch { throw DiagnosticList([error]) }
    declaration = cell.declaration
    quantities = cell.quantities
    constants = cell.constants
    self.equations = equations
    self.vocabulary = vocabulary
    stack = cell.stack
  }
}

/// Adjoints of every node at every step, from one reverse pass.
public struct AdjointTable: Sendable {
  let entries: [Double]
  let size: Int

  fileprivate init(entries: [Double], size: Int) {
    self.entries = entries
    self.size = size
  }
}

/// A cell run over some steps, its values kept, its gradients answered node by node.
public final class Truth {
  /// The cell.
  public let cell: Cell
  /// A number for each letter, and how many steps were run.
  public let sizes: Sizes
  let plan: StepPlan
  private let values: UnsafeMutableBufferPointer<Double>

  /// Runs a cell forward over all steps of a case.
  public init(_ cell: Cell, sizes: Sizes, _ value: Case) {
    _ = BLAS.singleThread
    self.cell = cell
    self.sizes = sizes
    plan = StepPlan(cell, sizes: sizes)
    values = .allocate(capacity: max(1, plan.size * sizes.steps))
    values.initialize(repeating: 0)
    let graph = plan.graph
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
      plan.forward(block)
    }
  }

  deinit { values.deallocate() }

  private func block(_ step: Int) -> Entries { values.baseAddress! + (step - 1) * plan.size }

  /// The value of a node at a step 1….
  public func value(_ node: Int, at step: Int) -> Matrix {
    let extent = plan.extents[node]
    let start = (step - 1) * plan.size + plan.offsets[node]
    return Matrix(rows: extent.rows, columns: extent.columns, elements: Array(values[start..<start + extent.count]))
  }

  /// The largest absolute value that a saturating function is applied to; beyond 6 true identities blur.
  public func largestPreActivation() -> Double {
    var largest = 0.0
    for node in plan.graph.nodes {
      guard case .function(let function) = node.operation, function.curve?.saturates == true else { continue }
      let operand = node.operands[0]
      for step in 1...sizes.steps {
        let start = (step - 1) * plan.size + plan.offsets[operand]
        for entry in values[start..<start + plan.extents[operand].count] { largest = max(largest, abs(entry)) }
      }
    }
    return largest
  }

  /// The largest relative error that a derivative has which is worked out from a function's rounded value, as 1 − y² is; 1 and more
  /// where nothing is left of it.
  public func lossBySaturation() -> Double {
    var largest = 0.0
    for (index, node) in plan.graph.nodes.enumerated() {
      guard case .function(let function) = node.operation, let curve = function.curve, curve.saturates else { continue }
      for step in 1...sizes.steps {
        let base = (step - 1) * plan.size
        for entry in 0..<plan.extents[index].count {
          let value = values[base + plan.offsets[index] + entry]
          let slope = curve.slope(values[base + plan.offsets[node.operands[0]] + entry], value)
          if value != 0 { largest = larger(largest, value.ulp / slope) }
        }
      }
    }
    return largest
  }

  /// Whether every node that has a kink was seen on both sides of it.
  public func sawBothSides() -> [Int: (below: Bool, above: Bool)] {
    var seen: [Int: (below: Bool, above: Bool)] = [:]
    for (index, node) in plan.graph.nodes.enumerated() {
      let pair: (Int, Int?)
      switch node.operation {
      case .function(let function) where function.curve?.isKinked == true: pair = (node.operands[0], nil)
      case .maximum, .minimum: pair = (node.operands[0], node.operands[1])
      default: continue
      }
      var sides = (below: false, above: false)
      for step in 1...sizes.steps {
        let base = (step - 1) * plan.size
        for entry in 0..<plan.extents[pair.0].count {
          let other = pair.1.map { values[base + plan.offsets[$0] + entry] } ?? 0
          let difference = values[base + plan.offsets[pair.0] + entry] - other
          if difference > 0 { sides.above = true } else { sides.below = true }
        }
      }
      seen[index] = sides
    }
    return seen
  }

  // MARK: Reverse

  /// A node at a step with the gradient that starts there.
  public struct Seed {
    /// The node.
    public let node: Int
    /// The step, from 1.
    public let step: Int
    /// What starts there, of the node's shape.
    public let gradient: Matrix

    /// A gradient that starts at a node of a step.
    public init(node: Int, step: Int, gradient: Matrix) {
      self.node = node
      self.step = step
      self.gradient = gradient
    }
  }

  /// A reverse pass over the steps `last`…`first`.
  ///
  /// - Parameters:
  ///   - seeds: gradients that start somewhere.
  ///   - held: nodes at which the flow ends.
  ///   - crossesSteps: whether the flow goes on through the states of the step before.
  ///   - overrides: what stands in for the adjoint of a node at a step once all of it has arrived.
  public func adjoints(
    _ seeds: [Seed], from last: Int, to first: Int = 1, held: Set<Int> = [], crossesSteps: Bool = true,
    overrides: [Int: [Int: Matrix]] = [:]
  ) -> AdjointTable {
    let graph = plan.graph
    let table = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(1, plan.size * sizes.steps))
    table.initialize(repeating: 0)
    defer { table.deallocate() }
    for seed in seeds {
      let start = (seed.step - 1) * plan.size + plan.offsets[seed.node]
      for (entry, number) in seed.gradient.elements.enumerated() { table[start + entry] += number }
    }
    for step in stride(from: min(last, sizes.steps), through: first, by: -1) {
      let adjoints = table.baseAddress! + (step - 1) * plan.size
      let values = block(step)
      var current = -1
      for edge in graph.contributions {
        if edge.source != current {
          current = edge.source
          if let matrix = overrides[current]?[step] {
            for (entry, number) in matrix.elements.enumerated() { adjoints[plan.offsets[current] + entry] = number }
          }
        }
        if held.contains(edge.source) { continue }
        plan.pullBack(edge, values, adjoints)
      }
      guard crossesSteps, step > first else { continue }
      for (index, node) in graph.previous.enumerated() {
        guard let node else { continue }
        let target = table.baseAddress! + (step - 2) * plan.size + plan.offsets[graph.results[index]]
        let source = adjoints + plan.offsets[node]
        for entry in 0..<plan.extents[node].count { target[entry] += source[entry] }
      }
    }
    return AdjointTable(entries: Array(table), size: plan.size)
  }

  /// The adjoint of a node at a step.
  public func adjoint(_ node: Int, at step: Int, in table: AdjointTable) -> Matrix {
    let extent = plan.extents[node]
    let start = (step - 1) * plan.size + plan.offsets[node]
    return Matrix(
      rows: extent.rows, columns: extent.columns, elements: Array(table.entries[start..<start + extent.count]))
  }

  /// The adjoint of a node that all steps share, such as a parameter: its adjoints of all steps added up.
  public func sharedAdjoint(_ node: Int, in table: AdjointTable) -> Matrix {
    let extent = plan.extents[node]
    var sum = [Double](repeating: 0, count: extent.count)
    for step in 1...sizes.steps {
      let start = (step - 1) * plan.size + plan.offsets[node]
      for entry in 0..<extent.count { sum[entry] += table.entries[start + entry] }
    }
    return Matrix(rows: extent.rows, columns: extent.columns, elements: sum)
  }

  /// Rows and columns of a node as it lies in memory.
  public func extent(_ node: Int) -> (rows: Int, columns: Int) { (plan.extents[node].rows, plan.extents[node].columns) }
}
