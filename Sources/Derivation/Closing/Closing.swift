// What has been derived: the least set in which nothing rests on itself, and the wrong lines that each part rests on.

import Diagnostics
import Formula
import Recurrence

/// Works out, over the whole document, which derivatives have been derived.
struct Closing {
  let session: Session
  /// What may be used without a derivation.
  let premises: Premises
  /// What the lines make of what.
  let claims: Claims
  /// What is derived, with the wrong lines that it rests on as they were meant.
  let derived: [Instance: Set<SourceLine>]
  /// What earlier lines got wrong, and what was not understood.
  let slips: Slips
  /// Whether every line was taken up before the effort ended.
  let isWhole: Bool
  /// Names that turned out to be derivatives.
  let names: NamesByValue
  /// The names under which a learner knows a derivative.
  let nicknames: [Entity: String]

  var world: World { premises.world }

  /// - Parameters:
  ///   - chains: the lines of the text, each with whether it takes the place of earlier ones about the same.
  ///   - given: what may be used without a derivation.
  init(
    _ session: Session, chains: [(chain: ElaboratedChain, isCorrection: Bool)], given: [Expression],
    goals: [Expression] = [], slips: Slips = Slips()
  ) {
    self.slips = slips
    self.session = session
    // The longest network: what a text says of its last few steps only does not reach the first ones there.
    let world = session.worlds.max { $0.steps < $1.steps } ?? session.worlds[0]
    func instances(_ value: Expression) -> [Instance] {
      let chain = Self.chain(of: value, in: session)
      guard let term = chain.terms[0] else { return [] }
      return chain.assignments(steps: world.steps).compactMap { world.instance(of: term, $0) }
    }
    // A goal about a step's loss at that very step is not free for the asking.
    premises = Premises(
      world, given: Set(given.compactMap { instances($0).first?.entity }), protected: Set(goals.flatMap(instances)))
    nicknames = Self.nicknames(session, world)
    let derivatives = Set(
      session.context.definitions.all.indices.filter { index in
        let definition = session.context.definitions.all[index]
        let times = [Int](repeating: 1, count: definition.timeCount)
        let term = Term(.defined(index, times.map { Moment(slot: nil, offset: $0) }), [], .open, 0..<0)
        return world.instance(of: term, [world.steps])?.entity != .name(index)
      })
    let names = session.effort.part(Effort.ofComparison) { NamesByValue(session, known: derivatives) }
    self.names = names
    var claims = Claims(session, premises, names)
    var purse = Effort.ofClosing
    isWhole = session.effort.part(of: &purse) {
      for (chain, isCorrection) in chains { claims.add(chain, isCorrection: isCorrection) }
      return !session.effort.isExhausted
    }
    self.claims = claims
    derived = Self.closure(claims, assuming: nil)
  }

  private static func nicknames(_ session: Session, _ world: World) -> [Entity: String] {
    var nicknames: [Entity: String] = [:]
    for (index, definition) in session.context.definitions.all.enumerated() {
      let times = [Int](repeating: 1, count: definition.timeCount)
      guard let (clause, _) = world.clause(of: definition, times) else { continue }
      let term = Term(
        .defined(index, clause.times.map { _ in Moment(slot: nil, offset: 1) }), [], .open, 0..<0)
      if let instance = world.instance(of: term, [world.steps]), instance.entity != .name(index),
        instance.times == times,
        nicknames[instance.entity] == nil
      {
        nicknames[instance.entity] = definition.shown
      }
    }
    return nicknames
  }

  /// What the sheet asks for or gives, with its names found; at no cost to the text, which may have used up its effort.
  static func chain(of value: Expression, in session: Session) -> ElaboratedChain {
    var purse = Effort.ofReading
    return session.effort.part(of: &purse) {
      session.chain(Statement(value, in: session.context.cell.declaration.source))
    }
  }

  // MARK: Closing

  /// Whether nothing has to be derived for it.
  func isFree(_ instance: Instance) -> Bool { premises.isFree(instance) }

  /// What follows if one adjoint is taken as derived that no line of the text is about.
  func closure(assuming entity: Entity) -> [Instance: Set<SourceLine>] { Self.closure(claims, assuming: entity) }

  /// Derives what can be derived, with as few wrong lines as there can be behind each.
  private static func closure(_ claims: Claims, assuming entity: Entity?) -> [Instance: Set<SourceLine>] {
    var derived: [Instance: Set<SourceLine>] = [:]
    let open = claims.rules.filter { claims.contradiction($0.key) == nil }
    func slips(_ rule: Rule, of head: Instance) -> Set<SourceLine>? {
      var slips = rule.slips
      for rest in rule.rests {
        if let known = derived[rest] {
          slips.formUnion(known)
        } else if rest.entity != entity, !claims.premises.isFree(rest), !claims.premises.isGiven(rest, for: head) {
          return nil
        }
      }
      return slips
    }
    var allowed = 0
    while true {
      var isChanged = false
      // The fewest wrong lines with which something more could be derived.
      var next = Int.max
      for (head, rules) in open where derived[head] == nil {
        // Of as many the first ones of the text, so that the report is the same each time.
        let best = rules.compactMap { slips($0, of: head) }.min {
          $0.count != $1.count
            ? $0.count < $1.count
            : $0.map(\.place).sorted().lexicographicallyPrecedes($1.map(\.place).sorted())
        }
        guard let best else { continue }
        if best.count <= allowed {
          derived[head] = best
          isChanged = true
        } else {
          next = min(next, best.count)
        }
      }
      if isChanged { continue }
      guard next < Int.max else { return derived }
      allowed = next
    }
  }
}
