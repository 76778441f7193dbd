// Faults that take the gradient from another place of the graph, or put it there.

public import Recurrence

/// Which nodes lie below which, made once for all edges of a graph.
struct Roads {
  private let graph: StepGraph
  private let named: [Int]
  /// For each node whether another one is among what it is computed from; itself included.
  private let isBelow: [[Bool]]
  /// For each node the sum in which it is a term and nothing else, or itself.
  private let summits: [Int]

  init(_ graph: StepGraph) {
    self.graph = graph
    named = graph.named.values.sorted()
    var isBelow: [[Bool]] = []
    for (index, node) in graph.nodes.enumerated() {
      var row = [Bool](repeating: false, count: graph.nodes.count)
      row[index] = true
      for operand in node.operands {
        for below in 0...operand where isBelow[operand][below] { row[below] = true }
      }
      isBelow.append(row)
    }
    self.isBelow = isBelow
    var users = [[Int]](repeating: [], count: graph.nodes.count)
    for edge in graph.contributions { users[edge.target].append(edge.source) }
    var summits = Array(graph.nodes.indices)
    for index in summits.indices.reversed() where users[index].count == 1 && !graph.results.contains(index) {
      if graph.nodes[users[index][0]].operation == .add { summits[index] = summits[users[index][0]] }
    }
    self.summits = summits
  }

  /// The gradients that may be taken for the one at an edge's source: those of quantities further up or down the road.
  ///
  /// A quantity whose own gradient needs the edge's target is none of them: nobody could have it yet.
  func otherGradients(at edge: Contribution) -> [Int] {
    let own = summits[edge.source]
    var seen: Set<Int> = [own]
    return named.compactMap { node in
      guard graph.nodes[node].shape == graph.nodes[edge.source].shape, !isBelow[edge.target][node] else { return nil }
      guard isBelow[node][own] || isBelow[own][node] else { return nil }
      // Terms of a sum have the gradient of the sum.
      return seen.insert(summits[node]).inserted ? node : nil
    }
  }
}

extension Cell {
  /// A packed value's parts, two at a time, and a joined value's two parts, in each other's place on the way back.
  var partExchanges: [Fault] {
    var parts: [Int: [Contribution]] = [:]
    var faults: [Fault] = []
    for edge in graph.contributions {
      switch graph.nodes[edge.source].operation {
      case .slice: parts[edge.target, default: []].append(edge)
      case .join where graph.nodes[edge.source].operands.count == 2: parts[edge.source, default: []].append(edge)
      default: continue
      }
    }
    for (_, edges) in parts.sorted(by: { $0.key < $1.key }) {
      for first in edges.indices {
        for second in edges[(first + 1)...] {
          let ends = [edges[first], second].map { end in
            if case .slice = graph.nodes[end.source].operation { end.source } else { end.target }
          }
          faults.append(Fault(slip: .partsExchanged, edges: [edges[first], second], standIns: ends.reversed()))
        }
      }
    }
    return faults
  }
}

extension Fault {
  /// The joined or packed value whose parts are exchanged; nil for other mistakes.
  public func whole(in cell: Cell) -> NodeDisplay? {
    guard slip == .partsExchanged, let edge = edges.first else { return nil }
    if case .slice = cell.graph.nodes[edge.source].operation { return cell.display(of: edge.target) }
    return cell.display(of: edge.source)
  }
}

extension Node {
  /// Whether it is 1 less another value.
  var isComplement: Bool { operation == .affine(scale: -1, shift: 1) }

  /// Whether it is a product of matrices.
  var isProduct: Bool { if case .product = operation { true } else { false } }
}
