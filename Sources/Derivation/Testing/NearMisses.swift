// What a line that does not hold was probably meant to be: each slip tried, the most specific told.

import CellKit
import Formula
import Recurrence

/// Tries the slips that people make on one link.
struct NearMissSearch {
  let session: Session
  /// Makes the same paper under another reading.
  let other: (Session.Reading) -> Session?
  let statement: Statement
  let line: Int
  let left: Expression
  let right: Expression
  /// Takes one trial from what the whole text has; false when there are none left.
  let spend: () -> Bool
  /// The chain of these two members.
  let chain: ElaboratedChain

  /// A slip that explains the link.
  struct Finding {
    let reason: NearMiss
    let text: Wording
  }

  /// How many changed trees are tried at most.
  private static let limit = 700

  init(
    session: Session, statement: Statement, line: Int, left: Expression, right: Expression,
    spend: @escaping () -> Bool, other: @escaping (Session.Reading) -> Session?
  ) {
    self.session = session
    self.other = other
    self.spend = spend
    self.statement = statement
    self.line = line
    self.left = left
    self.right = right
    chain = session.chain([left, right], like: statement, line: line)
  }

  /// The most specific slip that fits.
  func find() -> Finding? {
    if let finding = wholeSide() { return finding }
    if let finding = leftOutPaths() { return finding }
    if let finding = changedNode() { return finding }
    if let finding = otherReading() { return finding }
    return onlySomeSteps()
  }

  // MARK: The whole side

