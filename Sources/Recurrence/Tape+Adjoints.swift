// Adjoints of all nodes from one pass back: what gradients, Jacobians and lines that follow from a wrong one are made of.

import CellKit
import Formula

/// Adjoints of every node at every step, from one reverse pass.
package struct AdjointTableOf<Number: TapeNumber>: Sendable {
  let entries: [Number]
  let size: Int
}

package typealias AdjointTable = AdjointTableOf<Double>

extension TapeOf {
  /// A node at a step with the gradient that starts there.
  package struct Seed {
    /// The node.
    package let node: Int
    /// The step, from 1.
    package let step: Int
    /// What starts there, of the node's shape.
    package let gradient: Matrix

    /// A gradient that starts at a node of a step.
    package init(node: Int, step: Int, gradient: Matrix) {
      self.node = node
      self.step = step
      self.gradient = gradient
    }
  }

  /// A reverse pass over the steps `last`…`first`, every adjoint kept.
  ///
  /// - Parameters:
  ///   - seeds: gradients that start somewhere.
  ///   - held: nodes at which the flow ends.
  ///   - crossesSteps: whether the flow goes on through the states of the step before.
  ///   - overrides: what stands in for the adjoint of a node at a step once all of it has arrived.
  package func adjoints(
    _ seeds: [Seed], from last: Int, to first: Int = 1, held: Set<Int> = [], crossesSteps: Bool = true,
    overrides: [Int: [Int: Matrix]] = [:]
  ) -> AdjointTableOf<Number> {
    var entries = [Number](repeating: .zero, count: plan.size * sizes.steps)
    reverse(
      from: last, to: first, held: held, crossesSteps: crossesSteps,
      arriving: { step, adjoints in
        for seed in seeds where seed.step == step { plan.add(seed.gradient, to: seed.node, adjoints) }
      },
      settling: overrides.isEmpty
        ? nil
        : { node, step, adjoints in
          guard let matrix = overrides[node]?[step] else { return }
          for (entry, number) in matrix.elements.enumerated() { adjoints[self.plan.offsets[node] + entry] = number }
        },
      visit: { step, adjoints in
        entries.withUnsafeMutableBufferPointer { table in
          guard let base = table.baseAddress else { return }
          (base + (step - 1) * plan.size).update(from: adjoints, count: plan.size)
        }
      })
    return AdjointTableOf(entries: entries, size: plan.size)
  }

  /// The adjoint of a node at a step.
  package func adjoint(_ node: Int, at step: Int, in table: AdjointTableOf<Number>) -> Matrix {
    let extent = plan.extents[node]
    let start = (step - 1) * plan.size + plan.offsets[node]
    return Matrix(
      rows: extent.rows, columns: extent.columns, elements: Array(table.entries[start..<start + extent.count]))
  }

  /// The adjoint of a node that all steps share, such as a parameter: its adjoints of all steps added up.
  package func sharedAdjoint(_ node: Int, in table: AdjointTableOf<Number>) -> Matrix {
    var sum = zeros(node).elements
    for step in 1...sizes.steps {
      let start = (step - 1) * plan.size + plan.offsets[node]
      for entry in sum.indices { sum[entry] = sum[entry] + table.entries[start + entry] }
    }
    return Matrix(rows: plan.extents[node].rows, columns: plan.extents[node].columns, elements: sum)
  }
}
