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
    /// What the line rests on once it is mended; nil where this is no single mistake in it.
    var mended: Mended?
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
    return isExact ? find(session.exactWorlds) : find(session.worlds)
  }

  private func find<Number: ConfirmingNumber>(_ worlds: [WorldOf<Number>]) -> Finding? {
    wholeSide(worlds) ?? leftOutPaths(worlds) ?? changedNode() ?? otherReading() ?? onlySomeSteps(worlds)
  }

  /// Whether the sides have values in residues, so that what would mend them is decided there too.
  private var isExact: Bool {
    if let a = chain.terms[0], let b = chain.terms[1], a.size == b.size {
      if case .open = chain.decide(0, 1) { return false }
      return true
    }
    return !chain.terms.contains { $0?.hasNorm == true }
  }

  /// Whether two members are equal, as the verdict on a line decides it: in residues where they can, else with doubles.
  func isEqual(_ chain: ElaboratedChain) -> Bool {
    switch chain.decide(0, 1) {
    case .equal: true
    case .different: false
    case .open: chain.agree(0, 1)
    }
  }

  // MARK: The whole side

  private func wholeSide<Number: ConfirmingNumber>(_ worlds: [WorldOf<Number>]) -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1] else { return nil }
    if a.size.transposed == b.size || a.size == b.size, !a.size.isScalar, holds(in: worlds, { $0.flipped }) {
      return Finding(
        reason: .transpose,
        text: Wording(
          "the right side is the transpose of what stands on the left (the shapes or the layout are the other way round)",
          "右边是左边的转置（形状或布局反了）"), mended: .alike)
    }
    guard a.size == b.size else { return nil }
    if holds(in: worlds, { $0.applying { -$0 } }) {
      return Finding(reason: .sign, text: Wording("the sign is the other way round", "符号反了"), mended: .alike)
    }
    if let factor = constantFactor(worlds) {
      return Finding(
        reason: .factor,
        text: Wording("the right side is \(factor) times the left side", "右边是左边的 \(factor) 倍"), mended: .alike)
    }
    return nil
  }

  /// The two sides at every step of some networks; nothing where a side has no value.
  private func sides<Number>(_ world: WorldOf<Number>) -> [(left: Number.Matrix, right: Number.Matrix, steps: [Int])] {
    guard let a = chain.terms[0], let b = chain.terms[1] else { return [] }
    return session.effort.part(Effort.ofComparison) {
      chain.claimed(in: world).compactMap { environment in
        guard let x = world.evaluate(a, environment), let y = world.evaluate(b, environment) else { return nil }
        return (x, y, environment)
      }
    }
  }

  private func holds<Number: ConfirmingNumber>(
    in worlds: [WorldOf<Number>], _ change: (Number.Matrix) -> Number.Matrix
  ) -> Bool {
    var tried = 0
    for world in worlds {
      for (left, right, _) in sides(world) {
        guard Number.areEqual(change(left), right) else { return false }
        tried += 1
      }
    }
    return tried > 0 && !session.effort.isExhausted
  }

  private func constantFactor<Number: ConfirmingNumber>(_ worlds: [WorldOf<Number>]) -> String? {
    var factor: Number?
    for world in worlds {
      for (left, right, _) in sides(world) {
        guard left.rows == right.rows, left.columns == right.columns, let index = Number.largestEntry(left) else {
          continue
        }
        let known = factor ?? right.elements[index] / left.elements[index]
        factor = known
        guard known.isNumber, Number.areEqual(left.scaled(by: known), right) else { return nil }
      }
    }
    guard let factor, factor != .zero, factor != .one else { return nil }
    return factor.fractionText ?? roundedFactor
  }

  /// The factor to two digits.
  private var roundedFactor: String? {
    for (left, right, _) in session.worlds.lazy.flatMap(sides) {
      if let index = Double.largestEntry(left) { return (right.elements[index] / left.elements[index]).shortText }
    }
    return nil
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

  private func leftOutPaths<Number: ConfirmingNumber>(_ worlds: [WorldOf<Number>]) -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1], a.size == b.size, let written = step(of: a) else {
      return nil
    }
    var names: [String] = []
    var matches: Set<Int>?
    for world in worlds.prefix(3) {
      for (left, right, environment) in sides(world) {
        let roads = world.roads(of: a, environment, at: written)
        guard !roads.isEmpty else { continue }
        guard roads.count <= 8, names.isEmpty || names.count == roads.count else { return nil }
        session.effort.spend(1 << roads.count)
        guard !session.effort.isExhausted else { return nil }
        names = roads.map(\.name)
        let all = [left, right] + roads.map(\.value)
        var fitting: Set<Int> = []
        // With none kept the side is 0; one that is merely small was meant to be something else.
        for kept in (isZero(b) ? 0 : 1)..<(1 << roads.count) - 1 {
          var sum = Number.Matrix.allZero(right.rows, right.columns)
          for (index, road) in roads.enumerated() where kept & (1 << index) != 0 {
            sum = sum.combined(road.value) { $0 + $1 } ?? sum
          }
          if Number.areEqual(sum, right, beside: all) { fitting.insert(kept) }
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
        text: Wording("the loss of the step itself is left out: add \(own)", "漏掉了本步自己的损失：应加上 \(own)"), mended: .alike)
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
          "漏掉了直接路径：`\(start)` 本身就出现在 `\(end)` 的方程里"), mended: .alike)
    }
    return Finding(
      reason: .missingPath,
      text: Wording("a path is left out: what reaches it through \(list)", "漏掉了路径：经过 \(list) 传来的那一部分"),
      mended: .roads(roadsInto(a).filter { missing.contains($0.latex(at: written)) }))
  }

  /// The roads into what a derivative is by.
  private func roadsInto(_ term: Term) -> [Road] {
    switch term.operation {
    case .gradient(_, .node(let node), _, _): session.context.roads(into: node)
    case .jacobian(let slope): if case .node(let node) = slope.by { session.context.roads(into: node) } else { [] }
    case .defined: if case .node(let node)? = total?.target { session.context.roads(into: node) } else { [] }
    default: []
    }
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
            "这在 \(layout.rawValue) 布局下成立，这里用的是 \(session.paper.layout.rawValue) 布局"), mended: .alike)
      }
    }
    reading = session.reading
    if reading.batch > 1 {
      reading.batch = 1
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(
          reason: .batchOfOne, text: Wording("this holds for a batch of one sample only", "只有在批量大小为 1 时才成立"),
          mended: .alike)
      }
      reading.batch = session.reading.batch
    }
    if !reading.isLastOnly {
      reading.isLastOnly = true
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(
          reason: .onlyLastLoss,
          text: Wording("this holds only if the last step alone has a loss", "只有当仅最后一步有损失时才成立"), mended: .alike)
      }
      reading.isLastOnly = false
    }
    for (index, convention) in session.context.conventions.enumerated() {
      reading.convention = index
      if let session = other(reading), holds(left, right, in: session) {
        return Finding(reason: .convention, text: convention.text, mended: .alike)
      }
    }
    return nil
  }

  private func onlySomeSteps<Number: ConfirmingNumber>(_ worlds: [WorldOf<Number>]) -> Finding? {
    guard let a = chain.terms[0], let b = chain.terms[1], a.size == b.size, chain.scope.free.count == 1 else {
      return nil
    }
    let slot = chain.scope.free[0].slot
    var (atEnd, atStart) = (true, true)
    var (ends, starts) = (0, 0)
    for world in worlds {
      for (left, right, environment) in sides(world) {
        let step = environment[slot]
        guard step == world.steps || step == 1 else { continue }
        let isRight = Number.areEqual(left, right)
        if step == world.steps {
          ends += 1
          if !isRight { atEnd = false }
        }
        if step == 1 {
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

/// Numbers in which a near miss is confirmed.
protocol ConfirmingNumber: TapeNumber {
  /// Whether two matrices are equal, beside what they are sums of.
  static func areEqual(_ a: Matrix, _ b: Matrix, beside parts: [Matrix]) -> Bool
  /// The place of an entry that may be divided by; nil where all are 0.
  static func largestEntry(_ matrix: Matrix) -> Int?
  /// It as a fraction of small numbers; nil where it is none.
  var fractionText: String? { get }
}

extension ConfirmingNumber {
  static func areEqual(_ a: Matrix, _ b: Matrix) -> Bool { areEqual(a, b, beside: [a, b]) }

  fileprivate static func fraction(_ above: Int, over below: Int) -> String {
    below == 1 ? "\(above)" : "\(above)/\(below)"
  }
}

extension Residue: ConfirmingNumber {
  static func areEqual(_ a: Matrix, _ b: Matrix, beside _: [Matrix]) -> Bool {
    a.combined(b, -)?.elements.allSatisfy { $0.isNumber && $0 == .zero } == true
  }

  static func largestEntry(_ matrix: Matrix) -> Int? { matrix.elements.firstIndex { $0.isNumber && $0 != .zero } }

  var fractionText: String? {
    for below in 1...12 {
      if let above = (self * Residue(below)).integer { return Self.fraction(above, over: below) }
    }
    return nil
  }
}

extension Double: ConfirmingNumber {
  static func areEqual(_ a: Matrix, _ b: Matrix, beside parts: [Matrix]) -> Bool {
    guard let difference = a.combined(b, { $0 - $1 })?.largest, difference.isFinite else { return false }
    return difference <= ElaboratedChain.tolerance * parts.reduce(0) { larger($0, $1.largest) }
  }

  static func largestEntry(_ matrix: Matrix) -> Int? {
    matrix.elements.indices.filter { matrix.elements[$0] != 0 }
      .max { abs(matrix.elements[$0]) < abs(matrix.elements[$1]) }
  }

  var fractionText: String? {
    for below in 1...12 {
      let above = self * Double(below)
      if abs(above) < 1e6, abs(above - above.rounded()) < 1e-7 {
        return Self.fraction(Int(above.rounded()), over: below)
      }
    }
    return nil
  }
}
