// Finds in a step's graph the sums whose terms are products with parameters, and which of them go together.

import Formula

/// A step's graph as `SequencePlan` sees it: what moves in time, and which sums swallow their products.
struct SequenceSums {
  let graph: StepGraph
  let samplesAreColumns: Bool
  private let letters: [String: Int]
  /// Whether a node has a value of its own at each step; the others are shared by all.
  let inTime: [Bool]
  /// The nodes that use a node.
  let consumers: [[Int]]
  /// The terms of each sum that holds a product.
  private(set) var terms: [Int: [Int]] = [:]
  /// Whether a node disappears in the only sum that looks at it.
  private(set) var isSwallowed: [Bool]

  init(_ cell: Cell, _ sizes: Sizes) {
    graph = cell.graph
    samplesAreColumns = cell.layout == .columns
    letters = sizes.letters
    let nodes = cell.graph.nodes
    var inTime = [Bool](repeating: false, count: nodes.count)
    var consumers = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch node.operation {
      case .input, .previous: inTime[index] = true
      default: inTime[index] = node.operands.contains { inTime[$0] }
      }
      for operand in node.operands { consumers[operand].append(index) }
    }
    self.inTime = inTime
    self.consumers = consumers
    isSwallowed = [Bool](repeating: false, count: nodes.count)
    findSums()
  }

  /// The number of features of a vector; nil for numbers and matrices.
  func width(_ node: Int) -> Int? {
    guard case .vector(let size) = graph.nodes[node].shape.axes else { return nil }
    return size.value(letters)
  }

  /// Goes from the results to the leaves, so that the outermost of nested sums is the one that stays.
  private mutating func findSums() {
    let results = Set(graph.results)
    func isPrivate(_ node: Int) -> Bool { consumers[node].count == 1 && !results.contains(node) }
    for index in graph.nodes.indices.reversed() where inTime[index] && !isSwallowed[index] {
      guard product(index) != nil || graph.nodes[index].operation == .add else { continue }
      var found: [Int] = []
      var inner: [Int] = []
      func collect(_ node: Int) {
        guard graph.nodes[node].operation == .add, node == index || isPrivate(node) else {
          return found.append(node)
        }
        if node != index { inner.append(node) }
        for operand in graph.nodes[node].operands { collect(operand) }
      }
      collect(index)
      let products = found.filter { product($0) != nil && ($0 == index || isPrivate($0)) }
      guard !products.isEmpty else { continue }
      terms[index] = found
      for node in inner + products where node != index { isSwallowed[node] = true }
    }
  }

  // MARK: Terms

  private func parameter(_ node: Int) -> Int? {
    if case .parameter(let parameter) = graph.nodes[node].operation { parameter } else { nil }
  }

  /// The parameter behind a bias: one with one axis, spread over the samples.
  private func bias(_ node: Int) -> Int? {
    guard !inTime[node] else { return nil }
    if graph.nodes[node].operation == .spread { return bias(graph.nodes[node].operands[0]) }
    return width(node) == nil ? nil : parameter(node)
  }

  /// The vector and the matrix of a product with a parameter.
  private func product(_ node: Int) -> (vector: Int, factor: SequenceGroup.Factor)? {
    guard case .product(let leftTransposed, let rightTransposed) = graph.nodes[node].operation else { return nil }
    let operands = graph.nodes[node].operands
    let (matrix, vector) = samplesAreColumns ? (operands[0], operands[1]) : (operands[1], operands[0])
    guard let parameter = parameter(matrix), case .matrix = graph.nodes[matrix].shape.axes, inTime[vector],
      graph.nodes[vector].shape.isBatched, width(vector) != nil
    else { return nil }
    // Columns: W v, with W outer × inner unless transposed. Rows: v W, with W inner × outer unless transposed.
    if samplesAreColumns {
      return rightTransposed ? nil : (vector, SequenceGroup.Factor(parameter: parameter, isUpright: leftTransposed))
    }
    return leftTransposed ? nil : (vector, SequenceGroup.Factor(parameter: parameter, isUpright: !rightTransposed))
  }

  // MARK: Groups

  /// The sums, those with the same operands together; nil where a sum is of another kind.
  func groups() -> [SequenceGroup]? {
    var groups: [SequenceGroup] = []
    for index in graph.nodes.indices where !isSwallowed[index] {
      guard let terms = terms[index] else { continue }
      guard let width = width(index), let (operands, member) = member(index, terms, width) else { return nil }
      if let known = groups.firstIndex(where: { $0.operands == operands }) {
        groups[known].members.append(member)
      } else {
        groups.append(SequenceGroup(operands: operands, members: [member]))
      }
    }
    return joined(groups)
  }

  private func member(
    _ index: Int, _ terms: [Int], _ width: Int
  ) -> (operands: [SequenceGroup.Operand], member: SequenceGroup.Member)? {
    var factors: [(operand: SequenceGroup.Operand, factor: SequenceGroup.Factor)] = []
    var biases: [Int] = []
    var others: [Int] = []
    for term in terms {
      if term == index || isSwallowed[term], let (vector, factor) = product(term) {
        // Two products of one vector in one sum would need their matrices added.
        guard let inner = self.width(vector), !factors.contains(where: { $0.operand.node == vector }) else {
          return nil
        }
        var isInput = false
        if case .input = graph.nodes[vector].operation { isInput = true }
        factors.append((SequenceGroup.Operand(node: vector, isInput: isInput, width: inner), factor))
      } else if let parameter = bias(term), self.width(graph.parameters[parameter] ?? 0) == width {
        biases.append(parameter)
      } else {
        others.append(term)
      }
    }
    factors.sort { ($0.operand.isInput ? 0 : 1, $0.operand.node) < ($1.operand.isInput ? 0 : 1, $1.operand.node) }
    return (
      factors.map(\.operand),
      SequenceGroup.Member(node: index, width: width, factors: factors.map(\.factor), biases: biases, others: others)
    )
  }

  /// A group that does without another's inputs joins it behind its members.
  private func joined(_ groups: [SequenceGroup]) -> [SequenceGroup] {
    var groups = groups
    for index in groups.indices.reversed() {
      let states = groups[index].states
      guard !states.isEmpty, states.count == groups[index].operands.count,
        let other = groups.indices.first(where: {
          $0 != index && groups[$0].operands.contains(where: \.isInput) && groups[$0].states == states
        })
      else { continue }
      groups[other].append(groups[index])
      groups.remove(at: index)
    }
    return groups
  }
}
