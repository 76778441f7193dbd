// A cell that has been read and checked: its quantities, its equations and its graph.

public import Diagnostics
public import Formula

/// A quantity of a cell with its shape.
public struct Quantity: Sendable {
  /// Its name.
  public let name: Name
  /// What it is, before numbers are known.
  public let shape: Shape
  /// The axes as the sheet writes them.
  public let axes: [String]
  /// Where the sheet declares it.
  public let range: Range<Int>

  /// The name in Swift and JSON.
  public var swift: String { name.swift }
}

/// A recurrent cell as its sheet states it: the one specification that everything else is made from.
public struct Cell: Sendable {
  /// The quantities of a cell, in the order of the sheet.
  public struct Quantities: Sendable {
    public let inputs: [Quantity]
    public let states: [Quantity]
    /// What a step computes beyond its states.
    public let outputs: [Quantity]
    public let parameters: [Quantity]

    /// What a step computes: the states, then the outputs.
    public var results: [Quantity] { states + outputs }
    /// Every declared quantity.
    public var all: [Quantity] { inputs + states + outputs + parameters }
  }

  /// What the front matter says.
  public let declaration: CellDeclaration
  /// The declared quantities.
  public let quantities: Quantities
  /// The forward equations, in the order of the sheet.
  public let equations: [ForwardEquation]
  /// One step.
  public package(set) var graph: StepGraph
  /// The numbers with a name.
  public let constants: [Name: Double]
  /// The names and how their indices are read.
  public let vocabulary: Vocabulary
  /// How its layers hang together, where it is a stack of them.
  public let stack: Stack?

  /// The name of the Swift type that a learner writes.
  public var name: String { declaration.name }
  /// The name for people.
  public var title: String { declaration.title }
  /// How a sample lies in a matrix.
  public var layout: Layout { declaration.layout }

  /// Reads and checks a cell.
  ///
  /// - Parameters:
  ///   - declaration: the `cell:` part of the front matter.
  ///   - forward: the sheet's `math forward` blocks.
  /// - Parameter isStart: whether the equations define states at time 0 (`h_0 = …`) instead of a step.
  /// - Throws: what is wrong, each with its place in the sheet.
  public init(
    _ declaration: CellDeclaration, forward: [SourceExcerpt], isStart: Bool = false
  ) throws(DiagnosticList) {
    let source = declaration.source
    var diagnostics: [Diagnostic] = []
    var seenLatex: [Name: String] = [:]
    var seenSwift: [String: Name] = [:]

    func quantities(_ declared: [Declaration], isBatched: Bool) -> [Quantity] {
      declared.compactMap { item in
        do throws(Diagnostic) {
          let quantity = try Cell.quantity(item, isBatched: isBatched, sizes: declaration.sizes, in: source)
          if let other = seenLatex[quantity.name] {
            throw Diagnostic(
              other == item.symbol
                ? "`\(item.symbol)` is declared twice"
                : "`\(item.symbol)` and `\(other)` are one name, because fonts do not tell names apart; take another letter, an accent or an index",
              in: source, at: item.range)
          }
          if let other = seenSwift[quantity.swift] {
            throw Diagnostic(
              "`\(item.symbol)` and `\(other.latex)` are both `\(quantity.swift)` in Swift; rename one", in: source,
              at: item.range)
          }
          seenLatex[quantity.name] = item.symbol
          seenSwift[quantity.swift] = quantity.name
          return quantity
        } catch {
          diagnostics.append(error)
          return nil
        }
      }
    }
    var read = Quantities(
      inputs: quantities(declaration.inputs, isBatched: true), states: quantities(declaration.states, isBatched: true),
      outputs: quantities(declaration.outputs, isBatched: true),
      parameters: quantities(declaration.parameters, isBatched: false))

    var vocabulary = Vocabulary()
    vocabulary.sizes = Set(declaration.sizes.keys)
    for quantity in read.parameters { vocabulary.declare(quantity.name, as: .untimed) }
    for quantity in read.inputs + read.results { vocabulary.declare(quantity.name, as: .timed) }
    var constants: [Name: Double] = [:]
    for (symbol, value) in declaration.constants.sorted(by: { $0.key < $1.key }) {
      do throws(Diagnostic) {
        let name = try FormulaReader.name(symbol, in: source, at: declaration.range)
        guard seenLatex[name] == nil else {
          throw Diagnostic("the constant `\(symbol)` is declared elsewhere too", in: source, at: declaration.range)
        }
        constants[name] = value
        vocabulary.declare(name, as: .untimed)
      } catch { diagnostics.append(error) }
    }
    for (letter, function) in declaration.functions {
      guard let function = Function(named: function) else {
        diagnostics.append(
          Diagnostic("`\(function)` is not a function of the math language", in: source, at: declaration.range))
        continue
      }
      vocabulary.functions[Vocabulary.functionKey(letter)] = function
    }
    guard diagnostics.isEmpty else { throw DiagnosticList(diagnostics) }
    guard !forward.isEmpty else {
      throw DiagnosticList([
        Diagnostic("a cell needs its equations in a ```` ```math forward ```` block", in: source, at: declaration.range)
      ])
    }
    var equations = try FormulaReader.forwardEquations(forward, vocabulary: &vocabulary)
    do {
      if isStart {
        for index in equations.indices { equations[index] = try Self.untimed(equations[index], states: read.outputs) }
        // A state that the start leaves out begins at zero.
        let defined = Set(equations.flatMap { $0.left.map(\.name) })
        read = Quantities(
          inputs: read.inputs, states: [], outputs: read.outputs.filter { defined.contains($0.name) },
          parameters: read.parameters)
      }
      var builder = try GraphBuilder(
        declaration, quantities: read, constants: constants, equations: equations)
      graph = try builder.build()
    } catch { throw DiagnosticList([error]) }
    self.quantities = read
    self.declaration = declaration
    self.equations = equations
    self.vocabulary = vocabulary
    self.constants = constants
    stack = nil
  }

