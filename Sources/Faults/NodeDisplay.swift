// How the edges and nodes of a graph are told to a person: by the sheet's own names and words.

import Diagnostics
import Formula
public import Recurrence

/// How a node is told to a person.
public struct NodeDisplay: Sendable, Hashable {
  /// As LaTeX.
  public let latex: String
  /// As one word, for stable ids.
  public let swift: String
}

extension Cell {
  /// The path of an edge, from its target up to the quantity in whose equation it stands: `c_t`, `\tanh(c_t)`, `h_t`.
  public func display(of edge: Contribution) -> [NodeDisplay] {
    var path = [display(of: edge.target), display(of: edge.source)]
    if let owner = owner(of: edge.source), owner != edge.source { path.append(display(of: owner)) }
    var seen: Set<String> = []
    return path.filter { seen.insert($0.latex).inserted }
  }

  /// A node and the quantity in whose equation it stands, such as `\tanh(c_t)`, `h_t`.
  public func displayUpward(of node: Int) -> [NodeDisplay] {
    let own = display(of: node)
    guard let owner = owner(of: node), owner != node else { return [own] }
    let above = display(of: owner)
    return above.latex == own.latex ? [own] : [own, above]
  }

  /// A node as its name, or as the words of the sheet.
  public func display(of node: Int) -> NodeDisplay {
    if let name = graph.named.first(where: { $0.value == node })?.key {
      return NodeDisplay(latex: name.latex(time: "t"), swift: name.swift)
    }
    switch graph.nodes[node].operation {
    case .parameter(let index):
      let name = quantities.parameters[index].name
      return NodeDisplay(latex: name.latex, swift: name.swift)
    case .input(let index):
      let name = quantities.inputs[index].name
      return NodeDisplay(latex: name.latex(time: "t"), swift: name.swift)
    case .previous(let index):
      let name = quantities.states[index].name
      return NodeDisplay(latex: name.latex(time: "t-1"), swift: "\(name.swift)Previous")
    case .spread:
      let value = display(of: graph.nodes[node].operands[0])
      return NodeDisplay(latex: value.latex, swift: value.swift + "Spread")
    default:
      let text = declaration.source.substring(graph.nodes[node].range)
      return NodeDisplay(latex: text, swift: text.filter { $0.isLetter || $0.isNumber })
    }
  }

  /// The other operand of an edge's product.
  public func otherOperand(of edge: Contribution) -> NodeDisplay? {
    let operands = graph.nodes[edge.source].operands
    return operands.count == 2 ? display(of: operands[1 - edge.operand]) : nil
  }

  /// The sum in which a node is a term and nothing else, up to a name; the node itself where it is no term.
  func summit(of node: Int) -> Int {
    let named = Set(graph.named.values)
    var summit = node
    while !named.contains(summit), !graph.results.contains(summit) {
      let users = graph.nodes.indices.filter { graph.nodes[$0].operands.contains(summit) }
      guard users.count == 1, graph.nodes[users[0]].operation == .add else { break }
      summit = users[0]
    }
    return summit
  }

  /// The sum whose gradient belongs on an edge: `a_t` where the edge's source is `W x_t` in it.
  public func displayOfSum(above edge: Contribution) -> NodeDisplay { display(of: summit(of: edge.source)) }

  /// The function between the sum whose gradient belongs on an edge and a quantity, as `tanh` between `a_t` and `h_t`; nil
  /// where something else stands between them.
  public func functionSkipped(from edge: Contribution, to quantity: Int) -> String? {
    let sum = summit(of: edge.source)
    for (index, node) in graph.nodes.enumerated() where node.operands == [sum] && summit(of: index) == quantity {
      if case .function(let function) = node.operation { return function.rawValue }
      if node.operation == .softmax { return "softmax" }
    }
    return nil
  }

  /// The quantity in whose equation alone some nodes are used; nil where they are used in several.
  public func soleUser(of nodes: [Int]) -> NodeDisplay? {
    let users = graph.nodes.indices.filter { index in graph.nodes[index].operands.contains { nodes.contains($0) } }
    let owners = Set(users.map { owner(of: $0) })
    guard owners.count == 1, let owner = owners.first.flatMap(\.self) else { return nil }
    return display(of: owner)
  }

  /// The quantity to ask about at an edge: u where the edge leads into 1 − u.
  public func displayToAsk(at edge: Contribution) -> NodeDisplay? {
    let node = graph.nodes[edge.target]
    return node.isComplement ? display(of: node.operands[0]) : nil
  }

  /// The results besides one whose upstreams come together at an edge's source.
  public func displayOfOthers(than result: Int, at edge: Contribution) -> [NodeDisplay] {
    let reach = reach
    return graph.results.filter { $0 != graph.results[result] && reach[$0]?.contains(edge.source) == true }
      .map(display(of:))
  }

  /// The named node in whose equation a node stands: the first one above it.
  private func owner(of node: Int) -> Int? {
    let named = Set(graph.named.values)
    if named.contains(node) { return node }
    var above: [Int] = [node]
    var seen: Set<Int> = [node]
    while let next = above.popLast() {
      for (index, candidate) in graph.nodes.enumerated() where candidate.operands.contains(next) {
        if named.contains(index) { return index }
        if seen.insert(index).inserted { above.append(index) }
      }
    }
    return nil
  }
}
