// Expressions to nodes: names, sums, element-wise operations, powers.

import Diagnostics
import Formula
import Glibc

extension GraphBuilder {
  mutating func build(_ expression: Expression) throws(Diagnostic) -> Value {
    let range = expression.range
    switch expression.kind {
    case .number(let number): return .number(number)
    case .constant(.ones): return .ones(.number(1), isTransposed: false)
    case .constant(.zeros): return .number(0)
    case .constant(.identity): return .form(MatrixForm(identity: .number(1)))
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
      return try rules.starIsByElement(size(of: left), size(of: right), at: range)
        ? elementwise(.hadamard, left, right, at: range) : product(left, right, at: range)
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

  mutating func build(_ symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Value {
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
    if symbol.times.isEmpty, definitions[name] == nil, let size = try sizeAsNumber(name, at: range) { return size }
    guard symbol.times.isEmpty || symbol.times == [.present] || symbol.times == [.previous] else {
      throw fail(
        "`\(symbol.latex)`: the equations of a cell speak of the steps t and t-1 only; what is needed later is kept in a state, such as `p_t = \(name.latex(time: "t-1"))`",
        at: range)
    }
    let isPrevious = symbol.times == [.previous]
    if let index = quantities.inputs.firstIndex(where: { $0.name == name }) {
      guard !isPrevious else {
        throw fail(
          "`\(symbol.latex)`: an input is seen at its own step only; to keep it declare a state, define it by `p_t = \(name.latex(time: "t"))` and write `p_{t-1}`",
          at: range)
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
  mutating func leaf(_ operation: Operation, _ quantity: Quantity, at range: Range<Int>) -> Int {
    if let node = graph.nodes.firstIndex(where: { $0.operation == operation }) { return node }
    graph.nodes.append(Node(operation: operation, operands: [], shape: quantity.shape, range: range))
    return graph.nodes.count - 1
  }

  func isNumber(_ value: Value) -> Bool {
    switch value {
    case .number: return true
    case .node(let node): return shape(node).axes == .scalar
    default: return false
    }
  }

  mutating func scaled(_ value: Value, by factor: Double, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch value {
    case .number(let number): return .number(factor * number)
    case .node(let node): return .node(affine(node, scale: factor, shift: 0, at: range))
    case .transposed(let node): return .transposed(affine(node, scale: factor, shift: 0, at: range))
    case .diagonal(let node): return .diagonal(affine(node, scale: factor, shift: 0, at: range))
    case .ones, .form: return try product(.number(factor), value, at: range)
    }
  }

  mutating func affine(_ node: Int, scale: Double, shift: Double, at range: Range<Int>) -> Int {
    if scale == 1, shift == 0 { return node }
    return add(.affine(scale: scale, shift: shift), [node], shape(node), range)
  }

  /// Two operands of one shape, the smaller spread where that has one reading.
  mutating func elementwise(
    _ operation: Operation, _ left: Value, _ right: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    if let value = try elementwiseConstant(operation, left, right, at: range) { return value }
    try check(operation, size(of: left), size(of: right), at: range)
    switch (left, right) {
    case (.number(let a), .number(let b)):
      switch operation {
      case .add: return .number(a + b)
      case .subtract: return .number(a - b)
      case .hadamard: return .number(a * b)
      case .maximum: return .number(larger(a, b))
      case .minimum: return .number(smaller(a, b))
      default: break
      }
    case (.number(let a), .node(let b)) where operation != .maximum && operation != .minimum:
      switch operation {
      case .add: return .node(affine(b, scale: 1, shift: a, at: range))
      case .subtract: return .node(affine(b, scale: -1, shift: a, at: range))
      default: return .node(affine(b, scale: a, shift: 0, at: range))
      }
    case (.node(let a), .number(let b)) where operation != .maximum && operation != .minimum:
      switch operation {
      case .add: return .node(affine(a, scale: 1, shift: b, at: range))
      case .subtract: return .node(affine(a, scale: 1, shift: -b, at: range))
      default: return .node(affine(a, scale: b, shift: 0, at: range))
      }
    case (.transposed(let a), .transposed(let b)):
      return upsideDown(try elementwise(operation, .node(a), .node(b), at: range))
    case (.transposed(let a), let number) where isNumber(number):
      return upsideDown(try elementwise(operation, .node(a), number, at: range))
    case (let number, .transposed(let b)) where isNumber(number):
      return upsideDown(try elementwise(operation, number, .node(b), at: range))
    case (.diagonal(let a), .diagonal(let b)):
      let sum = try elementwise(operation, .node(a), .node(b), at: range)
      if case .node(let node) = sum { return .diagonal(node) }
      return sum
    default: break
    }
    let (a, b) = (try materialized(left, at: range), try materialized(right, at: range))
    let target = try common(shape(a), shape(b), at: range)
    let operands = [try spread(a, to: target, at: range), try spread(b, to: target, at: range)]
    return .node(add(operation, operands, target, range))
  }

  private func check(_ operation: Operation, _ left: Size, _ right: Size, at range: Range<Int>) throws(Diagnostic) {
    switch operation {
    case .add: _ = try rules.byElement(.sum, left, right, at: range)
    case .subtract: _ = try rules.byElement(.difference, left, right, at: range)
    case .maximum: _ = try rules.byElement(.extremum(.max), left, right, at: range)
    case .minimum: _ = try rules.byElement(.extremum(.min), left, right, at: range)
    default: _ = try rules.byElement(.product, left, right, at: range)
    }
  }

  /// The value of a transposed vector, computed from the vector as it lies.
  func upsideDown(_ value: Value) -> Value {
    if case .node(let node) = value { return .transposed(node) }
    return value
  }

  /// The shape of an operation by element on values whose sizes agree.
  private func common(_ left: Shape, _ right: Shape, at range: Range<Int>) throws(Diagnostic) -> Shape {
    let shape = Shape(
      left.axes == .scalar ? right.axes : left.axes, isBatched: left.isBatched || right.isBatched)
    if shape.isBatched, case .matrix = shape.axes { throw manyMatrices(at: range) }
    return shape
  }

  mutating func quotient(_ above: Value, _ below: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    if case .number(let number) = below {
      guard number != 0 else { throw fail("this divides by 0", at: range) }
      return try scaled(above, by: 1 / number, at: range)
    }
    _ = try rules.quotient(size(of: above), size(of: below), at: range)
    switch (above, below) {
    case (.ones(let factor, let isTransposed), _) where isNumber(below):
      return .ones(Factor(try quotient(factor.value, below, at: range)), isTransposed: isTransposed)
    case (.ones(let factor, _), _): return try quotient(factor.value, below, at: range)
    case (_, .ones(let factor, _)): return try quotient(above, factor.value, at: range)
    case (.form, _): return try product(try quotient(.number(1), below, at: range), above, at: range)
    case (.transposed(let a), .transposed(let b)):
      return upsideDown(try quotient(.node(a), .node(b), at: range))
    case (.transposed(let a), _): return upsideDown(try quotient(.node(a), below, at: range))
    case (_, .transposed(let b)): return upsideDown(try quotient(above, .node(b), at: range))
    default: break
    }
    let (above, below) = (try materialized(above, at: range), try materialized(below, at: range))
    let target = try common(shape(above), shape(below), at: range)
    let operands = [try spread(above, to: target, at: range), try spread(below, to: target, at: range)]
    return .node(add(.divide, operands, target, range))
  }

  mutating func power(
    _ base: Expression, _ exponent: Expression, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard case .number(let number) = try build(exponent) else {
      throw fail("the exponent must be a number", at: exponent.range)
    }
    let value = try build(base)
    return try power(value, number, at: range)
  }

  mutating func power(_ value: Value, _ number: Double, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch value {
    case .number(let base): return .number(pow(base, number))
    case .node(let node):
      guard try rules.powerIsOfMatrix(size(of: value), number, at: range) else {
        return .node(add(.power(number), [node], shape(node), range))
      }
      if number == 0 { return .form(MatrixForm(identity: .number(1))) }
      var result = value
      for _ in 1..<Int(number) { result = try product(result, value, at: range) }
      return result
    case .transposed(let node):
      _ = try rules.powerIsOfMatrix(size(of: value), number, at: range)
      return .transposed(add(.power(number), [node], shape(node), range))
    case .diagonal(let node):
      _ = try rules.powerIsOfMatrix(size(of: value), number, at: range)
      if number == 0 { return .form(MatrixForm(identity: .number(1))) }
      return .diagonal(add(.power(number), [node], shape(node), range))
    case .ones(let factor, let isTransposed):
      return .ones(Factor(try power(factor.value, number, at: range)), isTransposed: isTransposed)
    case .form(let form):
      guard let factor = form.identity, form.all == nil else { throw sizeless(form, at: range) }
      return .form(MatrixForm(identity: Factor(try power(factor.value, number, at: range))))
    }
  }
}
