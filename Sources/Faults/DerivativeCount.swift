// How much there is to differentiate between a cell's results and one of its leaves.

public import Recurrence

extension Cell {
  /// The contributions between the results and a leaf that are more than a sum or a copy: functions, products,
  /// quotients and the like.
  public func derivativeCount(into leaf: Operation) -> Int {
    guard let start = graph.nodes.firstIndex(where: { $0.operation == leaf }) else { return 0 }
    // What depends on the leaf, and what the results depend on.
    var isAbove = [Bool](repeating: false, count: graph.nodes.count)
    isAbove[start] = true
    for (index, node) in graph.nodes.enumerated() where node.operands.contains(where: { isAbove[$0] }) {
      isAbove[index] = true
    }
    var isUsed = [Bool](repeating: false, count: graph.nodes.count)
    for result in graph.results { isUsed[result] = true }
    for index in graph.nodes.indices.reversed() where isUsed[index] {
      for operand in graph.nodes[index].operands { isUsed[operand] = true }
    }
    return graph.contributions.count { edge in
      guard isUsed[edge.source], isAbove[edge.target] else { return false }
      switch graph.nodes[edge.source].operation {
      case .hadamard, .divide, .maximum, .minimum, .function, .power, .product, .softmax, .softmaxOverBatch, .diagonal:
        return true
      default: return false
      }
    }
  }
}
