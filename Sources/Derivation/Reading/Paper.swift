// A learner's text, read: front matter, chains in order, and the names that they define.

import Diagnostics
import Formula
import Markdown
import Recurrence

/// A written derivation before anything is tested.
struct Paper {
  /// A chain with what it defines.
  struct Line {
    /// The chain, of one layer where there are layers.
    let statement: Statement
    /// The chain as it was written.
    var origin: Statement
    /// Which of the written chains it is, from 0.
    let number: Int
    /// The layer it is about.
    var layer: Int?
    /// The name that its first member is given by its second.
    let defined: Expression.Symbol?
    /// Why the line as a whole is refused, such as a name defined twice.
    let refusal: Diagnostic?
    /// Whether it states an equation of the text's own cell.
    var isForward = false
    /// Whether it says what a letter stands for: the loss, a function.
    var isNaming = false
  }

  let source: SourceText
  var layout: JacobianLayout
  /// Whether the text itself says which layout it writes in.
  let statesLayout: Bool
  private(set) var lines: [Line] = []
  /// The definitions in the order of the text: name, clause, and the line that it stands on.
  private(set) var clauses: [(symbol: Expression.Symbol, clause: Clause, line: Int)] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// The cell with the sub-expressions named that the learner named.
  private(set) var equations: [ForwardEquation]
  /// Names of sub-expressions, with the line that names each.
  private(set) var nodes: [Name: Int] = [:]
  /// New names for names of the sheet.
  private(set) var aliases: [Name: Name] = [:]
  private(set) var vocabulary: Vocabulary
  /// The lines that take the place of earlier ones about the same, as words before them say.
  private(set) var corrections: Set<Int> = []
  /// The cell that the text states, where it is read by that.
  let own: OwnReading?
  private let refusals: [Int: Diagnostic]
  /// For quantities whose errors in this text are those of arguments of functions, the arguments.
  var shiftedErrors: [Name: Name] = [:]
  /// What the letters of this text stand for, as far as the whole of it says.
  private let letters: Letters
  private let stack: Stack?
  /// The name that the chain before defined; the cases of one definition belong together.
  private var definedLast: Name?
  /// How many chains have been read.
  private var number = -1

  /// More chains than this are not read.
  static let lineLimit = 2_000
  /// More names than this are not defined.
  static let definitionLimit = 200
  /// Longer chains are not tested, because their members are compared in pairs.
  static let memberLimit = 40

  /// - Parameter cell: the cell that the lines are about.
  init(_ source: SourceText, cell: Cell) { self.init(WrittenText(source), cell: cell, own: nil, refusals: [:]) }

  /// - Parameters:
  ///   - cell: the cell that the lines are about: the sheet's, or the text's own.
  ///   - own: the text's own cell, where it is read by that.
  ///   - refusals: why lines are refused, by where they begin.
  init(_ text: WrittenText, cell: Cell, own: OwnReading?, refusals: [Int: Diagnostic]) {
    source = text.source
    self.own = own
    self.refusals = refusals
    equations = cell.equations
    stack = cell.stack
    vocabulary = cell.vocabularyOfDerivations
    layout = text.layout ?? cell.declaration.jacobian
    statesLayout = text.layout != nil
    diagnostics = text.frontMatterFindings
    guard text.isReadable else {
      diagnostics += text.findings
      letters = Letters()
      return
    }
    var known = vocabulary
    letters = Letters(text.surveyed, cell, &known)
    vocabulary = known
    diagnostics += letters.findings + text.findings
    if let target = own?.target {
      vocabulary.declare(target.symbol.name, as: .timed)
      let clause = Clause(
        times: target.symbol.times, body: target.value, conditions: [], source: source, range: target.value.range)
      clauses.append((target.symbol, clause, -1))
    }
    read(text.formulas, cell)
  }

