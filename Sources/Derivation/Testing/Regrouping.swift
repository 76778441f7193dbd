// The same operators with the brackets the other way round.

import Formula

extension Expression {
  /// The same operators with the brackets the other way round.
  var regrouped: [Expression] {
    func make(_ kind: Kind) -> Expression { with(kind) }
    var result: [Expression] = []
    switch kind {
    case .hadamard(let a, let b):
      if case .product(let m, let x) = a.kind { result.append(make(.product(m, make(.hadamard(x, b))))) }
      if case .product(let m, let x) = b.kind { result.append(make(.product(make(.hadamard(a, m)), x))) }
      if case .sum(let x, let y) = a.kind { result.append(make(.sum(x, make(.hadamard(y, b))))) }
      if case .difference(let x, let y) = a.kind { result.append(make(.difference(x, make(.hadamard(y, b))))) }
      if case .power(let base, let n) = b.kind { result.append(make(.power(make(.hadamard(a, base)), n))) }
    case .product(let m, let b):
      if case .analysis(.repetition(let r)) = m.kind {
        result.append(
          make(
            .analysis(
              .repetition(
                Repetition(r.operation, index: r.index, from: r.lower, to: r.upper, body: make(.product(r.body, b)))))))
      }
      if case .product(let x, let rest) = m.kind, case .analysis(.repetition(let r)) = rest.kind {
        let body = make(.product(r.body, b))
        result.append(
          make(
            .product(
              x,
              make(
                .analysis(.repetition(Repetition(r.operation, index: r.index, from: r.lower, to: r.upper, body: body))))
            )))
      }
      if case .hadamard(let x, let y) = b.kind { result.append(make(.hadamard(make(.product(m, x)), y))) }
      if case .hadamard(let x, let y) = m.kind { result.append(make(.hadamard(x, make(.product(y, b))))) }
      if case .sum(let x, let y) = m.kind { result.append(make(.sum(x, make(.product(y, b))))) }
      if case .sum(let x, let y) = b.kind { result.append(make(.sum(make(.product(m, x)), y))) }
      if case .difference(let x, let y) = m.kind { result.append(make(.difference(x, make(.product(y, b))))) }
    case .sum(let a, let b), .difference(let a, let b):
      let isSum: Bool
      if case .sum = kind { isSum = true } else { isSum = false }
      func join(_ x: Expression, _ y: Expression) -> Expression { make(isSum ? .sum(x, y) : .difference(x, y)) }
      // a + b ⊙ c was meant as (a + b) ⊙ c, with any number of factors behind.
      if case .hadamard(let x, let y) = b.kind { result.append(make(.hadamard(join(a, x), y))) }
      if case .product(let x, let y) = b.kind { result.append(make(.product(join(a, x), y))) }
      let factors = b.hadamardFactors
      if factors.count > 2 {
        for cut in 1..<factors.count - 1 {
          let head = factors[0..<cut].dropFirst().reduce(factors[0]) { make(.hadamard($0, $1)) }
          let tail = factors[cut...].dropFirst().reduce(factors[cut]) { make(.hadamard($0, $1)) }
          result.append(make(.hadamard(join(a, head), tail)))
        }
      }
      if case .hadamard(let x, let y) = a.kind { result.append(make(.hadamard(x, join(y, b)))) }
      if case .product(let x, let y) = a.kind { result.append(make(.product(x, join(y, b)))) }
      if case .analysis(.repetition(let r)) = a.kind {
        result.append(
          make(
            .analysis(
              .repetition(Repetition(r.operation, index: r.index, from: r.lower, to: r.upper, body: join(r.body, b))))))
      }
    case .power(let base, let n):
      if case .difference(let x, let y) = base.kind { result.append(make(.difference(x, make(.power(y, n))))) }
      if case .call(let function, let order, let arguments) = base.kind, arguments.count == 1 {
        result.append(make(.call(function, derivative: order, [make(.power(arguments[0], n))])))
      }
    case .call(let function, let order, let arguments) where arguments.count == 1:
      if case .power(let base, let n) = arguments[0].kind {
        result.append(make(.power(make(.call(function, derivative: order, [base])), n)))
      }
      if case .hadamard(let x, let y) = arguments[0].kind {
        result.append(make(.hadamard(make(.call(function, derivative: order, [x])), y)))
      }
    default: break
    }
    return result
  }
}
