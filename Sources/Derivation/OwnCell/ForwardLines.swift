// The forward equations that a text states: which of its lines say how values are made, and not what a derivative is.

import Diagnostics
import Formula
import Sheets

/// A line of a text that says how a value of step t is made.
struct ForwardLine {
  /// The equation, its steps shifted so that it defines values of step t.
  let equation: ForwardEquation
  /// Where the line begins in the file, as UTF-8 offset; no two lines begin at one place.
  let start: Int
  /// By how many steps it was shifted.
  let shift: Int

  /// The names that it defines.
  var names: [Name] { equation.left.map(\.name) }

  /// What it reads, each name with its step relative to t; nil for a name without a time.
  var reads: [(name: Name, step: Int?)] {
    var all: [(Name, Int?)] = []
    _ = equation.right.mapSymbols { symbol in
      all.append((symbol.name, symbol.times.first.map(\.offset)))
      return symbol
    }
    return all
  }
}

/// The forward equations of a text, read with names that the sheet need not know.
struct ForwardLines {
  /// In the order of the text, each name defined once.
  private(set) var all: [ForwardLine] = []
  /// Lines that define a name again, with the line that did so first.
  private(set) var repeated: [(line: ForwardLine, first: ForwardLine)] = []
  /// The names as they were met, with their roles.
  private(set) var vocabulary: Vocabulary
  /// Letters that stand for a function because the text uses them so, such as `f` in `f(z_t)`.
  private(set) var functions: [String: Function] = [:]

  /// Letters with which people write a function that they leave open.
  private static let generic = ["f", "g", "phi", "varphi", "psi"]

  /// - Parameters:
  ///   - blocks: the formulas of the text that count, in its order.
  ///   - sheet: the names that the sheet knows.
  ///   - activation: what a function that the text leaves open stands for.
  init(_ blocks: [SourceExcerpt], sheet: Vocabulary, activation: Function?) {
    vocabulary = sheet.forDerivations()
    let drafts = Array(blocks.flatMap { StatementDraft.drafts(of: $0) }.prefix(Paper.lineLimit))
    functions = Self.functions(drafts, known: vocabulary, activation)
    vocabulary.functions.merge(functions) { _, new in new }
    // A name is timed wherever it stands once it was defined at a step, so all left sides come first.
    for draft in drafts {
      guard let symbol = draft.leadingSymbol(vocabulary), vocabulary.roles[symbol.name] == nil else { continue }
      vocabulary.declare(symbol.name, as: symbol.times.isEmpty ? .untimed : .timed)
    }
    let statements = drafts.map { $0.statement(vocabulary) }
    collect(statements)
  }

  // MARK: Functions

  /// Open letters that stand for a function at every place, and letters that the text says to be one.
  private static func functions(
    _ drafts: [StatementDraft], known: Vocabulary, _ activation: Function?
  ) -> [String: Function] {
    var result: [String: Function] = [:]
    for draft in drafts { if let (letter, function) = draft.functionAlias { result[letter] = function } }
    guard let activation else { return result }
    for letter in generic where result[letter] == nil && known.functions[letter] == nil {
      let uses = drafts.map { $0.uses(ofLetter: letter) }
      if uses.contains(where: { $0.calls > 0 }), uses.allSatisfy({ $0.others == 0 }) { result[letter] = activation }
    }
    return result
  }

  // MARK: Equations

