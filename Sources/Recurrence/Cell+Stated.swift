// A cell whose names and shapes were found from its equations, such as one that a learner's text states.

public import Diagnostics
public import Formula

extension Cell {
  /// A name with the axes that its use gives it, such as `["H", "D"]`.
  public typealias StatedQuantity = (name: Name, axes: [String])

  /// A cell from its equations alone.
  ///
  /// - Parameters:
  ///   - declaration: how a sample lies, the sizes, the loss; its lists of quantities are not read.
  ///   - inputs: what arrives at each step.
  ///   - states: what a step hands to the next.
  ///   - outputs: what a step computes beyond its states.
  ///   - parameters: what is the same at every step.
  ///   - equations: one for each state, output and name in between.
  ///   - vocabulary: the names and how their indices are read.
  /// - Throws: the first equation that does not fit.
  public init(
    stating declaration: CellDeclaration, inputs: [StatedQuantity], states: [StatedQuantity],
    outputs: [StatedQuantity], parameters: [StatedQuantity], equations: [ForwardEquation], vocabulary: Vocabulary
  ) throws(DiagnosticList) {
    func quantities(_ stated: [StatedQuantity], isBatched: Bool) throws(Diagnostic) -> [Quantity] {
      var result: [Quantity] = []
      for (name, axes) in stated {
        let dimensions = axes.compactMap { Dimension($0) }
        guard dimensions.count == axes.count, dimensions.count <= 2 else {
          throw Diagnostic("`\(name.latex)` has no shape that can be read", in: declaration.source, at: declaration.range)
        }
        let shape: Shape.Axes =
          dimensions.isEmpty
          ? .scalar : dimensions.count == 1 ? .vector(dimensions[0]) : .matrix(dimensions[0], dimensions[1])
        result.append(
          Quantity(name: name, shape: Shape(shape, isBatched: isBatched), axes: axes, range: declaration.range))
      }
      return result
    }
    do {
      let all = Quantities(
        inputs: try quantities(inputs, isBatched: true), states: try quantities(states, isBatched: true),
        outputs: try quantities(outputs, isBatched: true), parameters: try quantities(parameters, isBatched: false))
      var builder = try GraphBuilder(declaration, quantities: all, constants: [:], equations: equations)
      graph = try builder.build()
      self.quantities = all
    } catch { throw DiagnosticList([error]) }
    self.declaration = declaration
    self.equations = equations
    self.vocabulary = vocabulary
    constants = [:]
    stack = nil
  }
}
