// Which sum of products gives some numbers: a table of small products, looked up with parts of the right formula kept.

import CellKit

/// Seeks the formula of numbers among products of atoms.
///
/// What is received has mostly much in common with what is right. So every part of a right product is kept in turn, and what
/// remains is looked up in a table of all products of up to three atoms. Numbers on two networks decide; a third of other
/// sizes confirms.
struct FormulaSearch {
  private struct Row {
    /// The size of the first entry, by which the table is sorted.
    let key: Double
    let product: Product
    let values: [Double]
  }

  /// How many networks decide; those behind them confirm.
  private static let deciding = 2
  private static let tolerance = 1e-9
  private static let confirmingTolerance = 1e-8
  /// The numbers that may stand before a product, but for its sign.
  private static let coefficients: [Double] = [1, 2, 0.5]

  private let atoms: [Atom]
  private let usable: [Int]
  private let target: [[Double]]
  /// The numbers of the deciding networks, one after the other.
  private let joined: [Double]
  private let scale: Double
  private let right: Formula
  /// Atoms that may be divisors.
  private let divisors: Set<Int>
  private var table: [Row] = []
  /// The entries of each usable atom.
  private let entries: [Int: [Double]]

  /// - Parameters:
  ///   - target: the numbers on each network.
  ///   - right: what should be there.
  ///   - divisors: atoms that may divide, beside the factors of what is right.
  init(_ atoms: [Atom], target: [Matrix], right: Formula, divisors: Set<Int> = []) {
    self.atoms = atoms
    self.target = target.map(\.elements)
    self.right = right
    self.divisors = divisors.union(right.flatMap(\.factors))
    usable = atoms.indices.filter { atom in
      atoms[atom].values.count == target.count
        && zip(atoms[atom].values, target).allSatisfy { $0.rows == $1.rows && $0.columns == $1.columns }
    }
    joined = self.target.prefix(Self.deciding).flatMap { $0 }
    scale = joined.reduce(0) { max($0, abs($1)) }
    entries = Dictionary(
      uniqueKeysWithValues: usable.map { atom in
        (atom, atoms[atom].values.prefix(Self.deciding).flatMap(\.elements))
      })
    table = rows()
  }

  /// The nearest formula that gives the numbers; nil where none is found.
  func find() -> Formula? {
    guard scale > 0, !joined.contains(where: { !$0.isFinite }) else { return nil }
    for stage in [products, sums, factoredSums, sumsBesideRight] {
      let found = stage().filter(confirms)
      if let nearest = found.min(by: { Closeness(atoms, right).cost($0) < Closeness(atoms, right).cost($1) }) {
        return nearest
      }
    }
    return nil
  }

  // MARK: Table

  private func rows() -> [Row] {
    var rows: [Row] = []
    func add(_ product: Product, _ values: [Double]) {
      guard let first = values.first, values.allSatisfy(\.isFinite) else { return }
      rows.append(Row(key: abs(first), product: product, values: values))
    }
    let ones = [Double](repeating: 1, count: joined.count)
    add(Product([]), ones)
    let own = divisors.sorted().filter { usable.contains($0) && atoms[$0].isInvertible }
    func addWithDivisors(_ factors: [Int], _ values: [Double]) {
      add(Product(factors), values)
      guard factors.count <= 2 else { return }
      for divisor in own where !factors.contains(divisor) {
        add(Product(factors, over: [divisor]), zip(values, entries[divisor]!).map { $0 / $1 })
      }
    }
    for divisor in own { add(Product([], over: [divisor]), entries[divisor]!.map { 1 / $0 }) }
    for (index, one) in usable.enumerated() {
      let first = entries[one]!
      addWithDivisors([one], first)
      for (offset, two) in usable[index...].enumerated() {
        let second = zip(first, entries[two]!).map { $0 * $1 }
        addWithDivisors([one, two], second)
        for three in usable[(index + offset)...] {
          // Third powers are what nobody writes.
          if one == two, two == three { continue }
          addWithDivisors([one, two, three], zip(second, entries[three]!).map { $0 * $1 })
        }
      }
    }
    return rows.sorted { $0.key < $1.key }
  }

