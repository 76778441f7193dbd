// What a sheet's front matter says of a cell, before its equations have been read.

public import Diagnostics

/// How a sample lies in a matrix.
public enum Layout: String, Sendable, Hashable, CaseIterable {
  /// A sample is a column: `x` is D × N, products read `W x` (NNDL, Coursera).
  case columns
  /// A sample is a row: `x` is N × D, products read `x W` (CS231n).
  case rows
}

/// Which way round derivatives by vectors are written.
public enum JacobianLayout: String, Sendable, Hashable, CaseIterable {
  /// (∂y/∂x)_{ij} = ∂y_j/∂x_i, the chain rule runs left to right (NNDL).
  case denominator
  /// (∂y/∂x)_{ij} = ∂y_i/∂x_j, gradients by vectors are rows.
  case numerator
  /// Gradients are columns, Jacobians numerator (Goodfellow).
  case mixed
}

/// A quantity of a cell as the front matter declares it: its symbol in LaTeX and its axes.
public struct Declaration: Sendable, Hashable {
  /// The symbol as written, such as `W_f` or `\tilde{c}`.
  public var symbol: String
  /// The axes as written: `["H", "D"]`, `["4H"]`, `[]` for a scalar.
  public var axes: [String]
  /// Where it stands in the sheet.
  public var range: Range<Int>

  /// A quantity by symbol and axes.
  public init(symbol: String, axes: [String], range: Range<Int>) {
    self.symbol = symbol
    self.axes = axes
    self.range = range
  }
}

/// The `cell:` part of a sheet's front matter.
public struct CellDeclaration: Sendable, Hashable {
  /// When a step has a loss of its own.
  public enum Loss: String, Sendable, Hashable, CaseIterable {
    case every, last
  }

  /// The name of the Swift type that a learner writes, such as `LSTM` or `MinGRU`.
  public var name: String
  /// The name for people, as the sheet spells it, such as `minGRU`.
  public var title: String
  /// The sheet that declares it.
  public var source: SourceText
  /// Where the declaration stands in the sheet.
  public var range: Range<Int>
  /// How a sample lies in a matrix.
  public var layout: Layout = .columns
  /// Which way round Jacobians are written.
  public var jacobian: JacobianLayout = .denominator
  /// The sizes that checks use by default: letters, and `N` for the batch.
  public var sizes: [String: Int] = [:]
  /// What arrives at each step.
  public var inputs: [Declaration] = []
  /// What a step hands to the next.
  public var states: [Declaration] = []
  /// What a step computes beyond its states.
  public var outputs: [Declaration] = []
  /// What is learned, shared by all steps.
  public var parameters: [Declaration] = []
  /// Numbers with a name, such as `c: 8`.
  public var constants: [String: Double] = [:]
  /// Letters that stand for a function, such as `g: tanh`.
  public var functions: [String: String] = [:]
  /// Whether every step has a loss or only the last.
  public var loss: Loss = .every
  /// What `\otimes` means here: `hadamard`, `outer` or, when nil, nothing.
  public var otimes: String?
  /// How many layers of the cell lie on each other, where derivations are about a stack.
  public var layers: Int?
  /// Whether derivations are about a batch of more than one sample.
  public var batch = false

  /// A cell without any quantities yet, its title made into the name of its type.
  public init(title: String, source: SourceText, range: Range<Int>) {
    self.init(name: Self.typeName(for: title), source: source, range: range)
    self.title = title
  }

  /// The name of a Swift type made from a name for people: `MinGRU` from `minGRU`, `GatedUnit2` from `gated unit 2`.
  ///
  /// - Returns: an empty text where there is no letter or digit to make one from.
  public static func typeName(for title: String) -> String {
    let words = title.split { !($0.isLetter || $0.isNumber && $0.isASCII) }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return name.first?.isNumber == true ? "Cell" + name : name
  }

  /// A cell without any quantities yet.
  public init(name: String, source: SourceText, range: Range<Int>) {
    self.name = name
    title = name
    self.source = source
    self.range = range
  }
}
