// The slips that put one factor in the place of another, leave one out, or drop a part of a sum.

import Diagnostics
import Formula
import Recurrence

extension NearMissSearch {
  /// The families that are tried after those of a single sign, transpose or step; the likeliest first.
  func exchanges() -> [Family] {
    // They are mistakes in a derivative, and say so; an equation of the cell is none.
    if case .value? = chain.terms[0]?.operation { return [] }
    return [
      told(.timeOff, "all steps are off by one", "所有时间下标都差了一步", allShifted()),
      told(.missingSum, "a sum over steps is missing", "漏掉了对时间的求和", summed()),
      told(.squareMissing, "the square in the derivative is forgotten", "导数里漏了平方", everywhere(squares)),
      told(
        .otherDerivative, "the derivative of one function stands for that of another", "用错了函数的导数（σ 与 tanh）", slopes()),
      told(
        .derivativeOfValue, "a function is applied to what is its value already", "对已经是函数值的量又套了一次函数",
        everywhere { if case .call(_, 0, let operands) = $0.kind, operands.count == 1 { [operands[0]] } else { [] } }),
    ] + exchanged() + [
      told(.factorMissing, "a matrix is missing", "漏了一个矩阵", matrices())
    ] + multiplied() + [
      told(.dropped, "a part of a sum is missing in it", "其中漏掉了一项", addends()),
      told(.factorMissing, "a factor is missing", "漏了一个因子", factors()),
      told(.factorTwice, "a factor is one too many", "多了一个因子", withoutOne()),
    ]
  }

  private func told(
    _ reason: NearMiss, _ english: String, _ chinese: String, _ candidates: [Expression]
  ) -> Family {
    (
      reason, { _, _ in Wording(english: english, chinese: chinese) },
      { visit in
        for candidate in candidates where visit(left, candidate) { return }
      }
    )
  }

  // MARK: Names and steps

  /// The steps that stand in the line.
  private var steps: [Time] { left.timesWithin + right.timesWithin.filter { !left.timesWithin.contains($0) } }

  /// The quantities that the equations name, at no step yet.
  private var nodeNames: [Name] {
    session.context.cell.graph.named.filter { session.context.sheetNodes.contains($0.value) }.keys
      .sorted { $0.latex < $1.latex }
  }

  private var matrixNames: [Name] {
    session.context.cell.quantities.parameters.filter { if case .matrix = $0.shape.axes { true } else { false } }
      .map(\.name)
  }

  private func named(_ name: Name, _ time: Time) -> Expression {
    right.with(.symbol(Expression.Symbol(name, times: [time])))
  }

  private func one(_ kind: (Expression) -> Expression.Kind) -> Expression { right.with(kind(right.with(.number(1)))) }
  private func complement(_ value: Expression) -> Expression { one { .difference($0, value) } }
  private func squared(_ value: Expression) -> Expression { value.with(.hadamard(value, value)) }

  // MARK: Trees

  func variants(_ change: @escaping (Expression) -> [Expression]) -> [Expression] {
    var list: [Expression] = []
    _ = right.eachVariant(change) {
      list.append($0)
      return false
    }
    return list
  }

  /// A change at one place, and the same change at every place that it fits.
  private func everywhere(_ change: @escaping (Expression) -> [Expression]) -> [Expression] {
    let all = right.rebuilt { change($0).first ?? $0 }
    return variants(change) + (all == right ? [] : [all])
  }

  /// Every derivative, or everything but what the step's own loss gives, a step later or earlier.
  private func allShifted() -> [Expression] {
    func moved(_ symbol: Expression.Symbol, _ by: Int) -> Expression.Symbol {
      Expression.Symbol(
        symbol.name, times: symbol.times.map { $0.letter == nil ? $0 : $0.shifted(by: by) }, layer: symbol.layer)
    }
    func total(_ node: Expression, _ by: Int) -> Expression? {
      guard case .analysis(.derivative(let d)) = node.kind, d.of.times.isEmpty else { return nil }
      return node.with(.analysis(.derivative(Derivative(of: d.of, by: moved(d.by, by), isImmediate: d.isImmediate))))
    }
    return [1, -1].flatMap { by in
      [
        right.rebuilt { total($0, by) ?? $0 },
        right.rebuilt { node in
          if case .symbol(let symbol) = node.kind { return node.with(.symbol(moved(symbol, by))) }
          return total(node, by) ?? node
        },
      ]
    }
  }