  private mutating func read(_ formulas: [WrittenFormula], _ cell: Cell) {
    var last: StatementDraft?
    var isCorrected = false
    var mayGoOn = false
    for formula in formulas {
      let (words, drafts) = (formula.words, formula.drafts)
      // A correction holds for the formulas right behind it.
      if mayGoOn, !Surroundings.goesOn(formula.between) { isCorrected = false }
      if Surroundings.corrects(formula.between) { isCorrected = true }
      // `$$= …$$` right behind another block goes on with its last chain.
      let isNext = words.allSatisfy { $0.isWhitespace }
      mayGoOn = isCorrected && !drafts.isEmpty
      // “If $\|U\| < 1$, …” supposes; it claims nothing.
      if formula.span.form == .inline, formula.isIntroduced || Surroundings.supposes(words), !drafts.isEmpty,
        drafts.allSatisfy(\.isBound)
      {
        withhold(drafts, "a supposition; it claims nothing")
        continue
      }
      if formula.isStruck {
        withhold(drafts, "struck out; it does not count")
        continue
      }
      for (index, written) in drafts.enumerated() {
        if let alias = written.functionAlias, vocabulary.functions[alias.letter] == alias.function {
          addNaming(written)
          continue
        }
        if letters.isLossAlias(written.statement(vocabulary)) {
          addNaming(written)
          continue
        }
        let draft = index == 0 && isNext ? written.continuing(last) : written
        last = draft
        guard number + 1 < Self.lineLimit else {
          diagnostics.append(
            Diagnostic(
              "more than \(Self.lineLimit) lines of formulas; what follows was not read", in: source, at: draft.range))
          return
        }
        if isCorrected { corrections.insert(number + 1) }
        add(draft, cell)
      }
    }
  }

  /// `f := \tanh`, `E := L`: what a letter of the text stands for, which was found before.
  private mutating func addNaming(_ draft: StatementDraft) {
    number += 1
    lines.append(
      Line(
        statement: draft.statement(vocabulary), origin: draft.statement(vocabulary), number: number, defined: nil,
        refusal: nil, isNaming: true))
    definedLast = nil
  }

  /// Keeps chains that claim nothing, so that they are listed.
  private mutating func withhold(_ drafts: [StatementDraft], _ reason: Message) {
    for draft in drafts where number + 1 < Self.lineLimit {
      number += 1
      append(draft.withheld(reason))
    }
    definedLast = nil
  }

  /// Reads chains that stand by themselves, each text a block.
  init(blocks: [SourceExcerpt], layout: JacobianLayout, source: SourceText, cell: Cell) {
    self.source = source
    self.layout = layout
    own = nil
    refusals = [:]
    statesLayout = true
    equations = cell.equations
    stack = cell.stack
    vocabulary = cell.vocabularyOfDerivations
    letters = Letters()
    for block in blocks { for draft in StatementDraft.drafts(of: block) { add(draft, cell) } }
  }

  // MARK: Definitions

  /// Adds a chain that defines nothing, for each layer where there are layers.
  private mutating func append(_ statement: Statement, defined: Expression.Symbol? = nil, refusal: Diagnostic? = nil) {
    guard let stack, refusal == nil, !statement.signs.isEmpty else {
      lines.append(
        Line(statement: statement, origin: statement, number: number, defined: defined, refusal: refusal))
      return
    }
    var isAnywhere = false
    for layer in 1...stack.layers {
      guard let own = statement.inLayer(layer, of: stack) else { continue }
      isAnywhere = true
      lines.append(
        Line(statement: own, origin: statement, number: number, layer: layer, defined: defined, refusal: nil))
    }
    if !isAnywhere {
      lines.append(
        Line(statement: statement, origin: statement, number: number, defined: nil, refusal: noLayer(statement)))
    }
  }

  private func noLayer(_ statement: Statement) -> Diagnostic {
    Diagnostic(
      "there is no layer in which everything here is defined; the layers are 1 to \(stack?.layers ?? 1)",
      in: statement.source, at: statement.range)
  }

  private func isKnown(_ symbol: Expression.Symbol, _ cell: Cell) -> Bool {
    guard let stack else { return isKnown(symbol.name, cell) }
    // A learner's own name is the same in every layer.
    return isKnown(symbol.name, cell) || (1...stack.layers + 1).contains { isKnown(symbol.name.inLayer($0), cell) }
  }

  private func isKnown(_ name: Name, _ cell: Cell) -> Bool {
    cell.graph.named[name] != nil || cell.constants[name] != nil || cell.quantities.all.contains { $0.name == name }
      || name == Name(base: "L") || clauses.contains { $0.symbol.name == name } || nodes[name] != nil
  }

