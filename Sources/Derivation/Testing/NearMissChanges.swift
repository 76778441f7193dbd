// The slips that change one node of a line: which trees are tried for each, in which order.

import Diagnostics
import Formula
import Recurrence

extension NearMissSearch {
  func changedNode() -> Finding? {
    for (reason, text, candidates) in families() + exchanges() {
      var finding: Finding?
      candidates { newLeft, newRight in
        // The nodes from the root to the change are made anew.
        session.effort.spend(newRight.nodeCount)
        guard !session.effort.isExhausted else { return true }
        guard newLeft != left || newRight != right, holds(newLeft, newRight) else { return false }
        // Another left side would make it a line for something else.
        let isMended = newLeft == left && right.sharesFactor(with: newRight)
        finding = Finding(reason: reason, text: text(newLeft, newRight), mended: isMended ? .right(newRight) : nil)
        return true
      }
      if finding != nil || session.effort.isExhausted { return finding }
    }
    return nil
  }

  func holds(_ newLeft: Expression, _ newRight: Expression, in session: Session? = nil) -> Bool {
    let session = session ?? self.session
    let candidate = session.chain([newLeft, newRight], like: statement)
    guard candidate.failures.allSatisfy({ $0 == nil }), let a = candidate.terms[0], let b = candidate.terms[1],
      a.size == b.size
    else { return false }
    return isEqual(candidate)
  }

  /// Takes a pair of sides to be tried; true where no more are wanted.
  typealias Visit = (Expression, Expression) -> Bool

  typealias Family = (
    reason: NearMiss, text: (Expression, Expression) -> Wording, candidates: (Visit) -> Void
  )

  func families() -> [Family] {
    func rights(_ change: @escaping (Expression) -> [Expression]) -> (Visit) -> Void {
      { visit in right.eachVariant(change) { visit(left, $0) } }
    }
    func told(_ english: String, _ chinese: String) -> (Expression, Expression) -> Wording {
      // What would hold is the learner's to write.
      { _, _ in Wording(english: english, chinese: chinese) }
    }
    func bothKinds(_ visit: Visit) {
      if visit(left, right.rebuilt(switched)) || visit(left.rebuilt(switched), right) { return }
      // One that is 0 everywhere would only say that its term has to go.
      right.eachVariant({ node in
        let other = switched(node)
        return other == node || isZeroEverywhere(other) ? [] : [other]
      }) { visit(left, $0) }
    }
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
        { visit in
          if right.eachVariant(shifted, { visit(left, $0) }) { return }
          // A name that stands several times is shifted in all its places.
          for symbol in symbols(of: right) where symbol.times.count == 1 {
            for by in [-1, 1] {
              guard let time = moved(symbol.times[0], by) else { continue }
              let other = Expression.Symbol(symbol.name, times: [time], layer: symbol.layer)
              if visit(
                left, right.rebuilt { if case .symbol(symbol) = $0.kind { $0.with(.symbol(other)) } else { $0 } })
              {
                return
              }
            }
          }
        }
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
        keepWrite
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

  /// ∂ for ∂⁺ and the reverse; the loss has a ∂⁺ that is not 0 only by what it is made of.
  func switched(_ node: Expression) -> Expression {
    guard case .analysis(.derivative(let d)) = node.kind else { return node }
    if d.of.name == session.context.lossName, d.of.times.isEmpty, !d.isImmediate {
      guard case .node(let by)? = session.context.target(d.by.name), session.context.lossNodes.contains(by) else {
        return node
      }
    }
    return node.with(.analysis(.derivative(Derivative(of: d.of, by: d.by, isImmediate: !d.isImmediate))))
  }

  func isLeading(_ expression: Expression) -> Bool {
    if case .number = expression.kind { return true }
    return false
  }

  func isNumber(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .number: return true
    case .quotient(let a, let b): return isNumber(a) && isNumber(b)
    // The number of steps or of samples, by which people divide.
    case .symbol(let symbol): return symbol.times.isEmpty && ["T", "N"].map { Name(base: $0) }.contains(symbol.name)
    default: return false
    }
  }

  /// Whether a derivative has no entry but 0 in a drawn network, at any step.
  private func isZeroEverywhere(_ derivative: Expression) -> Bool {
    let alone = session.chain([derivative], like: statement)
    guard let term = alone.terms[0] else { return false }
    let world = session.exactWorlds[0]
    return alone.assignments(steps: world.steps).allSatisfy { environment in
      world.evaluate(term, environment)?.elements.allSatisfy { $0 == .zero } ?? true
    }
  }

  /// The names that stand in a tree, each once.
  private func symbols(of tree: Expression) -> [Expression.Symbol] {
    var found: [Expression.Symbol] = []
    func visit(_ tree: Expression) {
      if case .symbol(let symbol) = tree.kind, !found.contains(symbol) { found.append(symbol) }
      tree.kind.operands.forEach(visit)
    }
    visit(tree)
    return found
  }

  private func moved(_ time: Time, _ by: Int) -> Time? {
    time.letter == nil && time.offset + by < 0 ? nil : time.shifted(by: by)
  }

  func shifted(_ node: Expression) -> [Expression] {
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
      // What a later step cannot reach is 0: then the term would have to go, which is no slip of a step.
      return all.map { node.with(.analysis(.derivative($0))) }.filter { !isZeroEverywhere($0) }
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
  func keepWrite(_ visit: Visit) {
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
      if visit(left, everywhere(right)) { return }
      if right.eachVariant({ exchanged($0).map { [$0] } ?? [] }, { visit(left, $0) }) { return }
    }
  }
}
