// The reverse pass of a planned sequence.

import CElementwise
import CellKit
import Formula

extension SequenceRun {
  /// The reverse pass; what it leaves in the adjoints of groups is what `gradients` adds up.
  ///
  /// - Parameters: as those of `Recurrence.stateGradients`; `visit` is told the gradient as rows and as a matrix on demand.
  func backward(
    _ upstream: [[Matrix?]], changing: ((Int, inout [Matrix]) -> Void)?,
    inputGradients: ((_ input: Int, _ step: Int, _ gradient: Matrix) -> Void)? = nil,
    visit: (_ state: Int, _ step: Int, _ gradient: () -> Matrix, _ rows: UnsafeBufferPointer<Double>?) -> Void
  ) {
    let graph = plan.graph
    let layout = plan.layout
    let states = cell.quantities.states.count
    adjoints.update(repeating: 0, count: layout.adjointSize + layout.sharedSize)
    groupAdjoints.update(repeating: 0, count: layout.groupAdjointSize)
    let widths = (0..<states).map { plan.places[graph.results[$0]].columns }
    // What flows from a step's states into the step before.
    let carried = widths.map { Rows(start: Self.memory(plan.rows * $0), stride: $0) }
    defer { for rows in carried { rows.start.deallocate() } }
    func tell(_ state: Int, _ step: Int, _ rows: Rows) {
      let width = widths[state]
      let isDense = rows.stride == width
      visit(
        state, step, { self.matrix(rows, columns: width) },
        isDense ? UnsafeBufferPointer(start: rows.start, count: plan.rows * width) : nil)
    }
    for step in stride(from: plan.steps, through: 1, by: -1) {
      adjoints.update(repeating: 0, count: layout.adjointSize)
      for (index, node) in graph.results.enumerated() {
        let target = adjoint(node, step)
        if let own = upstream[index][step - 1] {
          take(own, into: target, columns: plan.places[node].columns, adding: true)
        }
        if index < states {
          Elementwise.each(extent(node), target, carried[index]) { elementwise_add_scaled($1, 1, $0, $2) }
        }
      }
      pullBack(step)
      if let inputGradients {
        for (index, node) in graph.inputs.enumerated() {
          guard let node, plan.hasOtherUses[index] else { continue }
          inputGradients(index, step, matrix(adjoint(node, step), columns: plan.places[node].columns))
        }
      }
      for state in 0..<states {
        tell(state, step, adjoint(graph.results[state], step))
        if let node = graph.previous[state] {
          carried[state].start.update(from: adjoint(node, step).start, count: plan.rows * widths[state])
        } else {
          carried[state].start.update(repeating: 0, count: plan.rows * widths[state])
        }
      }
      if let changing {
        var matrices = (0..<states).map { matrix(carried[$0], columns: widths[$0]) }
        changing(step, &matrices)
        for state in 0..<states { take(matrices[state], into: carried[state], columns: widths[state]) }
      }
    }
    for state in 0..<states { tell(state, 0, carried[state]) }
  }

  /// From the results of a step to its leaves.
  private func pullBack(_ step: Int) {
    for node in plan.graph.nodes.indices.reversed() {
      if let number = plan.groupOf[node] {
        pullBack(node, of: plan.groups[number], step)
      } else if plan.layout.isEvaluated[node] {
        pullBack(node, step)
      }
    }
  }

  private func pullBack(_ node: Int, of group: SequenceGroup, _ step: Int) {
    for member in group.members where member.node == node {
      for other in member.others {
        Elementwise.each(extent(node), adjoint(other, step), adjoint(node, step)) {
          elementwise_add_scaled($1, 1, $0, $2)
        }
      }
    }
    guard group.first == node else { return }
    for (index, operand) in group.operands.enumerated() where !operand.isInput {
      product(
        Block(start: adjoints(group, step), stride: group.width),
        Block(start: values + group.weights[index], stride: group.width, isTransposed: true),
        Block(adjoint(operand.node, step)), rows: plan.rows, columns: operand.width, inner: group.width, adding: true)
    }
  }

  private func pullBack(_ index: Int, _ step: Int) {
    let node = plan.graph.nodes[index]
    for (position, operand) in node.operands.enumerated() where carriesGradient(operand) {
      pullBack(node, index, position, into: adjoint(operand, step), step)
    }
  }

  /// Whether anything can be learned through a node: not where it is a number, spread or not.
  private func carriesGradient(_ node: Int) -> Bool {
    let nodes = plan.graph.nodes
    switch nodes[node].operation {
    case .constant: return false
    case .spread:
      let from = nodes[node].operands[0]
      if plan.places[from].columns > 0 { return true }
      if case .parameter = nodes[from].operation { return true }
      return false
    default: return true
    }
  }
}
