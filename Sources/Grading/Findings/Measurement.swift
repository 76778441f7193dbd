// A number that an experiment on a learner's cell gave, beside what it must be. Facts only; Reports has the sentences.

/// Where in an experiment something was measured.
public struct ExperimentPlace: Sendable, Hashable {
  /// How the network was drawn, as `unroll plot --variant` has it.
  public let variant: String
  /// The network, from 1.
  public let network: Int
  /// The step, 0 for the initial state; nil where no single step is meant.
  public let step: Int?
}

/// What an experiment measured.
public struct Measurement: Sendable, Hashable {
  /// What was measured.
  public enum Subject: Sendable, Hashable {
    /// The relative error of the gradient by a state over all steps and networks, against the sheet's equations.
    case curve(state: String)
    /// The relative error of two answers for one step: within the sequence, and called by itself.
    case steps
    /// The relative error of the gradients against differences of the cell's own forward pass.
    case gradient
    /// The largest norm of the gradient by a state, relative to the last step.
    case growth(state: String)
    /// The smallest one.
    case decay(state: String)
    /// The median over networks of log₁₀ of the norm's change for each step back.
    case rate(state: String)
    /// How far the direction of the gradient by a state turns from the last step to the first.
    case turn(state: String)
    /// How far the last state moves with another first input, relative to its norm.
    case far
    /// How far it moves with the inputs in reverse order.
    case order
    /// How far it moves with another value of a parameter.
    case parameter(String)
    /// The deviation of the last state from its mean over samples.
    case state
  }

  /// What a cell must be for anything of its task to count.
  public enum Need: Sendable, Hashable, CaseIterable {
    /// The sheet's cell: the gradient is that of the sheet's equations at every step.
    case curve
    /// Steps made of their arguments alone, and a backward that is the derivative of forward.
    case derivative
    /// The gradient stays within its bounds.
    case bounds
    /// A recurrence: the last state depends on the inputs, their order and the weights, and so does the way back.
    case recurrence
  }

  /// Two norms that should be equal: the learner's and the reference's.
  public struct Norms: Sendable, Hashable {
    /// Of the learner's gradient.
    public let received: Double
    /// Of the reference's.
    public let expected: Double
  }

  /// What was measured.
  public let subject: Subject
  /// The number, the worst of all networks but for a median; nil before, and where there is none, as in 0 / 0.
  public private(set) var measured: Double?
  /// The smallest number allowed; nil for any.
  public let lower: Double?
  /// The largest number allowed; nil for any.
  public let upper: Double?
  /// Where the number was measured; nil before, and for a median.
  public var place: ExperimentPlace?
  /// The block whose gradient is the worst, such as `U` or `previous.h`.
  public var block: String?
  /// The norms at the place of a curve's error.
  public var norms: Norms?
  /// Whether it is the states that differ, already on the way forward.
  public var isForward = false

  /// Whether it compares with the sheet's own curve.
  var isCurve: Bool { if case .curve = subject { true } else { false } }

  /// Whether the number is allowed.
  public var holds: Bool {
    guard let measured, measured.isFinite else { return false }
    return measured >= (lower ?? -.infinity) && measured <= (upper ?? .infinity)
  }

  package init(_ subject: Subject, lower: Double? = nil, upper: Double? = nil) {
    self.subject = subject
    self.lower = lower
    self.upper = upper
  }

  /// Takes a number as it is; a NaN is none.
  mutating func take(_ value: Double, at place: ExperimentPlace? = nil) {
    measured = value.isNaN ? nil : value
    self.place = place
  }

  /// Keeps the worse of what is there and another number.
  mutating func meet(_ other: Double, at place: ExperimentPlace, block: String? = nil) {
    if self.place != nil {
      guard let measured, badness(other) > badness(measured) else { return }
    }
    take(other, at: place)
    self.block = block
  }

  /// How far a number is on the wrong side; of two that are allowed, the one nearer to the limit is worse.
  private func badness(_ value: Double) -> Double {
    guard value.isFinite else { return .infinity }
    return max(lower.map { $0 - value } ?? -.infinity, upper.map { value - $0 } ?? -.infinity)
  }
}
