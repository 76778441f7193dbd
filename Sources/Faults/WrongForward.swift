// A cell whose equations have been changed at some nodes: the same nodes with other operations or operands.

public import Recurrence

/// A cell as somebody wrote it who made a mistake on the way forward.
public struct WrongForward: Sendable {
  /// The cell with the mistake in its graph; its gradients are right for its own values.
  public let cell: Cell
  /// For each node of the sheet's graph, the node of `cell` that stands for it.
  let nodes: [Int]
}

/// What a node computes in place of what the sheet says.
struct Replacement: Sendable, Hashable {
  var operation: Operation
  var operands: [Int]
}

extension Cell {
  /// The cell with some nodes replaced; nil where a node would depend on itself.
  ///
  /// - Parameters:
  ///   - changes: by node; operands may be nodes of the graph or added ones.
  ///   - added: further nodes, numbered on from those of the graph.
  func replacing(_ changes: [Int: Replacement], adding added: [Node]) -> WrongForward? {
    var nodes = graph.nodes + added
    for (index, change) in changes {
      nodes[index] = Node(
        operation: change.operation, operands: change.operands, shape: nodes[index].shape, range: nodes[index].range)
    }
    guard let order = Self.order(of: nodes) else { return nil }
    var place = [Int](repeating: 0, count: nodes.count)
    for (position, node) in order.enumerated() { place[node] = position }
    var changed = StepGraph()
    changed.nodes = order.map { old in
      let node = nodes[old]
      return Node(
        operation: node.operation, operands: node.operands.map { place[$0] }, shape: node.shape, range: node.range)
    }
    changed.parameters = graph.parameters.map { $0.map { place[$0] } }
    changed.inputs = graph.inputs.map { $0.map { place[$0] } }
    changed.previous = graph.previous.map { $0.map { place[$0] } }
    changed.results = graph.results.map { place[$0] }
    changed.named = graph.named.mapValues { place[$0] }
    changed.listContributions()
    var cell = self
    cell.graph = changed
    return WrongForward(cell: cell, nodes: Array(place.prefix(graph.nodes.count)))
  }

  /// An order in which every node follows its operands, as near as can be to the one given; nil where there is none.
  private static func order(of nodes: [Node]) -> [Int]? {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: nodes.count)
    var order: [Int] = []
    for start in nodes.indices where marks[start] == .new {
      var stack = [start]
      while let node = stack.last {
        switch marks[node] {
        case .new:
          marks[node] = .open
          for operand in nodes[node].operands {
            if marks[operand] == .open { return nil }
            if marks[operand] == .new { stack.append(operand) }
          }
        case .open:
          marks[node] = .done
          order.append(node)
          stack.removeLast()
        case .done: stack.removeLast()
        }
      }
    }
    return order
  }
}

extension WrongForward {
  /// This mistake made in a cell that has another one already.
  public func after(_ first: WrongForward) -> WrongForward {
    WrongForward(cell: cell, nodes: first.nodes.map { nodes[$0] })
  }
}
