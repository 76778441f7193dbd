// What the lines of a text make of what, step by step: each counts only where it was tested and held.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// One way to derive something.
struct Rule: Hashable {
  /// What must be derived before, written out: derivatives alone.
  let rests: Set<Instance>
  /// The lines that do not hold and stand in it as they were meant.
  var slips: Set<SourceLine> = []
}

/// The lines of a text as rules between numbered steps, and the values that its wrong lines give.
struct Claims {
  let session: Session
  let world: World
  let premises: Premises
  /// The derivatives that names of the text turned out to be, by definition.
  private let found: [Int: [Target]]
  /// For each instance, the ways in which lines make it.
  private(set) var rules: [Instance: Set<Rule>] = [:]
  /// The lines that give an instance its right value.
  private(set) var right: [Instance: [SourceLine]] = [:]
  /// The lines that give an instance a value which is not the right one, with that value.
  private(set) var wrong: [Instance: [(line: SourceLine, value: Matrix?)]] = [:]
  /// What a right line may not consist of, for an instance that it gives.
  private(set) var barred: [Instance: (rest: Instance, line: SourceLine)] = [:]
  /// What stands alone on a side of a line.
  private(set) var stated: [SourceLine] = []
  /// First steps at which a right line speaks of a quantity that the sheet does not have there, such as `o_{t-1}` at t = 1.
  private(set) var unasked: Set<Instance> = []
  /// Instances for which a line could not be tested because a name of the text has no value there: the name, and the line.
  private(set) var untested: [Instance: (name: String, line: SourceLine)] = [:]
  private let names = WrittenNames()

  /// What names of the text rest on, as far as it has been written out.
  private final class WrittenNames { var rests: [Instance: Set<Instance>] = [:] }

  /// - Parameters:
  ///   - premises: what may be used, in the network whose steps are looked at.
  ///   - names: the names of the text that turned out to be derivatives.
  init(_ session: Session, _ premises: Premises, _ names: NamesByValue) {
    self.session = session
    self.premises = premises
    world = premises.world
    found = Dictionary(names.all.map { ($0.definition, $0.targets) }) { one, _ in one }
  }

  // MARK: Lines

  /// - Parameter isCorrection: whether it takes the place of earlier lines about the same.
  mutating func add(_ chain: ElaboratedChain, isCorrection: Bool) {
    // Members that equal signs join; a bound parts them.
    var segments: [Range<Int>] = []
    var start = 0
    for (index, sign) in chain.statement.signs.enumerated() where sign.relation.isBound {
      segments.append(start..<index + 1)
      start = index + 1
    }
    segments.append(start..<chain.statement.signs.count + 1)
    var corrected: Set<Instance> = []
    func correct(_ instance: Instance, _ claims: inout Claims) {
      guard isCorrection, corrected.insert(instance).inserted else { return }
      claims.forget(instance)
    }
    for segment in segments where segment.count > 1 {
      // What stands behind the first link that does not hold is no value of what stands before it.
      let failing = segment.dropLast().first { chain.fails($0) }
      let group = segment.lowerBound..<(failing ?? segment.upperBound - 1) + 1
      for head in group {
        guard let instances = instances(of: head, in: chain) else { continue }
        // `δ_t := ∂L/∂z_t` names the derivative, and is no line for it.
        let others = group.filter { $0 != head && chain.terms[$0] != nil && !isNaming(head, $0, in: chain) }
        guard !others.isEmpty || failing != nil else { continue }
        let subject = Subject(instances.map(\.instance))
        stated.append(SourceLine(chain, max(0, head - 1), subject))
        for other in others where chain.agree(head, other) {
          let line = SourceLine(chain, max(0, other - 1), subject)
          for (instance, environment) in instances {
            add(instance, head, other, of: chain, environment, line) { correct(instance, &$0) }
            guard !session.effort.isExhausted else { return }
          }
        }
      }
      guard let failing else { continue }
      for (head, other) in misstated(failing, from: segment.lowerBound, in: chain) {
        if chain.verdicts[failing] == .follows {
          addFollowing(head, other, failing, of: chain)
        } else {
          addWrong(head, other, failing, of: chain) { correct($0, &$1) }
        }
      }
    }
  }

  private mutating func forget(_ instance: Instance) {
    rules[instance] = nil
    right[instance] = nil
    wrong[instance] = nil
    barred[instance] = nil
  }

  /// Whether two members are a definition and another name for what is defined.
  private func isNaming(_ one: Int, _ other: Int, in chain: ElaboratedChain) -> Bool {
    guard chain.verdicts.first == .definition, Set([one, other]) == [0, 1] else { return false }
    return instances(of: 0, in: chain) != nil && instances(of: 1, in: chain) != nil
  }

  /// The derivatives that a member is, each with the steps of its letters; nil where it is none.
  private func instances(of member: Int, in chain: ElaboratedChain) -> [(instance: Instance, environment: [Int])]? {
    guard let term = chain.terms[member] else { return nil }
    let found = chain.assignments(reaching: term, steps: world.steps).flatMap { environment in
      derivatives(of: term, environment).map { ($0, environment) }
    }
    return found.isEmpty ? nil : found
  }

