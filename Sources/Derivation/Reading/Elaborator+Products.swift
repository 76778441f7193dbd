// Products, quotients and powers: which factors meet, and gradients taken through slopes.

import Diagnostics
import Formula
import Recurrence

extension Elaborator {
  func factors(_ expression: Expression) -> [Expression] {
    var factors: [Expression] = []
    func collect(_ expression: Expression) {
      guard case .product(let left, let right) = expression.kind else { return factors.append(expression) }
      collect(left)
      collect(right)
    }
    collect(expression)
    return factors
  }

  mutating func product(
    _ expression: Expression, _ expecting: Size, isFactor: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    // The outermost product has looked at the factors of all that are within.
    if !isFactor, let composed = try composition(factors(expression), at: range) { return composed }
    guard case .product(let left, let right) = expression.kind else {
      return try term(expression, expecting: expecting)
    }
    var a = try term(left, isFactor: true)
    var b = try term(right, isFactor: true)
    // A factor is read again where what stands around it tells more of its shape than was known; only then, since a row
    // of factors would be read twice as often with each of them.
    func again(_ factor: Expression, _ term: Term, _ rows: Dimension?, _ columns: Dimension?) throws(Diagnostic) -> Term
    {
      guard rows != nil || columns != nil else { return term }
      return try self.term(factor, expecting: Size(rows, columns), isFactor: true)
    }
    if a.size.isScalar, !b.size.isKnown { b = try again(right, b, expecting.rows, expecting.columns) }
    if b.size.isScalar, !a.size.isKnown { a = try again(left, a, expecting.rows, expecting.columns) }
    if !a.size.isScalar, !b.size.isScalar {
      if a.size.columns == nil, b.size.rows != nil { a = try again(left, a, expecting.rows, b.size.rows) }
      if b.size.rows == nil, a.size.columns != nil { b = try again(right, b, a.size.columns, expecting.columns) }
      // What the product must be fixes what its own factors leave open, as in `\mathbf 1 \mathbf 1^\top v`.
      if a.size.rows == nil, let rows = expecting.rows { a = try again(left, a, rows, a.size.columns) }
      if b.size.columns == nil, let columns = expecting.columns { b = try again(right, b, b.size.rows, columns) }
    }
    return try multiply(a, b, at: range)
  }

  mutating func multiply(_ a: Term, _ b: Term, at range: Range<Int>) throws(Diagnostic) -> Term {
    if case .identity = a.operation, a.size.merged(Size(b.size.rows, b.size.rows)) != nil, !b.size.isScalar { return b }
    if case .identity = b.operation, b.size.merged(Size(a.size.columns, a.size.columns)) != nil, !a.size.isScalar {
      return a
    }
    if case .zeros = a.operation, !a.size.isKnown, !b.size.isScalar, case .some(let columns) = b.size.columns {
      return Term(.zeros, [], Size(a.size.rows, columns), range)
    }
    let (reading, size) = try rules.product(a.size, b.size, at: range)
    switch reading {
    case .scaling(let numberIsLeft): return Term(.scale, numberIsLeft ? [a, b] : [b, a], size, range)
    case .matrices: return Term(.multiply, [a, b], size, range)
    case .byElement(let other):
      byElement.append(other)
      return Term(.hadamard, [a, b], size, range)
    }
  }