  private mutating func collect(_ statements: [Statement]) {
    let candidates = statements.compactMap { candidate($0) }
    // Each is looked at once for each that falls away.
    guard candidates.count <= Paper.definitionLimit else { return }
    // What is made from a derivative is one itself, whatever it is called.
    var tainted = Set(statements.flatMap { Self.adjoints($0) }).subtracting(candidates.flatMap(\.names))
    var forward = candidates
    var changed = true
    while changed {
      changed = false
      let defined = Set(forward.flatMap(\.names))
      for line in forward
      where line.reads.contains(where: {
        tainted.contains($0.name) || Self.isAdjointName($0.name) || ($0.step ?? 0) > 0 && defined.contains($0.name)
      }) {
        forward.removeAll { $0.start == line.start }
        if !forward.contains(where: { !Set($0.names).isDisjoint(with: line.names) }) { tainted.formUnion(line.names) }
        changed = true
      }
    }
    for line in forward {
      if let first = all.first(where: { !Set($0.names).isDisjoint(with: line.names) }) {
        repeated.append((line, first))
      } else {
        all.append(line)
      }
    }
  }

  /// A line whose first member is a name, or names in a block, and whose second is made of values alone.
  private func candidate(_ statement: Statement) -> ForwardLine? {
    guard let sign = statement.signs.first, sign.relation == .equal || sign.relation == .defined,
      let left = statement.members[0].expression, let right = statement.members[1].expression, !right.hasAnalysis
    else { return nil }
    let symbols: [Expression.Symbol]
    switch left.kind {
    case .symbol(let symbol): symbols = [symbol]
    case .block(let rows):
      symbols = rows.flatMap { $0 }.compactMap { if case .symbol(let symbol) = $0.kind { symbol } else { nil } }
      guard symbols.count == rows.joined().count, symbols.count > 1 else { return nil }
    default: return nil
    }
    guard Set(symbols.map(\.times)).count == 1, symbols[0].times.count <= 1,
      symbols.allSatisfy({ !Self.isAdjointName($0.name) && vocabulary.roles[$0.name] == .timed })
    else { return nil }
    let own = symbols[0].times.first ?? .present
    guard let letter = own.letter, letter != "T", own.second == nil,
      let body = shifted(right, from: letter, by: -own.offset)
    else { return nil }
    let names = symbols.map { Expression.Symbol($0.name, times: [.present]) }
    let equation = ForwardEquation(
      left: names, leftRanges: names.map { _ in statement.members[0].range }, right: body, range: statement.range,
      source: statement.source)
    return ForwardLine(equation: equation, start: statement.range.lowerBound, shift: -own.offset)
  }

  /// The right side at steps relative to t; nil where a step has another letter.
  private func shifted(_ right: Expression, from letter: String, by steps: Int) -> Expression? {
    var isWhole = true
    let body = right.mapSymbols { symbol in
      guard let time = symbol.times.first else {
        // A timed name without a time is read at t.
        return vocabulary.roles[symbol.name] == .timed
          ? Expression.Symbol(symbol.name, times: [.present]) : symbol
      }
      if symbol.times.count == 1, time.letter != letter, time.offset == 0, time.second == nil, let label = time.letter,
        vocabulary.roles[symbol.name] == nil
      {
        // `A_k` beside a `k_t`: no step, since this equation speaks of others.
        let name = symbol.name
        return Expression.Symbol(
          Name(base: name.base, accents: name.accents, label: name.label + [label], upperLabel: name.upperLabel))
      }
      guard symbol.times.count == 1, time.letter == letter, time.second == nil else {
        isWhole = false
        return symbol
      }
      return Expression.Symbol(symbol.name, times: [Time(letter: "t", offset: time.offset + steps)])
    }
    return isWhole ? body : nil
  }

  /// Whether people give such a name to a derivative of the loss only.
  private static func isAdjointName(_ name: Name) -> Bool {
    ["delta", "Delta", "nabla", "L"].contains(name.base) || name.base.hasPrefix("d") && name.base.count > 1
  }

  /// The names that stand alone in a chain with a derivative.
  private static func adjoints(_ statement: Statement) -> [Name] {
    guard statement.members.contains(where: { $0.expression?.hasAnalysis ?? false }) else { return [] }
    return statement.members.compactMap {
      if case .symbol(let symbol)? = $0.expression?.kind { symbol.name } else { nil }
    }
  }
}