  private func wholeSide() -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1] else { return nil }
    if a.size.transposed == b.size || a.size == b.size, !a.size.isScalar {
      if holds(transform: { $0.flipped }) {
        return Finding(
          reason: .transpose,
          text: Wording(
            "the right side is the transpose of what stands on the left (the shapes or the layout are the other way round)",
            "右边是左边的转置（形状或布局反了）"))
      }
    }
    guard a.size == b.size else { return nil }
    if holds(transform: { $0.scaled(-1) }) {
      return Finding(reason: .sign, text: Wording("the sign is the other way round", "符号反了"))
    }
    if let factor = constantFactor() {
      return Finding(
        reason: .factor,
        text: Wording("the right side is \(factor) times the left side", "右边是左边的 \(factor) 倍"))
    }
    return nil
  }

  private func holds(transform: @escaping (Matrix) -> Matrix) -> Bool {
    let result = chain.compare(0, 1, stopsEarly: true, transform: transform)
    return result.tried > 0 && result.isFinite && result.error <= ElaboratedChain.tolerance
  }

  private func constantFactor() -> String? {
    guard let a = chain.terms[0], let b = chain.terms[1] else { return nil }
    var factor: Double?
    for world in session.worlds {
      for environment in chain.assignments(steps: world.steps) {
        guard let x = world.evaluate(a, environment), let y = world.evaluate(b, environment) else { continue }
        guard let index = x.elements.indices.max(by: { abs(x.elements[$0]) < abs(x.elements[$1]) }),
          x.elements[index] != 0,
          x.rows == y.rows, x.columns == y.columns
        else { continue }
        let ratio = y.elements[index] / x.elements[index]
        let known = factor ?? ratio
        factor = known
        guard ratio.isFinite, abs(ratio - known) <= 1e-8 * abs(known), ratio != 0,
          let difference = y.combined(x, { $0 - known * $1 })?.largest, difference <= 1e-8 * y.largest
        else { return nil }
      }
    }
    guard let factor, abs(factor - 1) > 1e-9 else { return nil }
    for below in 1...12 {
      let above = factor * Double(below)
      if abs(above - above.rounded()) < 1e-7 {
        return below == 1 ? "\(Int(above.rounded()))" : "\(Int(above.rounded()))/\(below)"
      }
    }
    let rounded = (factor * 10_000).rounded() / 10_000
    return "\(rounded)"
  }

  // MARK: Paths left out

  /// The left side as a total derivative of the loss, where it is one.
  private var total: (target: Target, at: Moment?)? {
    guard let a = chain.terms[0], case .gradient(nil, let by, let at, false) = a.operation else {
      if let a = chain.terms[0], case .defined(let index, let times) = a.operation,
        let alias = session.context.gradientAlias(index, times)
      {
        return alias
      }
      return nil
    }
    return (by, at)
  }

  /// The step at which what a derivative is taken by stands, as it is written; t where it is written in no letter.
  private func step(of term: Term) -> Time {
    let moment: Moment? =
      switch term.operation {
      case .gradient(_, _, let at, _): at
      case .jacobian(let slope): slope.byTime
      case .defined(let index, let times): session.context.gradientAlias(index, times)?.at
      default: nil
      }
    guard let moment, let slot = moment.slot, slot > 0, moment.second == nil else {
      return Time(letter: "t", offset: 0)
    }
    return Time(letter: chain.letter(slot), offset: moment.offset)
  }

  private func leftOutPaths() -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1], a.size == b.size else { return nil }
    var names: [String] = []
    var matches: Set<Int>?
    for world in session.worlds.prefix(3) {
      for environment in chain.assignments(steps: world.steps) {
        guard let y = world.evaluate(b, environment), let x = world.evaluate(a, environment) else { continue }
        let roads = world.roads(of: a, environment, at: step(of: a))
        guard !roads.isEmpty else { continue }
        guard roads.count <= 8, names.isEmpty || names.count == roads.count else { return nil }
        names = roads.map(\.name)
        let scale = max(x.largest, y.largest, roads.map(\.value.largest).max() ?? 0, 1e-300)
        var fitting: Set<Int> = []
        for kept in 0..<(1 << roads.count) - 1 {
          var sum = Matrix(rows: y.rows, columns: y.columns, repeating: 0)
          for (index, road) in roads.enumerated() where kept & (1 << index) != 0 {
            sum = sum.combined(road.value) { $0 + $1 } ?? sum
          }
          if let difference = sum.combined(y, { $0 - $1 })?.largest, difference <= 1e-8 * scale { fitting.insert(kept) }
        }
        matches = matches?.intersection(fitting) ?? fitting
        if matches?.isEmpty == true { return nil }
      }
    }
    guard let kept = matches?.max(by: { $0.nonzeroBitCount < $1.nonzeroBitCount }) else { return nil }
    let missing = names.indices.filter { kept & (1 << $0) == 0 }.map { names[$0] }
    let list = missing.map { "`\($0)`" }.joined(separator: ", ")
    if missing == ["L_t"], let total {
      let own = derivativeOfLoss(total.target)
      return Finding(
        reason: .missingLoss,
        text: Wording("the loss of the step itself is left out: add \(own)", "漏掉了本步自己的损失：应加上 \(own)"))
    }
    return Finding(
      reason: .missingPath,
      text: Wording("a path is left out: what reaches it through \(list)", "漏掉了路径：经过 \(list) 传来的那一部分"))
  }

  private func derivativeOfLoss(_ target: Target) -> String {
    "\\frac{\\partial L_t}{\\partial \(session.context.shown(session.context.name(of: target)).latex(time: "t"))}"
  }

  // MARK: One node changed

  private func changedNode() -> Finding? {
    var tried = 0
    for (reason, text, candidates) in families() {
      for (newLeft, newRight) in candidates {
        tried += 1
        guard tried <= Self.limit, spend() else { return nil }
        if holds(newLeft, newRight) { return Finding(reason: reason, text: text(newLeft, newRight)) }
      }
    }
    return nil
  }

  private func holds(_ newLeft: Expression, _ newRight: Expression, in session: Session? = nil) -> Bool {
    let session = session ?? self.session
    let candidate = session.chain([newLeft, newRight], like: statement, line: line)
    guard candidate.failures.allSatisfy({ $0 == nil }), let a = candidate.terms[0], let b = candidate.terms[1],
      a.size == b.size
    else { return false }
    guard candidate.agree(0, 1, worlds: [session.worlds[0]]) else { return false }
    return candidate.agree(0, 1)
  }

  private typealias Family = (
    reason: NearMiss, text: (Expression, Expression) -> Wording, candidates: [(Expression, Expression)]
  )

  private func families() -> [Family] {
    func rights(_ change: (Expression) -> [Expression]) -> [(Expression, Expression)] {
      right.variants(change).filter { $0 != right }.map { (left, $0) }
    }
    func told(_ english: String, _ chinese: String) -> (Expression, Expression) -> Wording {
      // What would hold is the learner's to write.
      { _, _ in Wording(english, chinese) }
    }
    let bothKinds: [(Expression, Expression)] = {
      let rightAll = right.rebuilt { $0.switchingDerivativeKind }
      let leftAll = left.rebuilt { $0.switchingDerivativeKind }
      var pairs: [(Expression, Expression)] = []
      if rightAll != right { pairs.append((left, rightAll)) }
      if leftAll != left { pairs.append((leftAll, right)) }
      pairs += right.variants { [$0.switchingDerivativeKind] }.filter { $0 != right }.map { (left, $0) }
      return pairs
    }()
    return [
      (
        .missingPath,
        { newLeft, newRight in
          let isLeft = newLeft != left
          let side = isLeft ? ("left", "左") : ("right", "右")
          return Wording(
            "on the \(side.0) \(isLeft ? "∂⁺ is meant: the paths through other named quantities are left out" : "∂ and ∂⁺ are exchanged"): "
              + "\(session.context.shown(newLeft).latex) = \(session.context.shown(newRight).latex) holds",
            "\(side.1)边 ∂ 与 ∂⁺ 用混了（是否漏掉了经过其他量的路径）：\(session.context.shown(newLeft).latex) = \(session.context.shown(newRight).latex) 成立"
          )
        }, bothKinds
      ),
      (
        .sign, told("one sign is the other way round", "有一处符号反了"),
        rights { node in
          switch node.kind {
          case .sum(let a, let b):
            return [node.with(.difference(a, b))] + (isLeading(a) ? [node.with(.difference(b, a))] : [])
          case .difference(let a, let b): return [node.with(.sum(a, b)), node.with(.difference(b, a))]
          case .negated(let a): return [a]
          default: return []
          }
        }
      ),
      (
        .transpose, told("a transpose is missing or one too many", "少了或多了一个转置"),
        rights { node in
          switch node.kind {
          case .transposed(let inner): return [inner]
          case .symbol, .analysis(.derivative), .product: return [node.with(.transposed(node))]
          default: return []
          }
        }
      ),
      (
        .timeOff, told("a step is off by one", "时间下标差了一步"),
        rights { node in shifted(node) }
      ),
      (
        .brackets, told("brackets are missing or the other way round", "括号的位置不对"),
        rights { $0.regrouped }
      ),
      (
        .hadamard, told("a product stands for `⊙`, or the reverse", "矩阵乘积与按元素乘积用混了"),
        rights { node in
          switch node.kind {
          case .product(let a, let b): return [node.with(.hadamard(a, b))]
          case .hadamard(let a, let b): return [node.with(.product(a, b))]
          case .analysis(.repetition(let r)) where r.operation != .sum:
            return [
              node.with(
                .analysis(
                  .repetition(
                    Repetition(
                      r.operation == .product ? .hadamard : .product, index: r.index, from: r.lower, to: r.upper,
                      body: r.body))))
            ]
          default: return []
          }
        }
      ),
      (
        .diag, told("a vector scales rows or columns through `diag`", "向量与矩阵相乘应写成 diag"),
        rights { node in
          guard case .hadamard(let a, let b) = node.kind else { return [] }
          func diagonal(_ value: Expression) -> Expression { value.with(.call(.diag, derivative: 0, [value])) }
          return [
            node.with(.product(diagonal(a), b)), node.with(.product(a, diagonal(b))),
            node.with(.product(diagonal(b), a)),
            node.with(.product(b, diagonal(a))),
          ]
        }
      ),
      (
        .order, told("the factors stand in the other order", "因子的次序反了"),
        rights { node in
          switch node.kind {
          case .product(let a, let b):
            var list = [node.with(.product(b, a))]
            if case .product(let x, let y) = a.kind { list.append(node.with(.product(node.with(.product(x, b)), y))) }
            return list
          case .quotient(let a, let b): return [node.with(.quotient(b, a))]
          default: return []
          }
        }
      ),
      (
        .keepWrite, told("keep and write are exchanged", "保留与写入（z 与 1-z）用反了"),
        keepWrite()
      ),
      (
        .factor, told("a factor is left out or one too many", "多了或少了一个系数"),
        rights { node in
          switch node.kind {
          case .product(let a, let b): return [isNumber(a) ? b : nil, isNumber(b) ? a : nil].compactMap { $0 }
          case .quotient(let a, let b): return isNumber(b) ? [a] : []
          case .power(let base, let exponent): return isNumber(exponent) ? [base] : []
          default: return []
          }
        }
      ),
    ]
  }

  private func isLeading(_ expression: Expression) -> Bool {
    if case .number = expression.kind { return true }
    return false
  }

  private func isNumber(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .number: return true
    case .quotient(let a, let b): return isNumber(a) && isNumber(b)
    default: return false
    }
  }

  private func shifted(_ node: Expression) -> [Expression] {
    func moved(_ time: Time, _ by: Int) -> Time? {
      time.letter == nil && time.offset + by < 0 ? nil : time.shifted(by: by)
    }
    func symbols(_ symbol: Expression.Symbol) -> [Expression.Symbol] {
      symbol.times.indices.flatMap { index in
        [-1, 1].compactMap { by in
          guard let time = moved(symbol.times[index], by) else { return nil }
          var times = symbol.times
          times[index] = time
          return Expression.Symbol(symbol.name, times: times)
        }
      }
    }
    switch node.kind {
    case .symbol(let symbol): return symbols(symbol).map { node.with(.symbol($0)) }
    case .analysis(.derivative(let d)):
      var all: [Derivative] = []
      all += symbols(d.by).map { Derivative(of: d.of, by: $0, isImmediate: d.isImmediate) }
      all += symbols(d.of).map { Derivative(of: $0, by: d.by, isImmediate: d.isImmediate) }
      for by in [-1, 1] {
        if let a = d.of.times.first.flatMap({ moved($0, by) }), let b = d.by.times.first.flatMap({ moved($0, by) }) {
          all.append(
            Derivative(
              of: Expression.Symbol(d.of.name, times: [a]), by: Expression.Symbol(d.by.name, times: [b]),
              isImmediate: d.isImmediate))
        }
      }
      return all.map { node.with(.analysis(.derivative($0))) }
    case .analysis(.repetition(let r)):
      return [-1, 1].flatMap { by -> [Expression] in
        var list: [Expression] = []
        if let lower = moved(r.lower, by) {
          list.append(
            node.with(
              .analysis(.repetition(Repetition(r.operation, index: r.index, from: lower, to: r.upper, body: r.body)))))
        }
        if let upper = moved(r.upper, by) {
          list.append(
            node.with(
              .analysis(.repetition(Repetition(r.operation, index: r.index, from: r.lower, to: upper, body: r.body)))))
        }
        return list
      }
    default: return []
    }
  }

  /// z and 1 - z exchanged, everywhere or at one place.
  private func keepWrite() -> [(Expression, Expression)] {
    var result: [(Expression, Expression)] = []
    for gate in session.context.keepGates {
      func exchanged(_ node: Expression) -> Expression? {
        if case .difference(let one, let value) = node.kind, case .number(1) = one.kind,
          case .symbol(let symbol) = value.kind,
          symbol.name.withoutLayer == gate
        {
          return value
        }
        if case .symbol(let symbol) = node.kind, symbol.name.withoutLayer == gate {
          return node.with(.difference(node.with(.number(1)), node))
        }
        return nil
      }
      func everywhere(_ node: Expression) -> Expression {
        if let new = exchanged(node) { return new }
        let operands = node.kind.operands
        return operands.isEmpty ? node : node.with(node.kind.replacingOperands(operands.map(everywhere)))
      }
      func once(_ node: Expression) -> [Expression] {
        if let new = exchanged(node) { return [new] }
        let operands = node.kind.operands
        return operands.indices.flatMap { index in
          once(operands[index]).map { variant in
            var new = operands
            new[index] = variant
            return node.with(node.kind.replacingOperands(new))
          }
        }
      }
      let all = everywhere(right)
      if all != right { result.append((left, all)) }
      result += once(right).map { (left, $0) }
    }
    return result
  }

  // MARK: Other readings

  private func otherReading() -> Finding? {
    var reading = session.reading
    for layout in JacobianLayout.allCases where layout != session.reading.layout {
      reading.layout = layout
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(
          reason: .transpose,
          text: Wording(
            "this is right in the \(layout.rawValue) layout; here it is \(session.paper.layout.rawValue)",
            "这在 \(layout.rawValue) 布局下成立，这里用的是 \(session.paper.layout.rawValue) 布局"))
      }
    }
    reading = session.reading
    if reading.batch > 1 {
      reading.batch = 1
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(
          reason: .batchOfOne, text: Wording("this holds for a batch of one sample only", "只有在批量大小为 1 时才成立"))
      }
      reading.batch = session.reading.batch
    }
    if !reading.isLastOnly {
      reading.isLastOnly = true
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(
          reason: .onlyLastLoss,
          text: Wording("this holds only if the last step alone has a loss", "只有当仅最后一步有损失时才成立"))
      }
      reading.isLastOnly = false
    }
    for (index, convention) in session.context.conventions.enumerated() {
      reading.convention = index
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(reason: .convention, text: convention.text)
      }
    }
    return nil
  }

  private func onlySomeSteps() -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1], a.size == b.size, !chain.scope.free.isEmpty else {
      return nil
    }
    var (atEnd, atStart) = (true, true)
    var (ends, starts) = (0, 0)
    for world in session.worlds {
      for environment in chain.assignments(steps: world.steps) {
        guard let x = world.evaluate(a, environment), let y = world.evaluate(b, environment),
          let difference = x.combined(y, { $0 - $1 })?.largest
        else { continue }
        let steps = chain.scope.free.map { environment[$0.slot] }
        let isRight = difference <= 1e-9 * max(world.scale(a, environment), world.scale(b, environment), 1e-300)
        if steps.max() == world.steps, steps.count == 1 {
          ends += 1
          if !isRight { atEnd = false }
        }
        if steps.min() == 1, steps.count == 1 {
          starts += 1
          if !isRight { atStart = false }
        }
      }
    }
    if ends > 0, atEnd {
      return Finding(reason: .onlyAtEnd, text: Wording("this holds at the last step t = T only", "只在最后一步 t = T 成立"))
    }
    if starts > 0, atStart {
      return Finding(reason: .onlyAtStart, text: Wording("this holds at the first step t = 1 only", "只在第一步 t = 1 成立"))
    }
    return nil
  }
}

extension Expression {
  /// ∂ for ∂⁺ and the reverse.
  fileprivate var switchingDerivativeKind: Expression {
    guard case .analysis(.derivative(let d)) = kind else { return self }
    return with(.analysis(.derivative(Derivative(of: d.of, by: d.by, isImmediate: !d.isImmediate))))
  }

  /// The same operators with the brackets the other way round.
  fileprivate var regrouped: [Expression] {
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
