// The functions that a formula may call: how each is written, and what is known of it. A function by element is added here and
// nowhere else: a case, a line for its spellings, a line for its curve, a line for its rule.

import Glibc

/// A function of the math language.
public enum Function: String, Sendable, Hashable, CaseIterable {
  // By element.
  case sigmoid, tanh, exp, log, sqrt, relu, softplus, softsign, abs, identity, sin, cos, gelu, silu
  // Over the features of a sample.
  case softmax, sum, mean
  // Of two values, by element.
  case max, min
  // Of a vector or of a whole value.
  case diag
  /// Stops the gradient.
  case stop

  /// How it is written: the commands and words that stand for it, and itself as LaTeX.
  private var words: (spellings: [String], latex: String) {
    switch self {
    case .sigmoid: (["sigma", "sigmoid", "logistic"], "\\sigma")
    case .tanh: (["tanh"], "\\tanh")
    case .exp: (["exp"], "\\exp")
    case .log: (["log", "ln"], "\\log")
    case .sqrt: (["sqrt"], "\\operatorname{sqrt}")
    case .relu: (["relu", "ReLU"], "\\operatorname{relu}")
    case .softplus: (["softplus"], "\\operatorname{softplus}")
    case .softsign: (["softsign"], "\\operatorname{softsign}")
    case .abs: (["abs"], "\\operatorname{abs}")
    case .identity: (["identity", "id"], "\\operatorname{identity}")
    case .sin: (["sin"], "\\sin")
    case .cos: (["cos"], "\\cos")
    case .gelu: (["GELU", "gelu"], "\\operatorname{GELU}")
    case .silu: (["SiLU", "silu", "swish"], "\\operatorname{SiLU}")
    case .softmax: (["softmax"], "\\operatorname{softmax}")
    case .sum: (["sum"], "\\operatorname{sum}")
    case .mean: (["mean"], "\\operatorname{mean}")
    case .max: (["max"], "\\max")
    case .min: (["min"], "\\min")
    case .diag: (["diag", "Diag"], "\\operatorname{diag}")
    case .stop: (["sg"], "\\operatorname{sg}")
    }
  }

