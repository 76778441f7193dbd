// Sums and products by element: operands of one shape, of which one may be open.

import Diagnostics
import Formula
import Recurrence

extension Elaborator {
  /// Two operands of one shape: what is open takes the other's.
  mutating func pair(
    _ left: Expression, _ right: Expression, _ expecting: Size
  ) throws(Diagnostic) -> (Term, Term) {
    var a = try term(left, expecting: expecting)
    var b = try term(right, expecting: expecting)
    if !a.size.isKnown, b.size.isKnown, !isBareScalar(b) { a = try term(left, expecting: b.size) }
    if !b.size.isKnown, a.size.isKnown, !isBareScalar(a) { b = try term(right, expecting: a.size) }
    return (a, b)
  }

  func isBareScalar(_ term: Term) -> Bool { term.size.isScalar }

  mutating func sum(
    _ operation: Term.Operation, _ left: Expression, _ right: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let (a, b) = try pair(left, right, expecting)
    if isOpenMatrix(a) && b.size.isScalar || isOpenMatrix(b) && a.size.isScalar {
      throw rules.numberWithConstant("`I`", at: range)
    }
    let rule: ShapeRules.ByElement = if case .add = operation { .sum } else { .difference }
    return Term(operation, [a, b], try rules.byElement(rule, a.size, b.size, at: range), range)
  }

  /// `I`, or a multiple of it, where nothing has said yet how large it is.
  private func isOpenMatrix(_ term: Term) -> Bool {
    guard !term.size.isKnown else { return false }
    switch term.operation {
    case .identity: return true
    case .negate, .transpose: return isOpenMatrix(term.operands[0])
    case .scale: return isOpenMatrix(term.operands[1])
    default: return false
    }
  }

  mutating func hadamard(
    _ left: Expression, _ right: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let (a, b) = try pair(left, right, expecting)
    let size = try rules.byElement(.product, a.size, b.size, at: range)
    if a.size.isScalar, b.size.isMatrix { return Term(.scale, [a, b], size, range) }
    if b.size.isScalar, a.size.isMatrix { return Term(.scale, [b, a], size, range) }
    return Term(.hadamard, [a, b], size, range)
  }
}
