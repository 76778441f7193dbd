// How networks of an experiment are drawn and run, as a person writes it: `gaussian:1.2+forget:1`.

public import Diagnostics

/// One way of drawing and running the networks of an experiment; each becomes a series of its own.
///
/// Written as parts joined by `+`, each a name with a number where it takes one; `Variant.grammar` lists them.
public struct Variant: Sendable, Hashable {
  /// How the matrices that a state is multiplied with are drawn; n is the number of their inputs.
  public enum Weights: Sendable, Hashable {
    /// Every parameter, biases and input weights too, from U(−s/√H, s/√H): with s = 1 what torch.nn.RNN, LSTM and GRU do.
    case uniform(Double)
    /// N(0, g²/n).
    case gaussian(Double)
    /// g times an orthogonal matrix, uniform among them.
    case orthogonal(Double)
    /// g times the identity (Le, Jaitly and Hinton 2015, arXiv 1504.00941).
    case identity(Double)
    /// A gaussian matrix scaled to this spectral radius.
    case radius(Double)
  }

  /// The biases of the gates that keep a state.
  public enum Forget: Sendable, Hashable {
    /// One number for all (Jozefowicz, Zaremba and Sutskever 2015 advise 1).
    case constant(Double)
    /// log u with u from U(1, T_max − 1), the input gate's the negative of it (Tallec and Ollivier 2018, arXiv 1804.11188).
    case chrono(Double)
  }

  /// What takes the place of tanh and ReLU in the equations.
  public enum Activation: String, Sendable, Hashable, CaseIterable {
    case tanh, relu, logistic, linear
  }

  /// As it was written; what the `variant` column shows.
  public let name: String
  /// How recurrent matrices are drawn.
  public private(set) var weights = Weights.uniform(1)
  /// The standard deviation that the inputs give a pre-activation: weights from N(0, σ²/D), biases 0.
  ///
  /// nil where `weights` is uniform and says it all.
  public private(set) var input: Double?
  /// The biases of forget gates; nil where they are drawn as all others.
  public private(set) var forget: Forget?
  /// What replaces tanh and ReLU; nil for the sheet's own.
  public private(set) var activation: Activation?
  /// The largest norm of the gradient that a step hands back, relative to the loss's own; nil for no clipping.
  public private(set) var clip: Double?
  /// Whether every step has a loss; otherwise the last one alone.
  public private(set) var hasLossAtEveryStep = false

  /// PyTorch's default.
  public static let uniform = try! Variant("uniform")

  /// Why a variant cannot be read; the known parts are listed.
  public struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let message: Message
    /// The same in English.
    public var description: String { message.english }
  }

  /// The parts of a variant and what they mean, for help.
  public static let grammar: [(form: String, meaning: String)] = [
    ("uniform[:S]", "every parameter from U(-S/√H, S/√H); S is 1, PyTorch's default"),
    ("gaussian:G", "recurrent matrices from N(0, G²/H)"),
    ("orthogonal[:G]", "G times a random orthogonal matrix"),
    ("identity[:G]", "G times the identity"),
    ("radius:R", "a gaussian matrix with spectral radius R"),
    ("input:S", "inputs give each pre-activation the deviation S, biases are 0; 0.5 but for uniform"),
    ("forget:B", "the bias of the gates that keep a state"),
    ("chrono:T", "the same as log u, u from U(1, T-1), the input gate's the negative"),
    ("tanh, relu, logistic, linear", "in the place of tanh and ReLU in the equations"),
    ("clip:C", "the gradient handed to the step before is scaled down to C times the loss's own norm"),
    ("every", "a loss at every step, not at the last alone"),
  ]

  /// Reads a variant.
  ///
  /// - Throws: `Unreadable`, which quotes the part at fault and lists the known ones.
  public init(_ text: String) throws(Unreadable) {
    name = text
    var seen: Set<String> = []
    var hasWeights = false
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let word = String(pieces.first ?? "")
      let number = try pieces.count < 2 ? nil : Self.number(pieces[1], in: part)
      func required(_ range: ClosedRange<Double>) throws(Unreadable) -> Double {
        guard let number else { throw Unreadable(message: "`\(part)` lacks its number, as in `\(word):1`") }
        guard range.contains(number) else {
          throw Unreadable(
            message: "`\(part)`: the number is from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
      }
      func optional() throws(Unreadable) -> Double { number == nil ? 1 : try required(0...1000) }
      func none() throws(Unreadable) {
        if number != nil { throw Unreadable(message: "`\(part)`: `\(word)` takes no number") }
      }
      let kind: String
      switch word {
      case "uniform": (weights, kind) = (.uniform(try optional()), "weights")
      case "gaussian": (weights, kind) = (.gaussian(try required(0...1000)), "weights")
      case "orthogonal": (weights, kind) = (.orthogonal(try optional()), "weights")
      case "identity": (weights, kind) = (.identity(try optional()), "weights")
      case "radius": (weights, kind) = (.radius(try required(0...1000)), "weights")
      case "input": (input, kind) = (try required(0...1000), word)
      case "forget": (forget, kind) = (.constant(try required(-700...700)), "forget")
      case "chrono": (forget, kind) = (.chrono(try required(2...1e9)), "forget")
      case "clip": (clip, kind) = (try required(1e-300...1e300), word)
      case "every":
        try none()
        (hasLossAtEveryStep, kind) = (true, word)
      default:
        guard let named = Activation(rawValue: word) else {
          let known = Self.grammar.map { "`\($0.form)`" }.joined(separator: ", ")
          throw Unreadable(message: "`\(part)` is no part of a variant; known are \(known), joined by `+`")
        }
        try none()
        (activation, kind) = (named, "activation")
      }
      if kind == "weights" { hasWeights = true }
      guard seen.insert(kind).inserted else {
        throw Unreadable(message: "`\(text)` says two things about the same: `\(part)` and a part before it")
      }
    }
    if hasWeights, input == nil {
      if case .uniform = weights {} else { input = 0.5 }
    }
  }

  private static func number(_ text: Substring, in part: Substring) throws(Unreadable) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw Unreadable(message: "`\(part)`: `\(text)` is not a number")
    }
    return number
  }

  /// Whether a cell that somebody else has written can be run with it: nothing of its inside changes.
  public var changesTheCell: Bool { activation != nil || clip != nil }
}
