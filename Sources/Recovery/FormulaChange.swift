// What is different between a formula and the right one.

/// The factors that one product has and the other has not.
struct FormulaChange {
  /// Factors of the right product that are missing, in LaTeX.
  private(set) var missing: [String] = []
  /// Factors that are none of the right product.
  private(set) var foreign: [String] = []
  /// Factors of the right product that divide.
  private(set) var dividing: [String] = []
  /// How many changes a person would make.
  private(set) var count: Int

  init(_ formula: Formula, _ right: Formula, _ atoms: [Atom]) {
    guard formula.count == 1, right.count == 1 else {
      count = max(2, abs(formula.count - right.count) + 1)
      return
    }
    let (added, lost) = formula[0].exchangedFactors(from: right[0])
    var removed = lost
    var divisors = formula[0].divisors
    for divisor in formula[0].divisors {
      guard let place = removed.firstIndex(of: divisor) else { continue }
      removed.remove(at: place)
      divisors.remove(at: divisors.firstIndex(of: divisor)!)
      dividing.append(atoms[divisor].latex)
    }
    missing = removed.map { atoms[$0].latex }
    foreign = added.map { atoms[$0].latex } + divisors.map { "1 / \(atoms[$0].latex)" }
    count = max(missing.count, foreign.count) + dividing.count
    if formula[0].coefficient != right[0].coefficient { count += 1 }
  }
}