  private mutating func add(_ draft: StatementDraft, _ cell: Cell) {
    number += 1
    let caseOf = draft.isFurtherCase ? definedLast : nil
    definedLast = nil
    if draft.signCount >= Self.memberLimit {
      let refusal = Diagnostic(
        "a chain of more than \(Self.memberLimit) members is not tested; break it into several lines", in: source,
        at: draft.range)
      append(statement(of: draft), refusal: refusal)
      return
    }
    if let refusal = refusals[draft.range.lowerBound] {
      append(statement(of: draft), refusal: refusal)
      return
    }
    if own?.starts.contains(draft.range.lowerBound) == true {
      append(statement(of: draft))
      lines[lines.count - 1].isForward = true
      return
    }
    guard let symbol = draft.leadingSymbol(vocabulary).map({ letters.read($0) }) else {
      addReversed(statement(of: draft), cell)
      return
    }
    let isOwn = clauses.contains { $0.symbol.name.withoutLayer == symbol.name }
    let isStepLetter =
      symbol.times.isEmpty && symbol.name.label.isEmpty && vocabulary.timeLetters.contains(symbol.name.base)
    let isOwnDefinition = isOwn && (statement(of: draft).isDefinition || caseOf == symbol.name)
    if isStepLetter || (isKnown(symbol, cell) && !isOwnDefinition) {
      addAlias(statement(of: draft), cell)
      return
    }
    if vocabulary.roles[symbol.name] == nil {
      vocabulary.declare(symbol.name, as: symbol.times.isEmpty ? .untimed : .timed)
    }
    let statement = statement(of: draft)
    guard let sign = statement.signs.first, sign.relation == .equal || sign.relation == .defined else {
      append(statement)
      return
    }
    definedLast = symbol.name
    define(symbol, by: 1, in: statement, cell)
  }

  /// A chain with the names that are known where it stands: the text's letters of the loss read as L, inputs at the steps
  /// at which the cell has them.
  private func statement(of draft: StatementDraft) -> Statement {
    let statement = letters.read(draft.statement(vocabulary))
    guard let shifts = own?.shifts, !shifts.isEmpty else { return statement }
    let members = statement.members.map { member in
      Statement.Member(
        content: member.content.map { $0.mapSymbols { $0.shifted(by: shifts[$0.name] ?? 0) } }, range: member.range)
    }
    return statement.replacing(members: members, conditions: statement.conditions)
  }

  /// `U = W_{hh}`: a new name stands alone behind one that is known.
  private mutating func addAlias(_ statement: Statement, _ cell: Cell) {
    guard stack == nil, statement.signs.count == 1, statement.signs[0].relation == .equal || statement.isDefinition,
      case .symbol(let known)? = statement.members[0].expression?.kind,
      case .symbol(let symbol)? = statement.members[1].expression?.kind, symbol.times == known.times,
      vocabulary.roles[symbol.name] == nil, !isKnown(symbol, cell), !letters.defined.contains(symbol.name),
      cell.graph.named[known.name] != nil || cell.quantities.all.contains(where: { $0.name == known.name })
    else {
      append(statement)
      return
    }
    vocabulary.declare(symbol.name, as: symbol.times.isEmpty ? .untimed : .timed)
    define(symbol, by: 0, in: statement, cell)
  }

  /// `∂L/∂z_t =: δ_t`, written with the new name behind.
  private mutating func addReversed(_ statement: Statement, _ cell: Cell) {
    guard statement.isDefinition, statement.signs.count == 1, let right = statement.members.last?.expression,
      case .symbol(let symbol) = right.kind, !isKnown(symbol, cell)
    else {
      append(statement)
      return
    }
    vocabulary.declare(symbol.name, as: symbol.times.isEmpty ? .untimed : .timed)
    define(symbol, by: 0, in: statement, cell)
  }

