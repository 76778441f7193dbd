// A published call as a draw: somebody else's inputs and somebody else's values, instead of fresh ones and the sheet's.

import CellKit
import Diagnosis
import Diagnostics
import Recurrence
import Sheets

extension Draw {
  /// Reads the call that a task names with `fixed`.
  ///
  /// A learner's numbers are held against the published ones. They must be what the sheet's own equations give, for
  /// otherwise nobody could be right in both.
  ///
  /// - Throws: at the place where the sheet names the file, what is wrong with it.
  static func published(_ file: PublishedFile, of sheet: Sheet, _ cell: Cell, isSequence: Bool) throws(DiagnosticList)
    -> Draw
  {
    let bytes = Array(try sheet.text(of: file).text.utf8)
    do throws(CaseError) {
      var value = try CaseFile.read(bytes, for: cell, unknown: { _ in })
      let sizes = try cell.sizes(of: value)
      guard isSequence || sizes.steps == 1 else {
        throw CaseError("inputs", "has \(sizes.steps) steps, and the task is about one")
      }
      let values = try CaseFile.readValues(bytes, for: cell)
      let recurrence = Recurrence(cell, sizes: sizes)
      recurrence.forward(value)
      let outputs = recurrence.outputs()
      try compare(values, outputs, recurrence.backward(value.upstream), cell)
      // The cell is always given a gradient by every output.
      for (index, list) in value.upstream.enumerated() {
        value.upstream[index] = list.enumerated().map { $1 ?? .zeros(like: outputs[index][$0]) }
      }
      return Draw(sizes: sizes, value: value, outputs: values.outputs, gradients: values.gradients)
    } catch {
      throw DiagnosticList([sheet.refusal(of: file, Message(verbatim: error.description))])
    }
  }

  private static func compare(
    _ values: PublishedValues, _ outputs: Outputs, _ gradients: Gradients, _ cell: Cell
  ) throws(CaseError) {
    let quantities = cell.quantities
    for (index, quantity) in quantities.results.enumerated() {
      try compare(values.outputs[index], outputs[index], "outputs.\(quantity.swift)")
    }
    for (index, quantity) in quantities.inputs.enumerated() {
      try compare(values.gradients.inputs[index], gradients.inputs[index], "gradients.\(quantity.swift)")
    }
    for (index, quantity) in quantities.parameters.enumerated() {
      try compare([values.gradients.parameters[index]], [gradients.parameters[index]], "gradients.\(quantity.swift)")
    }
    for (index, quantity) in quantities.states.enumerated() {
      try compare([values.gradients.initial[index]], [gradients.initial[index]], "gradients.\(quantity.swift)")
    }
  }

  private static func compare(_ values: [Matrix], _ own: [Matrix], _ path: String) throws(CaseError) {
    guard values.count == own.count else {
      throw CaseError(path, "has \(values.count) steps where the inputs have \(own.count)")
    }
    for (step, (value, wanted)) in zip(values, own).enumerated() {
      let place = own.count > 1 ? "\(path)[\(step)]" : path
      guard value.rows == wanted.rows, value.columns == wanted.columns else {
        throw CaseError(
          place, "is \(value.rows) × \(value.columns); \(wanted.rows) × \(wanted.columns) is what the inputs lead to")
      }
      let error = Comparison.difference(expected: wanted, received: value).relativeError
      guard error <= Comparison.tolerance else {
        throw CaseError(place, "is not what the sheet's equations give: the relative error is \(error)")
      }
    }
  }
}
