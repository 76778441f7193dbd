// The mistakes that a loop over time can make on the way back: what is carried, added up, and handed out.

public import Recurrence

/// A mistake in the loop over time, on the way back.
public struct TimeFault: Sendable, Hashable {
  /// Whether it is made with what is carried along the states, and not with what the loss sends to all results.
  public var concernsStates: Bool { slip.kind == .state || slip.rewrite.exchangesStates }

  /// Whether the gradient by the state before the first step is what is wrong.
  public var isInitial: Bool { slip.rewrite.initial != nil && slip.rewrite.carried == nil }

  /// What was done.
  public let slip: Slip
  /// With which quantity of its kind; nil for all of them.
  public let index: Int?

  /// The quantity that it concerns alone.
  public func quantity(in cell: Cell) -> Quantity? { index.map { kin(in: cell)[$0] } }

  /// All quantities of the kind that it concerns; none where it concerns the loop as a whole.
  public func kin(in cell: Cell) -> [Quantity] {
    switch slip.kind {
    case .parameter: cell.quantities.parameters
    case .state: cell.quantities.states
    case .result: cell.quantities.results
    case .input: cell.quantities.inputs
    case .everything: slip.rewrite.exchangesStates ? cell.quantities.states : []
    }
  }

  /// A name that stays the same as long as the sheet does, such as `time.carryDropped:c`.
  public func id(in cell: Cell) -> String {
    "time.\(slip.name):\(quantity(in: cell)?.swift ?? "all")"
  }
}

extension Cell {
  /// Every fault of the loop over time on the way back.
  public var timeFaults: [TimeFault] {
    TimeFault.Slip.all.flatMap { slip -> [TimeFault] in
      if slip.rewrite.exchangesStates, !hasTwoLikeStates { return [] }
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
}
