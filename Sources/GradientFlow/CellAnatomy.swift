// What the parameters of a cell are for, read from its graph: names mean nothing here.

import Formula
import Recurrence

/// The roles of parameters and gates.
struct CellAnatomy: Sendable {
  /// What a matrix is multiplied with, along its inner axis.
  enum Source: Sendable, Hashable {
    /// Something that depends on a state of the step before and that a later state depends on.
    case state
    /// Inputs alone.
    case input
    /// A value that no state depends on sees it, as an output layer.
    case readout
  }

  /// A matrix in its product.
  struct MatrixUse: Sendable {
    let parameter: Int
    /// The product, and the vector in it.
    let product: Int
    let vector: Int
    /// Whether the axis that is summed over is the matrix's columns, as it lies in memory.
    let sumsOverColumns: Bool
    /// The pieces of the inner axis in order.
    let parts: [(size: Dimension, source: Source)]
  }

  /// A σ that a state is multiplied with, or another term of that state's sum.
  struct Gate: Sendable, Hashable {
    /// The node of σ(a).
    let node: Int
    /// Whether what it multiplies is σ itself; otherwise 1 − σ.
    let isDirect: Bool
  }

  /// The piece of a bias that a gate sees: part `index` of `count` equal ones.
  struct BiasPart: Sendable, Hashable {
    let parameter: Int
    let index: Int
    let count: Int
    let sign: Double
  }

  let cell: Cell
  /// Nodes on which the state of the next step depends.
  let reachesStates: [Bool]
  let dependsOnState: [Bool]
  /// For each parameter with two axes, its products.
  let matrices: [[MatrixUse]]
  /// For each parameter with one axis, whether it multiplies a state by element, as a peephole does.
  let multipliesState: [Bool]
  /// The gates that keep a state: each multiplies the state of the step before within a term of the new one.
  let forgetGates: [Gate]
  /// The other gates in the sums of the same states.
  let inputGates: [Gate]

  init(_ cell: Cell) {
    self.cell = cell
    let nodes = cell.graph.nodes
    var dependsOnState = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      if case .previous = node.operation { dependsOnState[index] = true }
      if node.operands.contains(where: { dependsOnState[$0] }) { dependsOnState[index] = true }
    }
    var reaches = [Bool](repeating: false, count: nodes.count)
    for result in cell.graph.results.prefix(cell.quantities.states.count) { reaches[result] = true }
    for index in nodes.indices.reversed() where reaches[index] {
      for operand in nodes[index].operands { reaches[operand] = true }
    }
    self.dependsOnState = dependsOnState
    reachesStates = reaches

    func source(_ node: Int, in product: Int) -> Source {
      guard reaches[product] else { return .readout }
      return dependsOnState[node] ? .state : .input
    }
    func size(_ node: Int) -> Dimension {
      if case .vector(let size) = nodes[node].shape.axes { return size }
      return Dimension("1")!
    }
    matrices = cell.graph.parameters.enumerated().map { index, parameter in
      guard let parameter, case .matrix = nodes[parameter].shape.axes else { return [] }
      let carriers = Self.carriers(of: parameter, nodes)
      return nodes.indices.compactMap { product in
        guard case .product(let leftTransposed, let rightTransposed) = nodes[product].operation,
          let place = nodes[product].operands.firstIndex(where: { carriers[$0] != nil }),
          let isTurned = carriers[nodes[product].operands[place]]
        else { return nil }
        let vector = nodes[product].operands[1 - place]
        let parts: [(size: Dimension, source: Source)]
        if nodes[vector].operation == .join {
          parts = nodes[vector].operands.map { (size($0), source($0, in: product)) }
        } else {
          parts = [(size(vector), source(vector, in: product))]
        }
        return MatrixUse(
          parameter: index, product: product, vector: vector,
          sumsOverColumns: (place == 0 ? !leftTransposed : rightTransposed) != isTurned, parts: parts)
      }
    }
    multipliesState = cell.graph.parameters.map { parameter in
      guard let parameter else { return false }
      var carriers: Set<Int> = [parameter]
      for (index, node) in nodes.enumerated() where node.operation == .spread && carriers.contains(node.operands[0]) {
        carriers.insert(index)
      }
      return nodes.contains { node in
        node.operation == .hadamard && node.operands.contains(where: carriers.contains)
          && node.operands.contains { dependsOnState[$0] }
      }
    }

