// The forward pass of a planned sequence.

import CElementwise
import CellKit
import Formula

extension SequenceRun {
  func forward(_ value: Case) {
    let graph = plan.graph
    fillShared(value)
    for (index, node) in graph.inputs.enumerated() {
      guard let node else { continue }
      for step in 1...plan.steps {
        take(value.inputs[index][step - 1], into: self.value(node, step), columns: plan.places[node].columns)
      }
    }
    for (index, result) in graph.results.prefix(cell.quantities.states.count).enumerated() {
      take(value.initial[index], into: self.value(result, 0), columns: plan.places[result].columns)
    }
    for group in plan.groups { begin(group, value) }
    for step in 1...plan.steps {
      for node in graph.nodes.indices {
        if let number = plan.groupOf[node] {
          advance(node, of: plan.groups[number], step)
        } else if plan.layout.isEvaluated[node] {
          evaluate(node, step)
        }
      }
    }
  }

  /// The states and outputs at every step of the last forward pass.
  func outputs() -> Outputs {
    plan.graph.results.map { node in
      (1...plan.steps).map { matrix(value(node, $0), columns: plan.places[node].columns) }
    }
  }

  /// Writes what all samples and steps share: biases and numbers that stand outside of products.
  private func fillShared(_ value: Case) {
    let nodes = plan.graph.nodes
    for (index, node) in nodes.enumerated() where plan.places[index].isShared && plan.places[index].columns > 0 {
      let target = self.value(index, 1).start
      let count = plan.places[index].columns
      // A vector that is spread has a place before it; a number has none.
      let from = node.operation == .spread ? node.operands[0] : index
      if from != index, plan.places[from].columns == count {
        target.update(from: self.value(from, 1).start, count: count)
        continue
      }
      switch nodes[from].operation {
      case .constant(let number): target.update(repeating: number, count: count)
      case .parameter(let parameter):
        let elements = value.parameters[parameter].elements
        for entry in 0..<count { target[entry] = elements[from == index ? entry : 0] }
      default: break
      }
    }
  }

  /// Stacks a group's matrices and biases, and writes what biases and inputs add at all steps.
  private func begin(_ group: SequenceGroup, _ value: Case) {
    for (operand, weights) in group.weights.enumerated() {
      for member in group.members {
        guard let factor = member.factors[operand] else { continue }
        stack(
          value.parameters[factor.parameter], factor, at: values + weights + member.column, stride: group.width,
          inner: group.operands[operand].width, outer: member.width)
      }
    }
    let bias = values + group.bias
    bias.update(repeating: 0, count: group.width)
    for member in group.members {
      for parameter in member.biases {
        for (entry, number) in value.parameters[parameter].elements.enumerated() {
          bias[member.column + entry] += number
        }
      }
    }
    let start = values + group.start + plan.rows * group.width
    let rows = plan.steps * plan.rows
    for row in 0..<rows { (start + row * group.width).update(from: bias, count: group.width) }
    for (index, operand) in group.operands.enumerated() where operand.isInput {
      product(
        Block(self.value(operand.node, 1)), Block(start: values + group.weights[index], stride: group.width),
        Block(start: start, stride: group.width), rows: rows, columns: group.spans[index], inner: operand.width,
        adding: true)
    }
  }

  /// Copies a parameter into its columns of a stacked matrix, upright.
  private func stack(
    _ parameter: Matrix, _ factor: SequenceGroup.Factor, at target: Entries, stride: Int, inner: Int, outer: Int
  ) {
    parameter.elements.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress else { return }
      for row in 0..<inner {
        if factor.isUpright {
          (target + row * stride).update(from: from + row * outer, count: outer)
        } else {
          for one in 0..<outer { target[row * stride + one] = from[one * inner + row] }
        }
      }
    }
  }

  /// Adds to a group what the states give it, with its first member, and to each member what else it adds.
  private func advance(_ node: Int, of group: SequenceGroup, _ step: Int) {
    if group.first == node {
      for (index, operand) in group.operands.enumerated() where !operand.isInput {
        product(
          Block(value(operand.node, step)), Block(start: values + group.weights[index], stride: group.width),
          Block(start: values + group.start + step * plan.rows * group.width, stride: group.width), rows: plan.rows,
          columns: group.width, inner: operand.width, adding: true)
      }
    }
    for member in group.members where member.node == node {
      let target = value(node, step)
      for other in member.others {
        Elementwise.each(extent(node), target, value(other, step)) { elementwise_add_scaled($1, 1, $0, $2) }
      }
    }
  }
}