  /// `1 - y` where `1 - y²` belongs.
  private func squares(_ node: Expression) -> [Expression] {
    guard case .difference(let one, let value) = node.kind, case .number(1) = one.kind else { return [] }
    if case .power = value.kind { return [] }
    return [node.with(.difference(one, squared(value)))]
  }

  /// The derivatives of σ and tanh, written by their values, exchanged.
  private func slopes() -> [Expression] {
    variants { node in
      let all = node.hadamardFactors
      var list: [Expression] = []
      for (index, factor) in all.enumerated() {
        guard case .difference(let one, let value) = factor.kind, case .number(1) = one.kind else { continue }
        var rest = all
        if let base = value.squareRoot {
          rest[index] = node.with(.hadamard(base, complement(base)))
          list.append(.hadamard(rest, like: node))
        } else if let other = all.indices.first(where: { $0 != index && all[$0] == value }) {
          rest[index] = complement(squared(value))
          rest.remove(at: other)
          list.append(.hadamard(rest, like: node))
        }
      }
      return list
    }
  }

  /// The names with one step that stand on the right.
  private var standing: [Expression.Symbol] {
    var symbols: [Expression.Symbol] = []
    func visit(_ tree: Expression) {
      if case .symbol(let symbol) = tree.kind, symbol.times.count == 1, !symbols.contains(symbol) {
        symbols.append(symbol)
      }
      tree.kind.operands.forEach(visit)
    }
    visit(right)
    return symbols
  }

  /// A quantity that stands for another one, for a function of it, or for a function of another one.
  private func exchanged() -> [Family] {
    let symbols = standing
    let functions = [Function.tanh, .sigmoid]
    func applied(_ function: Function, _ value: Expression) -> Expression {
      value.with(.call(function, derivative: 0, [value]))
    }
    func others(_ symbol: Expression.Symbol) -> [(name: Name, value: Expression)] {
      nodeNames.filter { $0 != symbol.name }.map { ($0, named($0, symbol.times[0])) }
    }
    return symbols.flatMap { symbol in
      others(symbol).map {
        exchange(symbol, by: $0.value, isInput(symbol.name, of: $0.name) ? .derivativeOfInput : .otherOperand)
      }
    }
      + symbols.flatMap { symbol in
        functions.map { exchange(symbol, by: applied($0, right.with(.symbol(symbol))), .otherOperand) }
      }
      + symbols.flatMap { symbol in
        others(symbol).flatMap { other in
          functions.map { exchange(symbol, by: applied($0, other.value), .otherOperand) }
        }
      }
  }

  /// A quantity that stands for its product with another one.
  private func multiplied() -> [Family] {
    let steps = steps
    return standing.flatMap { symbol -> [Family] in
      let own = right.with(.symbol(symbol))
      let times = [0, 1, -1].map { symbol.times[0].shifted(by: $0) }.filter(steps.contains)
      return nodeNames.flatMap { name in
        times.map { exchange(symbol, by: own.with(.hadamard(named(name, $0), own)), .factorMissing) }
      }
    }
  }

  /// Something else in the place of a quantity, everywhere or at one place.
  private func exchange(_ symbol: Expression.Symbol, by other: Expression, _ reason: NearMiss) -> Family {
    let words =
      reason == .derivativeOfInput
      ? Wording(
        "the derivative is taken from the value before the function: `\(symbol.latex)` is its argument",
        "导数用了函数作用之前的值：`\(symbol.latex)` 是函数的自变量")
      : Wording(
        "`\(session.context.shown(other).latex)` belongs where `\(symbol.latex)` stands",
        "`\(symbol.latex)` 处应为 `\(session.context.shown(other).latex)`")
    return (
      reason, { _, _ in words },
      { visit in
        if visit(left, right.rebuilt { $0.isSymbol(symbol) ? other : $0 }) { return }
        _ = right.eachVariant({ $0.isSymbol(symbol) ? [other] : [] }) { visit(left, $0) }
      }
    )
  }

