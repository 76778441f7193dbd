// The mistakes that a loop over time can make, forward and back: what is carried, added up, and handed out.

/// A mistake in the loop over time, on the way back.
public struct TimeFault: Sendable, Hashable {
  /// What was done.
  public enum Slip: String, Sendable, Hashable, CaseIterable {
    // Parameters, whose gradients add up over the steps: what a loop from T to 1 leaves that overwrites, what one from
    // 1 to T leaves, one end left out, the mean, T times the last one's.
    case firstStepOnly, lastStepOnly, firstStepLeftOut, lastStepLeftOut, meanOverSteps
    // States, whose gradients are carried to the step before; lost for good, the initial state's with them.
    case carryDropped, carryLost, carryNegated, carryDoubled, carryAccumulated, carryReplacesUpstream
    // What the loss itself sends to each step.
    case upstreamLeftOut, upstreamOnlyAtEnd, upstreamLeftOutAtEnd, upstreamOneLater, upstreamOneEarlier,
      upstreamReversed
    case upstreamOfLastEverywhere
    // What the loss sends to a state, added after the step back and not before it; all that a step sends back.
    case upstreamAfterStep, carryOfOwnLossOnly
    // The gradient by the initial state: one step late, with or without the loss's own part.
    case initialIsFirstState, initialIsCarriedToFirst
    // The list of the inputs' gradients.
    case inputsReversed, inputsOneLater, inputsOneEarlier
    // Caches of another step.
    case tapeOneEarlier, tapeOneLater, tapeReversed, tapeLastOnly

    /// Whether it may concern one quantity of a kind alone, and which kind that is.
    var kind: Kind {
      switch self {
      case .firstStepOnly, .lastStepOnly, .firstStepLeftOut, .lastStepLeftOut, .meanOverSteps: .parameter
      case .carryDropped, .carryLost, .carryNegated, .carryDoubled, .carryAccumulated: .state
      case .carryReplacesUpstream, .initialIsFirstState, .initialIsCarriedToFirst: .state
      case .upstreamAfterStep, .carryOfOwnLossOnly: .state
      case .upstreamLeftOut, .upstreamOnlyAtEnd, .upstreamLeftOutAtEnd, .upstreamOneLater, .upstreamOneEarlier,
        .upstreamReversed, .upstreamOfLastEverywhere:
        .result
      case .inputsReversed, .inputsOneLater, .inputsOneEarlier: .input
      case .tapeOneEarlier, .tapeOneLater, .tapeReversed, .tapeLastOnly: .everything
      }
    }
  }

  enum Kind { case parameter, state, result, input, everything }

  /// What was done.
  public let slip: Slip
  /// With which quantity of its kind; nil for all of them.
  public let index: Int?

  /// Whether it concerns a quantity.
  func concerns(_ index: Int, _ slips: Slip...) -> Bool {
    slips.contains(slip) && (self.index == nil || self.index == index)
  }

  /// The quantity that it concerns alone.
  public func quantity(in cell: Cell) -> Quantity? {
    guard let index else { return nil }
    switch slip.kind {
    case .parameter: return cell.quantities.parameters[index]
    case .state: return cell.quantities.states[index]
    case .result: return cell.quantities.results[index]
    case .input: return cell.quantities.inputs[index]
    case .everything: return nil
    }
  }

  /// A name that stays the same as long as the sheet does, such as `time.carryDropped:c`.
  public func id(in cell: Cell) -> String {
    "time.\(slip.rawValue):\(quantity(in: cell)?.swift ?? "all")"
  }
}

/// A mistake in the loop over time, on the way forward.
public struct ForwardTimeFault: Sendable, Hashable {
  /// What was done.
  public enum Slip: String, Sendable, Hashable, CaseIterable {
    // States: every step begins with the initial one, or with zeros; the first begins with zeros.
    case statesNotPassed, statesZeroEachStep, initialIgnored
    // Inputs of another step.
    case inputsReversed, inputsOneEarlier, inputsOneLater, firstInputOnly
    // The list of the outputs.
    case outputsReversed, outputsOneEarlier, outputsOneLater, lastOutputOnly
    // The list begins with the initial states and ends before the last ones.
    case outputsBeforeStep
  }

  /// What was done.
  public let slip: Slip
  /// With which state; nil for all of them and where no state is meant.
  public let state: Int?

  /// A name that stays the same as long as the sheet does, such as `loop.statesNotPassed:c`.
  public func id(in cell: Cell) -> String {
    "loop.\(slip.rawValue):\(state.map { cell.quantities.states[$0].swift } ?? "all")"
  }
}

extension Cell {
  /// Every fault of the loop over time on the way back.
  public var timeFaults: [TimeFault] {
    TimeFault.Slip.allCases.flatMap { slip -> [TimeFault] in
      let count: Int
      switch slip.kind {
      case .parameter: count = quantities.parameters.count
      case .state: count = quantities.states.count
      case .result: count = quantities.results.count
      case .input: count = quantities.inputs.count
      case .everything: count = 1
      }
      let each = (0..<count).map { TimeFault(slip: slip, index: $0) }
      return [TimeFault(slip: slip, index: nil)] + (count > 1 ? each : [])
    }
  }

  /// Every fault of the loop over time on the way forward.
  public var forwardTimeFaults: [ForwardTimeFault] {
    ForwardTimeFault.Slip.allCases.flatMap { slip -> [ForwardTimeFault] in
      let all = [ForwardTimeFault(slip: slip, state: nil)]
      switch slip {
      case .statesNotPassed, .statesZeroEachStep, .initialIgnored:
        let count = quantities.states.count
        return all + (count > 1 ? (0..<count).map { ForwardTimeFault(slip: slip, state: $0) } : [])
      default: return all
      }
    }
  }
}
