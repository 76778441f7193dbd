// The tree of a formula.

/// A formula as a tree; every node knows where it stands in the file.
public struct Expression: Sendable, Hashable {
  /// What a node is.
  public indirect enum Kind: Sendable, Hashable {
    case number(Double)
    case symbol(Symbol)
    case constant(Constant)
    case negated(Expression)
    case sum(Expression, Expression)
    case difference(Expression, Expression)
    /// Juxtaposition, `\cdot`, `\times`: the product of matrices, or with a scalar.
    case product(Expression, Expression)
    /// `\odot`, `\circ`: by element.
    case hadamard(Expression, Expression)
    /// `*`: by element on equal shapes, else with a scalar.
    case star(Expression, Expression)
    /// `\otimes`: what the sheet says it is.
    case tensor(Expression, Expression)
    /// `\frac{a}{b}`, `a/b`.
    case quotient(Expression, Expression)
    case power(Expression, Expression)
    case transposed(Expression)
    /// A function, how often it is differentiated (`\sigma'`), and its arguments.
    case call(Function, derivative: Int, [Expression])
    /// `[a; b]`, `[a, b]`, a matrix environment: rows of parts.
    case block([[Expression]])
    /// What only a derivation writes.
    case analysis(Analysis)
  }

  /// A name with the times it carries.
  public struct Symbol: Sendable, Hashable {
    /// The name without its time.
    public let name: Name
    /// None, one, or two (`\delta_{t,k}`).
    public let times: [Time]
    /// The layer where the sheet stacks its cell, such as `l` or `l-1`; nil elsewhere.
    public let layer: Time?

    /// A name at the given times, of a layer where there are layers.
    public init(_ name: Name, times: [Time] = [], layer: Time? = nil) {
      self.name = name
      self.times = times
      self.layer = layer
    }

    /// The symbol as LaTeX.
    public var latex: String {
      let written = layer.map { name.labelled(name.label, upper: name.upperLabel + [$0.layerLatex]) } ?? name
      return times.isEmpty ? written.latex : written.latex(time: times.map(\.description).joined(separator: ","))
    }
  }

  /// Values of the one size that fits where they stand.
  public enum Constant: String, Sendable, Hashable {
    case identity, ones, zeros
  }

  /// What the node is.
  public let kind: Kind
  /// UTF-8 offsets in the file.
  public let range: Range<Int>
  /// How deep the tree below is, 1 for a leaf.
  let depth: Int
  /// How many nodes the tree has, itself included; no more than `sizeCeiling` is counted.
  public let nodeCount: Int

  /// Where counting ends: trees may share parts and be far larger than the text.
  private static let sizeCeiling = 1 << 30

  /// A node at a place of a file.
  public init(_ kind: Kind, at range: Range<Int>) {
    self.kind = kind
    self.range = range
    let operands = kind.operands
    depth = 1 + (operands.map(\.depth).max() ?? 0)
    nodeCount = operands.reduce(1) { min(Self.sizeCeiling, $0 + $1.nodeCount) }
  }

  /// Equal when the trees are, wherever they stand.
  public static func == (left: Expression, right: Expression) -> Bool { left.kind == right.kind }

  /// Hashes the tree without its places.
  public func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension Expression.Kind {
  /// The nodes directly below, in reading order.
  public var operands: [Expression] {
    switch self {
    case .number, .symbol, .constant: return []
    case .negated(let value), .transposed(let value): return [value]
    case .sum(let left, let right), .difference(let left, let right), .product(let left, let right),
      .hadamard(let left, let right), .star(let left, let right), .tensor(let left, let right),
      .quotient(let left, let right), .power(let left, let right):
      return [left, right]
    case .call(_, _, let arguments): return arguments
    case .block(let rows): return rows.flatMap { $0 }
    case .analysis(.derivative): return []
    case .analysis(.repetition(let repetition)): return [repetition.body]
    case .analysis(.norm(_, let value)): return [value]
    case .analysis(.series(let series)): return [series.lower, series.upper, series.body]
    case .analysis(.counting(_, let values)): return values
    case .analysis(.entries(let entries)): return entries.operands
    }
  }
}
