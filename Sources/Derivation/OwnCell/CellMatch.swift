// Two cells that are the same but for names: which quantity is which, found from their polynomials.

import Formula
import Recurrence

/// What each quantity of a text's cell is in the sheet's.
struct CellMatch: Hashable {
  /// A part of a parameter of the sheet, and whether its sign is turned.
  struct Image: Hashable {
    let block: ParameterBlock
    let isNegated: Bool
  }

  fileprivate(set) var states: [Int: Int] = [:]
  fileprivate(set) var inputs: [Int: Int] = [:]
  fileprivate(set) var matrices: [ParameterBlock: Image] = [:]
  /// Vectors of the text that are added up, and the sheet's.
  fileprivate(set) var vectors: [[ParameterBlock]: [Image]] = [:]
  /// Vectors of the sheet that the text leaves out.
  fileprivate(set) var absent: Set<[ParameterBlock]> = []
  /// Gates of the text that are 1 minus the sheet's.
  fileprivate(set) var negated: Set<Int> = []

  /// More than this is not tried: cells with many exchangeable parameters have too many ways to match.
  private static let limit = 20_000

  /// Every way in which a text's cell is the sheet's.
  static func all(own: Cell, sheet: Cell) -> [CellMatch] {
    guard own.quantities.states.count == sheet.quantities.states.count,
      let target = NormalForm.states(of: sheet)
    else { return [] }
    let gates = Array(NormalForm.gates(of: own).prefix(5))
    var found: [CellMatch] = []
    var search = Unification(left: limit)
    // Few gates the other way round first; what fits without is not tried with.
    for count in 0...gates.count {
      for negated in gates.subsets(of: count) {
        guard let value = NormalForm.states(of: own, negating: Set(negated)) else { return [] }
        for order in value.indices.permutations() {
          var start = CellMatch()
          start.negated = Set(negated)
          for (state, image) in order.enumerated() { start.states[state] = image }
          var matches = [start]
          for (state, image) in order.enumerated() {
            matches = matches.flatMap { search.unify(value[state], target[image], $0) }
          }
          found += matches
        }
      }
      if !found.isEmpty { break }
    }
    return Array(Set(found))
  }
}

/// The search for a match of two polynomials.
private struct Unification {
  /// How many more steps may be made.
  var left: Int

  mutating func unify(_ own: Polynomial, _ sheet: Polynomial, _ match: CellMatch) -> [CellMatch] {
    unify(own.terms[...], sheet.terms, match)
  }

  private mutating func unify(
    _ own: ArraySlice<(monomial: Monomial, factor: Double)>, _ sheet: [(monomial: Monomial, factor: Double)],
    _ match: CellMatch
  ) -> [CellMatch] {
    left -= 1
    guard left > 0 else { return [] }
    guard let first = own.first else {
      // Only biases may be left out.
      var match = match
      for term in sheet {
        guard let vector = term.monomial.vector else { return [] }
        match.absent.insert(vector)
      }
      return [match]
    }
    var found: [CellMatch] = []
    for (index, candidate) in sheet.enumerated() {
      guard first.monomial.atoms.count == candidate.monomial.atoms.count,
        abs(abs(first.factor) - abs(candidate.factor)) < 1e-9
      else { continue }
      let isNegated = abs(first.factor - candidate.factor) > 1e-9
      var rest = sheet
      rest.remove(at: index)
      for next in unify(first.monomial, candidate.monomial, isNegated: isNegated, match) {
        found += unify(own.dropFirst(), rest, next)
      }
    }
    return found
  }

  private mutating func unify(
    _ own: Monomial, _ sheet: Monomial, isNegated: Bool, _ match: CellMatch
  ) -> [CellMatch] {
    guard own.atoms.count == sheet.atoms.count else { return [] }
    guard let first = own.atoms.first else { return isNegated ? [] : [match] }
    // A sign can be taken into a parameter that stands alone.
    if own.atoms.count == 1 { return unify(first, sheet.atoms[0], isNegated: isNegated, match) }
    guard !isNegated else { return [] }
    var found: [CellMatch] = []
    for (index, candidate) in sheet.atoms.enumerated() {
      var rest = sheet.atoms
      rest.remove(at: index)
      for next in unify(first, candidate, isNegated: false, match) {
        found += unify(Monomial(Array(own.atoms.dropFirst())), Monomial(rest), isNegated: false, next)
      }
    }
    return found
  }

  private mutating func unify(_ own: Atom, _ sheet: Atom, isNegated: Bool, _ match: CellMatch) -> [CellMatch] {
    var match = match
    switch (own.kind, sheet.kind) {
    case (.state(let a), .state(let b)): return !isNegated && match.states[a] == b ? [match] : []
    case (.input(let a), .input(let b)):
      guard !isNegated, match.inputs[a] == b || match.inputs[a] == nil && !match.inputs.values.contains(b) else {
        return []
      }
      match.inputs[a] = b
      return [match]
    case (.function(let f, let a), .function(let g, let b)): return f == g && !isNegated ? unify(a, b, match) : []
    case (.matrix(let a, let inner), .matrix(let b, let other)):
      let image = CellMatch.Image(block: b, isNegated: isNegated)
      if let known = match.matrices[a] {
        guard known == image else { return [] }
      } else {
        guard !match.matrices.values.contains(where: { $0.block == b }) else { return [] }
        match.matrices[a] = image
      }
      return unify(inner, other, isNegated: false, match)
    case (.vector(let a), .vector(let b)):
      let images = b.map { CellMatch.Image(block: $0, isNegated: isNegated) }
      if let known = match.vectors[a] { return known == images ? [match] : [] }
      guard !match.vectors.values.contains(where: { $0.map(\.block) == b }) else { return [] }
      match.vectors[a] = images
      return [match]
    case (.other(let a, let parts), .other(let b, let others)):
      guard a == b, parts.count == others.count, !isNegated else { return [] }
      var all = [match]
      for (part, other) in zip(parts, others) { all = all.flatMap { unify(part, other, $0) } }
      return all
    default: return []
    }
  }
}

extension Array {
  /// The ways to take some of the elements, in order.
  fileprivate func subsets(of count: Int) -> [[Element]] {
    guard count > 0 else { return [[]] }
    guard count <= self.count else { return [] }
    return indices.flatMap { index in
      Array(self[(index + 1)...]).subsets(of: count - 1).map { [self[index]] + $0 }
    }
  }
}

extension Range where Bound == Int {
  /// Every order of the numbers.
  fileprivate func permutations() -> [[Int]] {
    func orders(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    return count > 6 ? [] : orders(Array(self))
  }
}
