// Equations to graph: shapes are inferred here, and every misfit is told at its place in the sheet.

import Diagnostics
import Formula
import Glibc

/// Builds the graph of one step from the forward equations of a cell.
struct GraphBuilder {
  /// A value while an equation is being built; vectors may stand transposed, numbers and diagonals stay symbolic.
  enum Value {
    case number(Double)
    case node(Int)
    case transposed(Int)
    case diagonal(Int)
    case identity
  }

  let layout: Layout
  let source: SourceText
  let quantities: Cell.Quantities
  let constants: [Name: Double]
  let tensor: String?
  private let equations: [ForwardEquation]
  /// Which equation, and which of its left sides, defines a name.
  private var definitions: [Name: (equation: Int, part: Int)] = [:]
  private var open: Set<Name> = []
  private(set) var graph = StepGraph()
  /// Nodes of the equation at hand by what they compute, so that one sub-expression is one node.
  private var known: [Key: Int] = [:]

  private struct Key: Hashable {
    var operation: Operation
    var operands: [Int]
    var shape: Shape
  }

  init(
    layout: Layout, source: SourceText, quantities: Cell.Quantities, constants: [Name: Double], tensor: String?,
    equations: [ForwardEquation]
  ) throws(Diagnostic) {
    self.layout = layout
    self.source = source
    self.quantities = quantities
    self.constants = constants
    self.tensor = tensor
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

  func fail(_ message: String, at range: Range<Int>) -> Diagnostic { Diagnostic(message, in: source, at: range) }

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
          "`\(quantity.name.latex)` is declared as \(quantity.shape.text), but its equation gives "
            + graph.nodes[node].shape.text, at: place)
      }
      graph.named[quantity.name] = spread
      graph.results.append(spread)
    }
    try refuseUnused()
    graph.listContributions()
    return graph
  }

  private func refuseUnused() throws(Diagnostic) {
    let kinds = [("parameter", quantities.parameters, graph.parameters), ("input", quantities.inputs, graph.inputs)]
    for (kind, declared, used) in kinds {
      for (quantity, node) in zip(declared, used) where node == nil {
        throw fail(
          "the \(kind) `\(quantity.name.latex)` is declared but no equation uses it; use it or take it out",
          at: quantity.range)
      }
    }
  }

  /// The node of a defined name, building its equation first where that has not been done.
  private mutating func definition(of name: Name, usedAt range: Range<Int>) throws(Diagnostic) -> Int {
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
    let value = try build(equation.right)
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

  private func isLeaf(_ node: Int) -> Bool { graph.nodes[node].operands.isEmpty }

  private func unknown(_ name: Name, at range: Range<Int>) -> Diagnostic {
    let candidates = definitions.keys + quantities.all.map(\.name) + Array(constants.keys)
    let near = candidates.filter { $0.base.lowercased() == name.base.lowercased() && $0 != name }
      .map { "`\($0.latex)`" }.sorted()
    let hint =
      near.isEmpty ? "declare it or define it in an equation" : "known names like it: \(near.joined(separator: ", "))"
    return fail("`\(name.latex)` is neither declared nor defined; \(hint)", at: range)
  }

  // MARK: Nodes

  private mutating func add(_ operation: Operation, _ operands: [Int], _ shape: Shape, _ range: Range<Int>) -> Int {
    let key = Key(operation: operation, operands: operands, shape: shape)
    if let node = known[key] { return node }
    graph.nodes.append(Node(operation: operation, operands: operands, shape: shape, range: range))
    known[key] = graph.nodes.count - 1
    return graph.nodes.count - 1
  }

  private func shape(_ node: Int) -> Shape { graph.nodes[node].shape }

  /// The same value in a larger shape: over the batch, or one number over all entries.
  private mutating func spread(_ node: Int, to target: Shape, at range: Range<Int>) throws(Diagnostic) -> Int {
    let from = shape(node)
    if from == target { return node }
    let isScalar = from.axes == .scalar
    guard isScalar || from.axes == target.axes, target.isBatched || !from.isBatched else {
      throw fail("\(from.text) does not fit \(target.text)", at: range)
    }
    return add(.spread, [node], target, range)
  }

  /// A value as a node in the orientation of a sample.
  private mutating func materialized(_ value: Value, at range: Range<Int>) throws(Diagnostic) -> Int {
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
    case .identity:
      throw fail("`I` has no size here; it belongs in a product with a vector or a matrix", at: range)
    }
  }

  // MARK: Expressions

  private mutating func build(_ expression: Expression) throws(Diagnostic) -> Value {
    let range = expression.range
    switch expression.kind {
    case .number(let number): return .number(number)
    case .constant(.ones): return .number(1)
    case .constant(.zeros): return .number(0)
    case .constant(.identity): return .identity
    case .symbol(let symbol): return try build(symbol, at: range)
    case .negated(let value): return try scaled(try build(value), by: -1, at: range)
    case .sum(let left, let right):
      return try elementwise(.add, try build(left), try build(right), at: range)
    case .difference(let left, let right):
      return try elementwise(.subtract, try build(left), try build(right), at: range)
    case .hadamard(let left, let right):
      return try elementwise(.hadamard, try build(left), try build(right), at: range)
    case .product(let left, let right):
      return try product(try build(left), try build(right), at: range)
    case .star(let left, let right):
      let (left, right) = (try build(left), try build(right))
      if isNumber(left) || isNumber(right) { return try product(left, right, at: range) }
      return try elementwise(.hadamard, left, right, at: range)
    case .tensor(let left, let right):
      switch tensor {
      case "hadamard": return try elementwise(.hadamard, try build(left), try build(right), at: range)
      case "outer":
        return try product(try build(left), try transposed(try build(right), at: range), at: range)
      default:
        throw fail("`\\otimes` has several meanings; write `\\odot`, or set `otimes:` under `cell`", at: range)
      }
    case .quotient(let above, let below):
      return try quotient(try build(above), try build(below), at: range)
    case .power(let base, let exponent): return try power(base, exponent, at: range)
    case .transposed(let value): return try transposed(try build(value), at: range)
    case .call(let function, let derivative, let arguments):
      guard derivative == 0 else {
        throw fail("a derivative of `\(function.display)` does not stand in a forward equation", at: range)
      }
      return try call(function, arguments, at: range)
    case .block(let rows): return try block(rows, at: range)
    case .analysis: throw fail("this belongs in a derivation, not in the equations of a cell", at: range)
    }
  }

  private mutating func build(_ symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Value {
    let name = symbol.name
    if let number = constants[name] {
      guard symbol.times.isEmpty else { throw fail("`\(name.latex)` is a constant and has no time", at: range) }
      return .number(number)
    }
    if let index = quantities.parameters.firstIndex(where: { $0.name == name }) {
      let node = leaf(.parameter(index), quantities.parameters[index], at: range)
      graph.parameters[index] = node
      return .node(node)
    }
    guard symbol.times.isEmpty || symbol.times == [.present] || symbol.times == [.previous] else {
      throw fail("`\(symbol.latex)`: the equations of a cell speak of the steps t and t-1 only", at: range)
    }
    let isPrevious = symbol.times == [.previous]
    if let index = quantities.inputs.firstIndex(where: { $0.name == name }) {
      guard !isPrevious else {
        throw fail("`\(symbol.latex)`: an input is seen at its own step only; make it a state to keep it", at: range)
      }
      let node = leaf(.input(index), quantities.inputs[index], at: range)
      graph.inputs[index] = node
      return .node(node)
    }
    guard isPrevious else { return .node(try definition(of: name, usedAt: range)) }
    guard let index = quantities.states.firstIndex(where: { $0.name == name }) else {
      guard definitions[name] != nil else { throw unknown(name, at: range) }
      throw fail(
        "`\(symbol.latex)`: only a state reaches the next step; declare `\(name.latex)` under `state:`", at: range)
    }
    let node = leaf(.previous(index), quantities.states[index], at: range)
    graph.previous[index] = node
    return .node(node)
  }

  /// A leaf is one node for all equations.
  private mutating func leaf(_ operation: Operation, _ quantity: Quantity, at range: Range<Int>) -> Int {
    if let node = graph.nodes.firstIndex(where: { $0.operation == operation }) { return node }
    graph.nodes.append(Node(operation: operation, operands: [], shape: quantity.shape, range: range))
    return graph.nodes.count - 1
  }

  private func isNumber(_ value: Value) -> Bool {
    switch value {
    case .number: return true
    case .node(let node): return shape(node).axes == .scalar
    default: return false
    }
  }

  private mutating func scaled(_ value: Value, by factor: Double, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch value {
    case .number(let number): return .number(factor * number)
    case .node(let node): return .node(affine(node, scale: factor, shift: 0, at: range))
    case .transposed(let node): return .transposed(affine(node, scale: factor, shift: 0, at: range))
    case .diagonal(let node): return .diagonal(affine(node, scale: factor, shift: 0, at: range))
    case .identity where factor == 1: return .identity
    case .identity: throw fail("a multiple of `I` is not read here; multiply the other operand", at: range)
    }
  }

  private mutating func affine(_ node: Int, scale: Double, shift: Double, at range: Range<Int>) -> Int {
    if scale == 1, shift == 0 { return node }
    return add(.affine(scale: scale, shift: shift), [node], shape(node), range)
  }

  /// Two operands of one shape, the smaller spread where that has one reading.
  private mutating func elementwise(
    _ operation: Operation, _ left: Value, _ right: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    switch (left, right) {
    case (.number(let a), .number(let b)):
      switch operation {
      case .add: return .number(a + b)
      case .subtract: return .number(a - b)
      case .hadamard: return .number(a * b)
      case .maximum: return .number(Swift.max(a, b))
      case .minimum: return .number(Swift.min(a, b))
      default: break
      }
    case (.number(let a), .node(let b)) where operation != .maximum && operation != .minimum:
      try refuseNumberWithMatrix(operation, b, at: range)
      switch operation {
      case .add: return .node(affine(b, scale: 1, shift: a, at: range))
      case .subtract: return .node(affine(b, scale: -1, shift: a, at: range))
      default: return .node(affine(b, scale: a, shift: 0, at: range))
      }
    case (.node(let a), .number(let b)) where operation != .maximum && operation != .minimum:
      try refuseNumberWithMatrix(operation, a, at: range)
      switch operation {
      case .add: return .node(affine(a, scale: 1, shift: b, at: range))
      case .subtract: return .node(affine(a, scale: 1, shift: -b, at: range))
      default: return .node(affine(a, scale: b, shift: 0, at: range))
      }
    case (.transposed(let a), .transposed(let b)):
      let sum = try elementwise(operation, .node(a), .node(b), at: range)
      if case .node(let node) = sum { return .transposed(node) }
      return sum
    case (.diagonal(let a), .diagonal(let b)):
      let sum = try elementwise(operation, .node(a), .node(b), at: range)
      if case .node(let node) = sum { return .diagonal(node) }
      return sum
    case (.transposed, .node), (.node, .transposed):
      throw fail("a vector and a transposed vector stand on the two sides of an element-wise operation", at: range)
    default: break
    }
    let (a, b) = (try materialized(left, at: range), try materialized(right, at: range))
    let target = try common(shape(a), shape(b), operation, at: range)
    let operands = [try spread(a, to: target, at: range), try spread(b, to: target, at: range)]
    return .node(add(operation, operands, target, range))
  }

  private func refuseNumberWithMatrix(_ operation: Operation, _ node: Int, at range: Range<Int>) throws(Diagnostic) {
    guard operation == .add || operation == .subtract, case .matrix = shape(node).axes else { return }
    throw fail(
      "a number and \(shape(node).text) cannot be added; write `I` for the diagonal or `\\mathbf 1\\mathbf 1^\\top` for all entries",
      at: range)
  }

  /// The shape of an element-wise operation.
  private func common(
    _ left: Shape, _ right: Shape, _ operation: Operation, at range: Range<Int>
  ) throws(Diagnostic) -> Shape {
    let isBatched = left.isBatched || right.isBatched
    if left.axes == right.axes { return left.batched(isBatched) }
    let sides = [left.axes, right.axes]
    let hasMatrix = sides.contains { if case .matrix = $0 { true } else { false } }
    if let index = sides.firstIndex(of: .scalar), !hasMatrix || !isBatched {
      if hasMatrix, operation == .add || operation == .subtract {
        throw fail(
          "a number and \((index == 0 ? right : left).text) cannot be added; write `I` for the diagonal", at: range)
      }
      return Shape(sides[1 - index], isBatched: isBatched)
    }
    let verb: String
    switch operation {
    case .add: verb = "added"
    case .subtract: verb = "subtracted"
    case .divide: verb = "divided by element"
    default: verb = "multiplied by element"
    }
    throw fail("\(left.text) and \(right.text) cannot be \(verb)", at: range)
  }

  private mutating func quotient(_ above: Value, _ below: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    if case .number(let number) = below {
      guard number != 0 else { throw fail("this divides by 0", at: range) }
      return try scaled(above, by: 1 / number, at: range)
    }
    let (above, below) = (try materialized(above, at: range), try materialized(below, at: range))
    for node in [above, below] {
      if case .matrix = shape(node).axes { throw fail("a fraction of matrices has no reading", at: range) }
    }
    let target = try common(shape(above), shape(below), .divide, at: range)
    let operands = [try spread(above, to: target, at: range), try spread(below, to: target, at: range)]
    return .node(add(.divide, operands, target, range))
  }

  private mutating func power(
    _ base: Expression, _ exponent: Expression, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard case .number(let number) = try build(exponent) else {
      throw fail("the exponent must be a number", at: exponent.range)
    }
    let value = try build(base)
    switch value {
    case .number(let base): return .number(pow(base, number))
    case .node(let node):
      if case .matrix(let rows, let columns) = shape(node).axes {
        guard rows == columns, let count = Int(exactly: number), (1...16).contains(count) else {
          throw fail("a power of \(shape(node).text) needs a square matrix and an exponent from 1 to 16", at: range)
        }
        var result = value
        for _ in 1..<count { result = try product(result, value, at: range) }
        return result
      }
      guard number >= 0 || shape(node).axes == .scalar else {
        throw fail("a negative power of \(shape(node).text) is not read; write a fraction", at: range)
      }
      return .node(add(.power(number), [node], shape(node), range))
    case .diagonal(let node): return .diagonal(add(.power(number), [node], shape(node), range))
    case .identity: return .identity
    case .transposed: throw fail("a power of a transposed vector has no reading", at: range)
    }
  }

  // MARK: Products

  private mutating func transposed(_ value: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch value {
    case .number, .diagonal, .identity: return value
    case .transposed(let node): return .node(node)
    case .node(let node):
      switch shape(node).axes {
      case .scalar: return value
      case .vector: return .transposed(node)
      case .matrix(let rows, let columns):
        if graph.nodes[node].operation == .transpose { return .node(graph.nodes[node].operands[0]) }
        return .node(add(.transpose, [node], Shape(.matrix(columns, rows)), range))
      }
    }
  }

  /// Whether a value is a column as it stands: in a columns cell a vector is, in a rows cell a transposed one.
  private func isColumn(_ value: Value) -> Bool {
    switch value {
    case .node: return layout == .columns
    case .transposed: return layout == .rows
    default: return false
    }
  }

  private mutating func product(_ left: Value, _ right: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch (left, right) {
    case (.identity, _): return right
    case (_, .identity): return left
    case (.number(let factor), _): return try scaled(right, by: factor, at: range)
    case (_, .number(let factor)): return try scaled(left, by: factor, at: range)
    case (.diagonal(let a), .diagonal(let b)):
      if case .node(let node) = try elementwise(.hadamard, .node(a), .node(b), at: range) { return .diagonal(node) }
    case (.diagonal(let diagonal), .node(let node)), (.node(let node), .diagonal(let diagonal)):
      if case .vector = shape(node).axes {
        return try elementwise(.hadamard, .node(diagonal), .node(node), at: range)
      }
    default: break
    }
    guard let a = node(of: left), let b = node(of: right) else {
      return try product(.node(try materialized(left, at: range)), .node(try materialized(right, at: range)), at: range)
    }
    if shape(a).axes == .scalar || shape(b).axes == .scalar {
      let scaled = try elementwise(.hadamard, .node(a), .node(b), at: range)
      let other = shape(a).axes == .scalar ? right : left
      if case .transposed = other, case .node(let node) = scaled { return .transposed(node) }
      return scaled
    }
    switch (shape(a).axes, shape(b).axes) {
    case (.matrix, .matrix): return .node(try matrixProduct(a, b, at: range))
    case (.matrix, .vector):
      guard isColumn(right) else {
        throw misfit(
          a, b, "a matrix stands left of a column; here samples are rows, so the vector stands on the left", at: range)
      }
      return try applied(a, to: b, fromLeft: true, at: range)
    case (.vector, .matrix):
      guard !isColumn(left) else { throw misfit(a, b, "a column stands right of its matrix: `W x`", at: range) }
      return try applied(b, to: a, fromLeft: false, at: range)
    case (.vector, .vector):
      return try vectorProduct(left, a, right, b, at: range)
    default: throw misfit(a, b, "they have no product", at: range)
    }
  }

  private func node(of value: Value) -> Int? {
    switch value {
    case .node(let node), .transposed(let node): return node
    default: return nil
    }
  }

  private func misfit(_ left: Int, _ right: Int, _ reason: String, at range: Range<Int>) -> Diagnostic {
    fail("\(shape(left).text) times \(shape(right).text): \(reason)", at: range)
  }

  /// Looks through a transpose: the product transposes on the fly.
  private func untransposed(_ node: Int) -> (node: Int, isTransposed: Bool) {
    graph.nodes[node].operation == .transpose ? (graph.nodes[node].operands[0], true) : (node, false)
  }

  private mutating func matrixProduct(_ a: Int, _ b: Int, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard case .matrix(let rows, let inner) = shape(a).axes, case .matrix(let other, let columns) = shape(b).axes,
      inner == other
    else { throw misfit(a, b, "the inner sizes differ", at: range) }
    let (left, right) = (untransposed(a), untransposed(b))
    return add(
      .product(leftTransposed: left.isTransposed, rightTransposed: right.isTransposed), [left.node, right.node],
      Shape(.matrix(rows, columns)), range)
  }

  /// A matrix times a column, or a row times a matrix; the result stands as the vector did.
  private mutating func applied(
    _ matrix: Int, to vector: Int, fromLeft: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard case .matrix(let rows, let columns) = shape(matrix).axes, case .vector(let size) = shape(vector).axes else {
      throw misfit(matrix, vector, "they have no product", at: range)
    }
    let (inner, outer) = fromLeft ? (columns, rows) : (rows, columns)
    guard inner == size else {
      throw fromLeft
        ? misfit(matrix, vector, "\(columns) columns do not meet \(size) entries", at: range)
        : misfit(vector, matrix, "\(size) entries do not meet \(rows) rows", at: range)
    }
    let (base, isTransposed) = untransposed(matrix)
    let shape = Shape(.vector(outer), isBatched: shape(vector).isBatched)
    // A vector lies in memory as a sample does, upright or flat, whether or not the formula transposes it.
    let isUpright = layout == .columns
    let flips = isTransposed != (isUpright != fromLeft)
    let node =
      isUpright
      ? add(.product(leftTransposed: flips, rightTransposed: false), [base, vector], shape, range)
      : add(.product(leftTransposed: false, rightTransposed: flips), [vector, base], shape, range)
    return fromLeft == isUpright ? .node(node) : .transposed(node)
  }

  private mutating func vectorProduct(
    _ left: Value, _ a: Int, _ right: Value, _ b: Int, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    switch (isColumn(left), isColumn(right)) {
    case (false, true):
      guard case .node(let both) = try elementwise(.hadamard, .node(a), .node(b), at: range) else { break }
      return .node(add(.featureSum, [both], Shape(.scalar, isBatched: shape(both).isBatched), range))
    case (true, false):
      guard !shape(a).isBatched, !shape(b).isBatched, case .vector(let rows) = shape(a).axes,
        case .vector(let columns) = shape(b).axes
      else { throw misfit(a, b, "that is a matrix for each sample, which a cell cannot hold", at: range) }
      let isUpright = layout == .columns
      return .node(
        add(
          .product(leftTransposed: !isUpright, rightTransposed: isUpright), [a, b], Shape(.matrix(rows, columns)), range
        ))
    default: break
    }
    throw misfit(a, b, "write `a \\odot b` by element or `a^\\top b` for the inner product", at: range)
  }

  // MARK: Functions and blocks

  private mutating func call(
    _ function: Function, _ arguments: [Expression], at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    var values: [Value] = []
    for argument in arguments { values.append(try build(argument)) }
    switch function {
    case .max: return try elementwise(.maximum, values[0], values[1], at: range)
    case .min: return try elementwise(.minimum, values[0], values[1], at: range)
    case .diag:
      guard case .node(let node) = values[0], case .vector = shape(node).axes else {
        throw fail("`diag` takes a vector", at: range)
      }
      return .diagonal(node)
    default: break
    }
    if case .transposed(let node) = values[0], function.isElementwise {
      return .transposed(add(.function(function), [node], shape(node), range))
    }
    let node = try materialized(values[0], at: range)
    switch function {
    case .identity: return .node(node)
    case .softmax:
      guard case .vector = shape(node).axes else { throw fail("softmax takes a vector", at: range) }
      return .node(add(.softmax, [node], shape(node), range))
    case .sum, .mean:
      guard case .vector(let size) = shape(node).axes else {
        throw fail("`\(function.display)` takes a vector; it adds up the features of a sample", at: range)
      }
      let total = add(.featureSum, [node], Shape(.scalar, isBatched: shape(node).isBatched), range)
      if function == .sum { return .node(total) }
      let ones = add(.affine(scale: 0, shift: 1), [node], Shape(.vector(size), isBatched: shape(node).isBatched), range)
      let count = add(.featureSum, [ones], Shape(.scalar, isBatched: shape(node).isBatched), range)
      return .node(add(.divide, [total, count], shape(total), range))
    case .stop: return .node(add(.stop, [node], shape(node), range))
    default: return .node(add(.function(function), [node], shape(node), range))
    }
  }

  /// `[a; b]` of vectors is one vector; of matrices `,` is beside and `;` on top.
  private mutating func block(_ rows: [[Expression]], at range: Range<Int>) throws(Diagnostic) -> Value {
    var nodes: [[Int]] = []
    for row in rows {
      var line: [Int] = []
      for part in row { line.append(try materialized(try build(part), at: part.range)) }
      nodes.append(line)
    }
    let all = nodes.flatMap { $0 }
    var size = Dimension()
    var vectors = 0
    for node in all {
      switch shape(node).axes {
      case .scalar:
        size = size + .one
        vectors += 1
      case .vector(let part):
        size = size + part
        vectors += 1
      case .matrix: break
      }
    }
    if vectors == all.count {
      guard nodes.count == 1 || nodes.allSatisfy({ $0.count == 1 }) else {
        throw fail("vectors stand in one row or one column of a block", at: range)
      }
      let isBatched = all.contains { shape($0).isBatched }
      var parts: [Int] = []
      for node in all {
        let axes: Shape.Axes = shape(node).axes == .scalar ? .vector(.one) : shape(node).axes
        parts.append(try spread(node, to: Shape(axes, isBatched: isBatched), at: range))
      }
      return .node(add(.join, parts, Shape(.vector(size), isBatched: isBatched), range))
    }
    guard vectors == 0 else { throw fail("a block holds vectors or matrices, not both", at: range) }
    var lines: [Int] = []
    for line in nodes { lines.append(try stack(line, beside: true, at: range)) }
    return .node(try stack(lines, beside: false, at: range))
  }

  private mutating func stack(_ nodes: [Int], beside: Bool, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard nodes.count > 1 else { return nodes[0] }
    var (height, width) = (Dimension(), Dimension())
    for (index, node) in nodes.enumerated() {
      guard case .matrix(let rows, let columns) = shape(node).axes else { continue }
      if index == 0 {
        (height, width) = (rows, columns)
      } else if beside {
        guard rows == height else { throw fail("matrices beside each other have equally many rows", at: range) }
        width = width + columns
      } else {
        guard columns == width else { throw fail("matrices on top of each other have equally many columns", at: range) }
        height = height + rows
      }
    }
    return add(.stack(beside: beside), nodes, Shape(.matrix(height, width)), range)
  }
}
