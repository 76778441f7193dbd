// Which lines are wrong about which derivatives, so that a goal that rests on them can name the line.

import Recurrence

/// The lines that do not hold, and what follows from them, by the derivatives that they are about.
struct Slips {
  /// The first line that is wrong about a derivative.
  private(set) var wrong: [Entity: Int] = [:]
  /// The wrong lines from which a right step to a derivative follows.
  private(set) var following: [Entity: [Int]] = [:]

  mutating func add(wrong chain: ElaboratedChain, _ link: Int, _ world: World) {
    guard let entity = head(of: chain, world) else { return }
    wrong[entity] = wrong[entity] ?? chain.line(ofLink: link)
  }

  mutating func add(following chain: ElaboratedChain, _ link: Int, from lines: [Int], _ world: World) {
    guard let entity = head(of: chain, world) else { return }
    following[entity] = following[entity] ?? lines
  }

  /// What a chain is about: its first member.
  private func head(of chain: ElaboratedChain, _ world: World) -> Entity? {
    guard let term = chain.terms[0], let steps = chain.assignments(steps: world.steps).first else { return nil }
    return world.instance(of: term, steps)?.entity
  }
}
