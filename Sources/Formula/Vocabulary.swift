// Which names a formula may use, and how their indices are to be read.

/// What a reader of a formula must know of its names.
///
/// On a parameter every index is part of the name (`W_i`, `W_1`); on what carries a time an index such as `t-1` is
/// the time and only the rest is the name (`a_{f,t}`). So names come first and formulas after them.
public struct Vocabulary: Sendable {
  /// What a name stands for, as far as reading goes.
  public enum Role: Sendable, Hashable {
    /// Shared by all steps: no index of it is a time.
    case untimed
    /// A quantity of a step.
    case timed
  }

  /// The names, with their roles.
  public private(set) var roles: [Name: Role] = [:]
  /// Letters that stand for a function when a bracket follows, such as `g` in `g(x)`.
  public var functions: [String: Function] = [:]
  /// How a function's letter stands in `functions`: `g`, `sigma`, `sigma_g`.
  public static func functionKey(_ letter: String) -> String { letter.filter { !"\\{} ".contains($0) } }
  /// Letters that count as times.
  public var timeLetters: Set<String> = ["t", "T"]
  /// Letters that count as times on names that are known; on others they are labels.
  public var weakTimeLetters: Set<String> = []
  /// Whether derivatives, sums over steps and norms may stand in a formula.
  public var allowsAnalysis = false
  /// Those of the weak letters that are labels of the sheet, such as the gate `i`: alone in an index they are labels.
  private(set) var gateLetters: Set<String> = []
  /// Whether a formula is made of numbers, as a quantity is: sums run between values, `%` and `!` mean something.
  public var isOfNumbers = false

  /// Whether names are declared and not used, so that no index of theirs is a time.
  var isOfDeclarations = false
  /// The letters of sizes, which may stand at constants as in `I_H`.
  public var sizes: Set<String> = []

  /// Labels that names may carry above, as in `a^f_t`, beside those of the names themselves.
  public var labelsAbove: Set<String> = []

  /// How many axes the quantities of the cell have: 1 for a vector, 2 for a matrix; entries are read of these.
  public var axes: [Name: Int] = [:]
  /// Letters that stand for a place somewhere in the text beyond doubt, as in `[h_t]_j`.
  public var placeLetters: Set<String> = []

  /// The layers of a cell that the sheet stacks; nil where it stacks none.
  public var layering: Layering?

  /// The same names as a derivation reads them: more letters are steps, `L` is the loss.
  public func forDerivations() -> Vocabulary {
    var copy = self
    copy.timeLetters = ["t", "T", "k", "s", "tau"]
    copy.weakTimeLetters = ["i", "j", "l", "m", "n"]
    if layering != nil { copy.weakTimeLetters.remove("l") }
    copy.gateLetters = copy.weakTimeLetters.intersection(roles.keys.flatMap(\.label))
    copy.allowsAnalysis = true
    if !copy.knows(base: "L") { copy.declare(Name(base: "L"), as: .timed) }
    return copy
  }

  private var bases: Set<String> = []

  /// A vocabulary without any names.
  public init() {}

  /// Adds a name.
  public mutating func declare(_ name: Name, as role: Role) {
    roles[name] = role
    bases.insert(name.base)
  }

  /// Whether some declared name is made from this letter.
  public func knows(base: String) -> Bool { bases.contains(base) }
}
