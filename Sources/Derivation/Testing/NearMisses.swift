// What a line that does not hold was probably meant to be: each slip tried, the most specific told.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// Tries the slips that people make on one link.
struct NearMissSearch {
  let session: Session
  /// Makes the same paper under another reading.
  let other: (Session.Reading) -> Session?
  let statement: Statement
  let left: Expression
  let right: Expression
  /// The chain of these two members.
  let chain: ElaboratedChain

  /// A slip that explains the link.
  struct Finding {
    let reason: NearMiss
    let text: Wording
  }

  init(
    session: Session, statement: Statement, left: Expression, right: Expression,
    other: @escaping (Session.Reading) -> Session?
  ) {
    self.session = session
    self.other = other
    self.statement = statement
    self.left = left
    self.right = right
    chain = session.chain([left, right], like: statement)
  }

  /// The most specific slip that fits.
  func find() -> Finding? {
    guard !session.effort.isExhausted else { return nil }
    if let finding = wholeSide() { return finding }
    if let finding = leftOutPaths() { return finding }
    if let finding = changedNode() { return finding }
    if let finding = otherReading() { return finding }
    return onlySomeSteps()
  }

  // MARK: The whole side

  func wholeSide() -> Finding? {
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

  func holds(transform: @escaping (Matrix) -> Matrix) -> Bool {
    let result = chain.compare(0, 1, stopsEarly: true, transform: transform)
    return result.tried > 0 && result.isFinite && result.error <= ElaboratedChain.tolerance
  }

  func constantFactor() -> String? {
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
      if abs(above) < 1e9, abs(above - above.rounded()) < 1e-7 {
        return below == 1 ? "\(Int(above.rounded()))" : "\(Int(above.rounded()))/\(below)"
      }
    }
    return factor.shortText
  }

  // MARK: Paths left out

  /// The left side as a total derivative of the loss, where it is one.
  var total: (target: Target, at: Moment?)? {
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

  /// The step of what a derivative is by, as it is written.
  func step(of term: Term) -> Time? {
    let moment: Moment?
    if case .jacobian(let slope) = term.operation {
      moment = slope.byTime
    } else if case .gradient(_, _, let at, _) = term.operation {
      moment = at
    } else {
      moment = total?.at
    }
    return moment.map(chain.time)
  }

  func leftOutPaths() -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1], a.size == b.size, let written = step(of: a) else {
      return nil
    }
    var names: [String] = []
    var matches: Set<Int>?
    for world in session.worlds.prefix(3) {
      for environment in chain.assignments(steps: world.steps) {
        guard let y = world.evaluate(b, environment), let x = world.evaluate(a, environment) else { continue }
        let roads = world.roads(of: a, environment, at: written)
        guard !roads.isEmpty else { continue }
        guard roads.count <= 8, names.isEmpty || names.count == roads.count else { return nil }
        session.effort.spend(1 << roads.count)
        guard !session.effort.isExhausted else { return nil }
        names = roads.map(\.name)
        let scale = max(x.largest, y.largest, roads.map(\.value.largest).max() ?? 0, 1e-300)
        var fitting: Set<Int> = []
        // With none kept the side is 0; one that is merely small was meant to be something else.
        for kept in (isZero(b) ? 0 : 1)..<(1 << roads.count) - 1 {
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
    if missing == [Expression.Symbol(session.context.lossName, times: [written]).latex], let total {
      let own = derivativeOfLoss(total.target, at: written)
      return Finding(
        reason: .missingLoss,
        text: Wording("the loss of the step itself is left out: add \(own)", "漏掉了本步自己的损失：应加上 \(own)"))
    }
    if case .jacobian(let slope) = a.operation,
      missing == [session.context.name(of: slope.of).latex(time: chain.time(slope.ofTime).description)],
      let at = slope.byTime
    {
      let (start, end) = (session.context.name(of: slope.by).latex(time: chain.time(at).description), missing[0])
      return Finding(
        reason: .missingPath,
        text: Wording(
          "a path is left out: the direct one, on which `\(start)` itself stands in the equation of `\(end)`",
          "漏掉了直接路径：`\(start)` 本身就出现在 `\(end)` 的方程里"))
    }
    return Finding(
      reason: .missingPath,
      text: Wording("a path is left out: what reaches it through \(list)", "漏掉了路径：经过 \(list) 传来的那一部分"))
  }

  private func isZero(_ term: Term) -> Bool { if case .zeros = term.operation { true } else { false } }

  func derivativeOfLoss(_ target: Target, at written: Time) -> String {
    let name = session.context.shown(session.context.name(of: target)).latex(time: written.description)
    return "\\frac{\\partial \(Expression.Symbol(session.context.lossName, times: [written]).latex)}{\\partial \(name)}"
  }

  // MARK: Other readings

  func otherReading() -> Finding? {
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

  func onlySomeSteps() -> Finding? {
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