  /// The rows that give some numbers, up to their sign.
  private func lookUp(_ numbers: [Double]) -> [(product: Product, sign: Double)] {
    let tolerance = Self.tolerance
    guard let first = numbers.first, first.isFinite else { return [] }
    let width = tolerance * max(abs(first), 1e-12) + tolerance * 1e-3
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if table[middle].key < abs(first) - width { low = middle + 1 } else { high = middle }
    }
    let size = numbers.reduce(0) { max($0, abs($1)) }
    var found: [(Product, Double)] = []
    while low < table.count, table[low].key <= abs(first) + width {
      let row = table[low]
      let sign: Double = (row.values[0] < 0) == (first < 0) ? 1 : -1
      if zip(row.values, numbers).allSatisfy({ abs(sign * $0 - $1) <= tolerance * size }) {
        found.append((row.product, sign))
      }
      low += 1
    }
    return found
  }

  // MARK: Stages

  /// Every part of the factors of a right product, with its numbers.
  private func parts(of product: Product) -> [(kept: [Int], values: [Double])] {
    let factors = product.factors.filter { entries[$0] != nil }
    guard factors.count <= 7 else { return [([], [Double](repeating: 1, count: joined.count))] }
    return (0..<(1 << factors.count)).map { mask in
      let kept = factors.indices.filter { mask >> $0 & 1 == 1 }.map { factors[$0] }
      var values = [Double](repeating: 1, count: joined.count)
      for factor in kept { for (index, value) in entries[factor]!.enumerated() { values[index] *= value } }
      return (kept, values)
    }
  }

  private var rightProducts: [Product] { right.isEmpty ? [Product([])] : right }

  private func joining(_ kept: [Int], _ found: (product: Product, sign: Double), _ coefficient: Double = 1) -> Product {
    Product(
      found.sign * coefficient * found.product.coefficient, kept + found.product.factors, over: found.product.divisors)
  }

  private func products() -> [Formula] {
    rightProducts.flatMap { product in
      parts(of: product).flatMap { part in
        Self.coefficients.flatMap { coefficient in
          lookUp(zip(joined, part.values).map { $0 / $1 / coefficient }).map { [joining(part.kept, $0, coefficient)] }
        }
      }
    }
  }

  /// Products that are near the right one, or short.
  private func nearProducts() -> [(product: Product, values: [Double])] {
    var near: [Product: [Double]] = [:]
    for product in rightProducts {
      for part in parts(of: product) {
        near[Product(part.kept)] = part.values
        guard product.factors.count - part.kept.count <= 2 else { continue }
        for atom in usable {
          near[Product(part.kept + [atom])] = zip(part.values, entries[atom]!).map { $0 * $1 }
        }
      }
    }
    for one in short { near[one.product] = one.values }
    return near.map { ($0.key, $0.value) }.sorted { $0.product.factors.lexicographicallyPrecedes($1.product.factors) }
  }

  private func sums() -> [Formula] { pairs(of: joined, nearProducts(), kept: []) }

  /// The products of up to two factors.
  private var short: [(product: Product, values: [Double])] {
    table.filter { $0.product.factors.count <= 2 && $0.product.divisors.isEmpty }.map { ($0.product, $0.values) }
  }

  private func factoredSums() -> [Formula] {
    let short = short
    return rightProducts.flatMap { product in
      parts(of: product).filter { !$0.kept.isEmpty }.flatMap { part in
        pairs(of: zip(joined, part.values).map { $0 / $1 }, short, kept: part.kept)
      }
    }
  }

  /// Some of the right products, and two others.
  private func sumsBesideRight() -> [Formula] {
    guard right.count > 1 else { return [] }
    let short = short
    return right.flatMap { product -> [Formula] in
      guard product.factors.allSatisfy({ entries[$0] != nil }) else { return [] }
      var values = [Double](repeating: product.coefficient, count: joined.count)
      for factor in product.factors { for (index, value) in entries[factor]!.enumerated() { values[index] *= value } }
      return pairs(of: zip(joined, values).map { $0 - $1 }, short, kept: []).map { [product] + $0 }
    }
  }

  /// Sums of two products with a common factor that give some numbers.
  private func pairs(
    of numbers: [Double], _ near: [(product: Product, values: [Double])], kept: [Int]
  ) -> [Formula] {
    var found: [Formula] = []
    let size = numbers.reduce(0) { max($0, abs($1)) }
    for one in near {
      for sign in [1.0, -1, 2, 0.5] {
        let rest = zip(numbers, one.values).map { $0 - sign * $1 }
        // What cancels to nothing is a product, and was found as one.
        guard rest.contains(where: { abs($0) > 1e-6 * size }) else { continue }
        for other in lookUp(rest) {
          let first = Product(sign, kept + one.product.factors, over: one.product.divisors)
          found.append([first, joining(kept, other)])
          if found.count > 400 { return found }
        }
      }
    }
    return found
  }

  /// Whether a formula is one, and gives the numbers of every network, the confirming ones too.
  private func confirms(_ formula: Formula) -> Bool {
    // A factor that is divided by again is none.
    guard formula.allSatisfy({ Set($0.factors).isDisjoint(with: $0.divisors) }) else { return false }
    return givesAll(formula)
  }

  private func givesAll(_ formula: Formula) -> Bool {
    target.indices.allSatisfy { network in
      let made = formula.sum(atoms, on: network, count: target[network].count)
      let size = target[network].reduce(0) { max($0, abs($1)) }
      return zip(made, target[network]).allSatisfy { abs($0 - $1) <= Self.confirmingTolerance * size }
    }
  }
}

