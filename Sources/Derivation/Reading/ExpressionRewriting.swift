// Trees changed at one place, and compared.

import Formula

extension Expression {
  /// Visits every tree that comes from this one by exchanging one node, until `visit` says that it is enough; each is
  /// made when its turn comes.
  @discardableResult
  func eachVariant(_ change: (Expression) -> [Expression], _ visit: (Expression) -> Bool) -> Bool {
    for variant in change(self) where visit(variant) { return true }
    let operands = kind.operands
    return operands.indices.contains { index in
      operands[index].eachVariant(change) { variant in
        var new = operands
        new[index] = variant
        return visit(with(kind.replacingOperands(new)))
      }
    }
  }

  var hasAnalysis: Bool {
    if case .analysis = kind { return true }
    return kind.operands.contains(where: \.hasAnalysis)
  }

  /// The tree with a letter exchanged in every time.
  func renaming(_ letter: String, to other: String) -> Expression {
    guard letter != other else { return self }
    return mapSymbols { symbol in
      Symbol(symbol.name, times: symbol.times.map { $0.renaming(letter, to: other) }, layer: symbol.layer)
    }
  }

  /// The tree with timed names that carry no time read at t.
  func atPresent(_ vocabulary: Vocabulary) -> Expression {
    mapSymbols { symbol in
      symbol.times.isEmpty && vocabulary.roles[symbol.name] == .timed
        ? Symbol(symbol.name, times: [.present], layer: symbol.layer) : symbol
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
    case .analysis(.series(let series)): return "series\(series.operation)\(series.index)"
    case .analysis(.counting(let counting, _)): return "\(counting)"
    case .analysis(.entries(let entries)): return entries.label
    default: return ""
    }
  }
}
