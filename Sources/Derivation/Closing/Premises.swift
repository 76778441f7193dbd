// What the right side of a line may consist of, and what of it needs no derivation.

import Formula
import Recurrence

/// What may be used to derive something.
struct Premises {
  let world: World
  private let given: Set<Entity>
  private let protected: Set<Instance>
  private let feeding: Feeding

  /// - Parameters:
  ///   - given: what may be used without a derivation.
  ///   - protected: what is to be derived, even where it would be free for the asking.
  init(_ world: World, given: Set<Entity>, protected: Set<Instance>) {
    self.world = world
    self.given = given
    self.protected = protected
    feeding = Feeding(world.context.cell.graph)
  }

  /// The same with the last of its copies in the place of a node: `q_t = z_t` makes ∂L/∂q_t and ∂L/∂z_t one.
  func standing(_ entity: Entity) -> Entity {
    func standing(_ target: Target) -> Target {
      if case .node(let node) = target { .node(feeding.standing(for: node)) } else { target }
    }
    switch entity {
    case .gradient(let target): return .gradient(standing(target))
    case .lossGradient(let target): return .lossGradient(standing(target))
    case .slope(let of, let by, false): return .slope(of: of, by: standing(by), isImmediate: false)
    case .slope, .name: return entity
    }
  }

  func standing(_ instance: Instance) -> Instance {
    Instance(entity: standing(instance.entity), times: instance.times)
  }

  func isGiven(_ instance: Instance) -> Bool { given.contains(instance.entity) }

  /// Whether nothing has to be derived for it: it is 0 or the upstream of its own step.
  func isFree(_ instance: Instance) -> Bool {
    switch instance.entity {
    case .gradient(let target):
      return world.context.isAbove(target) || instance.times.first.map { $0 > world.steps } ?? false
    case .lossGradient(let target):
      if world.context.isAbove(target) { return true }
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
    if case .node(let node) = target { world.context.givenNodes.contains(node) } else { false }
  }

  /// Whether it may be used for something as given: a given gradient at a later step only, so not for a parameter.
  func isGiven(_ rest: Instance, for head: Instance) -> Bool {
    guard isGiven(rest) else { return false }
    func isLater(_ step: Int?) -> Bool {
      switch rest.entity {
      case .gradient: rest.times.first.flatMap { time in step.map { time > $0 } } ?? false
      case .lossGradient: rest.times.last.flatMap { time in step.map { time > $0 } } ?? false
      default: true
      }
    }
    return isLater(head.origin.step)
  }

  /// Whether the right side of a line for something may consist of it: it is free or given, an adjoint or a Jacobian of
  /// what the thing feeds, or the thing's own adjoint for the loss of one step.
  func allow(_ rest: Instance, for head: Instance) -> Bool {
    if isFree(rest) || isGiven(rest) { return true }
    guard let target = head.origin.target else { return false }
    let step = head.origin.step
    switch rest.entity {
    case .gradient(let other): return feeding.feeds(target, at: step, other, at: rest.times.first)
    case .lossGradient(let other):
      let at = rest.times.count == 2 ? rest.times[1] : nil
      if case .gradient = head.entity, other == target, at == step { return true }
      return feeding.feeds(target, at: step, other, at: at)
    case .slope(let of, let by, _):
      let at = rest.times.count == 2 ? rest.times[1] : nil
      return feeding.feeds(target, at: step, of, at: rest.times.first)
        && ((by == target && at == step) || feeding.feeds(target, at: step, by, at: at))
    case .name: return false
    }
  }

  /// The steps at which an adjoint is that of something that a quantity feeds.
  func later(_ target: Target, than head: Instance) -> [Instance] {
    guard let start = head.origin.target else { return [] }
    return (1...world.steps).filter { feeding.feeds(start, at: head.origin.step, target, at: $0) }
      .map { standing(Instance(entity: .gradient(target), times: [$0])) }
  }
}

extension Instance {
  /// What is differentiated by, and at which step; no step for a parameter, nothing for a name.
  var origin: (target: Target?, step: Int?) {
    switch entity {
    case .gradient(let target): (target, times.first)
    case .lossGradient(let target): (target, times.count == 2 ? times[1] : nil)
    case .slope(_, let by, _): (by, times.count == 2 ? times[1] : nil)
    case .name: (nil, nil)
    }
  }
}
