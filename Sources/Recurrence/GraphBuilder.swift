// Equations to graph: shapes are inferred here, and every misfit is told at its place in the sheet.

import Diagnostics
import Formula

/// Builds the graph of one step from the forward equations of a cell.
struct GraphBuilder {
  /// A value while an equation is being built; vectors may stand transposed, numbers and diagonals stay symbolic.
  enum Value {
    case number(Double)
    case node(Int)
    case transposed(Int)
    case diagonal(Int)
    /// A vector of equal entries, as long as what it meets.
    case ones(Factor, isTransposed: Bool)
    /// A matrix of a constant form, as large as what it meets.
    case form(MatrixForm)
  }

  let layout: Layout
  let source: SourceText
  let quantities: Cell.Quantities
  let constants: [Name: Double]
  /// The letters of sizes, each a number that a run knows.
  let sizes: Set<String>
  let tensor: String?
  /// The types of one sample's values; the batch is added to them by the shapes of the nodes.
  let rules: ShapeRules
  private let equations: [ForwardEquation]
  /// Which equation, and which of its left sides, defines a name.
  var definitions: [Name: (equation: Int, part: Int)] = [:]
  private var open: Set<Name> = []
  var graph = StepGraph()
  /// Nodes of the equation at hand by what they compute, so that one sub-expression is one node.
  private var known: [Key: Int] = [:]

  private struct Key: Hashable {
    var operation: Operation
    var operands: [Int]
    var shape: Shape
  }

  init(
    _ declaration: CellDeclaration, quantities: Cell.Quantities, constants: [Name: Double],
    equations: [ForwardEquation]
  ) throws(Diagnostic) {
    layout = declaration.layout
    source = declaration.source
    self.quantities = quantities
    self.constants = constants
    sizes = Set(declaration.sizes.keys)
    tensor = declaration.otimes
    rules = ShapeRules(declaration.layout, isBatched: false, source: declaration.source)
    self.equations = equations
    graph.parameters = Array(repeating: nil, count: quantities.parameters.count)
    graph.inputs = Array(repeating: nil, count: quantities.inputs.count)
    graph.previous = Array(repeating: nil, count: quantities.states.count)
    for (index, equation) in equations.enumerated() {
      for (part, symbol) in equation.left.enumerated() {
        let place = equation.leftRanges[part]
        guard symbol.times.isEmpty || symbol.times == [.present] else {
          throw fail("`\(symbol.latex)` stands on a left side; an equation defines a quantity at step t", at: place)
        }
        if definitions[symbol.name] != nil {
          throw fail("`\(symbol.latex)` is defined twice; rename one of them", at: place)
        }
        if quantities.parameters.contains(where: { $0.name == symbol.name })
          || quantities.inputs.contains(where: { $0.name == symbol.name }) || constants[symbol.name] != nil
        {
          throw fail("`\(symbol.latex)` is given, so no equation may define it", at: place)
        }
        definitions[symbol.name] = (index, part)
      }
    }
  }

  func fail(_ message: Message, at range: Range<Int>) -> Diagnostic { Diagnostic(message, in: source, at: range) }

  // MARK: Equations

  /// Builds every equation; the results are the states and the outputs.
  mutating func build() throws(Diagnostic) -> StepGraph {
    for equation in equations {
      for symbol in equation.left { _ = try definition(of: symbol.name, usedAt: equation.range) }
    }
    for quantity in quantities.results {
      guard let (equation, _) = definitions[quantity.name], let node = graph.named[quantity.name] else {
        throw fail(
          "no equation defines `\(quantity.name.latex(time: "t"))`; a forward block must", at: quantity.range)
      }
      let place = equations[equation].range
      guard case .some(let spread) = try? spread(node, to: quantity.shape, at: place) else {
        throw fail(
          "`\(quantity.name.latex)` is declared as \(quantity.shape.text), but its equation gives \(graph.nodes[node].shape.text)",
          at: place)
      }
      graph.named[quantity.name] = spread
      graph.results.append(spread)
    }
    try refuseUnused()
    graph.listContributions()
    return graph
  }

  func refuseUnused() throws(Diagnostic) {
    for (quantity, node) in zip(quantities.parameters, graph.parameters) where node == nil {
      throw fail(
        "the parameter `\(quantity.name.latex)` is declared but no equation uses it; use it or take it out",
        at: quantity.range)
    }
    for (quantity, node) in zip(quantities.inputs, graph.inputs) where node == nil {
      throw fail(
        "the input `\(quantity.name.latex)` is declared but no equation uses it; use it or take it out",
        at: quantity.range)
    }
  }