  /// An equation of the start with its left side read as a value of its one step.
  private static func untimed(
    _ equation: ForwardEquation, states: [Quantity]
  ) throws(Diagnostic) -> ForwardEquation {
    for (symbol, range) in zip(equation.left, equation.leftRanges) where symbol.times != [Time(letter: nil, offset: 0)]
    {
      guard states.contains(where: { $0.name == symbol.name }) else { continue }
      throw Diagnostic(
        "the start defines states at time 0; write `\(symbol.name.latex(time: "0"))`", in: equation.source, at: range)
    }
    return ForwardEquation(
      left: equation.left.map { Expression.Symbol($0.name) }, leftRanges: equation.leftRanges, right: equation.right,
      range: equation.range, source: equation.source)
  }

  private static func quantity(
    _ item: Declaration, isBatched: Bool, sizes: [String: Int], in source: SourceText
  ) throws(Diagnostic) -> Quantity {
    let name = try FormulaReader.name(item.symbol, in: source, at: item.range)
    var dimensions: [Dimension] = []
    for axis in item.axes {
      guard let dimension = Dimension(axis), !dimension.letters.contains("N") else {
        throw Diagnostic(
          "the axis `\(axis)` of `\(item.symbol)` is no size such as H, 4H or H+D; N, the batch, is added by itself",
          in: source, at: item.range)
      }
      if let letter = dimension.letters.sorted().first(where: { sizes[$0] == nil }) {
        throw Diagnostic(
          "the size `\(letter)` of `\(item.symbol)` is not among `sizes:`; add it there", in: source, at: item.range)
      }
      dimensions.append(dimension)
    }
    let axes: Shape.Axes
    switch (dimensions.count, isBatched) {
    case (0, _): axes = .scalar
    case (1, _): axes = .vector(dimensions[0])
    case (2, false): axes = .matrix(dimensions[0], dimensions[1])
    case (2, true):
      throw Diagnostic(
        "`\(item.symbol)` has two axes; inputs, states and outputs are vectors, the batch is added by itself",
        in: source, at: item.range)
    default:
      throw Diagnostic("`\(item.symbol)` has more than two axes", in: source, at: item.range)
    }
    return Quantity(name: name, shape: Shape(axes, isBatched: isBatched), axes: item.axes, range: item.range)
  }
}
