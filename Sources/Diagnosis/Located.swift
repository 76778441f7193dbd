// Where in a sequence a gradient goes wrong, where no known mistake explains it.

/// The step and the gates at which the way back through a sequence first goes wrong.
///
/// The gradient at the gates of every step was read off the gradients by the inputs, on networks that were made for it.
public struct Located: Sendable, Hashable {
  /// The first step of the way back that goes wrong.
  public enum Step: Sendable, Hashable {
    /// The first of the sequence.
    case first
    /// So many steps before the last; the last for 0.
    case beforeLast(Int)
  }

  /// The step.
  public let step: Step
  /// The sums of gates that differ there, in LaTeX.
  public let wrong: [String]
  /// Those that are right there.
  public let right: [String]

  package init(step: Step, wrong: [String], right: [String]) {
    (self.step, self.wrong, self.right) = (step, wrong, right)
  }
}
