// What a chain says that cannot be tested or does not hold as its signs stand, and that everybody reads in one way: told each
// time, and taken only where the chain then holds at more places than before.

import Diagnostics
import Formula
import Recurrence

extension Examiner {
  /// The chain as it is meant, with what was assumed.
  func meant(_ statement: Statement, line: Paper.Line) -> ElaboratedChain {
    var statement = statement
    if let contracted = contracted(statement) {
      statement = contracted
      asides.append(
        Wording(
          "the derivative of a vector by a matrix has three axes: both sides are tested behind the derivative of the loss by that vector",
          "向量对矩阵的导数有三个轴：两边都左乘损失对该向量的导数后再检验"))
    }
    let literal = session.chain(statement)
    guard line.defined == nil, !statement.signs.isEmpty,
      statement.signs.allSatisfy({ $0.relation == .equal || $0.relation == .defined })
    else { return literal }
    let readings = [immediate(statement), otherOrder(statement)].compactMap { $0 }
    guard !readings.isEmpty else { return literal }
    let holding = links(of: literal)
    guard holding.count < statement.signs.count else { return literal }
    for (changed, told) in readings {
      let chain = session.chain(changed)
      guard links(of: chain).isStrictSuperset(of: holding) else { continue }
      asides.append(told)
      return chain
    }
    return literal
  }

  private func links(of chain: ElaboratedChain) -> Set<Int> {
    Set(chain.statement.signs.indices.filter { chain.agree($0, $0 + 1) })
  }

  private typealias Reading = (statement: Statement, told: Wording)

  // MARK: ∂ for ∂⁺

  /// The sum of backpropagation through time with ∂ where ∂⁺ belongs, as every course writes it.
  ///
  /// On the sheet's own cell only where a Jacobian from step to step stands beside it, as in that sum: a total derivative
  /// right behind the error of its step counts paths twice, and there it is a slip.
  private func immediate(_ statement: Statement) -> Reading? {
    guard paper.own != nil || statement.differentiatedPairs.contains(where: isFromNodeToNode) else { return nil }
    var written: [String] = []
    let changed = statement.mapMembers { tree in
      tree.withinSums { node in
        guard case .analysis(.derivative(let derivative)) = node.kind, !derivative.isImmediate,
          derivative.of.name != session.context.lossName, case .node? = session.context.target(derivative.of.name),
          case .parameter? = session.context.target(derivative.by.name)
        else { return node }
        let immediate = node.with(
          .analysis(.derivative(Derivative(of: derivative.of, by: derivative.by, isImmediate: true))))
        if !written.contains(immediate.latex) { written.append(immediate.latex) }
        return immediate
      }
    }
    guard !written.isEmpty else { return nil }
    let list = written.map { "`\($0)`" }.joined(separator: ", ")
    return (
      changed,
      Wording("\(list) is meant: the states of the step before are held fixed", "这里指的是 \(list)：上一时刻的状态视为固定")
    )
  }

  private func isFromNodeToNode(_ derivative: Derivative) -> Bool {
    guard derivative.of.name != session.context.lossName, case .node? = session.context.target(derivative.of.name),
      case .node? = session.context.target(derivative.by.name)
    else { return false }
    return true
  }

  // MARK: Factors in the order of another layout

  /// A product of nothing but derivatives with its factors the other way round; the text's own layout is its own.
  private func otherOrder(_ statement: Statement) -> Reading? {
    guard paper.own != nil else { return nil }
    var isChanged = false
    let changed = statement.mapMembers { tree in
      tree.reversingChains {
        isChanged = true
      }
    }
    guard isChanged else { return nil }
    return (
      changed,
      Wording(
        "the factors of this chain of derivatives are taken in the order of the other layout", "这一串导数的因子按另一种布局的次序理解")
    )
  }

  // MARK: Three axes

  /// A chain about the derivative of a vector by a matrix, with each side behind the derivative of the loss by the vector.
  private func contracted(_ statement: Statement) -> Statement? {
    guard case .analysis(.derivative(let derivative))? = statement.members[0].expression?.kind,
      derivative.of.name != session.context.lossName, derivative.of.times.count == 1,
      case .node? = session.context.target(derivative.of.name),
      let by = session.context.target(derivative.by.name), case .parameter = by,
      session.context.size(of: by).isMatrix, statement.members.allSatisfy({ $0.expression != nil })
    else { return nil }
    let loss = Derivative(
      of: Expression.Symbol(session.context.lossName), by: derivative.of, isImmediate: false)
    return statement.mapMembers { $0.behind(Expression(.analysis(.derivative(loss)), at: $0.range)) }
  }
}

extension Statement {
  /// The derivatives that stand in it.
  fileprivate var differentiatedPairs: [Derivative] {
    var found: [Derivative] = []
    for member in members {
      _ = member.expression?.rebuilt { node in
        if case .analysis(.derivative(let derivative)) = node.kind { found.append(derivative) }
        return node
      }
    }
    return found
  }

  /// The chain with each member that could be read changed.
  func mapMembers(_ change: (Expression) -> Expression) -> Statement {
    replacing(
      members: members.map { Member(content: $0.content.map(change), range: $0.range) }, conditions: conditions)
  }
}

extension Expression {
  /// The tree with the nodes changed that stand in a sum over steps or in one of several summands.
  fileprivate func withinSums(_ change: (Expression) -> Expression) -> Expression {
    switch kind {
    case .analysis(.repetition(let repetition)) where repetition.operation == .sum: return rebuilt(change)
    case .sum, .difference: return rebuilt(change)
    default:
      let operands = kind.operands
      return operands.isEmpty
        ? self : with(kind.replacingOperands(operands.map { $0.withinSums(change) }))
    }
  }

  /// Each summand behind a factor.
  fileprivate func behind(_ factor: Expression) -> Expression {
    switch kind {
    case .sum(let a, let b): return with(.sum(a.behind(factor), b.behind(factor)))
    case .difference(let a, let b): return with(.difference(a.behind(factor), b.behind(factor)))
    case .negated(let value): return with(.negated(value.behind(factor)))
    case .product(let a, let b): return with(.product(a.behind(factor), b))
    case .analysis(.repetition(let repetition)) where repetition.operation == .sum:
      return with(kind.replacingOperands([repetition.body.behind(factor)]))
    default: return with(.product(factor, self))
    }
  }

  /// The products of nothing but derivatives turned round.
  fileprivate func reversingChains(_ found: () -> Void) -> Expression {
    if case .product = kind {
      let factors = chainFactors
      if factors.count > 1, factors.allSatisfy(\.isDerivativeOnly) {
        found()
        let turned = factors.reversed()
        return turned.dropFirst().reduce(turned.first!) { with(.product($0, $1)) }
      }
    }
    let operands = kind.operands
    return operands.isEmpty
      ? self : with(kind.replacingOperands(operands.map { $0.reversingChains(found) }))
  }

  private var chainFactors: [Expression] {
    guard case .product(let a, let b) = kind else { return [self] }
    return a.chainFactors + b.chainFactors
  }

  private var isDerivativeOnly: Bool {
    switch kind {
    case .analysis(.derivative): true
    case .analysis(.repetition(let repetition)): repetition.operation == .product && repetition.body.isDerivativeOnly
    case .product(let a, let b): a.isDerivativeOnly && b.isDerivativeOnly
    default: false
    }
  }
}
