// What came back from one execution of a call, block by block.

public import CellKit

/// One block of an answer. Only `matrix` can be right.
public enum BlockValue: Sendable, Equatable {
  /// The learner did not assign it.
  case notSet
  /// A matrix of finite numbers, of whatever shape the learner gave it.
  case matrix(Matrix)
  /// A matrix with a NaN or an infinity in it.
  case nonFinite(Matrix)
  /// The list over time that should hold it has this many steps instead of the call's.
  case wrongStepCount(Int)

  package init(_ matrix: Matrix) {
    if !matrix.isSet {
      self = .notSet
    } else if matrix.elements.allSatisfy(\.isFinite) {
      self = .matrix(matrix)
    } else {
      self = .nonFinite(matrix)
    }
  }
}

/// The blocks that a call answered, each by name and, where there are steps, by step.
///
/// Every list has the length that the call asks for and every step holds every block of the sheet: what the learner
/// left out is there as `notSet`.
public struct Answer: Sendable, Equatable {
  /// The output blocks (states first) of each step.
  public var outputs: [[String: BlockValue]] = []
  /// The gradients by the input blocks of each step.
  public var inputGradients: [[String: BlockValue]] = []
  /// The gradients by the state blocks: one entry, for the previous or initial state; for `flow` T + 1 entries, for the
  /// states of steps 0…T, each from outside its own step.
  public var stateGradients: [[String: BlockValue]] = []
  /// The gradients by the parameter blocks.
  public var parameterGradients: [String: BlockValue] = [:]
  /// What a call of a model answered, list by list; empty for the other kinds.
  public var lists: [[BlockValue]] = []
}
