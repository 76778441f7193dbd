// From which step on blocks are wrong.

import Diagnosis
import Diagnostics
public import Grading

/// The step at which blocks part from the right ones.
public struct Onset: Sendable, Hashable {
  /// The first step to go wrong, in the order in which the steps are worked out, from 1.
  public let step: Int
  /// How many steps there are.
  public let steps: Int
  /// Whether they are worked out from the last one to the first.
  public let isBackward: Bool
  /// How many steps are wrong.
  public let wrong: Int

  /// The onset of some checks; nil where none of them has steps.
  ///
  /// The way forward comes first: what is wrong there is wrong before any gradient is.
  public init?(_ checks: [Check]) {
    let places = checks.compactMap { check -> DrawPlace? in
      guard case .differs(_, let place) = check.finding, place.step != nil else { return nil }
      return place
    }
    let ahead = places.filter { !$0.isBackward }
    isBackward = ahead.isEmpty
    let chosen =
      isBackward ? places.max { $0.step ?? 0 < $1.step ?? 0 } : ahead.min { $0.step ?? 0 < $1.step ?? 0 }
    guard let chosen, let step = chosen.step, let steps = chosen.sizes["T"] else { return nil }
    self.step = step
    self.steps = steps
    wrong = chosen.wrongSteps.count
  }
}

extension Phrases {
  /// From which step on the blocks of a mistake are wrong; empty where they have no steps, or where it has been said.
  func onset(_ checks: [Check]) -> String {
    if case .vanished? = checks.first?.diagnosis?.cause { return "" }
    guard let onset = Onset(checks) else { return "" }
    let (step, steps) = (onset.step, onset.steps)
    if onset.wrong == steps { return say("; wrong at every step", "；每一步都不对") }
    if onset.wrong == 1 { return say("; wrong at step \(step) of \(steps) alone", "；\(steps) 步中只有第 \(step) 步不对") }
    return onset.isBackward
      ? say("; wrong from step \(step) of \(steps) back", "；共 \(steps) 步，从第 \(step) 步往前都不对")
      : say("; wrong from step \(step) of \(steps) on", "；共 \(steps) 步，从第 \(step) 步起都不对")
  }
}
