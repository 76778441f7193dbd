// What formulas are made of: quantities with a name and their numbers on every network of an experiment.

import CellKit

/// A quantity that may be a factor or a term, with its value on each network.
struct Atom: Sendable {
  /// How it is written in a formula, in LaTeX.
  let latex: String
  /// Its matrix on each network; a formula multiplies entry by entry.
  let values: [Matrix]
  /// What it is made from by the rules of derivatives, as 1 − v from v: exchanging the two is half a mistake.
  let base: String?

  init(_ latex: String, _ values: [Matrix], base: String? = nil) {
    (self.latex, self.values, self.base) = (latex, values, base)
  }

  /// Whether no entry is so small that dividing by it would hide what else is there.
  var isInvertible: Bool { values.allSatisfy { $0.elements.allSatisfy { abs($0) > 1e-3 } } }
}

/// A number times a product of atoms, some of them as divisors.
struct Product: Sendable, Hashable {
  /// The number before it.
  var coefficient: Double
  /// The factors, by their places in a list of atoms, in order.
  var factors: [Int]
  /// The divisors.
  var divisors: [Int]

  init(_ factors: [Int], over divisors: [Int] = []) { self.init(1, factors, over: divisors) }

  init(_ coefficient: Double, _ factors: [Int], over divisors: [Int] = []) {
    (self.coefficient, self.factors, self.divisors) = (coefficient, factors.sorted(), divisors.sorted())
  }

  /// The factors that it has and another product has not, and those that only the other has.
  func exchangedFactors(from other: Product) -> (added: [Int], removed: [Int]) {
    var (added, removed) = (factors, other.factors)
    for factor in factors {
      guard let place = removed.firstIndex(of: factor), let own = added.firstIndex(of: factor) else { continue }
      removed.remove(at: place)
      added.remove(at: own)
    }
    return (added, removed)
  }

  /// Its entries on one network; nil where it has no factor to say how many there are.
  func value(_ atoms: [Atom], on network: Int) -> [Double]? {
    guard let shape = (factors.first ?? divisors.first).map({ atoms[$0].values[network].elements.count }) else {
      return nil
    }
    var result = [Double](repeating: coefficient, count: shape)
    for factor in factors {
      for (entry, value) in atoms[factor].values[network].elements.enumerated() { result[entry] *= value }
    }
    for divisor in divisors {
      for (entry, value) in atoms[divisor].values[network].elements.enumerated() { result[entry] /= value }
    }
    return result
  }
}

/// The sum of some products.
typealias Formula = [Product]

extension Formula {
  /// Its entries on one network.
  func sum(_ atoms: [Atom], on network: Int, count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for product in self {
      for (entry, value) in (product.value(atoms, on: network) ?? []).enumerated() { result[entry] += value }
    }
    return result
  }

  /// As LaTeX, each product's factors in the order of the atoms.
  func latex(_ atoms: [Atom]) -> String {
    guard !isEmpty else { return "0" }
    var text = ""
    for (index, product) in enumerated() {
      let isNegative = product.coefficient < 0
      if index == 0 { text += isNegative ? "-" : "" } else { text += isNegative ? " - " : " + " }
      let size = abs(product.coefficient)
      var words = size == 1 ? "" : Self.number(size)
      let factors = product.factors.map { atoms[$0].latex }.joined(separator: " \\odot ")
      if !factors.isEmpty { words += words.isEmpty ? factors : " " + factors } else if words.isEmpty { words = "1" }
      for divisor in product.divisors { words += " / " + atoms[divisor].latex }
      text += words
    }
    return text
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