    var forget: [Gate] = []
    var input: [Gate] = []
    for (state, previous) in cell.graph.previous.enumerated() {
      guard let previous else { continue }
      var kept: [Gate] = []
      var others: [Gate] = []
      for term in Self.terms(of: cell.graph.results[state], nodes) {
        guard nodes[term.node].operation == .hadamard else { continue }
        let gates = nodes[term.node].operands.compactMap { Self.gate($0, nodes) }
        if nodes[term.node].operands.contains(previous) { kept += gates } else { others += gates }
      }
      guard !kept.isEmpty else { continue }
      for gate in kept where !forget.contains(gate) { forget.append(gate) }
      for gate in others where !input.contains(gate) { input.append(gate) }
    }
    forgetGates = forget
    inputGates = input.filter { gate in !forget.contains { $0.node == gate.node } }
  }

  /// The matrices that a parameter is an entry-by-entry part of, such as W − Wᵀ, and whether it stands there transposed.
  private static func carriers(of parameter: Int, _ nodes: [Node]) -> [Int: Bool] {
    var carriers = [parameter: false]
    for (index, node) in nodes.enumerated() {
      guard case .matrix = node.shape.axes, let isTurned = node.operands.lazy.compactMap({ carriers[$0] }).first else {
        continue
      }
      switch node.operation {
      case .add, .subtract, .hadamard, .affine, .maximum, .minimum, .function: carriers[index] = isTurned
      case .transpose: carriers[index] = !isTurned
      default: continue
      }
    }
    return carriers
  }

  /// The terms of a sum with their signs.
  static func terms(of node: Int, _ nodes: [Node], sign: Double = 1) -> [(node: Int, sign: Double)] {
    let value = nodes[node]
    switch value.operation {
    case .add: return value.operands.flatMap { terms(of: $0, nodes, sign: sign) }
    case .subtract:
      return terms(of: value.operands[0], nodes, sign: sign) + terms(of: value.operands[1], nodes, sign: -sign)
    case .affine(let scale, let shift) where abs(scale) == 1 && shift == 0:
      return terms(of: value.operands[0], nodes, sign: sign * scale)
    case .spread: return terms(of: value.operands[0], nodes, sign: sign)
    default: return [(node, sign)]
    }
  }

  /// A factor as a gate: σ(a), 1 − σ(a).
  private static func gate(_ node: Int, _ nodes: [Node]) -> Gate? {
    switch nodes[node].operation {
    case .function(.sigmoid): return Gate(node: node, isDirect: true)
    case .affine(scale: 1, shift: 0), .spread: return gate(nodes[node].operands[0], nodes)
    case .affine(scale: -1, shift: 1):
      return gate(nodes[node].operands[0], nodes).map { Gate(node: $0.node, isDirect: !$0.isDirect) }
    case .subtract:
      var first = nodes[node].operands[0]
      if nodes[first].operation == .spread { first = nodes[first].operands[0] }
      guard nodes[first].operation == .constant(1) else { return nil }
      return gate(nodes[node].operands[1], nodes).map { Gate(node: $0.node, isDirect: !$0.isDirect) }
    default: return nil
    }
  }

  /// The biases in a gate's pre-activation.
  func biases(of gate: Gate) -> [BiasPart] {
    let nodes = cell.graph.nodes
    func parts(_ node: Int, index: Int, count: Int, sign: Double) -> [BiasPart] {
      Self.terms(of: node, nodes, sign: sign).flatMap { term -> [BiasPart] in
        switch nodes[term.node].operation {
        case .parameter(let parameter):
          guard case .vector = nodes[term.node].shape.axes else { return [] }
          return [BiasPart(parameter: parameter, index: index, count: count, sign: term.sign)]
        case .slice(let part, let of) where count == 1:
          return parts(nodes[term.node].operands[0], index: part, count: of, sign: term.sign)
        default: return []
        }
      }
    }
    return parts(nodes[gate.node].operands[0], index: 0, count: 1, sign: 1)
  }
}
