// A line that says what a derivative is, right or wrong: the derivative, and the learner's last expression for it.

import Diagnostics
import Formula
import Recurrence

/// What a line says that a derivative is.
struct StatedDerivative {
  let entity: Entity
  /// The steps of the derivative in the chain's own letters; none for a parameter's.
  let times: [Moment]
  /// The derivative as a term, and the last expression for it.
  let head: Term
  let body: Term
  let chain: ElaboratedChain
  /// The derivative as the learner wrote it, in LaTeX.
  let latex: String
  /// The line of the file on which the expression begins.
  let line: Int
  /// The line of the first of its equal signs that does not hold; nil where none was found to be wrong.
  let wrongLine: Int?
  /// The line of the first of its equal signs that holds only with what a wrong line says; nil where there is none.
  let followingLine: Int?
  /// Whether it speaks of a step that follows the derivative's own, or may do so.
  let leadsOn: Bool

  /// The letters of the chain for given steps of the derivative; nil where the line does not speak of them.
  func environment(at steps: [Int], of world: World) -> [Int]? {
    guard steps.count == times.count else { return nil }
    var environment = [Int](repeating: 0, count: max(1, chain.scope.slots))
    environment[0] = world.steps
    var assigned: Set<Int> = [0]
    for (moment, step) in zip(times, steps) {
      if let slot = moment.slot, !assigned.contains(slot) {
        environment[slot] = step - moment.offset
        assigned.insert(slot)
      } else if moment.step(environment) != step {
        return nil
      }
    }
    return chain.speaks(of: environment) ? environment : nil
  }

  /// Whether it speaks of any step, not of a single one such as T.
  var isGeneral: Bool { times.allSatisfy { ($0.slot ?? 0) > 0 } }
}

extension StatedDerivative {
  /// What the chain says of its first member; nil where that is no derivative.
  ///
  /// - Parameter links: what was found about the chain's equal signs.
  init?(_ chain: ElaboratedChain, _ links: [DerivationReport.Link]) {
    guard chain.statement.signs.count == links.count, let head = chain.terms.first ?? nil,
      let (entity, times) = chain.derivative(head), times.allSatisfy({ $0.second == nil })
    else { return nil }
    let end = chain.statement.signs.firstIndex { $0.relation.isBound } ?? links.count
    // Another name for the derivative says nothing of its value.
    func saysMore(_ member: Int) -> Bool {
      guard let term = chain.terms[member] else { return false }
      guard let (other, steps) = chain.derivative(term) else { return true }
      return other != entity || steps != times
    }
    guard end > 0, let last = (1...end).last(where: saysMore), let body = chain.terms[last] else { return nil }
    let letters = Set(times.compactMap(\.slot))
    guard chain.freeLetters(body).isSubset(of: letters) else { return nil }
    self.entity = entity
    self.times = times
    self.head = head
    self.body = body
    self.chain = chain
    latex = chain.statement.members[0].expression?.latex ?? ""
    line = chain.line(ofLink: last - 1)
    func firstLine(_ verdict: LinkVerdict) -> Int? {
      (0..<last).first { links[$0].verdict == verdict }.map { chain.line(ofLink: $0) }
    }
    wrongLine = firstLine(.doesNotHold)
    followingLine = firstLine(.follows)
    var visited: Set<[Int]> = []
    leadsOn = times.first.map { chain.leadsOn(body, from: $0, &visited) } ?? false
  }
}

extension ElaboratedChain {
  /// Which derivative a term is, and of which steps; nil where it is none, or a transposed one.
  ///
  /// - Parameter depth: how many names have been looked up on the way.
  func derivative(_ term: Term, depth: Int = 0) -> (entity: Entity, times: [Moment])? {
    switch term.operation {
    case .gradient(nil, let by, let at, false): return (.gradient(by), at.map { [$0] } ?? [])
    case .gradient(let loss?, let by, let at?, false): return (.lossGradient(by), [loss, at])
    case .jacobian(let slope):
      guard let byTime = slope.byTime else { return nil }
      return (.slope(of: slope.of, by: slope.by, isImmediate: slope.isImmediate), [slope.ofTime, byTime])
    case .defined(let index, let moments):
      let definition = session.context.definitions.all[index]
      guard depth < 20, definition.compiled.count == 1, let clause = definition.compiled.first,
        let (entity, times) = derivative(clause.term, depth: depth + 1)
      else { return nil }
      var own: [Moment] = []
      for time in times {
        guard let place = clause.times.firstIndex(where: { $0.slot == time.slot && $0.second == nil }),
          time.second == nil, moments[place].second == nil
        else { return nil }
        own.append(
          Moment(slot: moments[place].slot, offset: moments[place].offset + time.offset - clause.times[place].offset))
      }
      return (entity, own)
    default: return nil
    }
  }

  /// Whether a term speaks of a step after a given one, or may do so.
  ///
  /// - Parameter visited: the names that were looked up, each with its distance from the given step.
  fileprivate func leadsOn(_ term: Term, from own: Moment, _ visited: inout Set<[Int]>) -> Bool {
    // At the end of time there is no such step, and what comes from outside has its place nevertheless.
    guard let slot = own.slot, slot > 0 else { return true }
    if term.moments.contains(where: { $0.slot != slot || $0.second != nil || $0.offset > own.offset }) { return true }
    if case .defined(let index, let moments) = term.operation, moments.count == 1,
      visited.insert([index, moments[0].offset - own.offset]).inserted
    {
      for clause in session.context.definitions.all[index].compiled {
        guard let inner = clause.times.first else { continue }
        let from = Moment(slot: inner.slot, offset: inner.offset + own.offset - moments[0].offset)
        if leadsOn(clause.term, from: from, &visited) { return true }
      }
    }
    return term.operands.contains { leadsOn($0, from: own, &visited) }
  }
}
