// Walking and rebuilding trees.

import Formula

extension Expression.Kind {
  /// The same node over other operands, in the order of `operands`.
  func replacingOperands(_ new: [Expression]) -> Expression.Kind {
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
    }
  }
}

extension Expression {
  func with(_ kind: Kind) -> Expression { Expression(kind, at: range) }

  /// The tree rebuilt from its leaves up; `body` sees each node after its operands were rebuilt.
  func rebuilt(_ body: (Expression) -> Expression) -> Expression {
    let operands = kind.operands
    let inner = operands.isEmpty ? self : with(kind.replacingOperands(operands.map { $0.rebuilt(body) }))
    return body(inner)
  }

  /// Every tree that comes from this one by exchanging one node.
  func variants(_ change: (Expression) -> [Expression]) -> [Expression] {
    var result = change(self)
    let operands = kind.operands
    for index in operands.indices {
      for variant in operands[index].variants(change) {
        var new = operands
        new[index] = variant
        result.append(with(kind.replacingOperands(new)))
      }
    }
    return result
  }

  var hasAnalysis: Bool {
    if case .analysis = kind { return true }
    return kind.operands.contains(where: \.hasAnalysis)
  }

  /// Every symbol, those in derivatives too.
  func mapSymbols(_ body: (Expression.Symbol) -> Expression.Symbol) -> Expression {
    rebuilt { node in
      switch node.kind {
      case .symbol(let symbol): return node.with(.symbol(body(symbol)))
      case .analysis(.derivative(let derivative)):
        return node.with(
          .analysis(
            .derivative(
              Derivative(of: body(derivative.of), by: body(derivative.by), isImmediate: derivative.isImmediate))))
      default: return node
      }
    }
  }

  /// The tree with a letter exchanged in every time.
  func renaming(_ letter: String, to other: String) -> Expression {
    guard letter != other else { return self }
    return mapSymbols { symbol in
      Symbol(symbol.name, times: symbol.times.map { $0.letter == letter ? Time(letter: other, offset: $0.offset) : $0 })
    }
  }

  /// The tree with timed names that carry no time read at t.
  func atPresent(_ vocabulary: Vocabulary) -> Expression {
    mapSymbols { symbol in
      symbol.times.isEmpty && vocabulary.roles[symbol.name] == .timed ? Symbol(symbol.name, times: [.present]) : symbol
    }
  }

  var signedAddends: [(sign: Int, value: Expression)] {
    switch kind {
    case .sum(let left, let right): return left.signedAddends + right.signedAddends
    case .difference(let left, let right):
      return left.signedAddends + right.signedAddends.map { (-$0.sign, $0.value) }
    case .negated(let value): return value.signedAddends.map { (-$0.sign, $0.value) }
    default: return [(1, self)]
    }
  }

  var hadamardFactors: [Expression] {
    guard case .hadamard(let left, let right) = kind else { return [self] }
    return left.hadamardFactors + right.hadamardFactors
  }

  /// A spelling that is equal for trees that differ in the order of `+` and `⊙` only.
  var canonical: String {
    switch kind {
    case .sum, .difference, .negated:
      return "(" + signedAddends.map { ($0.sign > 0 ? "+" : "-") + $0.value.canonical }.sorted().joined() + ")"
    case .hadamard: return "(" + hadamardFactors.map(\.canonical).sorted().joined(separator: "∘") + ")"
    case .number, .symbol, .constant, .analysis(.derivative): return kind.latexLeaf
    default: return kind.label + "[" + kind.operands.map(\.canonical).joined(separator: ",") + "]"
    }
  }
}

extension Expression.Kind {
  fileprivate var latexLeaf: String { Expression(self, at: 0..<0).latex }

  /// What the node is, apart from its operands.
  fileprivate var label: String {
    switch self {
    case .product: return "product"
    case .star: return "star"
    case .tensor: return "tensor"
    case .quotient: return "quotient"
    case .power: return "power"
    case .transposed: return "transposed"
    case .call(let function, let derivative, _): return "\(function)\(derivative)"
    case .block(let rows): return "block\(rows.map(\.count))"
    case .analysis(.repetition(let r)): return "\(r.operation)\(r.index)\(r.lower)\(r.upper)"
    case .analysis(.norm(let norm, _)): return "norm\(norm)"
    default: return ""
    }
  }
}