  /// The derivatives that a term is at some steps: several where a name has the value of several.
  func derivatives(of term: Term, _ environment: [Int]) -> [Instance] {
    guard let instance = world.instance(of: term, environment) else { return [] }
    guard case .name(let index) = instance.entity else { return [premises.standing(instance)] }
    return named(index, instance.times)
  }

  private func named(_ index: Int, _ times: [Int]) -> [Instance] {
    guard let targets = found[index], world.defined(index, times) != nil else { return [] }
    return targets.map { premises.standing(Instance(entity: .gradient($0), times: times)) }
  }

  private mutating func add(
    _ instance: Instance, _ head: Int, _ other: Int, of chain: ElaboratedChain, _ environment: [Int],
    _ line: SourceLine, correct: (inout Claims) -> Void
  ) {
    guard let term = chain.terms[head], let body = chain.terms[other] else { return }
    guard let value = world.evaluate(body, environment) else {
      guard !session.effort.isExhausted, chain.speaks(of: environment) else { return }
      switch world.lack(in: body, environment) {
      case .sheet: if instance.times.min() ?? 2 <= 1 { unasked.insert(instance) }
      case .name(let name): untested[instance] = (name, line)
      case nil: break
      }
      return
    }
    guard let own = world.evaluate(term, environment), let rests = rests(of: body, environment),
      !rests.contains(instance), let difference = own.combined(value, { $0 - $1 })?.largest,
      difference <= 1e-8 * max(world.scale(body, environment), own.largest, 1e-300)
    else { return }
    correct(&self)
    if right[instance]?.contains(line) != true { right[instance, default: []].append(line) }
    insert(Rule(rests: rests), for: instance, line)
  }

  /// Adds a rule if its line consists of nothing but what the thing may be derived from.
  private mutating func insert(_ rule: Rule, for instance: Instance, _ line: SourceLine) {
    if let rest = rule.rests.first(where: { !premises.allow($0, for: instance) }) {
      barred[instance] = barred[instance] ?? (rest, line)
    } else {
      rules[instance, default: []].insert(rule)
    }
  }

  // MARK: What a right side rests on

  /// The derivatives that a term rests on, the names of the text written out; nil where something in it is undefined.
  func rests(of term: Term, _ environment: [Int]) -> Set<Instance>? {
    var open: Set<Instance> = []
    return world.dependencies(of: term, environment).flatMap { writtenOut($0, &open) }
  }

  private func writtenOut(_ rests: Set<Instance>, _ open: inout Set<Instance>) -> Set<Instance>? {
    var result: Set<Instance> = []
    for rest in rests {
      guard case .name(let index) = rest.entity else {
        result.insert(premises.standing(rest))
        continue
      }
      if let derivative = named(index, rest.times).first {
        result.insert(derivative)
        continue
      }
      let definition = session.context.definitions.all[index]
      if definition.isBackward, rest.times.contains(where: { $0 > world.steps }) { continue }
      if let known = self.names.rests[rest] {
        result.formUnion(known)
        continue
      }
      guard open.count < 400, open.insert(rest).inserted,
        let (clause, environment) = world.clause(of: definition, rest.times),
        let parts = world.dependencies(of: clause.term, environment), let all = writtenOut(parts, &open)
      else { return nil }
      open.remove(rest)
      self.names.rests[rest] = all
      result.formUnion(all)
    }
    return result
  }

  // MARK: Wrong values

  /// Which members a link that does not hold gives a wrong value, each with the member that is this value.
  private func misstated(_ link: Int, from start: Int, in chain: ElaboratedChain) -> [(head: Int, value: Int)] {
    let named = (start...link).filter { instances(of: $0, in: chain) != nil }
    if named.count == link - start + 1 { return named.map { ($0, link + 1) } }
    return link == start && instances(of: link + 1, in: chain) != nil ? [(link + 1, link)] : []
  }

  private mutating func addWrong(
    _ head: Int, _ other: Int, _ link: Int, of chain: ElaboratedChain, correct: (Instance, inout Claims) -> Void
  ) {
    guard let term = chain.terms[head], let body = chain.terms[other] else { return }
    // What differs from step to step, since its sum is missing, is no value at all.
    guard chain.freeLetters(body).isSubset(of: chain.freeLetters(term)) else { return }
    let claimed = (instances(of: head, in: chain) ?? []).filter { chain.speaks(of: $0.environment) }
    let failing = claimed.filter { _, environment in
      guard let value = world.evaluate(body, environment), let own = world.evaluate(term, environment) else {
        return false
      }
      guard let difference = own.combined(value, { $0 - $1 })?.largest else { return true }
      return difference > 1e-7 * max(world.scale(body, environment), own.largest, 1e-300)
    }
    // Where it fails in other networks only, no step of it is trusted.
    guard !claimed.isEmpty else { return }
    let line = SourceLine(chain, link, Subject(claimed.map(\.instance)))
    for (instance, environment) in failing.isEmpty ? claimed : failing {
      correct(instance, &self)
      wrong[instance, default: []].append((line, world.evaluate(body, environment)))
    }
    guard let mended = chain.mended[link], head <= link, body.isMoreThanAName else { return }
    for (instance, rests) in self.rests(of: mended, body, claimed, link, chain) where !rests.contains(instance) {
      insert(Rule(rests: rests, slips: [line]), for: instance, line)
    }
  }

