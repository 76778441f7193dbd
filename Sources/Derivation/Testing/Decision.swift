// What residues say of an equality: equal, different, or nothing.

import Formula
import Recurrence

/// A network of residues.
typealias ExactWorld = WorldOf<Residue>

/// What residues say of an equality.
enum Decision {
  /// The sides are equal at every step that was tried.
  ///
  /// - Parameter untested: the first steps, with T, at which a side has no value.
  case equal(untested: [Int]?)
  /// They differ at some steps.
  case different
  /// Residues cannot tell: a side has a norm or a root of no square, has no value anywhere, or shows one side of a kink only.
  case open
}

extension ElaboratedChain {
  /// Decides whether two members are equal: at every step of all networks of residues, each kink met on both sides.
  ///
  /// - Parameter worlds: networks to use in place of those that are drawn; they are not added to.
  func decide(_ left: Int, _ right: Int, in worlds: [ExactWorld]? = nil) -> Decision {
    guard let a = terms[left], let b = terms[right], !a.hasNorm, !b.hasNorm else { return .open }
    var tried = 0
    var untested: [Int]?
    var used: [ExactWorld] = []
    func add(_ world: ExactWorld) -> Decision? {
      used.append(world)
      return session.effort.part(Effort.ofComparison) {
        for environment in claimed(in: world) {
          let (x, y) = (world.evaluate(a, environment), world.evaluate(b, environment))
          guard !world.effort.isExhausted else { return .open }
          guard let x, let y else {
            untested = untested ?? environment
            continue
          }
          guard let difference = x.combined(y, -) else { return .open }
          guard difference.elements.allSatisfy(\.isNumber) else { return .open }
          tried += 1
          if difference.elements.contains(where: { $0 != .zero }) { return .different }
        }
        return nil
      }
    }
    for world in worlds ?? session.exactWorlds { if let decision = add(world) { return decision } }
    guard tried > 0 else { return .open }
    if worlds != nil { return .equal(untested: untested) }
    for number in 0..<Session.exactLimit {
      guard a.sawOneSideOnly(in: used) || b.sawOneSideOnly(in: used) || !session.sawAllExactBranches(in: used) else {
        return .equal(untested: untested)
      }
      if let decision = add(session.furtherExactWorld(number)) { return decision }
    }
    return .open
  }
}

extension Term {
  /// Whether a norm stands in it, which residues do not have.
  var hasNorm: Bool {
    if case .norm = operation { return true }
    return operands.contains(where: \.hasNorm)
  }

  /// Whether a kink in it was met on one side only.
  func sawOneSideOnly<Number>(in worlds: [WorldOf<Number>]) -> Bool {
    if isKinked {
      let sides = worlds.compactMap { $0.sides[ObjectIdentifier(self)] }
      if !sides.contains(where: \.below) || !sides.contains(where: \.above) { return true }
    }
    return operands.contains { $0.sawOneSideOnly(in: worlds) }
  }
}

extension Session {
  /// Whether every kink of the cell's own equations was met on both sides in some networks.
  func sawAllExactBranches(in worlds: [ExactWorld]) -> Bool {
    guard context.cell.graph.nodes.contains(where: \.operation.hasKink) else { return true }
    return Self.isEverySideSeen(worlds)
  }

  static func isEverySideSeen<Number>(_ worlds: [WorldOf<Number>]) -> Bool {
    var seen: [Int: (below: Bool, above: Bool)] = [:]
    for world in worlds {
      for (node, sides) in world.truth.sawBothSides() {
        let before = seen[node] ?? (false, false)
        seen[node] = (before.below || sides.below, before.above || sides.above)
      }
    }
    return seen.values.allSatisfy { $0.below && $0.above }
  }
}

extension Operation {
  /// Whether it has a kink.
  fileprivate var hasKink: Bool {
    switch self {
    case .maximum, .minimum: true
    case .function(let function): function.curve?.isKinked == true
    default: false
    }
  }
}
