// The one loop back over the steps of a tape.

import CellKit
import Formula

extension TapeOf {
  /// The one loop back: gradients flow from step `last` to step `first`.
  ///
  /// - Parameters:
  ///   - order: the steps in another order, as in a loop with a mistake.
  ///   - held: nodes at which the flow ends, for immediate derivatives.
  ///   - crossesSteps: whether the flow goes on through the states of the step before.
  ///   - arriving: adds what reaches a step from outside to its adjoints.
  ///   - stepping: goes back through a step in another way, from what has arrived to the adjoints of its leaves.
  ///   - settling: is told a node and a step once all of its adjoint has arrived there, and may change it.
  ///   - changing: sees the gradients that a step hands to the states of the step before, and may change them.
  ///   - visit: is told each step and the adjoints of its nodes.
  /// - Returns: what step `first` hands to the states before it.
  @discardableResult
  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  package func reverse(
    from last: Int, to first: Int = 1, order: [Int]? = nil, held: Set<Int> = [], crossesSteps: Bool = true,
    arriving: (_ step: Int, _ adjoints: Block) -> Void,
    stepping: ((_ step: Int, _ adjoints: Block) -> Void)? = nil,
    settling: ((_ node: Int, _ step: Int, _ adjoints: Block) -> Void)? = nil,
    changing: ((_ step: Int, _ carried: inout [Matrix]) -> Void)? = nil,
    visit: (_ step: Int, _ adjoints: Block) -> Void
  ) -> [Matrix] {
    let graph = plan.graph
    hasAdjoints = true
    var (now, before) = adjoints
    now.update(repeating: .zero, count: plan.size)
    var carried: [Matrix] = []
    for step in order ?? Array(stride(from: min(last, sizes.steps), through: first, by: -1)) {
      arriving(step, now)
      if let stepping {
        stepping(step, now)
      } else {
        plan.backward(
          block(step), now, meaning, held: held, settling: settling.map { settle in { settle($0, step, now) } })
      }
      visit(step, now)
      if changing != nil || step == first {
        carried = cell.quantities.states.indices.map { index in
          graph.previous[index].map { plan.matrix($0, now) } ?? zeros(graph.results[index])
        }
        changing?(step, &carried)
      }
      before.update(repeating: .zero, count: plan.size)
      if crossesSteps {
        for (index, node) in graph.previous.enumerated() {
          if changing != nil {
            plan.add(carried[index], to: graph.results[index], before)
          } else if let node {
            let (target, source) = (before + plan.offsets[graph.results[index]], now + plan.offsets[node])
            for entry in 0..<plan.extents[node].count { target[entry] = target[entry] + source[entry] }
          }
        }
      }
      (now, before) = (before, now)
    }
    return carried
  }

  /// A matrix of zeros in a node's shape.
  func zeros(_ node: Int) -> Matrix {
    Matrix(filling: plan.extents[node].rows, plan.extents[node].columns, with: .zero)
  }
}
