// What a text's letters stand for by common usage: the loss under any of its names, a letter for the activation.

import Diagnostics
import Formula
import Recurrence

/// The letters of a text that need no definition.
struct Letters {
  /// Names of the loss beside L.
  private var losses: Set<Name> = []
  /// What stands for any parameter, and the one that it is tested with.
  private var anyParameter: (name: Name, parameter: Name)?
  /// The letter of the last step, where the text's sum of the losses ends at another than T.
  private var horizon: String?
  /// Names that stand alone on a left side somewhere in the text.
  private(set) var defined: Set<Name> = []
  /// What was taken for what.
  private(set) var findings: [Diagnostic] = []

  /// Letters of a text that uses none but the sheet's.
  init() {}

  /// - Parameters:
  ///   - drafts: the chains of the text.
  ///   - vocabulary: the names of the sheet; what the text adds to them is added.
  init(_ drafts: [StatementDraft], _ cell: Cell, _ vocabulary: inout Vocabulary) {
    for draft in drafts { vocabulary.placeLetters.formUnion(draft.placeLetters) }
    for draft in drafts { if let symbol = draft.leadingSymbol(vocabulary) { defined.insert(symbol.name) } }
    var statements = drafts.map { $0.statement(vocabulary) }
    findLosses(drafts, statements, &vocabulary)
    let functions = vocabulary.functions
    findFunctions(drafts, cell, &vocabulary)
    // Nothing is read again where no name was found.
    if !losses.isEmpty || vocabulary.functions != functions { statements = drafts.map { $0.statement(vocabulary) } }
    findAnyParameter(drafts, statements, cell, vocabulary)
    for statement in statements where horizon == nil {
      let statement = read(statement)
      guard statement.signs.count == 1, case .symbol(let left)? = statement.members[0].expression?.kind,
        left == Expression.Symbol(Name(base: "L")),
        case .analysis(.repetition(let sum))? = statement.members[1].expression?.kind, sum.operation == .sum,
        let letter = sum.upper.letter, letter != "T", sum.upper.offset == 0, sum.upper.second == nil,
        case .symbol(let term) = sum.body.kind, term.name == left.name
      else { continue }
      horizon = letter
    }
  }

  // MARK: The loss

  /// Where something is differentiated, C and R are losses too.
  private static let lossLetters = Name.lossLetters.union(["C", "Err", "R"])

  /// E, J, ℓ and the like where something is differentiated and nothing else is called so.
  private mutating func findLosses(
    _ drafts: [StatementDraft], _ statements: [Statement], _ vocabulary: inout Vocabulary
  ) {
    var above: [Name: (range: Range<Int>, source: SourceText)] = [:]
    var below: Set<Name> = []
    for (draft, statement) in zip(drafts, statements) {
      // What is made of the cell's own quantities is no loss, whatever it is called: `E_t := U h_{t-1}`.
      if statement.members.count > 1, case .symbol(let left)? = statement.members[0].expression?.kind,
        let names = statement.members[1].expression?.symbols.map(\.name), !names.isEmpty,
        names.allSatisfy({ vocabulary.roles[$0] != nil && $0 != Name(base: "L") })
      {
        below.insert(Name(base: left.name.base))
      }
      for member in statement.members {
        guard let tree = member.expression else { continue }
        _ = tree.rebuilt { node in
          if case .analysis(.derivative(let derivative)) = node.kind {
            if above[derivative.of.name] == nil { above[derivative.of.name] = (node.range, draft.source) }
            below.insert(derivative.by.name)
          }
          return node
        }
      }
    }
    for (name, place) in above.sorted(by: { $0.value.range.lowerBound < $1.value.range.lowerBound }) {
      let bare = Name(base: name.base)
      // `E_3` is the loss of a step before one knows that E carries steps.
      let isBare = name.upperLabel.isEmpty && name.accents.isEmpty && name.label.allSatisfy { Int($0) != nil }
      guard Self.lossLetters.contains(name.base), isBare, !vocabulary.knows(base: name.base), !below.contains(bare),
        losses.insert(bare).inserted
      else { continue }
      findings.append(
        Diagnostic(
          "`\(bare.latex)` stands where the loss is differentiated; it is read as the loss `L`", in: place.source,
          at: place.range, severity: .note))
    }
    for name in losses { vocabulary.declare(name, as: .timed) }
  }

