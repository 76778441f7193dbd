// A learner's name for a part of a sheet's equation, so that derivatives by it exist.

import Diagnostics
import Formula

/// Puts a name in the place of a sub-expression, up to the order of `+` and `⊙`.
struct SubexpressionNaming {
  let name: Name
  let body: Expression
  private let key: String

  init(_ name: Name, _ body: Expression) {
    self.name = name
    self.body = body
    key = body.canonical
  }

  /// The equations with the part named and one more that defines it; nil where no equation has that part.
  func apply(to equations: [ForwardEquation], source: SourceText) -> [ForwardEquation]? {
    if case .symbol = body.kind { return nil }
    guard !body.hasAnalysis else { return nil }
    var found: Range<Int>?
    var result: [ForwardEquation] = []
    for equation in equations {
      // The whole right side has a name already; the new one is an alias and needs no node of its own.
      if let replaced = replacing(equation.right) {
        found = found ?? equation.range
        result.append(
          ForwardEquation(
            left: equation.left, leftRanges: equation.leftRanges, right: replaced, range: equation.range,
            source: equation.source))
      } else {
        result.append(equation)
      }
    }
    guard let found else { return nil }
    let symbol = Expression.Symbol(name, times: [.present])
    result.append(ForwardEquation(left: [symbol], leftRanges: [found], right: body, range: found, source: source))
    return result
  }

  private var named: Expression { Expression(.symbol(Expression.Symbol(name, times: [.present])), at: body.range) }

  /// The tree with every occurrence named; nil where there is none.
  private func replacing(_ tree: Expression) -> Expression? {
    if tree.canonical == key { return named }
    if let part = replacingPart(tree) { return part }
    let operands = tree.kind.operands
    var changed = false
    let replaced = operands.map { operand -> Expression in
      guard let new = replacing(operand) else { return operand }
      changed = true
      return new
    }
    return changed ? Expression(tree.kind.replacingOperands(replaced), at: tree.range) : nil
  }

  /// Some of the addends of a sum, or some of the factors of a Hadamard product.
  private func replacingPart(_ tree: Expression) -> Expression? {
    switch (tree.kind, body.kind) {
    case (.sum, .sum), (.sum, .difference), (.difference, .sum), (.difference, .difference):
      var rest = tree.signedAddends
      for addend in body.signedAddends {
        guard
          let index = rest.firstIndex(where: { $0.sign == addend.sign && $0.value.canonical == addend.value.canonical })
        else { return nil }
        rest.remove(at: index)
      }
      return rest.reduce(named) { sum, addend in
        Expression(addend.sign > 0 ? .sum(sum, addend.value) : .difference(sum, addend.value), at: tree.range)
      }
    case (.hadamard, .hadamard):
      var rest = tree.hadamardFactors
      for factor in body.hadamardFactors {
        guard let index = rest.firstIndex(where: { $0.canonical == factor.canonical }) else { return nil }
        rest.remove(at: index)
      }
      return rest.reduce(named) { Expression(.hadamard($0, $1), at: tree.range) }
    default: return nil
    }
  }
}