  /// `\frac{\partial L}{\partial f_t} \frac{\partial f_t}{\partial W_f}`: linear maps one after the other.
  mutating func composition(_ factors: [Expression], at range: Range<Int>) throws(Diagnostic) -> Term? {
    var slopes: [Int: (slope: Slope, range: Range<Int>)] = [:]
    for (index, factor) in factors.enumerated() {
      guard case .analysis(.derivative(let derivative)) = factor.kind, !isLoss(derivative.of) else { continue }
      slopes[index] = (try slope(derivative, at: factor.range), factor.range)
    }
    guard let (last, map) = slopes.first(where: { isMatrix($0.value.slope.by) }) else { return nil }
    // From the scalar's derivative to the map, in either reading order.
    for direction in [-1, 1] {
      var index = last + direction
      var chain = [map.slope]
      while let next = slopes[index], next.slope.by == chain[0].of, next.slope.byTime == chain[0].ofTime {
        chain.insert(next.slope, at: 0)
        index += direction
      }
      guard factors.indices.contains(index) else { continue }
      let start: Term
      if let gradient = try? term(factors[index]), case .gradient(_, let by, let at, _) = gradient.operation,
        by == chain[0].of, at == chain[0].ofTime
      {
        start = gradient
      } else if let covector = try covector(factors, upTo: index, direction, for: chain[0]) {
        start = covector
        index = direction < 0 ? 0 : factors.count - 1
      } else {
        continue
      }
      guard case .parameter(let parameter) = chain[chain.count - 1].by else { continue }
      let size = context.size(of: .parameter(parameter))
      var result = Term(.composition(chain), [start], size, range)
      let used = min(index, last)...max(index, last)
      for (other, factor) in factors.enumerated() where !used.contains(other) {
        let scale = try term(factor)
        guard scale.size.isScalar else {
          throw fail(
            "only numbers stand beside a gradient that is taken through `\(source.substring(map.range))`",
            at: factor.range)
        }
        result = Term(.scale, [scale, result], size, range)
      }
      return result
    }
    throw fail(
      "`\(source.substring(map.range))` has three axes; it stands right behind the derivative of the loss that it "
        + "continues, `\\frac{\\partial L}{\\partial z_t} \\frac{\\partial z_t}{\\partial W}`; otherwise write the product "
        + "with a transposed vector", at: map.range)
  }

  /// The product of all factors up to one, where it is a vector that a slope can go on from and the loss stands in it.
  private mutating func covector(
    _ factors: [Expression], upTo index: Int, _ direction: Int, for slope: Slope
  ) throws(Diagnostic) -> Term? {
    let used = direction < 0 ? Array(factors[0...index]) : Array(factors[index...])
    guard used.contains(where: { mentionsLoss($0) }) else { return nil }
    let product = used.dropFirst().reduce(used[0]) { left, right in
      Expression(.product(left, right), at: left.range.lowerBound..<max(left.range.lowerBound, right.range.upperBound))
    }
    guard let term = try? term(product, isFactor: true), term.size.isVector else { return nil }
    let length = term.size.columns == Size.one ? term.size.rows : term.size.columns
    return length == context.length(slope.of) ? term : nil
  }

  private func mentionsLoss(_ expression: Expression) -> Bool {
    if case .analysis(.derivative(let derivative)) = expression.kind { return isLoss(derivative.of) }
    return expression.kind.operands.contains { mentionsLoss($0) }
  }

  func isLoss(_ symbol: Expression.Symbol) -> Bool { symbol.name == context.lossName }

  func isMatrix(_ target: Target) -> Bool {
    guard case .parameter = target else { return false }
    return context.size(of: target).isMatrix
  }

  mutating func quotient(
    _ above: Expression, _ below: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let divisor = try term(below, expecting: .scalar)
    let value = try term(above, expecting: divisor.size.isScalar ? expecting : divisor.size)
    if case .zeros = divisor.operation { throw fail("this divides by 0", at: range) }
    return Term(.divide, [value, divisor], try rules.quotient(value.size, divisor.size, at: range), range)
  }

  mutating func power(
    _ base: Expression, _ exponent: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let exponentTerm: Term
    if case .symbol(let symbol) = exponent.kind, symbol.times.isEmpty, !context.isNumber(symbol.name) {
      throw fail(
        "`^{\(context.shown(symbol))}` would be a power; write an index below: `\(source.substring(base.range))` with `_{\(context.shown(symbol)),t}`",
        at: range)
    }
    do { exponentTerm = try term(exponent, expecting: .scalar) } catch {
      throw fail("`^` is a power here, and its exponent cannot be read: \(error.wording)", at: exponent.range)
    }
    guard exponentTerm.size.isScalar || exponentTerm.size == .open else {
      throw fail("the exponent must be a number", at: exponent.range)
    }
    let value = try term(base, expecting: expecting)
    var number: Double?
    if case .number(let written) = exponent.kind { number = written }
    if case .negated(let inner) = exponent.kind, case .number(let written) = inner.kind { number = -written }
    let isOfMatrix = try rules.powerIsOfMatrix(value.size, number, isMatrix: isIdentity(value), at: range)
    return Term(isOfMatrix ? .matrixPower : .power, [value, exponentTerm], value.size, range)
  }

  func isIdentity(_ term: Term) -> Bool { if case .identity = term.operation { true } else { false } }
}
