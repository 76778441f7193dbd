// What the lines of a text make of what, step by step: each counts only where it was tested and held.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// The right lines of a text as rules between numbered steps, and the values that its wrong lines give.
struct Claims {
  private let session: Session
  private let world: World
  /// What names of the text turned out to be the derivatives by.
  private let derivatives: [Int: [Target]]
  /// For each instance, the sets of instances from which a right line makes it.
  private(set) var rules: [Instance: Set<Set<Instance>>] = [:]
  /// The last line that gives an instance its right value.
  private(set) var lines: [Instance: SourceLine] = [:]
  /// The last line that gives an instance a value which is not the right one.
  private(set) var wrong: [Instance: SourceLine] = [:]
  /// What stands alone on a side of a line.
  private(set) var stated: [SourceLine] = []
  /// First steps at which a right line speaks of a quantity that the sheet does not have there, such as `o_{t-1}` at t = 1.
  private(set) var unasked: Set<Instance> = []
  /// Instances for which a line could not be tested because a name of the text has no value there: the name, and the line.
  private(set) var untested: [Instance: (name: String, line: SourceLine)] = [:]

  /// - Parameters:
  ///   - world: the network whose steps are looked at.
  ///   - names: names that turned out to be derivatives: a wrong line about one is a wrong line about the derivative.
  init(_ session: Session, _ world: World, _ names: NamesByValue) {
    self.session = session
    self.world = world
    derivatives = Dictionary(names.all.map { ($0.definition, $0.targets) }) { first, _ in first }
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
      claims.rules[instance] = nil
      claims.wrong[instance] = nil
    }
    for segment in segments where segment.count > 1 {
      // What stands behind the first link that does not hold is no value of what stands before it.
      let failing = segment.dropLast().first { chain.fails($0) }
      let group = segment.lowerBound..<(failing ?? segment.upperBound - 1) + 1
      for head in group {
        guard let instances = instances(of: head, in: chain) else { continue }
        let subject = Subject(instances.map(\.instance))
        stated.append(SourceLine(number: chain.line(ofMember: head), subject: subject))
        for other in group where other != head && chain.terms[other] != nil && chain.agree(head, other) {
          for (instance, environment) in instances {
            let line = SourceLine(number: chain.line(ofMember: other), subject: subject)
            add(instance, head, other, of: chain, environment, line) { correct(instance, &$0) }
            guard !session.effort.isExhausted else { return }
          }
        }
      }
      guard let failing else { continue }
      for (head, other) in misstated(failing, from: segment.lowerBound, in: chain) {
        addWrong(head, other, of: chain) { correct($0, &$1) }
      }
    }
  }

  /// The instances that a member is, each with the steps of its letters.
  private func instances(of member: Int, in chain: ElaboratedChain) -> [(instance: Instance, environment: [Int])]? {
    guard let term = chain.terms[member] else { return nil }
    let found = chain.assignments(reaching: term, steps: world.steps).compactMap { environment in
      world.instance(of: term, environment).map { ($0, environment) }
    }
    return found.isEmpty ? nil : found
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
    guard let own = world.evaluate(term, environment), let rests = world.dependencies(of: body, environment),
      !rests.contains(instance), let difference = own.combined(value, { $0 - $1 })?.largest,
      difference <= 1e-8 * max(world.scale(body, environment), own.largest, 1e-300)
    else { return }
    correct(&self)
    rules[instance, default: []].insert(rests)
    lines[instance] = line
  }

  // MARK: Wrong values

  /// Which members a link that does not hold gives a wrong value, each with the member that is this value.
  private func misstated(_ link: Int, from start: Int, in chain: ElaboratedChain) -> [(head: Int, value: Int)] {
    let named = (start...link).filter { instances(of: $0, in: chain) != nil }
    if named.count == link - start + 1 { return named.map { ($0, link + 1) } }
    return link == start && instances(of: link + 1, in: chain) != nil ? [(link + 1, link)] : []
  }

  private mutating func addWrong(
    _ head: Int, _ other: Int, of chain: ElaboratedChain, correct: (Instance, inout Claims) -> Void
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
    let line = SourceLine(number: chain.line(ofMember: other), subject: Subject(claimed.map(\.instance)))
    for (instance, _) in failing.isEmpty ? claimed : failing {
      guard case .name(let name) = instance.entity else {
        correct(instance, &self)
        wrong[instance] = line
        continue
      }
      for target in derivatives[name] ?? [] {
        let derivative = Instance(entity: .gradient(target), times: instance.times)
        correct(derivative, &self)
        wrong[derivative] = line
      }
    }
  }

  // MARK: Names

  /// A name that has the value of a derivative states that derivative.
  mutating func add(_ names: NamesByValue) {
    for found in names.all {
      let definition = session.context.definitions.all[found.definition]
      let line = definition.clauses.first.map { $0.source.position(at: $0.range.lowerBound).line } ?? 0
      for target in found.targets {
        for times in definition.timeCount == 0 ? [[]] : (1...world.steps).map({ [$0] })
        where world.defined(found.definition, times) != nil {
          let instance = Instance(entity: .gradient(target), times: times)
          rules[instance, default: []].insert([Instance(entity: .name(found.definition), times: times)])
          lines[instance] = lines[instance] ?? SourceLine(number: line, subject: Subject([instance]))
        }
      }
    }
  }

  /// A learner's name is what its definition says.
  mutating func addDefinitions() {
    for (index, definition) in session.context.definitions.all.enumerated() {
      let range = 0...(world.steps + 1)
      var all: [[Int]] = [[]]
      for _ in 0..<definition.timeCount { all = all.flatMap { times in range.map { times + [$0] } } }
      for times in all {
        guard let (clause, environment) = world.clause(of: definition, times) else { continue }
        let instance = Instance(entity: .name(index), times: times)
        if definition.isBackward, times.contains(where: { $0 > world.steps }) {
          rules[instance, default: []].insert([])
          continue
        }
        guard let rests = world.dependencies(of: clause.term, environment), !rests.contains(instance) else { continue }
        rules[instance, default: []].insert(rests)
      }
    }
  }
}

extension ElaboratedChain {
  /// Whether a link states an equality that does not hold by itself.
  fileprivate func fails(_ link: Int) -> Bool {
    verdicts.indices.contains(link) && [.doesNotHold, .follows].contains(verdicts[link])
  }

  /// The line of the text on which a member stands, by the sign before it.
  fileprivate func line(ofMember member: Int) -> Int { line(ofLink: max(0, member - 1)) }

  /// Every choice of steps at which a term may be one of the instances of a network.
  ///
  /// A line for `v_{t+1}` speaks of step 1 at t = 0. Where no condition says how two steps lie, one of another step's
  /// quantity holds at equal steps too if its value does.
  fileprivate func assignments(reaching term: Term, steps: Int) -> [[Int]] {
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