  func read(_ symbol: Expression.Symbol) -> Expression.Symbol {
    if symbol.times.isEmpty, let any = anyParameter, any.name == symbol.name { return Expression.Symbol(any.parameter) }
    return losses.contains(symbol.name)
      ? Expression.Symbol(Name(base: "L"), times: symbol.times, layer: symbol.layer) : symbol
  }

  /// `\theta`, by which people differentiate where they mean any of the parameters.
  private mutating func findAnyParameter(
    _ drafts: [StatementDraft], _ statements: [Statement], _ cell: Cell, _ vocabulary: Vocabulary
  ) {
    let theta = Name(base: "theta")
    guard cell.stack == nil, !vocabulary.knows(base: "theta"), !defined.contains(theta),
      let state = cell.quantities.states.first,
      let parameter = cell.quantities.parameters.first(where: { $0.axes == state.axes + state.axes })
        ?? cell.quantities.parameters.first,
      let draft = zip(drafts, statements).first(where: { _, statement in
        statement.differentiated.contains { $0 == Expression.Symbol(theta) }
      })?.0
    else { return }
    anyParameter = (theta, parameter.name)
    findings.append(
      Diagnostic(
        "`\(theta.latex)` stands for any parameter; its lines are tested with `\(parameter.name.latex)`",
        in: draft.source, at: draft.range, severity: .note))
  }

  func read(_ statement: Statement) -> Statement {
    guard !losses.isEmpty || horizon != nil || anyParameter != nil else { return statement }
    let members = statement.members.map { member in
      Statement.Member(
        content: member.content.map { tree in
          let tree = tree.mapSymbols(read)
          return horizon.map { tree.renamingSteps($0, to: "T") } ?? tree
        }, range: member.range)
    }
    return statement.replacing(members: members, conditions: statement.conditions)
  }

  /// `E := L`, `J = L`: says that a letter is the loss.
  func isLossAlias(_ statement: @autoclosure () -> Statement) -> Bool {
    guard !losses.isEmpty else { return false }
    let statement = statement()
    guard statement.signs.count == 1, case .symbol(let left)? = statement.members[0].expression?.kind,
      case .symbol(let right)? = statement.members[1].expression?.kind, left.times == right.times
    else { return false }
    let loss = Name(base: "L")
    return losses.contains(left.name) && right.name == loss || losses.contains(right.name) && left.name == loss
  }

  // MARK: Functions

  private mutating func findFunctions(_ drafts: [StatementDraft], _ cell: Cell, _ vocabulary: inout Vocabulary) {
    for draft in drafts {
      guard let (letter, function) = draft.functionAlias, vocabulary.functions[letter] == nil,
        !vocabulary.knows(base: letter)
      else { continue }
      vocabulary.functions[letter] = function
    }
    // The activation of the one equation that has one.
    var activations: Set<Function> = []
    for equation in cell.equations {
      _ = equation.right.rebuilt { node in
        if case .call(let function, _, _) = node.kind, function.isElementwise { activations.insert(function) }
        return node
      }
    }
    guard activations.count == 1, let activation = activations.first else { return }
    for draft in drafts {
      for letter in draft.primedLetters.sorted()
      where vocabulary.functions[letter] == nil && !vocabulary.knows(base: letter)
        && !losses.contains(Name(base: letter))
      {
        vocabulary.functions[letter] = activation
        findings.append(
          Diagnostic(
            "`\(letter)` is read as the activation of the cell, \(activation.display)", in: draft.source,
            at: draft.range, severity: .note))
      }
    }
  }
}

extension Expression {
  /// The tree with a letter of a step exchanged everywhere, in the ranges of sums too.
  fileprivate func renamingSteps(_ letter: String, to other: String) -> Expression {
    renaming(letter, to: other).rebuilt { node in
      guard case .analysis(.repetition(let sum)) = node.kind else { return node }
      return node.with(
        .analysis(
          .repetition(
            Repetition(
              sum.operation, index: sum.index, from: sum.lower.renaming(letter, to: other),
              to: sum.upper.renaming(letter, to: other), body: sum.body))))
    }
  }
}
