// The gradients of parameters and inputs of a planned sequence, from what the reverse pass left.

import CellKit

extension SequenceRun {
  /// Adds the gradients of parameters and inputs of the last reverse pass to what is there already.
  func gradients(parameters: inout [Matrix], inputs: inout [[Matrix]]) {
    var sums = parameters.map(\.elements)
    var isWritten = plan.hasOtherUses
    for group in plan.groups {
      for (index, operand) in group.operands.enumerated() {
        addWeights(of: group, index, to: &sums)
        guard operand.isInput, case .input(let input) = plan.graph.nodes[operand.node].operation else { continue }
        addInput(operand, of: group, index, to: &inputs[input], isWritten: isWritten[input])
        isWritten[input] = true
      }
      addBiases(of: group, to: &sums)
    }
    addShared(to: &sums)
    for index in parameters.indices {
      parameters[index] = Matrix(
        rows: parameters[index].rows, columns: parameters[index].columns, elements: sums[index])
    }
  }

  /// Vᵀ δ over all steps, from the columns of the stacked matrix to the parameters they came from.
  private func addWeights(of group: SequenceGroup, _ index: Int, to sums: inout [[Double]]) {
    let inner = group.operands[index].width
    let buffer = Self.memory(inner * group.width)
    defer { buffer.deallocate() }
    product(
      Block(value(group.operands[index].node, 1), isTransposed: true),
      Block(start: adjoints(group, 1), stride: group.width), Block(start: buffer, stride: group.width), rows: inner,
      columns: group.spans[index], inner: plan.steps * plan.rows, adding: false)
    for member in group.members {
      guard let factor = member.factors[index] else { continue }
      for row in 0..<inner {
        let from = buffer + row * group.width + member.column
        for one in 0..<member.width {
          sums[factor.parameter][factor.isUpright ? row * member.width + one : one * inner + row] += from[one]
        }
      }
    }
  }

  /// δ Wᵀ for all steps at once.
  private func addInput(
    _ operand: SequenceGroup.Operand, of group: SequenceGroup, _ index: Int, to gradients: inout [Matrix],
    isWritten: Bool
  ) {
    let rows = plan.steps * plan.rows
    let buffer = Self.memory(rows * operand.width)
    defer { buffer.deallocate() }
    product(
      Block(start: adjoints(group, 1), stride: group.width),
      Block(start: values + group.weights[index], stride: group.width, isTransposed: true),
      Block(start: buffer, stride: operand.width), rows: rows, columns: operand.width, inner: group.spans[index],
      adding: false)
    for step in 0..<plan.steps {
      let part = matrix(
        Rows(start: buffer + step * plan.rows * operand.width, stride: operand.width), columns: operand.width)
      gradients[step] = isWritten ? gradients[step] + part : part
    }
  }

  private func addBiases(of group: SequenceGroup, to sums: inout [[Double]]) {
    for member in group.members {
      for parameter in member.biases {
        for row in 0..<plan.steps * plan.rows {
          let from = adjoints(group, 1) + row * group.width + member.column
          for entry in 0..<member.width { sums[parameter][entry] += from[entry] }
        }
      }
    }
  }

  /// What parameters outside of products got from all steps: a vector entry by entry, a number from every entry.
  private func addShared(to sums: inout [[Double]]) {
    let nodes = plan.graph.nodes
    for (index, node) in nodes.enumerated() where plan.places[index].isShared && plan.places[index].columns > 0 {
      let count = plan.places[index].columns
      let source = node.operation == .spread ? node.operands[0] : index
      guard case .parameter(let parameter) = nodes[source].operation else { continue }
      let isNumber = source != index && plan.places[source].columns != count
      let from = adjoint(index, 1).start
      for entry in 0..<count { sums[parameter][isNumber ? 0 : entry] += from[entry] }
    }
  }
}
