// The numbers that a cell is run on, and the numbers that come out.

public import CellKit

/// Numbers for one run of a cell over T steps.
///
/// Lists follow the order of the cell's quantities; a matrix holds a whole batch (`Shape.storage`).
public struct Case: Sendable, Equatable {
  /// One matrix a parameter.
  public var parameters: [Matrix]
  /// For each input, its matrix at the steps 1…T.
  public var inputs: [[Matrix]]
  /// For each state, its matrix before the first step.
  public var initial: [Matrix]
  /// For each state and output, the loss's own gradient by it at the steps 1…T; nil where the loss does not see it.
  public var upstream: [[Matrix?]]

  /// The numbers of one run.
  public init(parameters: [Matrix], inputs: [[Matrix]], initial: [Matrix], upstream: [[Matrix?]]) {
    self.parameters = parameters
    self.inputs = inputs
    self.initial = initial
    self.upstream = upstream
  }

  /// The number of steps T.
  public var steps: Int { inputs.first?.count ?? upstream.first?.count ?? 0 }
}

/// What a cell computes going forward: for each state and output, its matrix at the steps 1…T.
public typealias Outputs = [[Matrix]]

/// Total derivatives of the loss.
public struct Gradients: Sendable, Equatable {
  /// By each parameter, summed over steps and batch.
  public var parameters: [Matrix]
  /// By each input at the steps 1…T.
  public var inputs: [[Matrix]]
  /// By each initial state.
  public var initial: [Matrix]
  /// By each state at the steps 0…T, over every path; empty unless it was asked for.
  public var states: [[Matrix]]
}
