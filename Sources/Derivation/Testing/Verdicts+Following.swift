// What follows from wrong lines: lines that hold once the derivatives are what those lines say.

import CellKit
import Recurrence

extension Examiner {
  func register(_ link: Int, of chain: ElaboratedChain) {
    guard overrides.count < 20, let left = chain.terms[0], let right = chain.terms[link + 1], left.size == right.size,
      let (target, at) = gradient(left), case .node = target, at != nil,
      let subject = slips.subject(of: chain, session.worlds[0])
    else { return }
    overrides.append(
      Override(target: target, at: at, term: right, chain: chain, line: SourceLine(chain, link, subject)))
    (overridden, overriddenExactly) = (nil, nil)
  }

  /// The derivative of the loss that a term is, under its own name or a learner's.
  func gradient(_ term: Term) -> (target: Target, at: Moment?)? {
    switch term.operation {
    case .gradient(nil, let by, let at, false): (by, at)
    case .defined(let index, let times): session.context.gradientAlias(index, times)
    default: nil
    }
  }

  /// The wrong lines whose derivatives stand in some terms; all of them where none does.
  func sources(of terms: [Term], _ chain: ElaboratedChain) -> [Int] {
    let world = session.worlds[0]
    var entities: Set<Entity> = []
    for environment in chain.assignments(steps: world.steps).prefix(8) {
      for term in terms { entities.formUnion((world.dependencies(of: term, environment) ?? []).map(\.entity)) }
    }
    let named = overrides.filter { entities.contains(.gradient($0.target)) }
    return Set((named.isEmpty ? overrides : named).map(\.line.number)).sorted()
  }

  /// Whether a link holds once derivatives are what the wrong lines say, and how surely; nil where it does not.
  func follows(_ link: Int, of chain: ElaboratedChain) -> Certainty? {
    guard !overrides.isEmpty else { return nil }
    let exact =
      overriddenExactly ?? session.effort.part(Effort.ofComparison) { overridden(session.freshExactly()) }
    overriddenExactly = exact
    if case .equal = chain.decide(link, link + 1, in: exact) { return .exact }
    let worlds = overridden ?? session.effort.part(Effort.ofComparison) { overridden(session.fresh()) }
    overridden = worlds
    let result = chain.compare(link, link + 1, worlds: worlds, stopsEarly: true)
    let isEqual = result.tried > 0 && result.isFinite && !result.isExhausted && result.error <= 1e-8
    return isEqual ? .tested : nil
  }

  /// Networks in which the derivatives are what the wrong lines say; those rest on each other, so this settles step by step.
  private func overridden<Number>(_ fresh: [WorldOf<Number>]) -> [WorldOf<Number>] {
    for world in fresh {
      for _ in 0..<16 {
        var next: [Int: [Int: Number.Matrix]] = [:]
        for override in overrides {
          guard case .node(let node) = override.target, let at = override.at else { continue }
          for environment in override.chain.assignments(steps: world.steps) {
            let step = at.step(environment)
            guard step >= 1, step <= world.steps, let value = world.evaluate(override.term, environment) else {
              continue
            }
            next[node, default: [:]][step] = session.context.isFlipped(override.target) ? value.flipped : value
          }
        }
        if next == world.overrides { break }
        world.overrides = next
      }
    }
    return fresh
  }
}
