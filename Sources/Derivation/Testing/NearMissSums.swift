// Slips with a sum over steps, and what the families of changed trees ask of a tree.

import Formula
import Recurrence

extension NearMissSearch {
  /// A sum over the steps that it is missing: over the letter that stands free, or over the earlier step of two that are
  /// written as one.
  func summed() -> [Expression] {
    var list: [Expression] = []
    if let b = chain.terms[1] {
      let free = chain.freeLetters(b).subtracting(chain.terms[0].map(chain.freeLetters) ?? [])
      if free.count == 1, let letter = free.first.map(chain.letter) {
        list.append(
          right.with(
            .analysis(
              .repetition(
                Repetition(
                  .sum, index: letter, from: Time(letter: nil, offset: 1), to: Time(letter: "T", offset: 0), body: right
                )))))
      }
    }
    list += variants { node in
      guard case .analysis(.repetition(let r)) = node.kind, r.operation == .sum else { return [] }
      let letter = r.index == "k" ? "s" : "k"
      func earlier(_ time: Time) -> Time { time.letter == r.index ? time.renaming(r.index, to: letter) : time }
      let body = r.body.rebuilt { inner in
        switch inner.kind {
        case .symbol(let symbol) where symbol.times.count == 2:
          return inner.with(
            .symbol(Expression.Symbol(symbol.name, times: [symbol.times[0], earlier(symbol.times[1])])))
        case .symbol(let symbol):
          return inner.with(
            .symbol(Expression.Symbol(symbol.name, times: symbol.times.map(earlier), layer: symbol.layer)))
        case .analysis(.derivative(let d)):
          return inner.with(
            .analysis(
              .derivative(
                Derivative(
                  of: d.of, by: Expression.Symbol(d.by.name, times: d.by.times.map(earlier)), isImmediate: d.isImmediate
                ))))
        default: return inner
        }
      }
      guard body != r.body else { return [] }
      let inner = node.with(
        .analysis(
          .repetition(
            Repetition(
              .sum, index: letter, from: Time(letter: nil, offset: 1), to: Time(letter: r.index, offset: 0), body: body)
          )))
      return [
        node.with(.analysis(.repetition(Repetition(.sum, index: r.index, from: r.lower, to: r.upper, body: inner))))
      ]
    }
    return list
  }
}

extension Expression {
  func isSymbol(_ symbol: Symbol) -> Bool { if case .symbol(symbol) = kind { true } else { false } }

  /// The steps that stand in it.
  var timesWithin: [Time] {
    let own: [Time] =
      switch kind {
      case .symbol(let symbol): symbol.times
      case .analysis(.derivative(let derivative)): derivative.of.times + derivative.by.times
      default: []
      }
    var found: [Time] = []
    for time in own + kind.operands.flatMap(\.timesWithin) where time.letter != nil && !found.contains(time) {
      found.append(time)
    }
    return found
  }

  /// What it is the square of.
  var squareRoot: Expression? {
    switch kind {
    case .power(let base, let exponent): if case .number(2) = exponent.kind { base } else { nil }
    case .hadamard(let a, let b): a == b ? a : nil
    default: nil
    }
  }

  /// The factors of a product.
  var productFactors: [Expression] {
    if case .product(let a, let b) = kind { a.productFactors + b.productFactors } else { [self] }
  }

  static func hadamard(_ factors: [Expression], like node: Expression) -> Expression {
    factors.dropFirst().reduce(factors[0]) { node.with(.hadamard($0, $1)) }
  }

  static func product(_ factors: some Collection<Expression>, like node: Expression) -> Expression {
    factors.dropFirst().reduce(factors.first!) { node.with(.product($0, $1)) }
  }

  /// Whether a quantity or a derivative stands in both trees, whatever its steps are.
  func sharesFactor(with other: Expression) -> Bool {
    func leaves(_ tree: Expression) -> Set<String> {
      switch tree.kind {
      case .symbol(let symbol): [symbol.name.latex]
      case .analysis(.derivative(let d)): ["\(d.of.name.latex)/\(d.by.name.latex)"]
      default: tree.kind.operands.reduce(into: []) { $0.formUnion(leaves($1)) }
      }
    }
    return !leaves(self).isDisjoint(with: leaves(other))
  }
}