  /// The node of a defined name, building its equation first where that has not been done.
  mutating func definition(of name: Name, usedAt range: Range<Int>) throws(Diagnostic) -> Int {
    if let node = graph.named[name] { return node }
    guard let (index, _) = definitions[name] else { throw unknown(name, at: range) }
    let equation = equations[index]
    guard open.insert(name).inserted else {
      throw fail(
        "`\(name.latex(time: "t"))` depends on itself within one step; one of the values must come from step t-1",
        at: range)
    }
    defer { open.remove(name) }
    let outer = known
    known = [:]
    defer { known = outer }
    var value = try build(equation.right)
    if case .ones(let factor, _) = value, quantities.results.contains(where: { $0.name == name }) {
      value = factor.value
    }
    var node = try materialized(value, at: equation.right.range)
    if graph.named.values.contains(node) || isLeaf(node) {
      // `y_t = h_t`: two names are two nodes, so that each can be held by itself.
      node = add(.affine(scale: 1, shift: 0), [node], graph.nodes[node].shape, equation.range)
    }
    if equation.left.count == 1 {
      graph.named[name] = node
      return node
    }
    guard case .vector(let size) = graph.nodes[node].shape.axes, let part = size.divided(by: equation.left.count) else {
      throw fail(
        "the right side is \(graph.nodes[node].shape.text); it has no \(equation.left.count) equal parts for the left side",
        at: equation.range)
    }
    let shape = Shape(.vector(part), isBatched: graph.nodes[node].shape.isBatched)
    for (index, symbol) in equation.left.enumerated() {
      graph.named[symbol.name] = add(
        .slice(index: index, count: equation.left.count), [node], shape, equation.leftRanges[index])
    }
    return graph.named[name]!
  }

  func isLeaf(_ node: Int) -> Bool { graph.nodes[node].operands.isEmpty }

  func unknown(_ name: Name, at range: Range<Int>) -> Diagnostic {
    let candidates = Set(definitions.keys).union(quantities.all.map(\.name)).union(constants.keys)
    let near = candidates.filter { $0.base.lowercased() == name.base.lowercased() && $0 != name }
      .map { "`\($0.latex)`" }.sorted()
    let hint: Message =
      near.isEmpty ? "declare it or define it in an equation" : "known names like it: \(near.joined(separator: ", "))"
    return fail("`\(name.latex)` is neither declared nor defined; \(hint)", at: range)
  }

  // MARK: Nodes

  mutating func add(_ operation: Operation, _ operands: [Int], _ shape: Shape, _ range: Range<Int>) -> Int {
    let key = Key(operation: operation, operands: operands, shape: shape)
    if let node = known[key] { return node }
    graph.nodes.append(Node(operation: operation, operands: operands, shape: shape, range: range))
    known[key] = graph.nodes.count - 1
    return graph.nodes.count - 1
  }

  func shape(_ node: Int) -> Shape { graph.nodes[node].shape }

  /// Rows and columns of one sample's value, as the formula has it.
  func size(of value: Value) -> Size {
    switch value {
    case .number: return .scalar
    case .node(let node): return Size(shape(node).batched(false), layout)
    case .transposed(let node): return size(of: .node(node)).transposed
    case .diagonal(let node):
      guard case .vector(let side) = shape(node).axes else { return .scalar }
      return Size(side, side)
    case .ones(_, let isTransposed):
      return (layout == .columns) != isTransposed ? Size(nil, Size.one) : Size(Size.one, nil)
    case .form: return .open
    }
  }

  /// The same value in a larger shape: over the batch, or one number over all entries.
  mutating func spread(_ node: Int, to target: Shape, at range: Range<Int>) throws(Diagnostic) -> Int {
    let from = shape(node)
    if from == target { return node }
    let isScalar = from.axes == .scalar
    guard isScalar || from.axes == target.axes, target.isBatched || !from.isBatched else {
      throw fail("\(from.text) does not fit \(target.text)", at: range)
    }
    return add(.spread, [node], target, range)
  }

  /// A value as a node in the orientation of a sample.
  mutating func materialized(_ value: Value, at range: Range<Int>) throws(Diagnostic) -> Int {
    switch value {
    case .node(let node): return node
    case .number(let number): return add(.constant(number), [], Shape(.scalar), range)
    case .transposed:
      throw fail("a transposed vector stands alone here; only products have one", at: range)
    case .diagonal(let node):
      guard case .vector(let size) = shape(node).axes, !shape(node).isBatched else {
        throw fail(
          "a diagonal matrix for each sample stands alone here; multiply it with a vector, or use `\\odot`", at: range)
      }
      return add(.diagonal, [node], Shape(.matrix(size, size)), range)
    case .ones: throw rules.sizeless("\\mathbf 1", at: range)
    case .form(let form): throw sizeless(form, at: range)
    }
  }
}
