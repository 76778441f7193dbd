// Whether a value is another one at each step, so that a name for it without a time is read at t.

import Formula

extension Expression {
  /// Whether it changes with t.
  func dependsOnTime(_ vocabulary: Vocabulary) -> Bool {
    func changes(_ symbol: Symbol) -> Bool {
      symbol.times.contains { $0.mentions("t") }
        || (symbol.times.isEmpty && vocabulary.roles[symbol.name] == .timed && symbol.name != Name(base: "L"))
    }
    switch kind {
    case .symbol(let symbol): return changes(symbol)
    case .analysis(.derivative(let derivative)): return changes(derivative.of) || changes(derivative.by)
    case .analysis(.repetition(let repetition)):
      return repetition.index != "t"
        && (repetition.lower.mentions("t") || repetition.upper.mentions("t")
          || repetition.body.dependsOnTime(vocabulary))
    default: return kind.operands.contains { $0.dependsOnTime(vocabulary) }
    }
  }
}