  private mutating func define(_ symbol: Expression.Symbol, by member: Int, in statement: Statement, _ cell: Cell) {
    guard statement.members.count > member, let body = statement.members[member].expression else {
      append(statement, defined: symbol)
      return
    }
    var symbol = symbol
    if let time = symbol.times.first(where: { $0.second != nil }) {
      let refusal = Diagnostic(
        "a name is defined at one step such as `t` or `t-1`, not at `\(time)`; give the difference a letter of its own",
        in: statement.source, at: statement.members[0].range)
      append(statement, refusal: refusal)
      return
    }
    if symbol.times.isEmpty, body.dependsOnTime(vocabulary) {
      // A left side without a time that depends on timed names is read at t.
      symbol = Expression.Symbol(symbol.name, times: [.present], layer: symbol.layer)
      vocabulary.declare(symbol.name, as: .timed)
    }
    guard let stack else {
      lines.append(define(symbol, as: body, in: statement, cell))
      return
    }
    // In every layer, and above the top one as far as it is defined there.
    let free = Expression.Symbol(
      symbol.name, times: symbol.times, layer: symbol.layer ?? Time(letter: "l", offset: 0))
    var added: [Line] = []
    for layer in 1...stack.layers + 1 {
      guard let placed = statement.inLayer(layer, of: stack), let name = free.inLayer(layer, of: stack) else {
        // Above the top layer what leads further up is 0, as beyond T.
        if layer == stack.layers + 1, let name = free.inLayer(layer, of: stack), free.layer?.letter != nil,
          body.highestLayer(layer) > layer, statement.conditions.allSatisfy({ !$0.left.isLayer && !$0.right.isLayer })
        {
          let clause = Clause(
            times: name.times, body: body.with(.constant(.zeros)), conditions: statement.conditions,
            source: statement.source, range: statement.range, shapedAs: free.inLayer(stack.layers, of: stack)?.name)
          keep(clause, of: name)
        }
        continue
      }
      guard let body = placed.members[member].expression else { continue }
      var line = define(name, as: body, in: placed, cell)
      line.origin = statement
      line.layer = layer
      if layer <= stack.layers { added.append(line) }
      if line.refusal != nil || free.layer?.letter == nil { break }
    }
    lines += added
    if added.isEmpty { append(statement, refusal: noLayer(statement)) }
  }

  /// Defines a name and returns the line that does.
  private mutating func define(
    _ symbol: Expression.Symbol, as body: Expression, in statement: Statement, _ cell: Cell
  ) -> Line {
    func line(_ refusal: Diagnostic? = nil) -> Line {
      Line(statement: statement, origin: statement, number: number, defined: symbol, refusal: refusal)
    }
    if corrections.contains(number), nodes[symbol.name] == nil {
      clauses.removeAll {
        $0.symbol.name == symbol.name && $0.symbol.times == symbol.times && $0.line < number
          && $0.clause.conditions == statement.conditions
      }
    }
    let own = clauses.filter { $0.symbol.name == symbol.name }
    if let twin = own.first(where: { $0.symbol.times == symbol.times && $0.clause.conditions == statement.conditions })
      ?? (nodes[symbol.name] != nil ? own.first : nil)
    {
      let place = twin.clause.source.position(at: twin.clause.range.lowerBound)
      return line(
        Diagnostic(
          "`\(Expression.Symbol(symbol.name.withoutLayer, times: symbol.times).latex)` is defined twice; line \(place.line) defines it already",
          in: statement.source, at: statement.members[0].range))
    }
    if own.isEmpty, symbol.times.isEmpty, case .symbol(let other) = body.kind, other.times.isEmpty,
      let parameter = aliases[other.name] ?? cell.quantities.parameters.first(where: { $0.name == other.name })?.name
    {
      aliases[symbol.name] = parameter
      nodes[symbol.name] = number
    }
    if own.isEmpty, symbol.times.count == 1, symbol.times[0].offset == 0, let letter = symbol.times[0].letter,
      statement.conditions.isEmpty
    {
      let part = body.renaming(letter, to: "t").atPresent(vocabulary)
      let search = SubexpressionNaming(symbol.name, part)
      if let whole = wholeName(of: part, cell) {
        aliases[symbol.name] = whole
        nodes[symbol.name] = number
      } else if let named = search.apply(to: equations, source: cell.declaration.source) {
        equations = named
        nodes[symbol.name] = number
      }
    }
    guard clauses.count < Self.definitionLimit * (stack.map { $0.layers + 1 } ?? 1) else {
      return line(
        Diagnostic(
          "more than \(Self.definitionLimit) names are defined in this text; this one is not read",
          in: statement.source, at: statement.members[0].range))
    }
    let clause = Clause(
      times: symbol.times, body: body, conditions: statement.conditions, source: statement.source,
      range: statement.range)
    keep(clause, of: symbol)
    return line()
  }

  private mutating func keep(_ clause: Clause, of symbol: Expression.Symbol) {
    clauses.append((symbol, clause, number))
  }

  /// The name of the sheet, or an earlier name, that is this very value.
  private func wholeName(of part: Expression, _ cell: Cell) -> Name? {
    if case .symbol(let symbol) = part.kind, symbol.times == [.present],
      nodes[symbol.name] != nil || cell.graph.named[symbol.name] != nil
    {
      return aliases[symbol.name] ?? symbol.name
    }
    let key = part.canonical
    return equations.first { $0.left.count == 1 && $0.right.canonical == key }?.left[0].name
  }
}
