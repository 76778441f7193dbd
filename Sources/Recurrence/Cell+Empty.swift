// A sheet may be about formulas alone; what is graded then is a cell without quantities.

public import Diagnostics
import Formula

extension Cell {
  /// A cell without quantities and equations.
  public static func empty(in source: SourceText) -> Cell {
    Cell(CellDeclaration(name: "", source: source, range: 0..<0))
  }

  private init(_ declaration: CellDeclaration) {
    self.declaration = declaration
    quantities = Quantities(inputs: [], states: [], outputs: [], parameters: [])
    equations = []
    graph = StepGraph()
    constants = [:]
    vocabulary = Vocabulary()
    stack = nil
  }
}
