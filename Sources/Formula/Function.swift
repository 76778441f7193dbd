// The functions that a formula may call.

/// A function of the math language (MATH.md, "Grammar").
public enum Function: String, Sendable, Hashable, CaseIterable {
  // By element.
  case sigmoid, tanh, exp, log, sqrt, relu, softplus, softsign, abs, identity
  // Over the features of a sample.
  case softmax, sum, mean
  // Of two values, by element.
  case max, min
  // Of a vector or of a whole value.
  case diag
  /// Stops the gradient.
  case stop

  /// Whether it acts on each entry by itself.
  public var isElementwise: Bool {
    switch self {
    case .sigmoid, .tanh, .exp, .log, .sqrt, .relu, .softplus, .softsign, .abs, .identity: return true
    default: return false
    }
  }

  /// The function that a command or a word stands for.
  static let named: [String: Function] = [
    "sigma": .sigmoid, "sigmoid": .sigmoid, "logistic": .sigmoid, "tanh": .tanh, "exp": .exp, "log": .log, "ln": .log,
    "relu": .relu, "ReLU": .relu, "softplus": .softplus, "softsign": .softsign, "abs": .abs, "softmax": .softmax,
    "sum": .sum, "mean": .mean, "max": .max, "min": .min, "diag": .diag, "Diag": .diag, "sg": .stop,
    "identity": .identity,
    "id": .identity, "sqrt": .sqrt,
  ]

  /// The function that a sheet's `functions:` entry names, such as `tanh` in `{g: tanh}`.
  public init?(named name: String) {
    guard let function = Function.named[name] else { return nil }
    self = function
  }

  /// How a person reads it.
  public var display: String {
    switch self {
    case .sigmoid: return "σ"
    case .stop: return "sg"
    default: return rawValue
    }
  }
}
