// A row of the table of mistakes on the way back through a step: name, where it fits, what it rewrites, its words.

import Diagnostics
import Glibc
import Recurrence

extension Fault {
  /// What was done with the contribution of an edge, or with what arrives at a result.
  public struct Slip: Sendable, Hashable {
    /// The beginning of its ids.
    public let name: String
    let fit: Fit
    let rewrite: Rewrite
    /// What was probably done.
    public let words: Words
    /// What to look at next: a question to put to one's own code, never the answer.
    public let look: Words

    init(
      _ name: String, _ fit: Fit, _ rewrite: Rewrite, look: @escaping Words, words: @escaping Words
    ) {
      self.name = name
      self.fit = fit
      self.rewrite = rewrite
      self.look = look
      self.words = words
    }

    public static func == (left: Slip, right: Slip) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The table, in the order in which mistakes are listed.
    public static let all: [Slip] = [
      .dropped, .negated, .doubled, .notTransposed, .factorMissing, .factorTwice, .ownValue, .productItself,
      .presentForPrevious, .firstFactorOnly, .secondFactorOnly, .previousForPresent,
      .derivativeMissing, .derivativeOfValue, .derivativeOfInput, .otherDerivative, .derivativeFirstHalf,
      .derivativeSecondHalf, .derivativeSignTurned, .functionForDerivative, .dividedByBatch, .derivativeSquared,
      .valueForDerivative, .softmaxDiagonal, .softmaxLessTarget, .softmaxMeanMissing, .softmaxMeanAdded,
      .softmaxMeanOverBatch, .meanOverBatch, .firstSampleOnly, .lastSampleOnly, .complement, .otherOperand,
      .derivativeElsewhere, .derivativeAtPrevious, .otherGradient, .otherGradientToo,
      .onlyOnePath, .overwritten, .factorsExchanged, .partsExchanged, .passedOn,
    ]
  }

  /// Where a mistake can be made.
  enum Fit: Sendable {
    /// At these edges.
    case edges(@Sendable (EdgeSite) -> Bool)
    /// At the edges that have such nodes, one of which is taken for the right one.
    case standIns(@Sendable (EdgeSite) -> [Int])
    /// At several edges at once, or with what arrives: listed one by one.
    case listed

    static let everywhere = Fit.edges { _ in true }
  }

  /// What an edge hands back in the place of its contribution.
  indirect enum Rewrite: Sendable {
    case nothing
    /// The contribution times a number that may depend on how many samples there are.
    case scaled(@Sendable (_ batch: Int) -> Double)
    /// What is made of the numbers at each entry.
    case entries(@Sendable (Entry) -> Double)
    /// The contribution with another value in the place of the other factor.
    case factor(@Sendable (_ factor: [Double], _ extent: Extent, _ isMatrix: Bool) -> [Double])
    /// The contribution with the value of another node in the place of the other factor; where none is found, the
    /// stand-in's.
    case operand(@Sendable (StepGraph, _ other: Int) -> Int?)
    /// The contribution of one sample of the batch.
    case sample(@Sendable (_ batch: Int) -> Int)
    /// The contribution that the gradient at the stand-in makes, in the place of the one that arrives or with it.
    case gradient(isAdded: Bool)
    /// The contribution to, or of, the other part of a packed or joined value.
    case otherPart
    /// That of a softmax over the samples.
    case softmaxOverBatch
    /// Both, one after the other.
    case both(Rewrite, Rewrite)

    /// What arrives times a number that stands where the derivative, or the other factor, belongs.
    static func slope(_ slope: @escaping @Sendable (Entry) -> Double) -> Rewrite {
      .entries { $0.adjoint * slope($0) }
    }
  }

  /// The numbers of one entry at an edge back through a function, or a product by element.
  struct Entry {
    /// What arrives.
    let adjoint: Double
    /// The value of the source, and that of the target.
    let value: Double
    let own: Double
    /// The stand-in's value.
    let stand: Double
    let isTanh: Bool

    /// The derivative of σ or tanh, written by its value.
    func derivative(_ y: Double) -> Double { isTanh ? 1 - y * y : y * (1 - y) }
    func function(_ x: Double) -> Double { isTanh ? tanh(x) : 1 / (1 + exp(-x)) }
  }
}
