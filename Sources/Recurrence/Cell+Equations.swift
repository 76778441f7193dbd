// The same cell with other equations.

public import Diagnostics
public import Formula

extension Cell {
  /// The same cell with other equations, such as one with a sub-expression named, or another convention's.
  ///
  /// - Throws: the first equation that does not fit.
  public func replacingEquations(_ equations: [ForwardEquation], vocabulary: Vocabulary) throws(DiagnosticList) -> Cell
  {
    try Cell(self, equations: equations, vocabulary: vocabulary)
  }

  private init(_ cell: Cell, equations: [ForwardEquation], vocabulary: Vocabulary) throws(DiagnosticList) {
    do {
      var builder = try GraphBuilder(
        layout: cell.layout, source: cell.declaration.source, quantities: cell.quantities, constants: cell.constants,
        tensor: cell.declaration.otimes, equations: equations)
      graph = try builder.build()
    } catch { throw DiagnosticList([error]) }
    declaration = cell.declaration
    quantities = cell.quantities
    constants = cell.constants
    self.equations = equations
    self.vocabulary = vocabulary
    stack = cell.stack
  }
}
