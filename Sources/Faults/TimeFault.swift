// The mistakes that a loop over time can make, forward and back: what is carried, added up, and handed out.

public import Recurrence

/// A mistake in the loop over time, on the way back.
public struct TimeFault: Sendable, Hashable {
  /// What was done.
  public enum Slip: String, Sendable, Hashable, CaseIterable {
    // Parameters, whose gradients add up over the steps: what a loop from T to 1 leaves that overwrites, what one from
    // 1 to T leaves, one end left out, the mean, T times the last one's.
    case firstStepOnly, lastStepOnly, firstStepLeftOut, lastStepLeftOut, meanOverSteps
    // Parameters, from what each step's own loss sends alone.
    case ownLossOnly
    // States, whose gradients are carried to the step before; lost for good, the initial state's with them.
    case carryDropped, carryLost, carryNegated, carryDoubled, carryAccumulated, carryReplacesUpstream
    // What the loss itself sends to each step.
    case upstreamLeftOut, upstreamOnlyAtEnd, upstreamLeftOutAtEnd, upstreamOneLater, upstreamOneEarlier,
      upstreamReversed
    case upstreamOfLastEverywhere
    // What the loss sends to a state, added after the step back and not before it, or both; twice at the last step; all
    // that a step sends back; what arrives at a step, handed on as if there were no step.
    case upstreamAfterStep, upstreamAlsoAfterStep, upstreamTwiceAtEnd, carryOfOwnLossOnly, carryHandedOn
    // The gradient by the initial state: one step late, with or without the loss's own part; left at zero; what the last
    // step sends back; with the loss of step 1 once more.
    case initialIsFirstState, initialIsCarriedToFirst, initialZero, initialIsLastStep, initialWithUpstream
    // The list of the inputs' gradients.
    case inputsReversed, inputsOneLater, inputsOneEarlier, inputsFirstOnly
    // The loop itself: from the first step to the last, or one round too few; the carries of two states for each other.
    case forwardsInTime, firstStepNotVisited, carriesExchanged
    // Caches of another step.
    case tapeOneEarlier, tapeOneLater, tapeReversed, tapeLastOnly

    /// Whether it may concern one quantity of a kind alone, and which kind that is.
    var kind: Kind {
      switch self {
      case .firstStepOnly, .lastStepOnly, .firstStepLeftOut, .lastStepLeftOut, .meanOverSteps, .ownLossOnly: .parameter
      case .carryDropped, .carryLost, .carryNegated, .carryDoubled, .carryAccumulated: .state
      case .carryReplacesUpstream, .carryOfOwnLossOnly, .carryHandedOn: .state
      case .initialIsFirstState, .initialIsCarriedToFirst, .initialZero, .initialIsLastStep, .initialWithUpstream:
        .state
      case .upstreamAfterStep, .upstreamAlsoAfterStep, .upstreamTwiceAtEnd: .state
      case .upstreamLeftOut, .upstreamOnlyAtEnd, .upstreamLeftOutAtEnd, .upstreamOneLater, .upstreamOneEarlier,
        .upstreamReversed, .upstreamOfLastEverywhere:
        .result
      case .inputsReversed, .inputsOneLater, .inputsOneEarlier, .inputsFirstOnly: .input
      case .forwardsInTime, .firstStepNotVisited, .carriesExchanged: .everything
      case .tapeOneEarlier, .tapeOneLater, .tapeReversed, .tapeLastOnly: .everything
      }
    }
  }

  enum Kind { case parameter, state, result, input, everything }

  /// Whether it is made with what is carried along the states, and not with what the loss sends to all results.
  public var concernsStates: Bool { slip.kind == .state || slip == .carriesExchanged }

  /// Whether the gradient by the state before the first step is what is wrong.
  public var isInitial: Bool {
    switch slip {
    case .initialIsFirstState, .initialIsCarriedToFirst, .initialZero, .initialIsLastStep, .initialWithUpstream: true
    default: false
    }
  }

  /// What was done.
  public let slip: Slip
  /// With which quantity of its kind; nil for all of them.
  public let index: Int?

  /// Whether it concerns a quantity.
  func concerns(_ index: Int, _ slips: Slip...) -> Bool {
    slips.contains(slip) && (self.index == nil || self.index == index)
  }

  /// The quantity that it concerns alone.
  public func quantity(in cell: Cell) -> Quantity? { index.map { kin(in: cell)[$0] } }

  /// All quantities of the kind that it concerns; none where it concerns the loop as a whole.
  public func kin(in cell: Cell) -> [Quantity] {
    switch slip.kind {
    case .parameter: cell.quantities.parameters
    case .state: cell.quantities.states
    case .result: cell.quantities.results
    case .input: cell.quantities.inputs
    case .everything: slip == .carriesExchanged ? cell.quantities.states : []
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
    // Another quantity handed on in the place of a state; another state, also at the first step; two states for each
    // other.
    case otherHandedOn, otherStateHandedOn, statesExchanged
  }

  /// What was done.
  public let slip: Slip
  /// With which state; nil for all of them and where no state is meant.
  public let state: Int?
  /// The node whose value is handed on in the place of the state.
  public let standIn: Int?

  init(slip: Slip, state: Int? = nil, standIn: Int? = nil) {
    self.slip = slip
    self.state = state
    self.standIn = standIn
  }

  /// A name that stays the same as long as the sheet does, such as `loop.statesNotPassed:c`.
  public func id(in cell: Cell) -> String {
    "loop.\(slip.rawValue):\(state.map { cell.quantities.states[$0].swift } ?? "all")"
      + (standIn.map { "=" + cell.display(of: $0).swift } ?? "")
  }
}

extension Cell {
  /// Every fault of the loop over time on the way back.
  public var timeFaults: [TimeFault] {
    TimeFault.Slip.allCases.flatMap { slip -> [TimeFault] in
      if slip == .carriesExchanged, !hasTwoLikeStates { return [] }
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
      let all = [ForwardTimeFault(slip: slip)]
      switch slip {
      case .statesNotPassed, .statesZeroEachStep, .initialIgnored:
        let count = quantities.states.count
        return all + (count > 1 ? (0..<count).map { ForwardTimeFault(slip: slip, state: $0) } : [])
      case .otherHandedOn:
        return quantities.states.indices.flatMap { handedOn($0, graph.named.values.sorted(), slip) }
      case .otherStateHandedOn:
        return quantities.states.indices.flatMap { handedOn($0, graph.results.prefix(quantities.states.count), slip) }
      case .statesExchanged: return hasTwoLikeStates ? all : []
      default: return all
      }
    }
  }

  /// Others of some nodes handed on in the place of a state.
  private func handedOn(
    _ state: Int, _ nodes: some Sequence<Int>, _ slip: ForwardTimeFault.Slip
  ) -> [ForwardTimeFault] {
    let own = graph.results[state]
    guard graph.previous[state] != nil else { return [] }
    return nodes.filter { $0 != own && graph.nodes[$0].shape == graph.nodes[own].shape }
      .map { ForwardTimeFault(slip: slip, state: state, standIn: $0) }
  }

  /// Whether the cell has two states, and either could stand for the other.
  private var hasTwoLikeStates: Bool {
    quantities.states.count == 2 && graph.nodes[graph.results[0]].shape == graph.nodes[graph.results[1]].shape
  }
}