  /// What is known of a function by element; nil for any other.
  ///
  /// Values and derivatives are exact to a few units in the last place wherever they are numbers at all, and both are NaN where
  /// the argument is: a run that exploded must not look like one that vanished. Where a function saturates its value y has lost
  /// what the derivative needs: 1 − y² of a y that was rounded to 1 is 0.
  @inline(__always)
  package var curve: Curve? {
    switch self {
    case .sigmoid:
      Curve(
        { Logistic(at: $0).value }, slope: { x, _ in Logistic(at: x).slope },
        curvature: { -Glibc.tanh($0 / 2) * Logistic(at: $0).slope }, saturates: true)
    case .tanh:
      Curve(
        { Glibc.tanh($0) }, slope: { x, _ in 4 * Logistic(at: 2 * x).slope },
        curvature: { -8 * Glibc.tanh($0) * Logistic(at: 2 * $0).slope }, saturates: true)
    case .exp: Curve({ Glibc.exp($0) }, slope: { _, y in y }, saturates: true)
    case .log: Curve({ Glibc.log($0) }, slope: { x, _ in x < 0 ? .nan : 1 / Swift.abs(x) })
    case .sqrt: Curve({ $0.squareRoot() }, slope: { _, y in 0.5 / Swift.abs(y) })
    case .relu: Curve({ $0 <= 0 ? 0 : $0 }, slope: { x, _ in x > 0 ? 1 : x <= 0 ? 0 : x }, isKinked: true)
    case .softplus:
      Curve(
        { ($0 <= 0 ? 0 : $0) + Glibc.log1p(Glibc.exp(-Swift.abs($0))) }, slope: { x, _ in Logistic(at: x).value },
        saturates: true)
    case .softsign:
      // The quotient of two infinities is no number, and a square overflows long before its reciprocal vanishes.
      Curve(
        { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + Swift.abs($0)) },
        slope: { x, _ in (1 / (1 + Swift.abs(x))) * (1 / (1 + Swift.abs(x))) })
    case .abs: Curve({ Swift.abs($0) }, slope: { x, _ in x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x }, isKinked: true)
    case .identity: Curve({ $0 }, slope: { _, _ in 1 })
    case .sin: Curve({ Glibc.sin($0) }, slope: { x, _ in Glibc.cos(x) }, curvature: { -Glibc.sin($0) })
    case .cos: Curve({ Glibc.cos($0) }, slope: { x, _ in -Glibc.sin(x) }, curvature: { -Glibc.cos($0) })
    case .gelu:
      Curve(
        { $0 == -.infinity ? 0 : $0 * Normal(at: $0).below },
        slope: { x, _ in Normal(at: x).below + (x.isInfinite ? 0 : x * Normal(at: x).density) })
    case .silu:
      // Below -700 the logistic function has fewer digits than its product with x: e^x in two halves.
      Curve(
        { $0 == -.infinity ? 0 : $0 < -700 ? $0 * Glibc.exp($0 / 2) * Glibc.exp($0 / 2) : $0 * Logistic(at: $0).value },
        slope: { x, _ in
          if x.isInfinite { return x > 0 ? 1 : 0 }
          if x < -700 { return (1 + x) * Glibc.exp(x / 2) * Glibc.exp(x / 2) }
          return Logistic(at: x).value + x * Logistic(at: x).slope
        })
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: nil
    }
  }

  /// What is known of a function by element over any numbers, made of the few functions that have a meaning of their own; nil
  /// for any other.
  ///
  /// Over doubles it is the same function as the curve, which is right in saturation too.
  @_specialize(where Number == Residue)
  package func rule<Number>(_ meaning: Number.Meaning) -> Rule<Number>? {
    let one = Number.one
    let two = Number(2)
    func logistic(_ x: Number) -> Number { one / (one + meaning.exp(-x)) }
    func magnitude(_ x: Number) -> Number { meaning.isAbove(x) ? x : -x }
    switch self {
    case .sigmoid: return Rule(logistic, slope: { $1 * (one - $1) }, curvature: { $1 * (one - $1) * (one - two * $1) })
    case .tanh:
      return Rule(
        { one - two / (meaning.exp(two * $0) + one) }, slope: { one - $1 * $1 },
        curvature: { -two * $1 * (one - $1 * $1) })
    case .exp: return Rule(meaning.exp, slope: { $1 })
    case .log: return Rule(meaning.log, slope: { x, _ in one / x })
    case .sqrt: return Rule(meaning.root, slope: { one / (two * $1) })
    case .relu:
      return Rule({ meaning.isAbove($0) ? $0 : .zero }, slope: { x, _ in meaning.isAbove(x) ? one : .zero })
    case .softplus: return Rule({ meaning.log(one + meaning.exp($0)) }, slope: { x, _ in logistic(x) })
    case .softsign:
      return Rule(
        { $0 / (one + magnitude($0)) }, slope: { x, _ in one / ((one + magnitude(x)) * (one + magnitude(x))) })
    case .abs:
      return Rule(magnitude, slope: { x, _ in meaning.isAbove(x) ? one : x == .zero ? .zero : -one })
    case .identity: return Rule({ $0 }, slope: { _, _ in one })
    case .sin:
      return Rule({ meaning.circle($0).sine }, slope: { x, _ in meaning.circle(x).cosine }, curvature: { -$1 })
    case .cos:
      return Rule({ meaning.circle($0).cosine }, slope: { x, _ in -meaning.circle(x).sine }, curvature: { -$1 })
    case .gelu:
      return Rule(
        { $0 * meaning.normal($0).below },
        slope: { x, _ in
          let normal = meaning.normal(x)
          return normal.below + x * normal.density
        })
    case .silu:
      return Rule(
        { $0 * logistic($0) },
        slope: { x, _ in
          let gate = logistic(x)
          return gate + x * gate * (one - gate)
        })
    case .softmax, .sum, .mean, .max, .min, .diag, .stop: return nil
    }
  }

  /// Whether it acts on each entry by itself.
  public var isElementwise: Bool { curve != nil }

  /// The function that a command or a word stands for.
  static let named: [String: Function] = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { function in function.words.spellings.map { ($0, function) } })

  /// The function that a sheet's `functions:` entry names, such as `tanh` in `{g: tanh}`.
  public init?(named name: String) {
    guard let function = Function.named[name] else { return nil }
    self = function
  }

  /// The function as LaTeX.
  package var latex: String { words.latex }

  /// Whether its value is a fraction where its argument is, one of two by the argument's sign.
  package var isPiecewise: Bool { self == .identity || curve?.isKinked == true }

  /// Fractions that it can have as its value and that may stand in an example, the simplest first; nil for functions whose
  /// derivative does not follow from the value, which cannot be chosen without an argument.
  package var chosenValues: [Fraction]? {
    let (half, quarter) = (Fraction(1, over: 2), Fraction(1, over: 4))
    switch self {
    case .sigmoid: return [half, quarter, Fraction(3, over: 4)]
    case .tanh: return [half, -half, quarter]
    case .exp: return [.one, Fraction(2), half]
    default: return nil
    }
  }

  /// The simplest of `chosenValues`, then values that no argument gives but that show a wrong identity as well: what holds
  /// for the values that it has holds for them too, because derivatives are polynomials of the value.
  package var anyValues: [Fraction]? {
    guard let simplest = chosenValues?.first else { return nil }
    switch self {
    case .sigmoid: return [simplest, Fraction(2), Fraction(-1)]
    case .tanh: return [simplest, -simplest, Fraction(2), Fraction(-2)]
    default: return chosenValues
    }
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

/// A function of one number over any numbers, with its derivatives from argument and value.
package struct Rule<Number: Scalar> {
  /// The value at a number.
  package let value: (Number) -> Number
  /// The derivative at a number whose value is given too; 0 at a kink.
  package let slope: (_ x: Number, _ y: Number) -> Number
  /// The second derivative, of functions for which people write one.
  package let curvature: ((_ x: Number, _ y: Number) -> Number)?

  init(
    _ value: @escaping (Number) -> Number, slope: @escaping (_ x: Number, _ y: Number) -> Number,
    curvature: ((_ x: Number, _ y: Number) -> Number)? = nil
  ) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }
}

