// What a check of a written derivation found: chain by chain, and goal by goal.

public import Diagnostics

/// What became of a link, the claim between two neighbouring members of a chain.
public enum LinkVerdict: String, Sendable, Hashable, CaseIterable {
  /// It held at every step of every network that was drawn.
  case holds
  /// It failed at a step of a network that was drawn.
  case doesNotHold
  /// It holds once the derivatives that earlier lines got wrong are what those lines say.
  case follows
  /// The test could not tell; never a pass.
  case undecided
  /// It could not be read, or has no value.
  case notUnderstood
  /// It names something, and claims nothing.
  case definition
}

/// Why a link does not hold: the near misses, the most telling first.
public enum NearMiss: String, Sendable, Hashable, CaseIterable {
  case transpose, brackets, sign, factor, missingPath, onlyAtEnd, onlyAtStart, onlyLastLoss, missingLoss, batchOfOne
  case hadamard, diag, timeOff, order, keepWrite, convention
  /// Called as in the table of faults where that has the mistake.
  case otherDerivative, derivativeOfInput, derivativeOfValue, squareMissing, otherOperand, dropped, factorMissing
  case factorTwice, missingSum
}

/// How surely a verdict is known.
public enum Certainty: String, Sendable, Hashable {
  /// Decided in residues mod 2⁶¹ − 1, for the sizes and numbers of steps that were drawn: what is said to be equal is so but for a
  /// chance of degree / 2³² that two arguments of exp were taken for the same, or degree / 2⁶¹ elsewhere, in each of the networks.
  case exact
  /// Tested with doubles on drawn networks.
  case tested
}

/// What a learner is told of a line or a goal.
public typealias Wording = Message

extension Message {
  /// The same sentence: what is refused is told in the words of the refusal.
  init(_ message: Message) { self = message }
}

/// What a check of a written derivation found.
public struct DerivationReport: Sendable {
  /// One claim of a chain.
  public struct Link: Sendable, Hashable {
    /// Both sides as they were read, with the brackets that were understood, in LaTeX.
    public let read: String
    /// What became of it.
    public let verdict: LinkVerdict
    /// Which near miss fits, where one does.
    public let reason: NearMiss?
    /// What a person is told.
    public let text: Wording
    /// The largest difference of the sides relative to the largest outermost term; 0 where they are equal exactly, nil where
    /// there is none.
    public let relativeError: Double?
    /// Where the right side of the link stands in the file, as UTF-8 offsets.
    public let range: Range<Int>
    /// Where the sign between the two sides stands, line and column from 1.
    public let position: SourcePosition
    /// How surely the verdict is known; nil where nothing was decided.
    public var certainty: Certainty?
    /// Numbers for which an equality does not hold; nil where it holds, or where none are known.
    public var counterexample: Counterexample?
  }

  /// A row of claims, `e1 = e2 = … = en`.
  public struct Chain: Sendable, Hashable {
    /// Where it begins in the file.
    public let position: SourcePosition
    /// Where it stands in the file, as UTF-8 offsets.
    public let range: Range<Int>
    /// Its claims from left to right; one without a read form where the chain could not be read.
    public let links: [Link]
    /// What is worth knowing of how it was read, such as what was held.
    public internal(set) var notes: [Wording]
  }

  /// How something in the text was understood.
  public struct Reading: Sendable, Hashable {
    /// The line of the file that it is about.
    public let line: Int
    /// What a person is told.
    public let text: Wording

    /// What was understood of a line.
    public init(line: Int, text: Wording) {
      self.line = line
      self.text = text
    }
  }

  /// A derivative to be derived.
  public struct Goal: Sendable, Hashable {
    /// As the task states it.
    public let latex: String
    /// What it earns of what it is worth, from 0 to 1: all where it is derived, half where one adjoint is not, less where too
    /// much of the task rests on wrong lines.
    public let share: Double
    /// The missing piece; nil where it is earned in full.
    public let missing: Wording?
    /// The wrong lines that it rests on, in the order of the text.
    public var restsOn: [Int] = []
    /// What is told of a goal that is earned in full and rests on wrong lines.
    public var remark: Wording?
    /// Whether it is earned in full.
    public var earned: Bool { share == 1 }
  }

  /// How the text was read where its cell or its letters are not the sheet's; told before anything else.
  public internal(set) var reading: [Reading]
  /// The chains in the order of the file.
  public internal(set) var chains: [Chain]
  /// The goals in the order of the task.
  public let goals: [Goal]
  /// What does not belong to a single chain: front matter, unread blocks, limits.
  public let diagnostics: [Diagnostic]

  /// Whether the lines were tested on a cell that the text states in letters of its own.
  var statesCell = false

  /// What was decided exactly, for which sizes and numbers of steps, and which lines were only tested.
  public let method: Wording
}
