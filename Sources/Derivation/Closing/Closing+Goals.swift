// Which goals have been derived: at every step at which they are asked.

import Diagnostics
import Formula
import Recurrence

extension Closing {
  /// Whether a goal has been derived, and what is missing if not.
  func goal(_ latex: String, _ value: Expression) -> DerivationReport.Goal {
    let chain = Self.chain(of: value, in: session)
    func missing(_ text: Wording) -> DerivationReport.Goal {
      DerivationReport.Goal(latex: latex, earned: false, missing: text)
    }
    guard let term = chain.terms[0] else {
      return missing(Wording("this goal cannot be read in this derivation", "在这份推导中无法理解这个目标"))
    }
    let asked = asked(term, of: chain)
    guard !asked.isEmpty else {
      return missing(Wording("this goal is not a derivative that a line can state", "这个目标不是一行式子能给出的导数"))
    }
    let isStarted = asked.contains { closed[$0] != nil }
    guard let open = asked.first(where: { closed[$0] == nil && !(isStarted && isExcused($0)) }) else {
      return DerivationReport.Goal(latex: latex, earned: true, missing: nil)
    }
    guard isWhole else {
      return missing(
        Wording(
          "working out what follows from what takes too much work in this text; make its sums and chains shorter",
          "这份推导中各式之间的依赖关系计算量过大，未能全部处理；请缩短求和与等式链"))
    }
    return missing(MissingPiece(self, goal: latex, asked, open: open).text)
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
    return starts(term, of: chain) + claimed
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
      guard let instance = world.instance(of: term, environment), !isFree(instance), !isGiven(instance),
        world.evaluate(term, environment).map({ $0.largest > 0 }) ?? false
      else { return nil }
      return instance
    }
  }
}
