// An edge of the way back, as the table of mistakes asks about it.

import Formula
import Recurrence

/// An edge of a cell's graph with what the rows of `Fault.Slip` ask of it.
struct EdgeSite {
  let cell: Cell
  let roads: Roads
  let edge: Contribution

  var graph: StepGraph { cell.graph }
  var node: Node { graph.nodes[edge.source] }
  var target: Node { graph.nodes[edge.target] }
  var isProductByElement: Bool { node.operation == .hadamard }
  /// A product by element, or of matrices.
  var isAnyProduct: Bool { isProductByElement || node.isProduct }
  /// The other operand of a product.
  var other: Int { cell.otherNode(of: edge) }
  var isTanh: Bool { node.operation == .function(.tanh) }
  /// Whether it goes back through σ or tanh.
  var isGate: Bool { isTanh || node.operation == .function(.sigmoid) }
  var isFunction: Bool { if case .function = node.operation { true } else { false } }
  var isSoftmax: Bool { node.operation == .softmax }
  /// Whether a value of each sample is made of one that all samples share.
  var isShared: Bool { node.shape.isBatched && !target.shape.isBatched }
  var isSpread: Bool { node.operation == .spread && isShared }

  /// Whether the other factor is a square matrix, neither operand transposed.
  var isSquareProduct: Bool {
    node.operation == .product(leftTransposed: false, rightTransposed: false) && cell.squareFactor(of: edge)
  }

  /// The operation of a product's other operand; nil where the edge is of no product.
  var otherOperation: Operation? { isAnyProduct ? graph.nodes[other].operation : nil }

  /// Whether a product's other operand is a state of the step before.
  var isOtherPrevious: Bool { if case .previous? = otherOperation { true } else { false } }

  /// Whether a product's other operand is a state that this step computes, and that the step before had too.
  var isOtherState: Bool {
    guard isAnyProduct, otherOperation != .hadamard, !isOtherPrevious else { return false }
    return cell.previous(ofState: other) != nil
  }

  /// Other quantities of a function's shape.
  var otherQuantities: [Int] {
    guard isGate else { return [] }
    return cell.quantityNodes.filter {
      $0 != edge.source && $0 != edge.target && graph.nodes[$0].shape == node.shape
    }
  }

  /// The state before the one that a function is applied to.
  var previousOfArgument: [Int] { isGate ? [cell.previous(ofState: edge.target)].compactMap(\.self) : [] }

  /// Nodes whose gradient may be taken for the one at the edge's source.
  var otherGradients: [Int] {
    let isSumIntoPrevious = node.operation == .add && graph.previous.contains(edge.target)
    return isAnyProduct || isSumIntoPrevious || isSpread ? roads.otherGradients(at: edge) : []
  }

  /// u where 1 − u belongs, and the reverse: a gate that keeps for one that writes.
  var complements: [Int] {
    guard isProductByElement else { return [] }
    if graph.nodes[other].isComplement { return [graph.nodes[other].operands[0]] }
    return [graph.nodes.firstIndex { $0.isComplement && $0.operands == [other] }].compactMap(\.self)
  }

  /// Another quantity of the same shape in the place of a product's operand; what has a row of its own is left to it.
  var otherOperands: [Int] {
    guard isAnyProduct else { return [] }
    let own = graph.nodes[other]
    var candidates: [Int]
    if case .parameter = own.operation {
      candidates = graph.parameters.compactMap(\.self)
    } else if case .parameter = target.operation {
      // What another matrix is multiplied by may have no name, as the reset state of a GRU.
      candidates = Set(cell.quantityNodes + graph.nodes.filter(\.isProduct).flatMap(\.operands)).sorted()
    } else {
      candidates = cell.quantityNodes
    }
    candidates.removeAll { $0 == other || $0 == edge.target || graph.nodes[$0].shape != own.shape }
    switch own.operation {
    case .previous(let state): candidates.removeAll { $0 == graph.results[state] }
    case .hadamard, .affine: candidates.removeAll { own.operands.contains($0) }
    default:
      if let previous = cell.previous(ofState: other) { candidates.removeAll { $0 == previous } }
    }
    return candidates
  }
}

extension Cell {
  /// A state as the step before left it, by the node that this step computes it at; nil for what is no state.
  func previous(ofState node: Int) -> Int? {
    graph.results.prefix(quantities.states.count).firstIndex(of: node).flatMap { graph.previous[$0] }
  }

  func otherNode(of edge: Contribution) -> Int { graph.nodes[edge.source].operands[1 - edge.operand] }

  /// Whether an edge goes back through a product with a square matrix.
  func squareFactor(of edge: Contribution) -> Bool {
    guard graph.nodes[edge.source].isProduct,
      case .matrix(let rows, let columns) = graph.nodes[otherNode(of: edge)].shape.axes
    else { return false }
    return rows == columns
  }

  /// The nodes that carry a name of the sheet, with those of the step before and the inputs.
  var quantityNodes: [Int] {
    Set(Array(graph.named.values) + graph.previous.compactMap(\.self) + graph.inputs.compactMap(\.self)).sorted()
  }
}
