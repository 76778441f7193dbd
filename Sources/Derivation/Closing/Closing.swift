// What has been derived: the least set in which nothing rests on itself.

import Diagnostics
import Formula
import Recurrence

/// Works out, over the whole document, which derivatives have been derived.
struct Closing {
  let session: Session
  let world: World
  /// What the lines make of what.
  let claims: Claims
  /// What is closed, with the earliest step of a given adjoint that a learner's name rests on.
  private(set) var closed: [Instance: Int] = [:]
  private let given: Set<Entity>
  private let protected: Set<Instance>
  /// What earlier lines got wrong, and what was not understood.
  let slips: Slips
  /// Whether every line was taken up before the effort ended.
  let isWhole: Bool
  /// Names that turned out to be derivatives.
  let names: NamesByValue
  /// The names under which a learner knows a derivative.
  let nicknames: [Entity: String]

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
    self.world = world
    func instances(_ value: Expression) -> [Instance] {
      let chain = Self.chain(of: value, in: session)
      guard let term = chain.terms[0] else { return [] }
      return chain.assignments(steps: world.steps).compactMap { world.instance(of: term, $0) }
    }
    self.given = Set(given.compactMap { instances($0).first?.entity })
    // A goal about a step's loss at that very step is not free for the asking.
    protected = Set(goals.flatMap(instances))
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
    var claims = Claims(session, world, names)
    var purse = Effort.ofClosing
    isWhole = session.effort.part(of: &purse) {
      for (chain, isCorrection) in chains { claims.add(chain, isCorrection: isCorrection) }
      claims.addDefinitions()
      claims.add(names)
      return !session.effort.isExhausted
    }
    self.claims = claims
    close()
  }

  private static func nicknames(_ session: Session, _ world: World) -> [Entity: String] {
    var nicknames: [Entity: String] = [:]
    for (index, definition) in session.context.definitions.all.enumerated() {
      let times = [Int](repeating: 1, count: definition.timeCount)
      guard let (clause, _) = world.clause(of: definition, times) else { continue }
      nicknames[.name(index)] = definition.shown
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

  func isGiven(_ instance: Instance) -> Bool { given.contains(instance.entity) }

  /// Whether nothing has to be derived for it: it is 0 or the upstream of its own step.
  func isFree(_ instance: Instance) -> Bool {
    switch instance.entity {
    case .gradient(let target):
      return session.context.isAbove(target) || instance.times.first.map { $0 > world.steps } ?? false
    case .lossGradient(let target):
      if session.context.isAbove(target) { return true }
      guard instance.times.count == 2 else { return false }
      let (loss, step) = (instance.times[0], instance.times[1])
      return step > loss || (step == loss && isSeen(target) && !protected.contains(instance))
    case .slope(let of, let by, _):
      guard instance.times.count == 2 else { return false }
      return instance.times[1] > instance.times[0] || (of == by && instance.times[0] == instance.times[1])
    case .name: return false
    }
  }

  /// Whether the loss is made of it; what any other quantity hands to the loss of its own step is to be derived.
  private func isSeen(_ target: Target) -> Bool {
    if case .node(let node) = target { session.context.givenNodes.contains(node) } else { false }
  }

  /// From which step on given adjoints stand behind an instance; nil where it is not to be used.
  private func reach(_ instance: Instance) -> Int? {
    if let taint = closed[instance] { return taint }
    if isFree(instance) { return .max }
    guard isGiven(instance) else { return nil }
    switch instance.entity {
    case .gradient: return instance.times.first ?? .min
    case .lossGradient: return instance.times.last ?? .min
    default: return .max
    }
  }

  private func allows(_ head: Instance, _ reach: Int) -> Int? {
    switch head.entity {
    case .name: return reach
    case .gradient: return head.times.first.map { reach > $0 ? .max : nil } ?? (reach == .max ? .max : nil)
    case .lossGradient: return head.times.count == 2 && reach > head.times[1] ? .max : reach == .max ? .max : nil
    case .slope: return reach == .max ? .max : nil
    }
  }

  private mutating func close() {
    var changed = true
    while changed {
      changed = false
      for (head, alternatives) in claims.rules where claims.wrong[head] == nil {
        for rests in alternatives {
          var least = Int.max
          var isComplete = true
          for instance in rests {
            guard let reach = reach(instance) else {
              isComplete = false
              break
            }
            least = min(least, reach)
          }
          guard isComplete, let taint = allows(head, least), closed[head].map({ taint > $0 }) ?? true else { continue }
          closed[head] = taint
          changed = true
        }
      }
    }
  }
}