  /// Whether a quantity is the argument of the function whose value another one is.
  private func isInput(_ name: Name, of other: Name) -> Bool {
    let graph = session.context.cell.graph
    guard let node = graph.named[name], let value = graph.named[other] else { return false }
    if case .function = graph.nodes[value].operation { return graph.nodes[value].operands == [node] }
    return false
  }

  /// Something that is added to, or taken from, a factor; or an adjoint of a state at the next step.
  private func addends() -> [Expression] {
    let times = steps
    var list = variants { node in
      guard case .symbol(let symbol) = node.kind, symbol.times.count == 1 else { return [] }
      return nodeNames.flatMap { name in
        times.map { named(name, $0) }.filter { $0 != node }.flatMap {
          [node.with(.difference(node, $0)), node.with(.sum(node, $0))]
        }
      }
    }
    guard let (loss, at) = adjoint else { return list }
    let quantities = session.context.cell.quantities
    let states = quantities.states.map { state in
      right.with(
        .analysis(
          .derivative(
            Derivative(of: loss, by: Expression.Symbol(state.name, times: [at.shifted(by: 1)]), isImmediate: false))))
    }
    list += variants { node in
      let factors = node.productFactors
      switch node.kind {
      case .sum, .difference: return states.map { node.with(.sum(node, $0)) }
      case .product:
        return (1..<factors.count).flatMap { start in
          states.map { state in
            let rest = Expression.product(Array(factors[start...]), like: node)
            return .product(factors[..<start] + [node.with(.sum(rest, state))], like: node)
          }
        }
      default: return []
      }
    }
    return list
  }

  /// Of which loss the left side is the derivative, and at which step.
  private var adjoint: (loss: Expression.Symbol, at: Time)? {
    guard let term = chain.terms[0] else { return nil }
    func made(_ loss: Time?, _ at: Time?) -> (Expression.Symbol, Time)? {
      at.map { (Expression.Symbol(session.context.lossName, times: loss.map { [$0] } ?? []), $0) }
    }
    switch term.operation {
    case .gradient(let loss, _, let at, false): return made(loss.map(chain.time), at.map(chain.time))
    case .defined(let index, let moments):
      let definition = session.context.definitions.all[index]
      guard definition.compiled.count == 1,
        case .gradient(let loss, _, let at?, false) = definition.compiled[0].term.operation
      else { return nil }
      func written(_ moment: Moment) -> Time? {
        definition.compiled[0].times.firstIndex { $0.slot == moment.slot }
          .map { chain.time(moments[$0]).shifted(by: moment.offset - definition.compiled[0].times[$0].offset) }
      }
      if let loss { return written(loss).flatMap { made($0, written(at)) } }
      return made(nil, written(at))
    default: return nil
    }
  }

  /// A matrix before an adjoint.
  private func matrices() -> [Expression] {
    let matrices = matrixNames.flatMap { name -> [Expression] in
      let matrix = right.with(.symbol(Expression.Symbol(name)))
      return [matrix.with(.transposed(matrix)), matrix]
    }
    return variants { node in
      guard case .analysis(.derivative) = node.kind else { return [] }
      return matrices.map { node.with(.product($0, node)) }
    }
  }

  /// A value, or the derivative of a function by it, at a step of what it is multiplied with; the plain values first.
  private func factors() -> [Expression] {
    let forms: [(Expression) -> Expression] = [
      { $0 }, { complement(squared($0)) }, { complement($0) }, { $0.with(.hadamard($0, complement($0))) },
    ]
    return forms.flatMap { form in
      variants { node in
        switch node.kind {
        case .hadamard, .product, .analysis(.derivative): break
        default: return []
        }
        return nodeNames.flatMap { name in
          node.timesWithin.map { node.with(.hadamard(form(named(name, $0)), node)) }
        }
      }
    }
  }

  /// The line without one of its factors.
  private func withoutOne() -> [Expression] {
    variants { node in
      switch node.kind {
      case .hadamard(let a, let b), .product(let a, let b): [a, b]
      default: []
      }
    }
  }
}
