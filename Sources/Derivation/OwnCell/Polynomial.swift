// Values of a cell as polynomials in what cannot be taken apart, so that order, brackets and names of parts do not matter.

import Formula
import Recurrence

/// A part of a parameter that is used as one: rows and columns of a matrix, or entries of a vector.
struct ParameterBlock: Hashable {
  /// Where a part begins and how long it is.
  struct Part: Hashable {
    let start: Dimension
    let length: Dimension
  }

  let parameter: Int
  /// The part of what comes out; nil for all of it.
  var out: Part?
  /// The part of what goes in; nil for all of it, and for a vector.
  var into: Part?
  /// Whether the matrix as it stands goes in by its rows and comes out by its columns.
  var isTransposed = false

  var key: String {
    func text(_ part: Part?) -> String { part.map { "\($0.start):\($0.length)" } ?? "" }
    return "\(parameter)[\(text(out))|\(text(into))]\(isTransposed ? "T" : "")"
  }
}

/// What a polynomial is made of.
struct Atom: Hashable {
  indirect enum Kind {
    case state(Int)
    case input(Int)
    case function(Function, Polynomial)
    /// A matrix times a product of other atoms.
    case matrix(ParameterBlock, Monomial)
    /// Vectors of parameters that are only ever added up.
    case vector([ParameterBlock])
    /// Anything else, which fits its like only.
    case other(String, [Polynomial])
  }

  let kind: Kind
  /// Equal for equal atoms.
  let key: String

  init(_ kind: Kind) {
    self.kind = kind
    switch kind {
    case .state(let index): key = "s\(index)"
    case .input(let index): key = "x\(index)"
    case .function(let function, let inner): key = "\(function.rawValue)(\(inner.key))"
    case .matrix(let block, let monomial): key = "M\(block.key)(\(monomial.key))"
    case .vector(let blocks): key = "v" + blocks.map(\.key).sorted().joined(separator: "&")
    case .other(let name, let parts): key = "?\(name)(\(parts.map(\.key).joined(separator: ",")))"
    }
  }

  static func == (left: Atom, right: Atom) -> Bool { left.key == right.key }
  func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// A product by element.
struct Monomial: Hashable {
  let atoms: [Atom]
  let key: String

  init(_ atoms: [Atom]) {
    self.atoms = atoms.sorted { $0.key < $1.key }
    key = self.atoms.map(\.key).joined(separator: "*")
  }

  static var one: Monomial { Monomial([]) }

  /// The vectors of parameters that it is, where it is nothing else.
  var vector: [ParameterBlock]? {
    guard atoms.count == 1, case .vector(let blocks) = atoms[0].kind else { return nil }
    return blocks
  }

  static func == (left: Monomial, right: Monomial) -> Bool { left.key == right.key }
  func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// A sum of products with their factors.
struct Polynomial: Hashable {
  /// In the order of their keys; no factor is zero.
  let terms: [(monomial: Monomial, factor: Double)]
  let key: String

  init(_ list: [(monomial: Monomial, factor: Double)]) {
    var sums: [Monomial: Double] = [:]
    for (monomial, factor) in list { sums[monomial, default: 0] += factor }
    terms = sums.filter { abs($0.value) > 1e-12 }.map { ($0.key, $0.value) }.sorted { $0.0.key < $1.0.key }
    key = terms.map { "\($0.factor)*\($0.monomial.key)" }.joined(separator: "+")
  }

  init(_ atom: Atom) { self.init([(Monomial([atom]), 1)]) }

  init(number: Double) { self.init([(.one, number)]) }

  static func + (left: Polynomial, right: Polynomial) -> Polynomial { Polynomial(left.terms + right.terms) }

  static func * (factor: Double, value: Polynomial) -> Polynomial {
    Polynomial(value.terms.map { ($0.monomial, factor * $0.factor) })
  }

  /// Polynomials that take more letters to write are not worked with: parts of parts could double for ever.
  static let longest = 20_000

  /// The product by element; nil where it has too many terms to be looked at.
  static func * (left: Polynomial, right: Polynomial) -> Polynomial? {
    guard left.terms.count * right.terms.count <= 400, left.key.utf8.count + right.key.utf8.count < longest else {
      return nil
    }
    return Polynomial(
      left.terms.flatMap { a in
        right.terms.map { b in (Monomial(a.monomial.atoms + b.monomial.atoms), a.factor * b.factor) }
      })
  }

  static func == (left: Polynomial, right: Polynomial) -> Bool { left.key == right.key }
  func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
