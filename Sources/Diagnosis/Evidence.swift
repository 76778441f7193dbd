// What a submission answered on a draw, block by block, as diagnosis sees it.

package import CellKit
package import Faults
import Formula
package import Recurrence

/// Matrices by block, one a step where a block has steps.
package typealias Matrices = [BlockAddress: [Matrix]]

/// One draw, and what the submission answered; a block without an entry has no finite answer.
package struct Evidence: Sendable {
  package let draw: Draw
  package let received: Matrices

  package init(draw: Draw, received: Matrices) { (self.draw, self.received) = (draw, received) }
}

extension Draw {
  /// What the reference has.
  package var right: Matrices {
    var blocks: Matrices = [:]
    for (index, list) in outputs.enumerated() { blocks[.output(index)] = list }
    for (index, list) in gradients.inputs.enumerated() { blocks[.input(index)] = list }
    for (index, matrix) in gradients.initial.enumerated() { blocks[.previous(index)] = [matrix] }
    for (index, matrix) in gradients.parameters.enumerated() { blocks[.parameter(index)] = [matrix] }
    return blocks
  }
}

extension FaultyRun {
  /// The outputs alone.
  package var outputBlocks: Matrices {
    var blocks: Matrices = [:]
    for (index, list) in outputs.enumerated() { blocks[.output(index)] = list }
    return blocks
  }
}

extension FaultyRun.Blocks {
  /// The gradients by place; what the cell does not use has none.
  package var byPlace: Matrices {
    var blocks: Matrices = [:]
    for (index, list) in inputs.enumerated() { blocks[.input(index)] = list }
    for (index, matrix) in initial.enumerated() { blocks[.previous(index)] = matrix.map { [$0] } }
    for (index, matrix) in parameters.enumerated() { blocks[.parameter(index)] = matrix.map { [$0] } }
    return blocks
  }
}

extension Cell {
  /// The blocks of the way back, in the order of the sheet.
  package var gradientPlaces: [BlockAddress] {
    quantities.inputs.indices.map(BlockAddress.input) + quantities.states.indices.map(BlockAddress.previous)
      + quantities.parameters.indices.map(BlockAddress.parameter)
  }

  /// The blocks of the way forward.
  package var outputPlaces: [BlockAddress] { quantities.results.indices.map(BlockAddress.output) }

  /// The name of a block: in LaTeX, and as reports and ids have it.
  package func name(of place: BlockAddress, hasTime: Bool) -> (latex: String, swift: String) {
    switch place {
    case .output(let index):
      let name = quantities.results[index].name
      return (name.latex(time: "t"), name.swift)
    case .input(let index):
      let name = quantities.inputs[index].name
      return (name.latex(time: "t"), name.swift)
    case .previous(let index):
      let name = quantities.states[index].name
      return (name.latex(time: hasTime ? "0" : "t-1"), "\(hasTime ? "initial" : "previous").\(name.swift)")
    case .parameter(let index):
      let name = quantities.parameters[index].name
      return (name.latex, name.swift)
    }
  }
}
