// Names that a text uses without a word for quantities of the sheet: `W_{hh}` for its U, `C_t` for its c_t.

import Formula
import Recurrence

/// Labels that say what a parameter goes from and to, as `W_{hh}`, `W_{xh}` and `b_h` do in most books.
struct ConventionalLabels {
  /// For names of the sheet, what the text calls them.
  private(set) var sheet: [Name: Name] = [:]

  /// - Parameters:
  ///   - statements: the chains of the text.
  ///   - lines: its forward equations; what stands in them needs no convention.
  init(_ statements: [Statement], sheet cell: Cell, lines: [ForwardLine]) {
    let known = Set(cell.vocabulary.roles.keys).union(lines.flatMap { $0.names + $0.reads.map(\.name) })
      .union(statements.flatMap(Self.aliases))
    findCapitals(statements, cell)
    guard cell.quantities.inputs.count == 1, cell.quantities.states.count == 1 else { return }
    let (input, state) = (cell.quantities.inputs[0], cell.quantities.states[0])
    func only(_ axes: [String]) -> Name? {
      let found = cell.quantities.parameters.filter { $0.axes == axes }
      return found.count == 1 ? found[0].name : nil
    }
    let (x, h) = (input.name.base, state.name.base)
    let labels: [(Set<String>, Name?)] = [
      ([h + h], only(state.axes + state.axes)),
      ([x + h, h + x, "i" + h, h + "i", "in"], only(state.axes + input.axes)),
    ]
    for symbol in statements.flatMap(\.symbols) where symbol.times.isEmpty && !known.contains(symbol.name) {
      let name = symbol.name
      let label = (name.label + name.upperLabel.filter { $0 != "(" && $0 != ")" }).joined()
      for (spellings, own) in labels {
        guard let own, name.base == "W" || name.base == "U", spellings.contains(label), sheet[own] == nil else {
          continue
        }
        sheet[own] = name
      }
      if name.base == "b", label == h, let bias = only(state.axes), sheet[bias] == nil { sheet[bias] = name }
    }
  }
}

extension ConventionalLabels {
  /// The names of `W_{hh} := U`: what the text itself says of a name goes before what most books say.
  private static func aliases(_ statement: Statement) -> [Name] {
    let names = statement.members.compactMap { member -> Name? in
      if case .symbol(let symbol)? = member.expression?.kind { symbol.name } else { nil }
    }
    return names.count == statement.members.count ? names : []
  }

  /// `C_t` for the sheet's `c_t`, where the text uses the one and the sheet has the other.
  private mutating func findCapitals(_ statements: [Statement], _ cell: Cell) {
    let used = Set(statements.flatMap(\.symbols).filter { !$0.times.isEmpty }.map(\.name))
    let nodes = Set(cell.equations.flatMap { $0.left.map(\.name) }).union(cell.quantities.inputs.map(\.name))
    for name in used where !nodes.contains(name) && name.base.count == 1 && name.base != name.base.lowercased() {
      let small = Name(
        base: name.base.lowercased(), accents: name.accents, label: name.label, upperLabel: name.upperLabel)
      if nodes.contains(small), !used.contains(small) { sheet[small] = name }
    }
  }

  /// An equation of the sheet with its parameters called as the text calls them.
  func renamed(_ equation: ForwardEquation) -> ForwardEquation {
    func renamed(_ symbol: Expression.Symbol) -> Expression.Symbol {
      Expression.Symbol(sheet[symbol.name] ?? symbol.name, times: symbol.times, layer: symbol.layer)
    }
    return ForwardEquation(
      left: equation.left.map(renamed), leftRanges: equation.leftRanges, right: equation.right.mapSymbols(renamed),
      range: equation.range, source: equation.source)
  }
}
