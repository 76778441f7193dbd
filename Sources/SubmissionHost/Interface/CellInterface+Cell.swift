// The Swift side of a cell, made from its sheet.

import Formula
public import Recurrence
package import Sheets

extension CellInterface {
  /// What a submission of a sheet with this cell is written against.
  package init(_ sheet: Sheet, cell: Cell) {
    self.init(cell, hasSequence: sheet.hasSequence)
    model = sheet.model.map { ModelInterface($0, tasks: sheet.tasks) }
  }

  /// The interface of a cell.
  ///
  /// - Parameter hasSequence: whether a task asks for the learner's own passes through time.
  public init(_ cell: Cell, hasSequence: Bool) {
    func blocks(_ quantities: [Quantity]) -> [Block] {
      quantities.map { Block(name: $0.swift, symbol: $0.name.latex, axes: $0.axes) }
    }
    self.init(
      cellName: cell.name, layout: cell.layout, inputs: blocks(cell.quantities.inputs),
      states: blocks(cell.quantities.states), outputs: blocks(cell.quantities.outputs),
      parameters: blocks(cell.quantities.parameters),
      constants: cell.constants.map { Constant(name: $0.key.swift, value: $0.value) }.sorted { $0.name < $1.name },
      hasSequence: hasSequence)
  }
}
