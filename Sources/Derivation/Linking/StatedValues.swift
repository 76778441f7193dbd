// A learner's lines followed on one network: a derivative is what its line says, made of what the other lines say.

import CellKit
import Formula
import Recurrence

/// The lines of a text by the derivative that each is about, the ones to be believed first in front.
struct StatedDerivatives {
  private var lines: [Entity: [StatedDerivative]] = [:]

  /// - Parameter all: in the order of the text.
  init(_ all: [StatedDerivative]) {
    // The last word counts; a line about a single step is for what no general one covers.
    for line in all.reversed() where line.isGeneral { lines[line.entity, default: []].append(line) }
    for line in all.reversed() where !line.isGeneral { lines[line.entity, default: []].append(line) }
  }

  subscript(entity: Entity) -> [StatedDerivative] { lines[entity] ?? [] }

  var isEmpty: Bool { lines.isEmpty }
}

/// What the lines give for derivatives on one network, and which rest on which.
final class StatedValues {
  /// What was found; a line may have no value here.
  struct Found {
    let value: Matrix?
  }

  let lines: StatedDerivatives
  private unowned let world: World
  /// What comes to a state from outside, by node and step: no line speaks of it.
  private let arriving: [Int: [Int: Matrix]]
  /// Whether what arrives stands for the step after the last one, so that only a line with such a road takes it up.
  private let isStep: Bool
  private var known: [Instance: Found] = [:]
  /// The derivatives being worked out, the innermost last.
  private var open: [Instance] = []
  /// The line that was followed for a derivative.
  private(set) var followed: [Instance: StatedDerivative] = [:]
  /// On what each one rests, as its line has it; worked out on demand.
  private var rests: [Instance: Set<Instance>] = [:]
  /// What of that line was evaluated.
  private var followedParts: [Instance: [Term]] = [:]
  /// The line that speaks of a derivative and gives it no value.
  private(set) var voiceless: [Instance: StatedDerivative] = [:]
  /// Derivatives that no line gives.
  private(set) var unstated: Set<Instance> = []

  init(_ lines: StatedDerivatives, in world: World, arriving: [Int: [Int: Matrix]], isStep: Bool) {
    self.lines = lines
    self.world = world
    self.arriving = arriving
    self.isStep = isStep
  }

  /// What the lines say of a term that is a derivative; nil where it is as it truly is.
  func found(_ term: Term, _ environment: [Int]) -> Found? {
    guard let instance = world.instance(of: term, environment) else { return nil }
    let found = found(instance)
    // A value of another shape cannot stand in for it.
    if let value = found?.value, let (rows, columns) = extent(of: term), value.rows != rows || value.columns != columns
    {
      return Found(value: nil)
    }
    return found
  }

  private func extent(of term: Term) -> (Int, Int)? {
    guard let rows = term.size.rows, let columns = term.size.columns else { return nil }
    return (rows.value(world.letters), columns.value(world.letters))
  }

  /// What the lines say of a derivative; nil where none speaks of it.
  func found(_ instance: Instance) -> Found? {
    guard isLeft(to: instance) else { return nil }
    if let known = known[instance] { return known }
    // What rests on itself has no value.
    guard !open.contains(instance) else { return Found(value: nil) }
    guard open.count < 200 else {
      world.effort.giveUp()
      return Found(value: nil)
    }
    open.append(instance)
    defer { open.removeLast() }
    for line in lines[instance.entity] {
      guard let environment = line.environment(at: instance.times, of: world) else { continue }
      guard let value = value(of: line, environment, instance, in: world) else {
        voiceless[instance] = voiceless[instance] ?? line
        continue
      }
      followed[instance] = line
      known[instance] = Found(value: value)
      return known[instance]
    }
    guard voiceless[instance] != nil else {
      unstated.insert(instance)
      return nil
    }
    if !world.effort.isExhausted { known[instance] = Found(value: nil) }
    return Found(value: nil)
  }

  /// Whether a derivative is for the lines to give: nothing comes from beyond the end, and a loss's own gradient is given.
  private func isLeft(to instance: Instance) -> Bool {
    let times = instance.times
    switch instance.entity {
    case .gradient: return times.allSatisfy { $0 >= 0 && $0 <= world.steps }
    case .lossGradient: return times.count == 2 && times[1] <= times[0] && times[0] <= world.steps && times[1] >= 0
    case .slope(let of, let by, _):
      guard times.count == 2, times[1] >= 0 else { return false }
      return times[0] > times[1] || (times[0] == times[1] && of != by)
    case .name: return false
    }
  }

  /// The value of a line's last expression, with what arrives from outside.
  ///
  /// - Parameter world: the network with the learner's derivatives, or with the true ones.
  func value(of line: StatedDerivative, _ environment: [Int], _ instance: Instance, in world: World) -> Matrix? {
    var isBefore = false
    if case .gradient(let target) = instance.entity, instance.times == [0] {
      // Before the first step there is nothing but the states that it begins with.
      guard case .node(let node) = target, self.world.context.cell.graph.results.contains(node) else { return nil }
      isBefore = true
    }
    let parts = isBefore ? definedParts(of: line.body, environment, world) : [line.body]
    let values = parts.compactMap { world.evaluate($0, environment) }
    guard let first = values.first, values.count == parts.count,
      let value = values.dropFirst().reduce(first, { sum, part in sum.flatMap { $0.combined(part) { $0 + $1 } } })
    else { return nil }
    if world === self.world { followedParts[instance] = parts }
    guard case .gradient(.node(let node)) = instance.entity, let step = instance.times.first,
      let more = arriving[node]?[step], !isStep || line.leadsOn
    else { return value }
    return value.combined(self.world.context.isFlipped(.node(node)) ? more.flipped : more) { $0 + $1 }
  }

  /// The addends that are defined, each with its sign; at the beginning of time some speak of what is not there.
  private func definedParts(of term: Term, _ environment: [Int], _ world: World) -> [Term] {
    func negated(_ term: Term) -> Term { Term(.negate, [term], term.size, term.range) }
    switch term.operation {
    case .add: return term.operands.flatMap { definedParts(of: $0, environment, world) }
    case .subtract:
      return definedParts(of: term.operands[0], environment, world)
        + definedParts(of: term.operands[1], environment, world).map(negated)
    case .negate: return definedParts(of: term.operands[0], environment, world).map(negated)
    default: return world.evaluate(term, environment) == nil ? [] : [term]
    }
  }

  /// Every derivative that one rests on, itself included.
  func closure(of instance: Instance) -> Set<Instance> {
    var all: Set<Instance> = [instance]
    var queue = [instance]
    while let next = queue.popLast() {
      for more in rests(of: next) where all.insert(more).inserted { queue.append(more) }
    }
    return all
  }

  private func rests(of instance: Instance) -> Set<Instance> {
    if let known = rests[instance] { return known }
    var found: Set<Instance> = []
    if case .name(let index) = instance.entity {
      // A recursion leads on for ever; past the steps that are run it is nothing.
      if instance.times.allSatisfy({ $0 >= 0 && $0 <= world.truth.sizes.steps }),
        let (clause, environment) = world.clause(of: world.context.definitions.all[index], instance.times)
      {
        found = world.dependencies(of: clause.term, environment) ?? []
      }
    } else if let line = followed[instance], let environment = line.environment(at: instance.times, of: world) {
      for part in followedParts[instance] ?? [] {
        found.formUnion(world.dependencies(of: part, environment) ?? [])
      }
    }
    rests[instance] = found
    return found
  }
}
