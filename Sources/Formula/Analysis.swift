// What only a derivation writes: derivatives, sums and products over steps, norms.

/// A derivative as written; which node it means is decided by who reads it.
public struct Derivative: Sendable, Hashable {
  /// What is differentiated: the loss, a loss of a step, or a quantity.
  public let of: Expression.Symbol
  /// By what.
  public let by: Expression.Symbol
  /// `\partial^{+}`: through the quantity's own equation only.
  public let isImmediate: Bool
  /// Whether it is written as an error, `\delta h_t` or `dh_t`, so that the text may mean another one by the name.
  public let isError: Bool

  /// A derivative of one symbol by another.
  public init(of: Expression.Symbol, by: Expression.Symbol, isImmediate: Bool, isError: Bool = false) {
    self.isError = isError
    self.of = of
    self.by = by
    self.isImmediate = isImmediate
  }
}

/// A sum or product over steps.
public struct Repetition: Sendable, Hashable {
  /// How the terms are put together.
  public enum Operation: String, Sendable, Hashable {
    case sum, product, hadamard
  }

  /// How the terms are put together.
  public let operation: Operation
  /// The letter that runs, such as `t` or `i`.
  public let index: String
  /// The first step.
  public let lower: Time
  /// The last step; a repetition that ends before it begins is empty.
  public let upper: Time
  /// The term.
  public let body: Expression

  /// A repetition of a term for a letter that runs over steps.
  public init(_ operation: Operation, index: String, from lower: Time, to upper: Time, body: Expression) {
    self.operation = operation
    self.index = index
    self.lower = lower
    self.upper = upper
    self.body = body
  }
}

/// A sum or product of numbers between two values, such as `\sum_{k=0}^{n-1} z^k`; only a quantity holds one.
public struct Series: Sendable, Hashable {
  /// How the terms are put together.
  public let operation: Repetition.Operation
  /// The letter that runs.
  public let index: String
  /// Its first value.
  public let lower: Expression
  /// Its last value.
  public let upper: Expression
  /// The term.
  public let body: Expression

  /// A series of a term for a letter that runs between two values.
  public init(
    _ operation: Repetition.Operation, index: String, from lower: Expression, to upper: Expression, body: Expression
  ) {
    self.operation = operation
    self.index = index
    self.lower = lower
    self.upper = upper
    self.body = body
  }
}

/// What is done to numbers in a quantity and nowhere else.
public enum Counting: String, Sendable, Hashable {
  case binomial, factorial, floor, ceiling
}

/// Which size of a vector or matrix is meant.
public enum Norm: String, Sendable, Hashable {
  /// Euclidean of a vector, largest singular value of a matrix.
  case spectral
  /// Square root of the sum of all squares.
  case frobenius
  /// Largest absolute eigenvalue.
  case radius
}

/// A node that stands in derivations only.
public indirect enum Analysis: Sendable, Hashable {
  case derivative(Derivative)
  case repetition(Repetition)
  case norm(Norm, Expression)
  case series(Series)
  case counting(Counting, [Expression])
  case entries(EntryNotation)
}
