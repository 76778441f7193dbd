// The forward equations that a text states: which of its lines say how values are made, and not what a derivative is.

import Formula

/// A line of a text that says how a value of step t is made.
struct ForwardLine {
  /// The equation, its steps shifted so that it defines values of step t.
  let equation: ForwardEquation
  /// Where the line begins in the file, as UTF-8 offset; no two lines begin at one place.
  let start: Int
  /// Whether it is the first equality of its chain.
  let isFirst: Bool

  /// The names that it defines.
  var names: [Name] { equation.left.map(\.name) }

  /// What it reads, each name with its step relative to t; nil for a name without a time.
  var reads: [(name: Name, step: Int?)] { equation.right.symbols.map { ($0.name, $0.times.first.map(\.offset)) } }
}

/// The forward equations of a text, read with names that the sheet need not know.
struct ForwardLines {
  /// In the order of the text, each name defined once.
  private(set) var all: [ForwardLine] = []
  /// Lines that define a name again, with the line that did so first.
  private(set) var repeated: [(line: ForwardLine, first: ForwardLine)] = []
  private let vocabulary: Vocabulary

  /// - Parameter names: the chains of the text, read with its own names.
  init(_ names: StatedNames) {
    vocabulary = names.vocabulary
    collect(names.statements)
  }

  // MARK: Equations

  private mutating func collect(_ statements: [Statement]) {
    let candidates = statements.flatMap { self.candidates($0) }
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
        forward.removeAll { $0.equation == line.equation }
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

  /// The equations of a chain: of a name, or names in a block, each with a value behind it that is made of values alone.
  private func candidates(_ statement: Statement) -> [ForwardLine] {
    statement.signs.indices.flatMap { index -> [ForwardLine] in
      let sign = statement.signs[index]
      guard sign.relation == .equal || sign.relation == .defined, !sign.isAccumulated,
        let left = statement.members[index].expression, let right = statement.members[index + 1].expression
      else { return [] }
      // `\tanh(W x_t + U h_{t-1}) = \tanh(z_t)` names the argument.
      if case .call(let function, 0, let a) = left.kind, case .call(function, 0, let b) = right.kind, a.count == 1,
        b.count == 1
      {
        return [candidate(a[0], b[0], statement, index), candidate(b[0], a[0], statement, index)].compactMap { $0 }
      }
      return [candidate(left, right, statement, index)].compactMap { $0 }
    }
  }

  private func candidate(
    _ left: Expression, _ right: Expression, _ statement: Statement, _ index: Int
  ) -> ForwardLine? {
    guard !right.hasAnalysis else { return nil }
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
      let body = shifted(right, from: letter, by: -own.offset), body != left
    else { return nil }
    let names = symbols.map { Expression.Symbol($0.name, times: [.present]) }
    let equation = ForwardEquation(
      left: names, leftRanges: names.map { _ in left.range }, right: body, range: statement.range,
      source: statement.source)
    return ForwardLine(equation: equation, start: statement.range.lowerBound, isFirst: index == 0)
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
    ["delta", "Delta", "nabla"].contains(name.base) || name.isLoss
  }

  /// The names that stand alone in a chain with a derivative.
  private static func adjoints(_ statement: Statement) -> [Name] {
    guard statement.members.contains(where: { $0.expression?.hasAnalysis ?? false }) else { return [] }
    return statement.members.compactMap {
      if case .symbol(let symbol)? = $0.expression?.kind { symbol.name } else { nil }
    }
  }
}
