// Faults of the way forward in which something moves: terms across a parenthesis, factors across a product.

import Formula
import Recurrence

extension ForwardFaultList {
  // MARK: Moves across a parenthesis

  /// f(a + b + c) as f(a) + b + c, or f(a + b) + c.
  mutating func addMoves(ofParenthesisAt index: Int) {
    let node = graph.nodes[index]
    var inside = node.operands[0]
    var outside: [Int] = []
    while graph.nodes[inside].operation == .add, shape(inside) == node.shape, !graph.results.contains(inside) {
      outside.insert(graph.nodes[inside].operands[1], at: 0)
      inside = graph.nodes[inside].operands[0]
      guard outside.allSatisfy({ shape($0) == node.shape }), shape(inside) == node.shape else { return }
      var added = [Node(operation: node.operation, operands: [inside], shape: node.shape, range: node.range)]
      for term in outside.dropLast() {
        let sum = graph.nodes.count + added.count - 1
        added.append(Node(operation: .add, operands: [sum, term], shape: node.shape, range: node.range))
      }
      add(
        .termsMovedOut, index, operand: inside, detail: "\(outside.count)", adding: added,
        [
          index: Replacement(
            operation: .add, operands: [graph.nodes.count + added.count - 1, outside[outside.count - 1]])
        ])
    }
  }

  /// a + f(z) as f(z + a).
  mutating func addMoves(ofTermsAt index: Int) {
    let node = graph.nodes[index]
    guard node.operation == .add else { return }
    for position in 0...1 {
      let inner = graph.nodes[node.operands[position]]
      let term = node.operands[1 - position]
      guard case .function = inner.operation, shape(term) == node.shape, shape(inner.operands[0]) == node.shape else {
        continue
      }
      let sum = Node(operation: .add, operands: [inner.operands[0], term], shape: node.shape, range: node.range)
      add(
        .termMovedIn, index, operand: term, adding: [sum],
        [index: Replacement(operation: inner.operation, operands: [graph.nodes.count])])
    }
  }

  // MARK: Moves across a product

  /// h = o ⊙ tanh(c) as tanh(o ⊙ c), and r ⊙ (U h + b) as U (r ⊙ h) + b.
  mutating func addMoves(ofProductByElement index: Int) {
    let node = graph.nodes[index]
    let named = Set(graph.named.values)
    let next = graph.nodes.count
    for position in 0...1 {
      let (factor, inner) = (node.operands[1 - position], node.operands[position])
      let value = graph.nodes[inner]
      if case .function = value.operation, !named.contains(inner), shape(value.operands[0]) == node.shape {
        let product = Node(
          operation: .hadamard, operands: [factor, value.operands[0]], shape: node.shape, range: node.range)
        add(
          .functionMovedOut, index, operand: inner, adding: [product],
          [index: Replacement(operation: value.operation, operands: [next])])
      }
      var product = inner
      var bias: Int?
      if value.operation == .add, case .product = graph.nodes[value.operands[0]].operation {
        (product, bias) = (value.operands[0], value.operands[1])
      }
      let inside = graph.nodes[product]
      guard case .product = inside.operation,
        let vector = inside.operands.firstIndex(where: { shape($0) == shape(factor) })
      else { continue }
      var operands = inside.operands
      let gated = Node(
        operation: .hadamard, operands: [factor, operands[vector]], shape: shape(operands[vector]), range: node.range)
      operands[vector] = next
      if let bias {
        let moved = Node(operation: inside.operation, operands: operands, shape: inside.shape, range: node.range)
        add(
          .factorMovedIn, index, operand: factor, adding: [gated, moved],
          [index: Replacement(operation: .add, operands: [next + 1, bias])])
      } else {
        add(
          .factorMovedIn, index, operand: factor, adding: [gated],
          [index: Replacement(operation: inside.operation, operands: operands)])
      }
    }
  }

  /// U (r ⊙ h) as r ⊙ (U h), also where r ⊙ h is stacked upon something else.
  mutating func addMove(ofProduct index: Int) {
    let node = graph.nodes[index]
    for position in 0...1 {
      let vector = node.operands[position]
      let inside = graph.nodes[vector]
      switch inside.operation {
      case .hadamard where shape(vector) == node.shape:
        for factor in 0...1 {
          var operands = node.operands
          operands[position] = inside.operands[1 - factor]
          let product = Node(operation: node.operation, operands: operands, shape: node.shape, range: node.range)
          add(
            .factorMovedOut, index, operand: inside.operands[factor], adding: [product],
            [index: Replacement(operation: .hadamard, operands: [inside.operands[factor], graph.nodes.count])])
        }
      case .join where inside.operands.count == 2: addMove(ofStack: vector, position, in: index)
      default: continue
      }
    }
  }

  /// W [r ⊙ h; x] as r ⊙ (W_h h) + W_x x, where W_h and W_x are the parts of W.
  private mutating func addMove(ofStack stack: Int, _ position: Int, in index: Int) {
    let node = graph.nodes[index]
    let parts = graph.nodes[stack].operands
    for gated in 0...1 {
      let product = graph.nodes[parts[gated]]
      guard product.operation == .hadamard, product.shape == node.shape else { continue }
      for factor in 0...1 {
        var added: [Node] = []
        func put(_ operation: Operation, _ operands: [Int], _ shape: Shape) -> Int {
          added.append(Node(operation: operation, operands: operands, shape: shape, range: node.range))
          return graph.nodes.count + added.count - 1
        }
        let state = product.operands[1 - factor]
        let nothing = Operation.affine(scale: 0, shift: 0)
        let emptyState = put(nothing, [state], product.shape)
        let emptyRest = put(nothing, [parts[1 - gated]], shape(parts[1 - gated]))
        func applied(_ own: Int, _ rest: Int) -> Int {
          let joined = put(.join, gated == 0 ? [own, rest] : [rest, own], shape(stack))
          var operands = node.operands
          operands[position] = joined
          return put(node.operation, operands, node.shape)
        }
        let first = applied(state, emptyRest)
        let second = applied(emptyState, parts[1 - gated])
        let scaled = put(.hadamard, [product.operands[factor], first], node.shape)
        add(
          .factorMovedOut, index, operand: product.operands[factor], adding: added,
          [index: Replacement(operation: .add, operands: [scaled, second])])
      }
    }
  }

  // MARK: Coupled gates

  /// f ⊙ c + (1 − f) ⊙ g where the sheet has i ⊙ g.
  mutating func addCoupled(_ index: Int) {
    let operands = graph.nodes[index].operands
    for position in 0...1 where gates.contains(operands[position]) {
      let own = operands[position]
      for gate in gates where gate != own && graph.nodes[gate].operation == graph.nodes[own].operation {
        guard graph.nodes[own].operation == .function(.sigmoid), shape(gate) == shape(own) else { continue }
        let complement = Node(
          operation: .affine(scale: -1, shift: 1), operands: [gate], shape: shape(own),
          range: graph.nodes[index].range)
        var both = operands
        both[position] = graph.nodes.count
        add(
          .otherComplement, index, operand: own, standIn: gate, adding: [complement],
          [index: Replacement(operation: .hadamard, operands: both)])
      }
    }
  }
}
