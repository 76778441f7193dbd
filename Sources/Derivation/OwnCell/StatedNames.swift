// Which letters of a text carry steps, and which stand for functions, before anything is known of them.

import Formula

/// The names of a text as it uses them itself.
struct StatedNames {
  /// The names as the text's own formulas are read with.
  private(set) var vocabulary: Vocabulary
  /// The chains, read with these names.
  private(set) var statements: [Statement] = []

  /// - Parameters:
  ///   - drafts: the chains of the text.
  ///   - sheet: the names of the sheet; where the text has no other use for one, its role is the sheet's.
  init(_ drafts: [StatementDraft], sheet: Vocabulary) {
    var empty = Vocabulary()
    empty.functions = sheet.functions
    vocabulary = empty.forDerivations()
    vocabulary.labelsAbove = Set(sheet.roles.keys.filter { $0.label.count == 1 }.map { $0.label[0] })
    for draft in drafts {
      if let (letter, function) = draft.functionAlias { vocabulary.functions[letter] = function }
    }
    findFunctions(drafts)
    // Steps first: which names carry one can be told from `t-1` alone, and tells what `i` and `3` are.
    var timed: Set<Name> = []
    var first = drafts.map { $0.statement(vocabulary) }
    let above = first.compactMap(\.labelAboveLeftSide)
    if !above.isEmpty {
      vocabulary.labelsAbove.formUnion(above)
      first = drafts.map { $0.statement(vocabulary) }
    }
    for statement in first {
      for symbol in statement.symbols where symbol.times.contains(where: { $0.letter != nil }) {
        timed.insert(symbol.name)
      }
    }
    let labelled = Self.labelled(first)
    for name in labelled { vocabulary.declare(name, as: .untimed) }
    declare(timed.subtracting(labelled.map(\.withoutLastLabel)))
    var second = drafts.map { $0.statement(vocabulary) }
    let more = second.reduce(into: Set<Name>()) { $0.formUnion(labelledByStep($1)) }
    if !more.isEmpty {
      declare(more)
      second = drafts.map { $0.statement(vocabulary) }
    }
    for statement in second { declare(besideStep(statement)) }
    let own = vocabulary
    for (name, role) in sheet.roles where own.roles[name] == nil && !own.knows(base: name.base) {
      vocabulary.declare(name, as: role)
    }
    statements = drafts.map { $0.statement(vocabulary) }
  }

  /// `A_k` in the equation of a `k_t`: a letter that could be a step, in equations that speak of other steps only.
  private static func labelled(_ statements: [Statement]) -> Set<Name> {
    var found: Set<Name> = []
    var others: Set<Name> = []
    for statement in statements {
      guard case .symbol(let left)? = statement.members.first?.expression?.kind, left.times.count == 1,
        let letter = left.times[0].letter, statement.members.allSatisfy({ $0.expression?.hasAnalysis == false })
      else { continue }
      for symbol in statement.symbols where symbol.times.count == 1 {
        let time = symbol.times[0]
        if let other = time.letter, other != letter, other != "T", time.offset == 0, time.second == nil {
          found.insert(symbol.name.labelled(with: other))
        } else {
          others.insert(symbol.name)
        }
      }
    }
    return found.filter { !others.contains($0.withoutLastLabel) }
  }

  private mutating func declare(_ names: Set<Name>) {
    for name in names where !name.isError { vocabulary.declare(name, as: .timed) }
  }

  /// `z_j = W a_{j-1} + b`: a label that is the step of the right side is the step of the left one.
  private func labelledByStep(_ statement: Statement) -> Set<Name> {
    guard !statement.signs.isEmpty, case .symbol(let left)? = statement.members[0].expression?.kind,
      left.times.isEmpty, left.name.label.count == 1, vocabulary.weakTimeLetters.contains(left.name.label[0]),
      statement.members.dropFirst().contains(where: { $0.expression?.freeSteps.contains(left.name.label[0]) == true })
    else { return [] }
    return [Name(base: left.name.base, accents: left.name.accents, upperLabel: left.name.upperLabel)]
  }

  /// `\hat p_4` in a chain of derivatives with `h_4`, `y_n` with `h_n`: a label that is the step of another name there.
  private func besideStep(_ statement: Statement) -> Set<Name> {
    let steps = Set(statement.symbols.flatMap(\.times).map(\.description))
    var found: Set<Name> = []
    for symbol in statement.differentiated where symbol.times.isEmpty && symbol.name.label.count == 1 {
      let name = symbol.name
      guard steps.contains(name.label[0]), name.base.first?.isLowercase == true, !name.isLoss else { continue }
      found.insert(Name(base: name.base, accents: name.accents, upperLabel: name.upperLabel))
    }
    return found
  }

  /// Letters before brackets that are functions: `f(…)`, `\phi(…)`, `\sigma_g(…)`.
  private mutating func findFunctions(_ drafts: [StatementDraft]) {
    let primed = drafts.reduce(into: Set<String>()) { $0.formUnion($1.primedLetters) }
    for letter in primed.sorted() where vocabulary.functions[letter] == nil { vocabulary.functions[letter] = .tanh }
    for draft in drafts {
      for key in draft.calledLetters where vocabulary.functions[key] == nil {
        vocabulary.functions[key] = key.hasPrefix("sigma") ? .sigmoid : .tanh
      }
    }
  }
}

extension Name {
  fileprivate func labelled(with letter: String) -> Name {
    Name(base: base, accents: accents, label: label + [letter], upperLabel: upperLabel)
  }

  fileprivate var withoutLastLabel: Name {
    Name(base: base, accents: accents, label: label.dropLast(), upperLabel: upperLabel)
  }

  /// Whether it is one of the letters of a loss.
  var isLoss: Bool { Self.lossLetters.contains(base) }

  /// The letters that people have for a loss and for little else.
  static let lossLetters: Set<String> = ["L", "E", "J", "ell", "loss", "Loss", "cost", "Cost", "l"]

  /// Whether it is one of those under which people write errors.
  var isError: Bool { ["delta", "Delta", "epsilon", "d", "eta", "alpha"].contains(base) }
}

extension Statement {
  /// `z_t^q = …`: a letter above what an equation defines is a label, since none defines a power.
  fileprivate var labelAboveLeftSide: String? {
    guard !signs.isEmpty, case .power(let base, let exponent)? = members[0].expression?.kind,
      case .symbol(let symbol) = base.kind, !symbol.times.isEmpty, case .symbol(let label) = exponent.kind,
      label.times.isEmpty, label == Expression.Symbol(Name(base: label.name.base)), label.name.base.count == 1
    else { return nil }
    return label.name.base
  }

  /// The names that something is differentiated by, or that are differentiated.
  var differentiated: [Expression.Symbol] {
    var found: [Expression.Symbol] = []
    for member in members {
      _ = member.expression?.rebuilt { node in
        if case .analysis(.derivative(let derivative)) = node.kind { found += [derivative.of, derivative.by] }
        return node
      }
    }
    return found
  }

  /// Every name in it, those of derivatives too.
  var symbols: [Expression.Symbol] { members.flatMap { $0.expression?.symbols ?? [] } }
}

extension Expression {
  /// Every name in it, those of derivatives too.
  var symbols: [Symbol] {
    switch kind {
    case .symbol(let symbol): [symbol]
    case .analysis(.derivative(let derivative)): [derivative.of, derivative.by]
    default: kind.operands.flatMap(\.symbols)
    }
  }
}
