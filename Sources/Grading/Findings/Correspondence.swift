// How a gradient of the code stands to the line of the derivation that is about it, both held against the truth.

public import Derivation

/// How code and derivation stand to each other in one gradient, on the same inputs.
public struct Correspondence: Sendable, Hashable {
  /// Which of derivation, code and truth differ.
  public enum Verdict: String, Sendable, CaseIterable {
    /// The derivation has the true values, the code has others.
    case codeDiffers
    /// The code has the true values, the derivation has others.
    case derivationDiffers
    /// Derivation and code have the same values, and these are not the true ones.
    case sameMistake
    /// All three differ.
    case bothDiffer
    /// The code is wrong, and no line of the derivation is about this gradient.
    case notStated
    /// The lines take too much work to evaluate.
    case tooMuchWork
  }

  /// The task of the code.
  public let task: String
  /// The id of its check, such as `backward.Wf`.
  public let check: String
  /// The gradient, in readable math.
  public let title: String
  /// Which differ.
  public let verdict: Verdict
  /// The line of the derivation that states the gradient; nil where none does.
  public var line: Int?
  /// The lines on which the derivation goes wrong, which may be earlier ones.
  public var roots: [WrittenGradients.Root] = []
  /// The steps, from 1, at which the two that the verdict is about part; empty where a gradient has no steps.
  public var steps: [Int] = []
  /// How many steps there are.
  public var stepCount = 1
  /// Gradients that no line states, in LaTeX; the derivation was evaluated with their true values.
  public var assumed: [String] = []
}
