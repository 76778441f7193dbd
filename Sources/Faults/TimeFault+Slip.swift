// A row of the table of mistakes of the loop back over time: name, what it concerns, what it rewrites, its words.

import CellKit
import Diagnostics

extension TimeFault {
  /// What was done.
  public struct Slip: Sendable, Hashable {
    let name: String
    /// What it may concern one of alone.
    let kind: Kind
    let rewrite: Rewrite
    /// What to look at next.
    public let look: Words
    /// What was probably done.
    public let words: Words

    init(_ name: String, of kind: Kind, _ rewrite: Rewrite, look: Words? = nil, words: @escaping Words) {
      self.name = name
      self.kind = kind
      self.rewrite = rewrite
      self.look = look ?? (kind == .parameter ? Look.parameter : rewrite.cache == nil ? Look.twoSteps : Look.cache)
      self.words = words
    }

    public static func == (left: Slip, right: Slip) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The table, in the order in which mistakes are listed.
    public static let all: [Slip] = [
      .firstStepOnly, .lastStepOnly, .firstStepLeftOut, .lastStepLeftOut, .meanOverSteps, .ownLossOnly,
      .carryDropped, .carryLost, .carryNegated, .carryDoubled, .carryAccumulated, .carryReplacesUpstream,
      .upstreamLeftOut, .upstreamOnlyAtEnd, .upstreamLeftOutAtEnd, .upstreamOneLater, .upstreamOneEarlier,
      .upstreamReversed, .upstreamOfLastEverywhere, .upstreamAfterStep, .upstreamAlsoAfterStep, .upstreamTwiceAtEnd,
      .carryOfOwnLossOnly, .carryHandedOn, .initialIsFirstState, .initialIsCarriedToFirst, .initialZero,
      .initialIsLastStep, .initialWithUpstream, .inputsReversed, .inputsOneLater, .inputsOneEarlier, .inputsFirstOnly,
      .forwardsInTime, .firstStepNotVisited, .carriesExchanged, .tapeOneEarlier, .tapeOneLater, .tapeReversed,
      .tapeLastOnly,
    ]
  }

  enum Kind { case parameter, state, result, input, everything }

  /// A step, counted from 0, of so many.
  struct Step {
    let index: Int
    let count: Int
    var last: Int { count - 1 }
    var isFirst: Bool { index == 0 }
    var isLast: Bool { index == last }
    var before: Int { max(0, index - 1) }
    var after: Int { min(last, index + 1) }
    var opposite: Int { last - index }
  }

  /// What a step of the way back hands to the step before along a state.
  struct Handed {
    /// What it should hand on.
    var sent: Matrix
    /// What the step after had handed to it.
    let held: Matrix
    /// All that arrived at the state.
    let arrived: Matrix
    /// What the loss itself sends to the state at this step; nil for nothing.
    let own: Matrix?
    /// What the step would hand on of its own loss alone; nil where nothing asks for it.
    let ofOwnLoss: Matrix?
  }

  /// What the loop back found at its ends, for one state.
  struct Ends {
    /// What the last step hands on, and the first one.
    let last: Matrix
    let first: Matrix
    /// What reached the state at the first step: in all, from the step after, and from the loss itself.
    let total: Matrix
    let carried: Matrix
    let own: Matrix?
  }

  /// What a loop back does in another way; what is nil it does right.
  struct Rewrite: Sendable {
    /// By what a step's part of a parameter's gradient is multiplied; nil where it does not count.
    var part: (@Sendable (Step) -> Double?)?
    /// Whether a parameter's gradient, or what is handed on, comes from each step's own loss alone.
    var isOfOwnLoss = false
    /// The step whose upstream enters at a step; nil for none.
    var upstream: (@Sendable (Step) -> Int?)?
    /// Whether the upstream enters once more.
    var isTwice: (@Sendable (Step) -> Bool)?
    /// What goes from step to step along a state.
    var carried: (@Sendable (Handed) -> Matrix)?
    /// What a step hands on along a state, between steps and to the initial state.
    var sent: (@Sendable (Handed) -> Matrix)?
    /// The gradient by the initial state.
    var initial: (@Sendable (Ends) -> Matrix)?
    /// The step whose gradient by the inputs stands at a step.
    var input: (@Sendable (Step) -> Int)?
    /// The step whose values are used at a step.
    var cache: (@Sendable (Step) -> Int)?
    var runsForwards = false
    var skipsFirst = false
    /// Whether what comes back along the states enters at each other's.
    var exchangesStates = false
  }
}
