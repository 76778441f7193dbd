// Cells from equations that have been read: the same cell with others, or a cell that a text states.

public import Diagnostics
public import Formula

extension Cell {
  /// A quantity that is not declared in front matter: its name, and its axes as front matter would write them.
  public typealias Axes = (name: Name, axes: [String])

  /// A cell from equations that have been read elsewhere, such as those of a written derivation.
  ///
  /// - Parameters:
  ///   - declaration: layout, sizes and conventions; its own lists of quantities are not looked at.
  ///   - equations: of the step t, from the states of step t - 1.
  ///   - functions: letters that stand for a function.
  /// - Throws: the first equation that does not fit.
  public init(
    _ declaration: CellDeclaration, inputs: [Axes], states: [Axes], parameters: [Axes], equations: [ForwardEquation],
    functions: [String: Function] = [:]
  ) throws(DiagnosticList) {
    func quantities(_ list: [Axes], isBatched: Bool) -> [Quantity] {
      list.map { name, axes in
        let sizes = axes.compactMap { Dimension($0) }
        let shape: Shape.Axes =
          sizes.count == 2 ? .matrix(sizes[0], sizes[1]) : sizes.count == 1 ? .vector(sizes[0]) : .scalar
        return Quantity(
          name: name, shape: Shape(shape, isBatched: isBatched), axes: axes, range: declaration.range)
      }
    }
    let all = Quantities(
      inputs: quantities(inputs, isBatched: true), states: quantities(states, isBatched: true), outputs: [],
      parameters: quantities(parameters, isBatched: false))
    var vocabulary = Vocabulary()
    vocabulary.functions = functions
    for quantity in all.parameters { vocabulary.declare(quantity.name, as: .untimed) }
    for quantity in all.inputs + all.states { vocabulary.declare(quantity.name, as: .timed) }
    for symbol in equations.flatMap(\.left) { vocabulary.declare(symbol.name, as: .timed) }
    do {
      var builder = try GraphBuilder(declaration, quantities: all, constants: [:], equations: equations)
      graph = try builder.build()
    } catch { throw DiagnosticList([error]) }
    self.declaration = declaration
    self.quantities = all
    self.equations = equations
    self.vocabulary = vocabulary
    constants = [:]
    stack = nil
  }

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
        cell.declaration, quantities: cell.quantities, constants: cell.constants, equations: equations)
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
