// The forward equations among the chains of a text, each brought to step t.

import Formula

/// The forward equations that a text states.
struct StatedEquations {
  /// One equation for each name.
  private(set) var all: [ForwardEquation] = []

  /// The names that they define.
  var defined: Set<Name> { Set(all.map { $0.left[0].name }) }

  init(_ statements: [Statement]) {
    for statement in statements {
      for index in statement.signs.indices
      where statement.signs[index].relation == .equal || statement.signs[index].relation == .defined {
        guard !statement.signs[index].isAccumulated, let left = statement.members[index].expression,
          let right = statement.members[index + 1].expression
        else { continue }
        if case .symbol(let symbol) = left.kind {
          add(symbol, right, statement)
        } else if case .call(let function, 0, let a) = left.kind, case .call(function, 0, let b) = right.kind,
          a.count == 1, b.count == 1
        {
          // `\tanh(W x_t + U h_{t-1}) = \tanh(z_t)` names the argument.
          if case .symbol(let symbol) = b[0].kind { add(symbol, a[0], statement) }
          if case .symbol(let symbol) = a[0].kind { add(symbol, b[0], statement) }
        }
      }
    }
  }

  private mutating func add(_ symbol: Expression.Symbol, _ value: Expression, _ statement: Statement) {
    guard symbol.times.count <= 1, symbol.times.first?.second == nil, !symbol.name.isError, !symbol.name.isLoss,
      let body = Self.atPresent(value, of: symbol), !defined.contains(symbol.name), body.isForward
    else { return }
    if case .symbol(let other) = body.kind, other.name == symbol.name { return }
    // A name that is read at its own step is a circle, and one that is read later no state.
    guard !body.symbols.contains(where: { $0.name == symbol.name && $0.times != [.previous] }) else { return }
    let present = Expression.Symbol(symbol.name, times: [.present])
    all.append(
      ForwardEquation(
        left: [present], leftRanges: [statement.range], right: body, range: statement.range, source: statement.source))
  }

  /// The right side with the left one at step t; nil where it speaks of other steps than t and t-1.
  private static func atPresent(_ value: Expression, of symbol: Expression.Symbol) -> Expression? {
    let time = symbol.times.first
    var isForward = true
    var isTimed = false
    let body = value.mapSymbols { inner in
      guard !inner.times.isEmpty else { return inner }
      isTimed = true
      guard inner.times.count == 1, let own = inner.times.first, own.second == nil else {
        isForward = false
        return inner
      }
      let offset: Int
      if let time {
        guard own.letter == time.letter else {
          isForward = false
          return inner
        }
        offset = own.offset - time.offset
      } else {
        guard own.letter == "t" else {
          isForward = false
          return inner
        }
        offset = own.offset
      }
      if offset != 0, offset != -1 { isForward = false }
      return Expression.Symbol(inner.name, times: [offset == 0 ? .present : .previous])
    }
    // What is stated of the step before the first is a start.
    if let time, time.letter == nil, time.offset == 0 { return nil }
    return isForward && isTimed ? body : nil
  }

  /// A name for a part of another equation takes the part's place in it.
  mutating func nameParts() {
    for name in all.map({ $0.left[0].name }) {
      guard let equation = all.first(where: { $0.left[0].name == name }) else { continue }
      let others = all.filter { $0.left[0].name != name }
      if let named = SubexpressionNaming(name, equation.right).apply(to: others, source: equation.source) { all = named }
    }
  }

  /// Adds an equation that the text leaves to the sheet.
  mutating func complete(_ equation: ForwardEquation) { all.append(equation) }

  /// Leaves out the equation that was stated last.
  mutating func dropLast() { all.removeLast() }

  mutating func replace(_ change: (Expression) -> Expression) {
    all = all.map {
      ForwardEquation(
        left: $0.left, leftRanges: $0.leftRanges, right: change($0.right), range: $0.range, source: $0.source)
    }
  }
}

extension Name {
  /// Whether it is one of the letters of a loss.
  var isLoss: Bool { ["L", "E", "J", "ell", "loss", "Loss", "cost", "Cost", "l"].contains(base) }
}

extension Expression {
  /// Whether nothing in it belongs behind the forward pass: derivatives, slopes, errors, sums over steps.
  fileprivate var isForward: Bool {
    switch kind {
    case .analysis: return false
    case .number, .constant: return true
    case .call(_, let derivative, let arguments): return derivative == 0 && arguments.allSatisfy(\.isForward)
    case .symbol(let symbol): return !symbol.name.isError && !symbol.name.isLoss
    default: return kind.operands.allSatisfy(\.isForward)
    }
  }
}
