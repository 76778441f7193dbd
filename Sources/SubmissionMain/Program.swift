// A submission's cell as the driver sees it: functions over lists of matrices. The generated glue makes one.

public import CellKit

/// A learner's cell with its types taken apart: blocks in the order of the sheet, caches as `Any`.
///
/// A table of functions instead of a protocol with associated types, because the glue that fills it in is compiled
/// anew with every submission and has to be small.
public struct Program {
  /// Blocks of an input, a state, an output (its states included) and the parameters.
  public struct Counts {
    var inputs: Int
    var states: Int
    var outputs: Int
    var parameters: Int

    /// How many blocks each has.
    public init(inputs: Int, states: Int, outputs: Int, parameters: Int) {
      self.inputs = inputs
      self.states = states
      self.outputs = outputs
      self.parameters = parameters
    }
  }

  /// What a backward step answers.
  public struct StepGradients {
    var inputs: [Matrix]
    var previous: [Matrix]
    var parameters: [Matrix]

    /// Gradients by block, each list in the order of the sheet.
    public init(inputs: [Matrix], previous: [Matrix], parameters: [Matrix]) {
      self.inputs = inputs
      self.previous = previous
      self.parameters = parameters
    }
  }

  /// What a backward pass through time answers.
  public struct TimeGradients {
    var inputs: [[Matrix]]
    var initial: [Matrix]
    var parameters: [Matrix]

    /// Gradients by block; those of the inputs also by step.
    public init(inputs: [[Matrix]], initial: [Matrix], parameters: [Matrix]) {
      self.inputs = inputs
      self.initial = initial
      self.parameters = parameters
    }
  }

  public typealias Forward = (_ input: [Matrix], _ previous: [Matrix], _ parameters: [Matrix]) -> ([Matrix], Any)
  public typealias Backward = (_ upstream: [Matrix], _ cache: Any, _ parameters: [Matrix]) -> StepGradients
  public typealias ForwardThroughTime =
    (_ inputs: [[Matrix]], _ initial: [Matrix], _ parameters: [Matrix]) -> ([[Matrix]], Any)
  public typealias BackwardThroughTime =
    (_ upstream: [[Matrix]], _ tape: Any, _ parameters: [Matrix]) -> TimeGradients

  let counts: Counts
  let forward: Forward
  let backward: Backward
  let forwardThroughTime: ForwardThroughTime?
  let backwardThroughTime: BackwardThroughTime?

  /// A cell by its functions; those through time only where the sheet has a task for them.
  public init(
    counts: Counts, forward: @escaping Forward, backward: @escaping Backward,
    forwardThroughTime: ForwardThroughTime? = nil, backwardThroughTime: BackwardThroughTime? = nil
  ) {
    self.counts = counts
    self.forward = forward
    self.backward = backward
    self.forwardThroughTime = forwardThroughTime
    self.backwardThroughTime = backwardThroughTime
  }
}
