// What is wrong with the goals of a sheet, and with what it gives, that no learner's text could mend.

public import Diagnostics
import Formula
import Recurrence

extension DerivationChecker {
  /// What is wrong with goals and with what is given: unknown names, what no line can state, steps that do not exist.
  public func findings() -> [Diagnostic] { onLargeStack { found() } }

  private func found() -> [Diagnostic] {
    let source = cell.declaration.source
    let examiner = Examiner(Paper(SourceText(name: source.name, text: ""), cell: cell), cell: cell, seed: 1)
    let session = examiner.session
    var diagnostics: [Diagnostic] = []
    func first(_ tree: Expression, _ look: (ElaboratedChain, Term) -> Diagnostic?) {
      if let unknown = unknownName(in: tree, session.context) { return diagnostics.append(unknown) }
      for layer in inLayers(tree) {
        let chain = session.chain(Statement(layer, in: source))
        let finding =
          if let term = chain.terms[0] { look(chain, term) } else { chain.failures[0] }
        guard let finding else { continue }
        // The trees of layers have the places of the tree that the sheet has.
        return diagnostics.append(finding)
      }
    }
    var seen: Set<String> = []
    for (latex, tree) in goals {
      guard seen.insert(tree.canonical).inserted else {
        diagnostics.append(Diagnostic("the goal `\(latex)` stands here twice; keep one", in: source, at: tree.range))
        continue
      }
      guard !given.contains(where: { $0.canonical == tree.canonical }) else {
        diagnostics.append(
          Diagnostic("the goal `\(latex)` is given too, so there is nothing to derive", in: source, at: tree.range))
        continue
      }
      first(tree) { chain, term in
        guard Self.isDerivative(term) else {
          return Diagnostic(
            "the goal `\(latex)` is no derivative; write one such as `\\frac{\\partial L}{\\partial W}`", in: source,
            at: tree.range)
        }
        let hasValue = session.worlds.contains { world in
          chain.assignments(steps: world.steps).contains { world.evaluate(term, $0) != nil }
        }
        return hasValue
          ? nil : Diagnostic("the goal `\(latex)` has a value at no step", in: source, at: tree.range)
      }
    }
    for tree in given { first(tree) { _, _ in nil } }
    return diagnostics
  }

  /// The first name that the cell does not have.
  private func unknownName(in tree: Expression, _ context: Context) -> Diagnostic? {
    switch tree.kind {
    case .symbol(let symbol): return unknown(symbol, at: tree.range, context)
    case .analysis(.derivative(let derivative)):
      return unknown(derivative.of, at: tree.range, context) ?? unknown(derivative.by, at: tree.range, context)
    default:
      for operand in tree.kind.operands { if let found = unknownName(in: operand, context) { return found } }
      return nil
    }
  }

  private func unknown(_ symbol: Expression.Symbol, at range: Range<Int>, _ context: Context) -> Diagnostic? {
    let known = cell.vocabulary.roles.keys.filter { $0 != context.lossName }
    let isPlain = symbol.name == Name(base: symbol.name.base) && symbol.times.isEmpty
    guard cell.vocabulary.roles[symbol.name] == nil, symbol.name != context.lossName,
      !(isPlain && (context.isTimeLetter(symbol.name.base) || cell.declaration.sizes[symbol.name.base] != nil))
    else { return nil }
    let near = known.filter { $0.base.lowercased() == symbol.name.base.lowercased() }
    let names = (near.isEmpty ? known : near).map { "`\($0.latex)`" }.sorted().prefix(12).joined(separator: ", ")
    return Diagnostic(
      "`\(symbol.latex)` is no quantity of the cell; there are \(names)", in: cell.declaration.source, at: range)
  }

  private static func isDerivative(_ term: Term) -> Bool {
    switch term.operation {
    case .gradient(_, _, _, let isImmediate): !isImmediate
    case .jacobian: true
    case .transpose: isDerivative(term.operands[0])
    default: false
    }
  }
}

extension BoundChecker {
  /// Why the sheet's own bound would not earn the task; nil where it does.
  public func trouble(with limit: SourceExcerpt) -> Diagnostic? {
    let report = check(SourceText(name: limit.source.name, text: "```math\n\(limit.text)\n```\n"), seed: 1)
    guard !report.earned else { return nil }
    let reasons = report.chains.flatMap(\.links).filter { $0.verdict != .holds }.map(\.text.english)
    let reason = (reasons.first ?? report.missing?.english).map { "\($0)" } ?? ""
    return Diagnostic(
      "the sheet's own bound does not earn this task: \(Message(verbatim: reason))", in: limit,
      at: 0..<max(1, limit.text.utf8.count))
  }
}
