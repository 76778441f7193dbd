// `+=`: what each step adds to a gradient, as code has it.

/// Reads `\frac{\partial L}{\partial W} += \delta_t x_t^\top` as the sum over the steps.
enum Accumulation {
  /// The letter of the steps that are added up: the one that stands free behind the sign and not before it.
  static func letter(of value: Expression, behind left: Expression) -> String? {
    let letters = value.freeSteps.subtracting(left.freeSteps)
    return letters.count == 1 ? letters.first : nil
  }

  static func sum(of value: Expression, over letter: String) -> Expression {
    value.with(
      .analysis(
        .repetition(
          Repetition(
            .sum, index: letter, from: Time(letter: nil, offset: 1), to: Time(letter: "T", offset: 0), body: value))))
  }
}

extension Expression {
  /// The letters that stand in it as steps and that no sum or product binds; T is none.
  public var freeSteps: Set<String> {
    switch kind {
    case .symbol(let symbol): return symbol.steps
    case .analysis(.derivative(let derivative)): return derivative.of.steps.union(derivative.by.steps)
    case .analysis(.repetition(let repetition)):
      return repetition.body.freeSteps.subtracting([repetition.index]).union(repetition.lower.steps)
        .union(repetition.upper.steps)
    default: return kind.operands.reduce(into: []) { $0.formUnion($1.freeSteps) }
    }
  }
}

extension Expression.Symbol {
  fileprivate var steps: Set<String> { times.reduce(into: []) { $0.formUnion($1.steps) } }
}

extension Time {
  fileprivate var steps: Set<String> {
    Set([letter, second?.letter].compactMap { $0 }).subtracting(["T"])
  }
}
