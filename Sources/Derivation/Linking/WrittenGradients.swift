// What a derivation says that gradients are on given numbers: the learner's own equations, evaluated.

public import CellKit

/// The gradients of a case as the lines of a derivation have them.
public struct WrittenGradients: Sendable {
  /// A gradient that code returns, by its index among the cell's quantities.
  public enum Block: Sendable, Hashable {
    case input(Int)
    /// By the state before the first step.
    case initial(Int)
    case parameter(Int)
  }

  /// A line that is not right on these numbers, whatever it rests on.
  public struct Root: Sendable, Hashable {
    /// The line of the file.
    public let line: Int
    /// The derivative that it is about, in LaTeX, as the learner wrote it.
    public let latex: String

    /// A line by its number, and the derivative that it is about.
    public init(line: Int, latex: String) {
      self.line = line
      self.latex = latex
    }
  }

  /// A gradient that a line states.
  public struct Entry: Sendable {
    /// Its value for the whole batch: one matrix a step for an input, else one. Nil where the lines give it none.
    public let values: [Matrix]?
    /// The line of the file on which the last expression for it begins.
    public let line: Int
    /// The lines behind it that are not right by themselves, in the order of the file; empty where all are.
    public let roots: [Root]
    /// Whether one of those lines was not found to be wrong by the check, so that nothing should be said of it.
    public let isDoubtful: Bool
    /// Gradients that it rests on and that no line states, in LaTeX; they were taken as they truly are.
    public let assumed: [String]
  }

  /// What is stated.
  public internal(set) var entries: [Block: Entry] = [:]
  /// Whether the evaluation was given up because it took too much work.
  public internal(set) var isExhausted = false
}
