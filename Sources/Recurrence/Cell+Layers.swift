// A cell stacked in layers: layer l reads what layer l-1 shows, and every layer has parameters of its own.
//
// The stack is an ordinary cell with a copy of the equations for each layer. One layer more than the sheet says is
// built on top, which no loss sees: so whatever stands at l+1 has a value at the top layer, and its adjoint is 0, as
// the steps past T have.

public import Diagnostics
public import Formula

/// How the layers of a stacked cell hang together.
public struct Stack: Sendable {
  /// How many layers there are below the loss; one more is built above.
  public let layers: Int
  /// What arrives at a layer.
  public let input: Name
  /// What a layer hands up, and what the loss of the top layer sees.
  public let state: Name
}

extension Cell {
  /// The layers of a cell that its sheet stacks.
  ///
  /// - Throws: why a cell with these quantities cannot be stacked.
  public func stacked() throws(DiagnosticList) -> Cell {
    guard stack == nil, let layers = declaration.layers else { return self }
    do { return try stacked(layers) } catch { throw DiagnosticList([error]) }
  }

  private func stacked(_ layers: Int) throws(Diagnostic) -> Cell {
    if let output = quantities.outputs.first {
      throw refusal(
        "`layers` goes with states only: a layer hands its state up, so `\(output.name.latex)` has no place", output)
    }
    guard quantities.inputs.count == 1, case .vector(let width) = quantities.inputs[0].shape.axes, width.isLetter else {
      throw refusal(
        "`layers` needs one input with a single letter for its size, which the layers above exchange for the state's",
        quantities.inputs.first)
    }
    let input = quantities.inputs[0]
    guard let state = quantities.states.first(where: { $0.name == Name(base: "h") }) ?? quantities.states.first,
      case .vector(let height) = state.shape.axes
    else { throw refusal("`layers` needs a state that is a vector, which a layer hands up", quantities.states.first) }
    if let own = quantities.all.first(where: { $0.name.base == "l" || !$0.name.upperLabel.isEmpty }) {
      throw refusal(
        "`\(own.name.latex)` cannot be told from a layer, which is written `^{l}`; rename it", own)
    }
    let stack = Stack(layers: layers, input: input.name, state: state.name)
    let exempt = Set(constants.keys).union([Name(base: "L")])
    var states: [Quantity] = []
    var parameters: [Quantity] = []
    var equations: [ForwardEquation] = []
    for layer in 1...layers + 1 {
      states += quantities.states.map { $0.inLayer(layer, reading: width, below: height) }
      parameters += quantities.parameters.map { $0.inLayer(layer, reading: width, below: height) }
      if layer > 1 { equations.append(link(layer, stack, at: input.range)) }
      equations += self.equations.map { inLayer(layer, $0, exempt: exempt) }
    }
    let bottom = Quantity(name: input.name.inLayer(1), shape: input.shape, axes: input.axes, range: input.range)
    var vocabulary = vocabulary
    for (name, role) in self.vocabulary.roles where !exempt.contains(name) {
      for layer in 1...layers + 1 { vocabulary.declare(name.inLayer(layer), as: role) }
    }
    vocabulary.layering = Layering(exempt: exempt)
    return try Cell(
      self, stack,
      Quantities(inputs: [bottom], states: states, outputs: [], parameters: parameters), equations, vocabulary)
  }

  private func refusal(_ message: Message, _ quantity: Quantity?) -> Diagnostic {
    Diagnostic(message, in: declaration.source, at: quantity?.range ?? declaration.range)
  }

  /// `x^{l} = h^{l-1}`.
  private func link(_ layer: Int, _ stack: Stack, at range: Range<Int>) -> ForwardEquation {
    let below = Expression.Symbol(stack.state.inLayer(layer - 1), times: [.present])
    return ForwardEquation(
      left: [Expression.Symbol(stack.input.inLayer(layer), times: [.present])], leftRanges: [range],
      right: Expression(.symbol(below), at: range), range: range, source: declaration.source)
  }

  private func inLayer(_ layer: Int, _ equation: ForwardEquation, exempt: Set<Name>) -> ForwardEquation {
    ForwardEquation(
      left: equation.left.map { inLayer(layer, $0, exempt: exempt) }, leftRanges: equation.leftRanges,
      right: equation.right.mapSymbols { inLayer(layer, $0, exempt: exempt) }, range: equation.range,
      source: equation.source)
  }

  private func inLayer(_ layer: Int, _ symbol: Expression.Symbol, exempt: Set<Name>) -> Expression.Symbol {
    exempt.contains(symbol.name) || vocabulary.roles[symbol.name] == nil
      ? symbol : Expression.Symbol(symbol.name.inLayer(layer), times: symbol.times)
  }

  private init(
    _ cell: Cell, _ stack: Stack, _ quantities: Quantities, _ equations: [ForwardEquation], _ vocabulary: Vocabulary
  ) throws(Diagnostic) {
    var builder = try GraphBuilder(
      cell.declaration, quantities: quantities, constants: cell.constants, equations: equations)
    graph = try builder.build()
    declaration = cell.declaration
    self.quantities = quantities
    constants = cell.constants
    self.equations = equations
    self.vocabulary = vocabulary
    self.stack = stack
  }
}

extension Quantity {
  /// The quantity of a layer; above the first one the input is a state of the layer below and has its size.
  fileprivate func inLayer(_ layer: Int, reading width: Dimension, below height: Dimension) -> Quantity {
    Quantity(
      name: name.inLayer(layer), shape: layer == 1 ? shape : shape.replacing(width, by: height), axes: axes,
      range: range)
  }
}

extension Shape {
  /// The shape with one letter's size exchanged in every axis.
  fileprivate func replacing(_ letter: Dimension, by size: Dimension) -> Shape {
    switch axes {
    case .scalar: return self
    case .vector(let length): return Shape(.vector(length.replacing(letter, by: size)), isBatched: isBatched)
    case .matrix(let rows, let columns):
      return Shape(
        .matrix(rows.replacing(letter, by: size), columns.replacing(letter, by: size)), isBatched: isBatched)
    }
  }
}

extension Dimension {
  /// Whether it is one letter and nothing else.
  fileprivate var isLetter: Bool { constant == 0 && terms.count == 1 && terms.first?.value == 1 }

  fileprivate func replacing(_ letter: Dimension, by size: Dimension) -> Dimension {
    guard let name = letter.terms.keys.first, let factor = terms[name] else { return self }
    var rest = Dimension(terms: terms.filter { $0.key != name }, constant: constant)
    for _ in 0..<factor { rest = rest + size }
    return rest
  }
}
