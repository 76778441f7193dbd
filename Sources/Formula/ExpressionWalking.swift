// Walking and rebuilding trees.

extension Expression.Kind {
  /// The same node over other operands, in the order of `operands`.
  public func replacingOperands(_ new: [Expression]) -> Expression.Kind {
    switch self {
    case .number, .symbol, .constant, .analysis(.derivative): return self
    case .negated: return .negated(new[0])
    case .transposed: return .transposed(new[0])
    case .sum: return .sum(new[0], new[1])
    case .difference: return .difference(new[0], new[1])
    case .product: return .product(new[0], new[1])
    case .hadamard: return .hadamard(new[0], new[1])
    case .star: return .star(new[0], new[1])
    case .tensor: return .tensor(new[0], new[1])
    case .quotient: return .quotient(new[0], new[1])
    case .power: return .power(new[0], new[1])
    case .call(let function, let derivative, _): return .call(function, derivative: derivative, new)
    case .block(let rows):
      var next = 0
      return .block(
        rows.map { row in
          defer { next += row.count }
          return Array(new[next..<next + row.count])
        })
    case .analysis(.repetition(let r)):
      return .analysis(.repetition(Repetition(r.operation, index: r.index, from: r.lower, to: r.upper, body: new[0])))
    case .analysis(.norm(let norm, _)): return .analysis(.norm(norm, new[0]))
    case .analysis(.series(let series)):
      return .analysis(.series(Series(series.operation, index: series.index, from: new[0], to: new[1], body: new[2])))
    case .analysis(.counting(let counting, _)): return .analysis(.counting(counting, new))
    case .analysis(.entries(let entries)): return .analysis(.entries(entries.replacing(new)))
    }
  }
}

extension Expression {
  /// The same place with another node.
  public func with(_ kind: Kind) -> Expression { Expression(kind, at: range) }

  /// The tree rebuilt from its leaves up; `body` sees each node after its operands were rebuilt.
  public func rebuilt(_ body: (Expression) -> Expression) -> Expression {
    let operands = kind.operands
    let inner = operands.isEmpty ? self : with(kind.replacingOperands(operands.map { $0.rebuilt(body) }))
    return body(inner)
  }

  /// Every symbol, those in derivatives too.
  public func mapSymbols(_ body: (Expression.Symbol) -> Expression.Symbol) -> Expression {
    rebuilt { node in
      switch node.kind {
      case .symbol(let symbol): return node.with(.symbol(body(symbol)))
      case .analysis(.derivative(let derivative)):
        return node.with(
          .analysis(
            .derivative(
              Derivative(
                of: body(derivative.of), by: body(derivative.by), isImmediate: derivative.isImmediate,
                isError: derivative.isError))))
      default: return node
      }
    }
  }
}
