// Which goals have been derived: at every step at which they are asked.

import Diagnostics
import Formula
import Recurrence

/// What became of a goal, before it is weighed against the others.
struct GoalOutcome {
  enum Kind {
    /// Derived at every step, but perhaps from wrong lines.
    case derived
    /// Its own line is wrong.
    case misstated(Wording)
    /// Derived but for one adjoint, named here, for which the text has no line.
    case half(String)
    case missing(Wording)
  }

  let latex: String
  let kind: Kind
  /// The wrong lines that it rests on, its own aside.
  var rests: Set<SourceLine> = []
  /// What it is about; nil where it is nothing that a line can state.
  var subject: Subject?
}

extension Closing {
  /// Whether a goal has been derived, and what is missing if not.
  func outcome(_ latex: String, _ value: Expression) -> GoalOutcome {
    let chain = Self.chain(of: value, in: session)
    guard let term = chain.terms[0] else {
      return GoalOutcome(
        latex: latex, kind: .missing(Wording("this goal cannot be read in this derivation", "在这份推导中无法理解这个目标")))
    }
    let asked = asked(term, of: chain)
    guard !asked.isEmpty else {
      return GoalOutcome(
        latex: latex, kind: .missing(Wording("this goal is not a derivative that a line can state", "这个目标不是一行式子能给出的导数"))
      )
    }
    var outcome = weighed(latex, asked)
    outcome.subject = Subject(asked)
    return outcome
  }

  private func weighed(_ latex: String, _ asked: [Instance]) -> GoalOutcome {
    let subject = Subject(asked)
    guard let open = firstOpen(asked, derived) else {
      let rests = asked.reduce(into: Set<SourceLine>()) { $0.formUnion(derived[$1] ?? []) }
      let own = rests.filter { $0.subject.isAbout(subject) }
      let wrong =
        own.first ?? asked.lazy.flatMap { claims.wrong[$0] ?? [] }.map(\.line).first { $0.subject.isAbout(subject) }
      return GoalOutcome(
        latex: latex,
        kind: wrong.map { .misstated(MissingPiece.misstated("`\(latex)`", $0.number)) } ?? .derived,
        rests: rests.subtracting(own))
    }
    guard isWhole else {
      return GoalOutcome(
        latex: latex,
        kind: .missing(
          Wording(
            "working out what follows from what takes too much work in this text; make its sums and chains shorter",
            "这份推导中各式之间的依赖关系计算量过大，未能全部处理；请缩短求和与等式链")))
    }
    let isMisstated = asked.contains { (claims.wrong[$0] ?? []).contains { $0.line.subject.isAbout(subject) } }
    if !isMisstated {
      for entity in unmentioned {
        let derived = closure(assuming: entity)
        guard firstOpen(asked, derived) == nil else { continue }
        let rests = asked.reduce(into: Set<SourceLine>()) { $0.formUnion(derived[$1] ?? []) }
        return GoalOutcome(latex: latex, kind: .half(quoted(entity)), rests: rests)
      }
    }
    return GoalOutcome(latex: latex, kind: .missing(MissingPiece(self, goal: latex, asked, open: open).text))
  }

  /// The first instance of a goal that is asked and not derived.
  private func firstOpen(_ asked: [Instance], _ derived: [Instance: Set<SourceLine>]) -> Instance? {
    let isStarted = asked.contains { derived[$0] != nil }
    return asked.first { derived[$0] == nil && !(isStarted && isExcused($0)) }
  }

  /// The adjoints that lines rest on and that no line of the text is about, neither a right one nor a wrong one; one for
  /// the whole loss is about those for the loss of one step too.
  var unmentioned: [Entity] {
    var entities: Set<Entity> = []
    for rule in claims.rules.values.joined() { entities.formUnion(rule.rests.map(\.entity)) }
    let lines = claims.stated + slips.unread + slips.wrong
    let mentioned = Set(lines.compactMap { premises.standing($0.subject.entity).adjointOf })
    return entities.filter { entity in
      entity.adjointOf.map { !mentioned.contains($0) } == true && slips.unreadable(latex(entity)) == nil
    }.sorted { latex($0) < latex($1) }
  }

  /// Whether a first step is not asked, because the lines for it speak of what the sheet does not have there.
  private func isExcused(_ instance: Instance) -> Bool {
    claims.unasked.contains(instance) && claims.rules[instance] == nil && claims.wrong[instance] == nil
  }

  /// Every instance of a goal that must be derived, the starts of recursions first.
  private func asked(_ term: Term, of chain: ElaboratedChain) -> [Instance] {
    // Up to a shift of t: the latest step that it carries is t.
    let offsets = term.moments.filter { $0.slot ?? 0 > 0 }.map(\.offset)
    let shift = -(offsets.max() ?? 0)
    let claimed = chain.assignments(steps: world.steps).compactMap { environment in
      var shifted = environment
      for letter in chain.scope.free { shifted[letter.slot] += shift }
      return world.instance(of: term, shifted)
    }
    return (starts(term, of: chain) + claimed).map(premises.standing)
  }

  /// The instances of a goal with two steps at which the steps are equal, as far as they are to be derived.
  private func starts(_ term: Term, of chain: ElaboratedChain) -> [Instance] {
    let moments = term.moments
    guard chain.scope.free.count == 2, moments.count == 2, let first = moments[0].slot, let second = moments[1].slot,
      first != second
    else { return [] }
    return (1...world.steps).compactMap { step in
      var environment = [Int](repeating: 0, count: max(1, chain.scope.slots))
      environment[0] = world.steps
      environment[first] = step - moments[0].offset
      environment[second] = step - moments[1].offset
      // What is 0 there whatever the network is has no start.
      guard let instance = world.instance(of: term, environment), !isFree(instance), !premises.isGiven(instance),
        world.evaluate(term, environment).map({ $0.largest > 0 }) ?? false
      else { return nil }
      return instance
    }
  }
}

extension Closing {
  /// How many lines are wrong about what some goals are or rest on, and neither hold nor follow.
  func wrongCount(_ goals: [GoalOutcome]) -> Int {
    var next: [Entity: Set<Entity>] = [:]
    for (head, rules) in claims.rules {
      next[head.entity, default: []].formUnion(rules.flatMap(\.rests).map(\.entity))
    }
    for (head, barred) in claims.barred { next[head.entity, default: []].insert(barred.rest.entity) }
    var reached: Set<Entity> = []
    var queue = goals.compactMap(\.subject?.entity)
    while let entity = queue.popLast() {
      guard reached.insert(entity).inserted else { continue }
      queue += next[entity] ?? []
    }
    let lines = claims.wrong.values.joined().map(\.line).filter {
      reached.contains(premises.standing($0.subject.entity))
    }
    return Set(lines.map(\.place)).count
  }
}
