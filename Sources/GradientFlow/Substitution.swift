// A cell with another activation: the sheet's own equations with one function in the place of another.

internal import Formula
import Recurrence

extension Cell {
  /// The cell with tanh and ReLU replaced; gates keep their σ.
  ///
  /// - Returns: nil if no equation has either.
  func substituting(_ activation: Variant.Activation) throws -> Cell? {
    var found = false
    let changed = equations.map { equation in
      ForwardEquation(
        left: equation.left, leftRanges: equation.leftRanges,
        right: equation.right.substituting(activation, found: &found), range: equation.range, source: equation.source)
    }
    return found ? try replacingEquations(changed, vocabulary: vocabulary) : nil
  }
}

extension Expression {
  fileprivate func substituting(_ activation: Variant.Activation, found: inout Bool) -> Expression {
    var didFind = false
    func inside(_ value: Expression) -> Expression { value.substituting(activation, found: &didFind) }
    defer { if didFind { found = true } }
    let changed: Kind
    switch kind {
    case .number, .symbol, .constant, .analysis: return self
    case .negated(let value): changed = .negated(inside(value))
    case .transposed(let value): changed = .transposed(inside(value))
    case .sum(let left, let right): changed = .sum(inside(left), inside(right))
    case .difference(let left, let right): changed = .difference(inside(left), inside(right))
    case .product(let left, let right): changed = .product(inside(left), inside(right))
    case .hadamard(let left, let right): changed = .hadamard(inside(left), inside(right))
    case .star(let left, let right): changed = .star(inside(left), inside(right))
    case .tensor(let left, let right): changed = .tensor(inside(left), inside(right))
    case .quotient(let left, let right): changed = .quotient(inside(left), inside(right))
    case .power(let left, let right): changed = .power(inside(left), inside(right))
    case .block(let rows): changed = .block(rows.map { $0.map(inside) })
    case .call(let function, let derivative, let arguments):
      let values = arguments.map(inside)
      guard derivative == 0, function == .tanh || function == .relu, values.count == 1 else {
        return Expression(.call(function, derivative: derivative, values), at: range)
      }
      didFind = true
      switch activation {
      case .tanh: changed = .call(.tanh, derivative: 0, values)
      case .relu: changed = .call(.relu, derivative: 0, values)
      case .logistic: changed = .call(.sigmoid, derivative: 0, values)
      case .linear: changed = .call(.identity, derivative: 0, values)
      }
    }
    return Expression(changed, at: range)
  }
}
