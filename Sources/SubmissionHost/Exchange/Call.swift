// One thing asked of a submission's cell, with all the values it needs.

public import CellKit
public import Wire

/// A call of a learner's cell: what to compute, and from which values, by the names of the sheet's blocks.
public struct Call: Sendable, Equatable {
  public typealias Kind = CallKind

  /// What is asked.
  public var kind: Kind
  /// The input blocks of each step, first step first; one entry for the single steps.
  public var inputs: [[String: Matrix]]
  /// The state blocks before the first step.
  public var initial: [String: Matrix]
  /// The parameter blocks.
  public var parameters: [String: Matrix]
  /// The loss's own gradient by each output block at each step. Empty for the forward kinds; for `flow` a block or a
  /// whole step that is left out is zero.
  public var upstream: [[String: Matrix]]
  /// What a call of a model hands over, in the order of its glue; empty for the other kinds.
  public var lists: [[Matrix]] = []

  private init(
    kind: Kind, inputs: [[String: Matrix]], initial: [String: Matrix], parameters: [String: Matrix],
    upstream: [[String: Matrix]]
  ) {
    self.kind = kind
    self.inputs = inputs
    self.initial = initial
    self.parameters = parameters
    self.upstream = upstream
  }

  /// A call of a model, with the lists that its glue takes.
  public static func model(_ kind: Kind, _ lists: [[Matrix]]) -> Call {
    var call = Call(kind: kind, inputs: [], initial: [:], parameters: [:], upstream: [])
    call.lists = lists
    return call
  }

  /// One forward step.
  public static func forward(
    input: [String: Matrix], previous: [String: Matrix], parameters: [String: Matrix]
  ) -> Call {
    Call(kind: .forward, inputs: [input], initial: previous, parameters: parameters, upstream: [])
  }

  /// One forward step and its reverse; `upstream` holds the gradient by every output block.
  public static func backward(
    input: [String: Matrix], previous: [String: Matrix], parameters: [String: Matrix], upstream: [String: Matrix]
  ) -> Call {
    Call(kind: .backward, inputs: [input], initial: previous, parameters: parameters, upstream: [upstream])
  }

  /// The learner's loop forward.
  public static func forwardThroughTime(
    inputs: [[String: Matrix]], initial: [String: Matrix], parameters: [String: Matrix]
  ) -> Call {
    Call(kind: .forwardThroughTime, inputs: inputs, initial: initial, parameters: parameters, upstream: [])
  }

  /// The learner's loops forward and back; `upstream` holds the gradient by every output block of every step.
  public static func backwardThroughTime(
    inputs: [[String: Matrix]], initial: [String: Matrix], parameters: [String: Matrix],
    upstream: [[String: Matrix]]
  ) -> Call {
    Call(kind: .backwardThroughTime, inputs: inputs, initial: initial, parameters: parameters, upstream: upstream)
  }

  /// The learner's step unrolled over all inputs and back; `upstream[t]` is the gradient at step t + 1.
  public static func flow(
    inputs: [[String: Matrix]], initial: [String: Matrix], parameters: [String: Matrix],
    upstream: [[String: Matrix]]
  ) -> Call {
    Call(kind: .flow, inputs: inputs, initial: initial, parameters: parameters, upstream: upstream)
  }
}
