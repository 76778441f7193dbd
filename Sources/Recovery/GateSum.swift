// Where the parameters of a cell are used: with which vector, in which sum, and which gates the sum is cut into.

import CellKit
import Diagnosis
import Faults
import Formula
import Recurrence

/// A sum that is the argument of a gate, or of several side by side.
struct GateSum {
  /// A gate's share of the sum.
  struct Gate {
    /// The node whose gradient is the gate's δ.
    let node: Int
    /// Its number of how many equal parts.
    let index: Int
    let count: Int
  }

  /// One parameter in the sum.
  struct Use {
    /// Its number.
    let parameter: Int
    /// The node of the product with a vector; nil for a bias.
    let product: Int?
    /// The node of the vector.
    let vector: Int?
  }

  /// The node of the sum.
  let node: Int
  var gates: [Gate]
  var uses: [Use] = []
}

extension Cell {
  /// The sums of a step in the order in which gradients reach them, with the parameters that are used there and nowhere else.
  var gateSums: [GateSum] {
    var sums: [Int: GateSum] = [:]
    for (parameter, node) in graph.parameters.enumerated() {
      guard let node, let (use, top) = use(of: parameter, at: node) else { continue }
      var sum = sums[top] ?? GateSum(node: top, gates: gates(of: top))
      sum.uses.append(use)
      sums[top] = sum
    }
    return sums.values.sorted { $0.node > $1.node }
  }

  private func users(of node: Int) -> [Int] {
    graph.nodes.indices.filter { graph.nodes[$0].operands.contains(node) }
  }

  /// The use of a parameter, and the sum that it is in; nil where it is used twice, or otherwise.
  private func use(of parameter: Int, at node: Int) -> (use: GateSum.Use, sum: Int)? {
    var (top, product, vector): (Int, Int?, Int?) = (node, nil, nil)
    while true {
      let users = users(of: top)
      guard users.count == 1, let user = users.first else { break }
      let next = graph.nodes[user]
      switch next.operation {
      case .spread where product == nil && top == node: top = user
      case .add: top = user
      case .product(false, false) where top == node && product == nil:
        (product, vector) = (user, next.operands.first { $0 != node })
        top = user
      default: return top == node ? nil : (GateSum.Use(parameter: parameter, product: product, vector: vector), top)
      }
    }
    return top == node ? nil : (GateSum.Use(parameter: parameter, product: product, vector: vector), top)
  }

  /// The parts of a sum that gates are made of.
  private func gates(of sum: Int) -> [GateSum.Gate] {
    let slices = users(of: sum).compactMap { user -> GateSum.Gate? in
      guard case .slice(let index, let count) = graph.nodes[user].operation else { return nil }
      return GateSum.Gate(node: user, index: index, count: count)
    }
    return slices.isEmpty ? [GateSum.Gate(node: sum, index: 0, count: 1)] : slices.sorted { $0.index < $1.index }
  }
}

extension Matrix {
  /// A part of equal ones: of the rows where samples are columns, of the columns where they are rows.
  func part(_ gate: GateSum.Gate, of layout: Layout) -> Matrix {
    guard gate.count > 1 else { return self }
    if layout == .columns {
      let height = rows / gate.count
      let first = gate.index * height * columns
      return Matrix(rows: height, columns: columns, elements: Array(elements[first..<first + height * columns]))
    }
    let width = columns / gate.count
    var part: [Double] = []
    for row in 0..<rows {
      let first = row * columns + gate.index * width
      part += elements[first..<first + width]
    }
    return Matrix(rows: rows, columns: width, elements: part)
  }
}