/// How far a formula is from the right one, in changes that a person makes.
struct Closeness {
  private let atoms: [Atom]
  private let right: Formula

  init(_ atoms: [Atom], _ right: Formula) { (self.atoms, self.right) = (atoms, right) }

  /// The cost of all changes.
  func cost(_ formula: Formula) -> Double {
    // The cheapest of the right products for each product, and a step for each product too many.
    formula.reduce(Double(abs(formula.count - max(1, right.count)))) { sum, product in
      sum
        + (right.map { cost(product, $0) }.min() ?? Double(product.factors.count) + 1.5 * Double(product.divisors.count))
    }
  }

  private func cost(_ product: Product, _ other: Product) -> Double {
    var (added, removed) = product.exchangedFactors(from: other)
    var cost = 0.0
    // 1 − x for x, and a divisor for a factor, are smaller changes than another quantity.
    for factor in added {
      guard let place = removed.firstIndex(where: { areKin($0, factor) }) else { continue }
      removed.remove(at: place)
      added.remove(at: added.firstIndex(of: factor)!)
      cost += 0.5
    }
    var divisors = product.divisors
    for factor in product.divisors {
      guard let place = removed.firstIndex(of: factor) else { continue }
      removed.remove(at: place)
      divisors.remove(at: divisors.firstIndex(of: factor)!)
      cost += 0.5
    }
    cost += Double(max(added.count + divisors.count, removed.count)) + 0.5 * Double(divisors.count)
    if (product.coefficient < 0) != (other.coefficient < 0) { cost += 0.7 }
    if abs(product.coefficient) != abs(other.coefficient) { cost += 0.7 }
    cost += 0.1 * Double(Set(product.factors).subtracting(other.factors).count)
    return cost + 0.01 * Double(product.factors.count + product.divisors.count)
  }

  private func areKin(_ one: Int, _ other: Int) -> Bool {
    atoms[one].base == atoms[other].latex || atoms[other].base == atoms[one].latex
      || atoms[one].base != nil && atoms[one].base == atoms[other].base
  }
}
