// A quantity's name: letter, accents and label, the same however it was typeset.

/// The name of a quantity without its time: `W_f`, `\tilde{c}`, `b_{hz}`, `\Gamma_u`.
///
/// Two spellings of one name are equal: `\mathbf{W}_f` and `W_{f}`, `\tilde c` and `\tilde{c}`.
public struct Name: Sendable, Hashable {
  /// The letter, a Greek letter's command without its backslash, or a word from `\mathrm{…}`.
  public let base: String
  /// `tilde`, `hat`, `bar`, `dot`, `overline`, sorted.
  public let accents: [String]
  /// The label's pieces as LaTeX: `["h", "z"]` for `b_{hz}`; empty without one.
  public let label: [String]
  /// The label in the superscript, as in `W^{(f)}`.
  public let upperLabel: [String]

  /// A name from its parts.
  public init(base: String, accents: [String] = [], label: [String] = [], upperLabel: [String] = []) {
    self.base = base
    self.accents = accents.sorted()
    self.label = label
    self.upperLabel = upperLabel
  }

  /// The same letter and accents with another label.
  func labelled(_ label: [String], upper: [String]) -> Name {
    Name(base: base, accents: accents, label: label, upperLabel: upper)
  }

  /// The name as LaTeX, braces where LaTeX needs them.
  public var latex: String { latex(time: nil) }

  /// The name as LaTeX with a time behind its label, such as `a_{f,t-1}`.
  public func latex(time: String?) -> String {
    var letter = Self.latex(ofBase: base)
    for accent in accents { letter = "\\\(accent){\(letter)}" }
    let label = Self.joined(label)
    let index = [label, time ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
    if !index.isEmpty { letter += index.count == 1 ? "_\(index)" : "_{\(index)}" }
    if !upperLabel.isEmpty { letter += "^{\(Self.joined(upperLabel))}" }
    return letter
  }

  private static func joined(_ pieces: [String]) -> String {
    var text = ""
    for piece in pieces {
      // `\alpha` before a letter needs the space that ends a command.
      if text.last?.isLetter == true, text.contains("\\"), piece.first?.isLetter == true { text += " " }
      text += piece
    }
    return text
  }

  private static func latex(ofBase base: String) -> String {
    if base.count == 1 { return base }
    return Greek.isLetter(base) ? "\\\(base)" : "\\mathrm{\(base)}"
  }

  /// The name in Swift and JSON: `Wf`, `bhz`, `cTilde`, `yHat`, `betau` (DESIGN: "A sheet").
  public var swift: String {
    let accent = accents.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let pieces = (label + upperLabel).joined().filter { $0.isLetter || $0.isNumber }
    return base + accent + pieces
  }
}

/// The Greek letters that LaTeX has commands for.
enum Greek {
  private static let lower = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
  ]
  private static let upper = [
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
  ]
  private static let letters = Set(lower + upper + ["ell"])

  static func isLetter(_ command: String) -> Bool { letters.contains(command) }
}
