// What may be derived, at numbered steps: a derivative, or a name that a learner gave.

import Formula
import Recurrence

/// A derivative or a learner's name, whatever its steps are.
enum Entity: Hashable {
  /// The total derivative of the loss.
  case gradient(Target)
  /// The derivative of one step's loss.
  case lossGradient(Target)
  case slope(of: Target, by: Target, isImmediate: Bool)
  /// A learner's name that is no other name for a derivative.
  case name(Int)

  /// Whether it is a derivative of the loss.
  var isAdjoint: Bool { adjointOf != nil }

  /// What it is the adjoint of, for the whole loss or the loss of one step; nil for what is none.
  var adjointOf: Target? {
    switch self {
    case .gradient(let target), .lossGradient(let target): target
    case .slope, .name: nil
    }
  }
}

/// An entity at numbered steps.
struct Instance: Hashable {
  let entity: Entity
  let times: [Int]
}

/// What a line is about: ∂h_t/∂h_{t-1} and ∂h_t/∂h_k are two things, although some of their instances are the same.
struct Subject: Hashable {
  let entity: Entity
  /// How far apart its two steps are; nil where that is any number, or where it has no two steps.
  let distance: Int?

  /// - Parameter instances: at least one.
  init(_ instances: [Instance]) {
    entity = instances[0].entity
    let distances = Set(instances.map(\.distance))
    distance = distances.count == 1 ? distances.first! : nil
  }

  /// Whether it speaks of an instance.
  func covers(_ instance: Instance) -> Bool {
    entity == instance.entity && (distance == nil || distance == instance.distance)
  }

  /// Whether a line about it is a line about a goal: the same Jacobian, or an adjoint at some of the goal's steps.
  func isAbout(_ goal: Subject) -> Bool {
    entity == goal.entity && (entity.isAdjoint || distance == goal.distance || (goal.distance == nil && distance == 0))
  }
}

extension Instance {
  /// How far apart its two steps are; nil where it has no two.
  var distance: Int? { times.count == 2 ? times[0] - times[1] : nil }
}

/// A line of the text and what it is about.
struct SourceLine: Hashable {
  let number: Int
  /// Where its sign stands; the same in every layer.
  let place: Int
  let subject: Subject

  init(_ chain: ElaboratedChain, _ link: Int, _ subject: Subject) {
    number = chain.line(ofLink: link)
    place = chain.statement.signs[link].range.lowerBound
    self.subject = subject
  }
}

extension World {
  /// The instance that a term is, transposes aside; nil where it is made of several things.
  func instance(of term: Term, _ environment: [Int]) -> Instance? {
    switch term.operation {
    case .gradient(_, _, _, true): return nil
    case .gradient(let loss, let by, let at, false):
      let times = [loss, at].compactMap { $0?.step(environment) }
      return Instance(entity: loss == nil ? .gradient(by) : .lossGradient(by), times: times)
    case .jacobian(let slope): return instance(of: slope, environment)
    case .defined(let index, let moments): return canonical(index, moments.map { $0.step(environment) }, depth: 0)
    case .transpose: return instance(of: term.operands[0], environment)
    default: return nil
    }
  }

  func instance(of slope: Slope, _ environment: [Int]) -> Instance {
    Instance(
      entity: .slope(of: slope.of, by: slope.by, isImmediate: slope.isImmediate),
      times: [slope.ofTime.step(environment)] + (slope.byTime.map { [$0.step(environment)] } ?? []))
  }

  /// A name that stands for a derivative, or for another name, is that.
  private func canonical(_ index: Int, _ times: [Int], depth: Int) -> Instance {
    let own = Instance(entity: .name(index), times: times)
    let definition = context.definitions.all[index]
    guard depth < 20, definition.compiled.count == 1, let (clause, environment) = clause(of: definition, times) else {
      return own
    }
    var term = clause.term
    while case .transpose = term.operation { term = term.operands[0] }
    switch term.operation {
    case .gradient(_, _, _, false), .jacobian: return instance(of: term, environment) ?? own
    case .defined(let other, let moments):
      return canonical(other, moments.map { $0.step(environment) }, depth: depth + 1)
    default: return own
    }
  }

  /// What a term rests on; nil where something in it is undefined.
  func dependencies(of term: Term, _ environment: [Int]) -> Set<Instance>? {
    var result: Set<Instance> = []
    var isDefined = true
    func visit(_ term: Term, _ environment: [Int]) {
      effort.spend()
      guard isDefined, !effort.isExhausted else {
        isDefined = false
        return
      }
      switch term.operation {
      case .gradient(_, _, _, true): return
      case .gradient, .jacobian, .defined:
        if let instance = instance(of: term, environment) { result.insert(instance) }
      case .slopeByEntry(let slope, _, _): result.insert(instance(of: slope, environment))
      case .composition(let slopes):
        for slope in slopes { result.insert(instance(of: slope, environment)) }
        for operand in term.operands { visit(operand, environment) }
      case .repetition(_, let slot, let lower, let upper, _):
        let (first, last) = (lower.step(environment), upper.step(environment))
        guard first <= last else { return }
        guard last - first < 200 else {
          isDefined = false
          return
        }
        var inner = environment
        for step in first...last {
          inner[slot] = step
          visit(term.operands[0], inner)
        }
      default: for operand in term.operands { visit(operand, environment) }
      }
    }
    visit(term, environment)
    return isDefined ? result : nil
  }
}
