// The numbers of a case as a call of a submission.

import CellKit
package import Recurrence
import Wire

extension Case {
  /// The call that asks a submission for the same.
  package func call(_ kind: Call.Kind, _ cell: Cell) -> Call {
    func named(_ quantities: [Quantity], _ matrices: [Matrix]) -> [String: Matrix] {
      Dictionary(uniqueKeysWithValues: zip(quantities.map(\.swift), matrices))
    }
    let quantities = cell.quantities
    let steps = (0..<self.steps).map { step in named(quantities.inputs, self.inputs.map { $0[step] }) }
    let previous = named(quantities.states, initial)
    let blocks = named(quantities.parameters, parameters)
    let arriving = (0..<self.steps).map { step in
      Dictionary(
        uniqueKeysWithValues: zip(quantities.results, self.upstream).compactMap { quantity, list in
          list[step].map { (quantity.swift, $0) }
        })
    }
    switch kind {
    case .forward: return .forward(input: steps[0], previous: previous, parameters: blocks)
    case .backward:
      return .backward(input: steps[0], previous: previous, parameters: blocks, upstream: arriving[0])
    case .forwardThroughTime: return .forwardThroughTime(inputs: steps, initial: previous, parameters: blocks)
    case .backwardThroughTime:
      return .backwardThroughTime(inputs: steps, initial: previous, parameters: blocks, upstream: arriving)
    case .flow: return .flow(inputs: steps, initial: previous, parameters: blocks, upstream: arriving)
    case .modelForward, .modelGradients, .modelSample, .modelClip, .modelTrain:
      preconditionFailure("a case of a cell is no call of a model")
    }
  }
}