/// A function of one number, with its derivatives.
package struct Curve: Sendable {
  /// The value at a number.
  package let value: @Sendable (Double) -> Double
  /// The derivative at a number whose value is given too; 0 at a kink.
  package let slope: @Sendable (_ x: Double, _ y: Double) -> Double
  /// The second derivative, of functions for which people write one.
  package let curvature: (@Sendable (Double) -> Double)?
  /// Whether there is a kink at 0: what was tested on one side of it says nothing of the other.
  package let isKinked: Bool
  /// Whether large arguments leave nothing to tell two formulas apart by.
  package let saturates: Bool

  @inline(__always)
  init(
    _ value: @escaping @Sendable (Double) -> Double, slope: @escaping @Sendable (Double, Double) -> Double,
    curvature: (@Sendable (Double) -> Double)? = nil, isKinked: Bool = false, saturates: Bool = false
  ) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
    self.isKinked = isKinked
    self.saturates = saturates
  }
}

/// The logistic function and its derivative, from q = e^{-|x|}, which no rounding to 1 has touched.
private struct Logistic {
  let value: Double
  let slope: Double

  @inline(__always)
  init(at x: Double) {
    let q = Glibc.exp(-Swift.abs(x))
    value = x >= 0 ? 1 / (1 + q) : q / (1 + q)
    slope = q / ((1 + q) * (1 + q))
  }
}

/// The standard normal distribution: its density, and its share below a number.
///
/// Far out both are e to a large power, so that what rounding takes from the exponent is put back.
private struct Normal {
  let density: Double
  let below: Double

  init(at x: Double) {
    let (root, rest) = (0.5.squareRoot(), -4.833646656726457e-17)
    let z = -x * root
    // Beyond 39 the density is less than the smallest number.
    guard Swift.abs(x) < 39 else {
      density = x.isNaN ? x : 0
      below = x.isNaN ? x : x > 0 ? 1 : 0
      return
    }
    let square = x * x
    let lost = Glibc.fma(x, x, -square)
    let bell = Glibc.exp(-square / 2) * (1 - lost / 2)
    density = bell * 0.3989422804014327
    let off = Glibc.fma(-x, root, -z) - x * rest
    // erfc(z + off), whose derivative is −2/√π e^{−z²}.
    below = (Glibc.erfc(z) - off * 1.1283791670955126 * bell) / 2
  }
}
