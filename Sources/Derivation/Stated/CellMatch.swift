// Whether a text's own cell is the sheet's under other letters, and which letter is which.

import Formula
import Recurrence

/// What the names of a sheet are called in a text whose cell is the same.
struct CellMatch {
  /// For names of the sheet, the text's.
  private(set) var names: [Name: Name] = [:]
  /// A gate that the text has the other way round, keep for write.
  private(set) var negated: Name?

  private typealias Binding = [CellSlot: CellSlot]

  /// Readings that are tried at most.
  private static let limit = 20_000

  /// The match of two cells; nil where they differ.
  init?(own: Cell, sheet: Cell) {
    let mine = CellPolynomials(own)
    var theirs = CellPolynomials(sheet)
    let gates = theirs.intermediates.filter { name in
      if case .call(.sigmoid, _, _)? = sheet.equations.first(where: { $0.left[0].name == name })?.right.kind {
        true
      } else { false }
    }
    for negated in [nil] + gates.map(Optional.some) {
      theirs.negated = negated.map { [$0] } ?? []
      guard let found = Search(mine, theirs).find() else { continue }
      self.negated = negated
      names = found
      return
    }
    return nil
  }

  /// A tree of the sheet in the text's letters; nil where the text has no name for something in it.
  func translated(_ tree: Expression) -> Expression? {
    var isWhole = true
    let result = tree.mapSymbols { symbol in
      if symbol.name == Name(base: "L") { return symbol }
      guard let own = names[symbol.name] else {
        isWhole = false
        return symbol
      }
      return Expression.Symbol(own, times: symbol.times, layer: symbol.layer)
    }
    return isWhole ? result : nil
  }

  /// Tries which name may be which, one summand and one factor after the other.
  private final class Search {
    private let own: CellPolynomials
    private let sheet: CellPolynomials
    private var tries = 0

    init(_ own: CellPolynomials, _ sheet: CellPolynomials) {
      self.own = own
      self.sheet = sheet
    }

    private enum Kind { case state, input, parameter }

    private static func kind(_ name: Name, _ cell: Cell) -> Kind? {
      if cell.quantities.states.contains(where: { $0.name == name }) { return .state }
      if cell.quantities.inputs.contains(where: { $0.name == name }) { return .input }
      return cell.quantities.parameters.contains { $0.name == name } ? .parameter : nil
    }

    func find() -> [Name: Name]? {
      let theirs = sheet.cell.quantities.states.map(\.name)
      let mine = own.cell.quantities.states.map(\.name)
      // A text may state more than the sheet's cell, such as another one beside it.
      guard theirs.count <= mine.count, mine.count <= 4 else { return nil }
      for order in Self.orders(mine) {
        var binding: Binding = [:]
        for (a, b) in zip(theirs, order) { binding[CellSlot(name: a)] = CellSlot(name: b) }
        if let found = states(theirs[...], binding) { return named(found) }
      }
      return nil
    }

    private static func orders(_ names: [Name]) -> [[Name]] {
      guard let first = names.first else { return [[]] }
      return orders(Array(names.dropFirst())).flatMap { rest in
        (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
      }
    }

    private func states(_ left: ArraySlice<Name>, _ binding: Binding) -> Binding? {
      guard let state = left.first else { return binding }
      guard let theirs = sheet.equation(of: state), let other = binding[CellSlot(name: state)],
        let mine = own.equation(of: other.name)
      else { return nil }
      return sum(theirs[...], mine, binding) { self.states(left.dropFirst(), $0) }
    }

    /// Each summand of the sheet's with one of the text's; a bias alone may be left out.
    private func sum(
      _ theirs: ArraySlice<CellMonomial>, _ mine: [CellMonomial], _ binding: Binding, _ next: (Binding) -> Binding?
    ) -> Binding? {
      tries += 1
      guard tries < CellMatch.limit else { return nil }
      guard let term = theirs.first else { return mine.isEmpty ? next(binding) : nil }
      for (index, other) in mine.enumerated() {
        guard other.factors.count == term.factors.count,
          abs(other.coefficient) == abs(term.coefficient)
        else { continue }
        // A sign may be a parameter's own, where one stands in front.
        guard other.coefficient == term.coefficient || term.isLinearInParameter else { continue }
        var rest = mine
        rest.remove(at: index)
        let found = factors(term.factors[...], other.factors, binding) { self.sum(theirs.dropFirst(), rest, $0, next) }
        if let found { return found }
      }
      if case .value(let name, false)? = term.factors.first, term.factors.count == 1,
        Self.kind(name, sheet.cell) == .parameter
      {
        return sum(theirs.dropFirst(), mine, binding, next)
      }
      return nil
    }

    private func factors(
      _ theirs: ArraySlice<CellFactor>, _ mine: [CellFactor], _ binding: Binding, _ next: (Binding) -> Binding?
    ) -> Binding? {
      guard let factor = theirs.first else { return mine.isEmpty ? next(binding) : nil }
      for (index, other) in mine.enumerated() {
        var rest = mine
        rest.remove(at: index)
        if let found = one(factor, other, binding, { self.factors(theirs.dropFirst(), rest, $0, next) }) { return found }
      }
      return nil
    }

    private func one(
      _ theirs: CellFactor, _ mine: CellFactor, _ binding: Binding, _ next: (Binding) -> Binding?
    ) -> Binding? {
      tries += 1
      guard tries < CellMatch.limit else { return nil }
      switch (theirs, mine) {
      case (.value(let a, let first), .value(let b, let second)) where first == second:
        return bound(CellSlot(name: a), CellSlot(name: b), binding).flatMap(next)
      case (.call(let f, let a), .call(let g, let b)) where f == g: return sum(a[...], b, binding, next)
      case (.product(let a, let x), .product(let b, let y)):
        return bound(a, b, binding).flatMap { factors(x[...], y, $0, next) }
      default: return nil
      }
    }

    private func bound(_ a: CellSlot, _ b: CellSlot, _ binding: Binding) -> Binding? {
      if let known = binding[a] { return known == b ? binding : nil }
      guard !binding.values.contains(b), let kind = Self.kind(a.name, sheet.cell), kind == Self.kind(b.name, own.cell)
      else { return nil }
      var binding = binding
      binding[a] = b
      return binding
    }

    /// The names of what is in between, found by what they are.
    private func named(_ binding: Binding) -> [Name: Name] {
      var names: [Name: Name] = [:]
      for (a, b) in binding { names[a.name] = b.name }
      for name in sheet.intermediates {
        guard let theirs = sheet.equation(of: name) else { continue }
        names[name] = own.intermediates.first { other in
          guard let mine = own.equation(of: other) else { return false }
          return sum(theirs[...], mine, binding) { $0 == binding ? $0 : nil } != nil
        }
      }
      return names
    }
  }
}

extension CellMonomial {
  /// Whether it is a matrix times something or a vector of parameters, whose sign may be the parameter's.
  fileprivate var isLinearInParameter: Bool {
    guard factors.count == 1 else { return false }
    if case .product = factors[0] { return true }
    return false
  }
}
