// A learner's cell on one network: its states at every step, and the gradient by each.

package import CellKit
import Diagnosis
package import Recurrence
package import SubmissionHost

/// What a cell did on one network.
package struct FlowTrace: Sendable {
  package let network: FlowNetwork
  /// For each state and output, its matrix at the steps 1…T.
  package let outputs: [[Matrix]]
  /// For each state, the gradient that reaches it from outside its own step, at the steps 0…T.
  package let gradients: [[Matrix]]

  package init(network: FlowNetwork, outputs: [[Matrix]], gradients: [[Matrix]]) {
    (self.network, self.outputs, self.gradients) = (network, outputs, gradients)
  }

  /// The first step, and the loss: ⟨upstream, outputs⟩ over all steps.
  package var loss: Double {
    var sum = 0.0
    for (steps, weights) in zip(outputs, network.value.upstream) {
      for (output, weight) in zip(steps, weights) { if let weight { sum += output.inner(weight) } }
    }
    return sum
  }

  /// The sum of the absolute values of what the loss adds up, by which its rounding error is judged.
  var lossMagnitude: Double {
    var sum = 0.0
    for (steps, weights) in zip(outputs, network.value.upstream) {
      for (output, weight) in zip(steps, weights) { if let weight { sum += output.absoluteInner(weight) } }
    }
    return sum
  }

  /// Reads an answer to a flow call.
  ///
  /// - Throws: the first thing that is wrong with a block, as a finding.
  package init(_ answer: Answer, of network: FlowNetwork, cell: Cell) throws(FlowTrouble) {
    self.network = network
    outputs = try Self.blocks(answer.outputs, cell.quantities.results, network, cell, firstStep: 1)
    gradients = try Self.blocks(answer.stateGradients, cell.quantities.states, network, cell, firstStep: 0)
  }

  private static func blocks(
    _ steps: [[String: BlockValue]], _ quantities: [Quantity], _ network: FlowNetwork, _ cell: Cell, firstStep: Int
  ) throws(FlowTrouble) -> [[Matrix]] {
    var lists = [[Matrix]](repeating: [], count: quantities.count)
    // The way back goes from the last step to the first: what is wrong last in time is the cause.
    let order = firstStep == 0 ? Array(steps.indices.reversed()) : Array(steps.indices)
    for index in order {
      for (place, quantity) in quantities.enumerated() {
        let matrix = try matrix(
          steps[index][quantity.swift] ?? .notSet, quantity, network, cell, step: index + firstStep)
        lists[place].append(matrix)
      }
    }
    return firstStep == 0 ? lists.map { $0.reversed() } : lists
  }

  /// A block as a matrix of the right shape and of finite numbers.
  static func matrix(
    _ value: BlockValue, _ quantity: Quantity, _ network: FlowNetwork, _ cell: Cell, step: Int
  ) throws(FlowTrouble) -> Matrix {
    let place = network.drawPlace(step: step)
    switch value {
    case .notSet: throw FlowTrouble(finding: .notSet)
    case .wrongStepCount(let count):
      throw FlowTrouble(finding: .wrongStepCount(received: count, expected: network.sizes.steps, at: place))
    case .matrix(let matrix), .nonFinite(let matrix):
      let (rows, columns) = network.sizes.storage(quantity.shape, cell.layout)
      guard matrix.rows == rows, matrix.columns == columns else {
        throw FlowTrouble(
          finding: .wrongShape(
            received: BlockShape(matrix), expected: BlockShape(.zeros(rows, columns)), at: place))
      }
      if let entry = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw FlowTrouble(
          finding: .notFinite(
            row: entry / columns, column: entry % columns, value: matrix.elements[entry], at: place))
      }
      return matrix
    }
  }
}

/// Why nothing can be measured: the finding that every check of the task gets.
package struct FlowTrouble: Error {
  package let finding: Finding
}

extension Matrix {
  /// The sum over all entries of the products.
  package func inner(_ other: Matrix) -> Double { zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The same of absolute values.
  func absoluteInner(_ other: Matrix) -> Double { zip(elements, other.elements).reduce(0) { $0 + abs($1.0 * $1.1) } }
}