  /// What a wrong line rests on as it was meant, at each step that it speaks of.
  private func rests(
    of mended: Mended, _ body: Term, _ claimed: [(instance: Instance, environment: [Int])], _ link: Int,
    _ chain: ElaboratedChain
  ) -> [(Instance, Set<Instance>)] {
    switch mended {
    case .right(let right):
      guard let left = chain.statement.members[link].expression else { return [] }
      let repaired = session.chain([left, right], like: chain.statement)
      guard let term = repaired.terms[0], let body = repaired.terms[1] else { return [] }
      let speaks = Set(claimed.map(\.instance))
      return repaired.assignments(reaching: term, steps: world.steps).flatMap { environment in
        derivatives(of: term, environment).filter { speaks.contains($0) }.compactMap { instance in
          world.evaluate(body, environment).flatMap { _ in rests(of: body, environment) }.map { (instance, $0) }
        }
      }
    case .alike, .roads:
      return claimed.compactMap { instance, environment in
        rests(of: body, environment).map { (instance, $0.union(mended.further(for: instance).map(premises.standing))) }
      }
    }
  }

  /// A line that would hold if the derivatives were what wrong lines say: it rests on those.
  private mutating func addFollowing(_ head: Int, _ other: Int, _ link: Int, of chain: ElaboratedChain) {
    guard let body = chain.terms[other], let sources = chain.sources[link] else { return }
    let claimed = (instances(of: head, in: chain) ?? []).filter { chain.speaks(of: $0.environment) }
    guard !claimed.isEmpty else { return }
    let line = SourceLine(chain, link, Subject(claimed.map(\.instance)))
    for (instance, environment) in claimed {
      // What a wrong line says in other words is no derivation of its own.
      guard !sources.contains(where: { $0.line.subject.entity == instance.entity }),
        var rests = rests(of: body, environment)
      else { continue }
      var slips: Set<SourceLine> = []
      for source in sources {
        let later = premises.later(source.target, than: instance)
        if !later.isEmpty { slips.insert(source.line) }
        rests.formUnion(later)
      }
      guard !rests.contains(instance) else { continue }
      insert(Rule(rests: rests, slips: slips), for: instance, line)
    }
  }

  /// The first two lines that give an instance different values, if there are such.
  func contradiction(_ instance: Instance) -> (SourceLine, SourceLine)? {
    guard let wrong = wrong[instance] else { return nil }
    // ∂h_t/∂h_{t-1} and ∂h_t/∂h_k at k = t - 1 are two things.
    func isSame(_ one: SourceLine, _ other: SourceLine) -> Bool {
      instance.entity.isAdjoint || (one.subject.distance == nil) == (other.subject.distance == nil)
    }
    for (index, (line, value)) in wrong.enumerated() {
      if let other = right[instance]?.last(where: { isSame($0, line) }) { return (other, line) }
      for (other, its) in wrong[..<index] where isSame(other, line) && other != line {
        guard let value, let its, let difference = value.combined(its, { $0 - $1 })?.largest,
          difference <= 1e-7 * max(value.largest, its.largest)
        else { return (other, line) }
      }
    }
    return nil
  }
}

extension ElaboratedChain {
  /// Whether a link states an equality that does not hold by itself.
  fileprivate func fails(_ link: Int) -> Bool {
    verdicts.indices.contains(link) && [.doesNotHold, .follows].contains(verdicts[link])
  }

  /// Every choice of steps at which a term may be one of the instances of a network.
  ///
  /// A line for `v_{t+1}` speaks of step 1 at t = 0. Where no condition says how two steps lie, one of another step's
  /// quantity holds at equal steps too if its value does.
  func assignments(reaching term: Term, steps: Int) -> [[Int]] {
    var term = term
    while case .transpose = term.operation { term = term.operands[0] }
    let moments = term.moments.filter { $0.second == nil }
    let ranges = scope.free.map { letter -> ClosedRange<Int> in
      let offsets = moments.filter { $0.slot == letter.slot }.map(\.offset)
      return min(1, 1 - (offsets.max() ?? 0))...max(steps + 1, steps - (offsets.min() ?? 0))
    }
    guard moments.count == 2, scope.free.count == 2 else {
      return choices(ranges, steps: steps).filter { speaks(of: $0) }
    }
    return choices(ranges, steps: steps).filter { environment in
      meetsConditions(environment)
        && (speaks(of: environment) || moments[1].step(environment) == moments[0].step(environment))
    }
  }
}
