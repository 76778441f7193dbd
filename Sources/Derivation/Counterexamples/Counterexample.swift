// Numbers for which an equality does not hold, few and simple enough to be worked out in the head.

/// A small network in which the two sides of an equality differ, and what they are there.
public struct Counterexample: Sendable, Hashable {
  /// What stands in the equality, or what its left side is made of, in LaTeX, with its value: a whole number or a fraction, such as
  /// `-1/2`. What is not named is 0.
  public struct Value: Sendable, Hashable {
    /// In LaTeX, at its step.
    public let name: String
    /// A whole number or a fraction.
    public let value: String
  }

  /// The size of every axis; nil where the equality is between counts.
  public let hidden: Int?
  /// The number of steps; nil where none are spoken of.
  public let steps: Int?
  /// The numbers, those of gates and states chosen freely.
  public let values: [Value]
  /// The entry that is compared, counted from 1: its row and column, the one of a vector, or none of a number.
  public let entry: [Int]
  /// The number of samples; nil where there is one.
  public let samples: Int?
  /// What the left side is, by the true derivatives.
  public let left: String
  /// What the right side is.
  public let right: String
  /// The example in a sentence.
  public let text: Wording
}
