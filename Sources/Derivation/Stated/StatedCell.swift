// A cell of the text's own: its forward equations, completed from the sheet, with roles and shapes as they are used.

import Diagnostics
import Formula
import Recurrence

/// A cell that a text states, in the text's own letters.
struct StatedCell {
  let cell: Cell
  /// How it was understood.
  private(set) var findings: [Diagnostic]
  /// What the sheet's names are called here; nil where the cells differ.
  let match: CellMatch?
  /// A name that the text only compares its output with, as y in ŷ - y, and what it stands for.
  let target: (symbol: Expression.Symbol, value: Expression)?

  private static let equationLimit = 60

  /// The cell that the chains of a text state; nil where they state none with letters of their own.
  init?(_ drafts: [StatementDraft], source: SourceText, sheet: Cell) {
    guard sheet.stack == nil, !sheet.declaration.batch else { return nil }
    let names = StatedNames(drafts, sheet: sheet.vocabulary)
    var equations = StatedEquations(names.statements)
    let sheetNames = Set(sheet.quantities.all.map(\.name)).union(sheet.equations.flatMap { $0.left.map(\.name) })
      .union(sheet.constants.keys)
    let stated = equations.defined
    // A name of the text's own that is no part of the sheet's equations, and that the text reads in one for a name of the
    // sheet.
    let isOwn = { (name: Name) -> Bool in
      guard !sheetNames.contains(name), let body = equations.all.first(where: { $0.left[0].name == name })?.right else {
        return false
      }
      return SubexpressionNaming(name, body).apply(to: sheet.equations, source: source) == nil
    }
    let hasOwnLetters = equations.all.contains { equation in
      let left = equation.left[0].name
      return equation.right.symbols.contains { symbol in
        !sheetNames.contains(symbol.name)
          && (!stated.contains(symbol.name) || (symbol.name == left && symbol.times == [.previous])
            || (sheetNames.contains(left) && isOwn(symbol.name)))
      }
    }
    // A cell of more equations than this is none that people write down.
    guard equations.all.count <= Self.equationLimit else { return nil }
    let leading = names.statements.compactMap { statement -> Name? in
      if case .symbol(let symbol)? = statement.members.first?.expression?.kind { symbol.name } else { nil }
    }
    let labels = ConventionalLabels(
      names.statements, sheet: sheet, known: sheetNames.union(hasOwnLetters ? equations.symbols : Set(leading)))
    guard hasOwnLetters || !labels.sheet.isEmpty else { return nil }
    if !hasOwnLetters { equations = StatedEquations([]) }
    equations.nameParts()
    // What the text uses and does not define, and the sheet does, is the sheet's.
    let used = Set(names.statements.flatMap(\.symbols).map(\.name))
    var isComplete = false
    while !isComplete {
      isComplete = true
      for equation in sheet.equations where equation.left.count == 1 {
        let name = labels.sheet[equation.left[0].name] ?? equation.left[0].name
        guard used.contains(name) || equations.symbols.contains(name), !equations.defined.contains(name) else { continue }
        equations.complete(labels.renamed(equation))
        isComplete = false
      }
    }
    // Where the equations do not fit together, as those of two cells in one text, the first ones count.
    var found: StatedCellBuilder?
    for _ in 0..<8 where found == nil && !equations.all.isEmpty {
      var builder = StatedCellBuilder(equations, names, source: source, sheet: sheet)
      if builder.cell() { found = builder }
      equations.dropLast()
    }
    guard let builder = found, let cell = builder.made else { return nil }
    self.cell = cell
    findings = builder.findings
    target = builder.target
    match = CellMatch(own: cell, sheet: sheet)
    tell(drafts, source, sheet)
  }

  private mutating func tell(_ drafts: [StatementDraft], _ source: SourceText, _ sheet: Cell) {
    guard let place = drafts.first?.range else { return }
    func note(_ message: Message) {
      findings.append(Diagnostic(message, in: source, at: place, severity: .note))
    }
    let form: Message = cell.layout == .rows ? "rows" : "columns"
    guard let match else {
      note("this text states a cell of its own, in \(form), which is not this sheet's; its lines are tested on it")
      return
    }
    let pairs = match.names.filter { $0.key != $0.value }.sorted { $0.key.latex < $1.key.latex }
      .map { "`\($0.value.latex)` = `\($0.key.latex)`" }.joined(separator: ", ")
    if let gate = match.negated {
      note(
        "the cell of this text is this sheet's, in \(form): \(pairs); `\(match.names[gate]?.latex ?? gate.latex)` is one minus the sheet's")
    } else {
      note("the cell of this text is this sheet's, in \(form): \(pairs)")
    }
  }
}

/// Labels that say what a parameter goes from and to, as `W_{hh}`, `W_{xh}` and `b_h` do in most books.
struct ConventionalLabels {
  /// For names of the sheet, what the text calls them.
  private(set) var sheet: [Name: Name] = [:]

  /// - Parameters:
  ///   - statements: the chains of the text.
  ///   - known: names that are the sheet's, or that the text defines.
  init(_ statements: [Statement], sheet cell: Cell, known: Set<Name>) {
    findCapitals(statements, cell)
    guard cell.quantities.inputs.count == 1, cell.quantities.states.count == 1 else { return }
    let (input, state) = (cell.quantities.inputs[0], cell.quantities.states[0])
    func only(_ axes: [String]) -> Name? {
      let found = cell.quantities.parameters.filter { $0.axes == axes }
      return found.count == 1 ? found[0].name : nil
    }
    let (x, h) = (input.name.base, state.name.base)
    let labels: [(Set<String>, Name?)] = [
      ([h + h], only(state.axes + state.axes)), ([x + h, h + x, "i" + h, h + "i", "in"], only(state.axes + input.axes)),
    ]
    for symbol in statements.flatMap(\.symbols) where symbol.times.isEmpty && !known.contains(symbol.name) {
      let name = symbol.name
      let label = (name.label + name.upperLabel.filter { $0 != "(" && $0 != ")" }).joined()
      for (spellings, own) in labels {
        guard let own, name.base == "W" || name.base == "U", spellings.contains(label), sheet[own] == nil else { continue }
        sheet[own] = name
      }
      if name.base == "b", label == h, let bias = only(state.axes), sheet[bias] == nil { sheet[bias] = name }
    }
  }
}

extension ConventionalLabels {
  /// `C_t` for the sheet's `c_t`, where the text uses the one and the sheet has the other.
  private mutating func findCapitals(_ statements: [Statement], _ cell: Cell) {
    let used = Set(statements.flatMap(\.symbols).filter { !$0.times.isEmpty }.map(\.name))
    let nodes = Set(cell.equations.flatMap { $0.left.map(\.name) }).union(cell.quantities.inputs.map(\.name))
    for name in used where !nodes.contains(name) && name.base.count == 1 && name.base != name.base.lowercased() {
      let small = Name(base: name.base.lowercased(), accents: name.accents, label: name.label, upperLabel: name.upperLabel)
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

extension StatedEquations {
  /// Every name that stands in them.
  var symbols: Set<Name> { defined.union(all.flatMap { $0.right.symbols.map(\.name) }) }
}

/// Puts a cell together from stated equations.
struct StatedCellBuilder {
  private var equations: StatedEquations
  private let names: StatedNames
  /// The argument of the output, where the loss is taken of it.
  private var targetOutput: Name?
  private let source: SourceText
  private let sheet: Cell
  private(set) var findings: [Diagnostic] = []
  private(set) var target: (symbol: Expression.Symbol, value: Expression)?

  init(_ equations: StatedEquations, _ names: StatedNames, source: SourceText, sheet: Cell) {
    self.equations = equations
    self.names = names
    self.source = source
    self.sheet = sheet
  }

  private var place: Range<Int> {
    equations.all.first { $0.source == source }?.range ?? 0..<0
  }

  private mutating func note(_ message: Message) {
    findings.append(Diagnostic(message, in: source, at: place, severity: .note))
  }

  /// The cell, once it has been made.
  private(set) var made: Cell?

  /// Makes the cell, and tells whether there is one.
  mutating func cell() -> Bool {
    addUnstatedOutputs()
    findTarget()
    let defined = equations.defined
    var timed = defined
    var untimed: [Name] = []
    for equation in equations.all {
      for symbol in equation.right.symbols {
        if !symbol.times.isEmpty {
          timed.insert(symbol.name)
        } else if !timed.contains(symbol.name), !untimed.contains(symbol.name) {
          untimed.append(symbol.name)
        }
      }
    }
    // A timed name without a step is read at t.
    let present = timed
    equations.replace { tree in
      tree.mapSymbols { $0.times.isEmpty && present.contains($0.name) ? Expression.Symbol($0.name, times: [.present]) : $0 }
    }
    untimed.removeAll { present.contains($0) }
    do {
      let shapes = try StatedShapes(equations.all, timed: timed)
      equations.replace { $0.normalized(timed, isRows: shapes.isRows) }
      made = try assembled(shapes, timed: timed, parameters: untimed)
      return true
    } catch { return false }
  }

  // MARK: Roles

  private func assembled(_ shapes: StatedShapes, timed: Set<Name>, parameters: [Name]) throws -> Cell {
    let defined = equations.defined
    var order = equations.all.map { $0.left[0].name }
    let recurrent = order.filter { name in
      equations.all.contains { $0.right.symbols.contains { $0.name == name && $0.times == [.previous] } }
    }
    // The state that no other state of its step reads comes first: the loss is made of it.
    let states = recurrent.sorted { a, b in !isReadAtPresent(a) && isReadAtPresent(b) }
    var outputs = order.filter { !recurrent.contains($0) && isOutput($0, of: states) }
    if let output = targetOutput { outputs = [output] }
    let inputs = timed.subtracting(defined).sorted { $0.latex < $1.latex }
    guard !states.isEmpty || !outputs.isEmpty else { throw DiagnosticList([]) }
    order += inputs
    var axes = StatedAxes(shapes)
    func vector(_ name: Name) -> Cell.StatedQuantity { (name, axes.vector(name)) }
    var declaration = CellDeclaration(name: "Stated", source: source, range: place)
    declaration.layout = shapes.isRows ? .rows : .columns
    declaration.jacobian = sheet.declaration.jacobian
    declaration.loss = sheet.declaration.loss
    let stateQuantities = states.map(vector)
    let inputQuantities = inputs.map(vector)
    let outputQuantities = outputs.map(vector)
    let parameterQuantities = parameters.map { ($0, axes.parameter($0)) as Cell.StatedQuantity }
    declaration.sizes = Dictionary(uniqueKeysWithValues: axes.letters.enumerated().map { ($1, 3 + $0) })
    declaration.sizes["N"] = 4
    var vocabulary = Vocabulary()
    vocabulary.functions = names.vocabulary.functions
    vocabulary.sizes = Set(axes.letters)
    for name in parameters { vocabulary.declare(name, as: .untimed) }
    for name in timed { vocabulary.declare(name, as: .timed) }
    return try Cell(
      stating: declaration, inputs: inputQuantities, states: stateQuantities, outputs: outputQuantities,
      parameters: parameterQuantities, equations: equations.all, vocabulary: vocabulary)
  }

  /// ŷ − y with ŷ = softmax(o) or σ(o): y is what makes the gradient by o the difference, as for the cross-entropy.
  private mutating func findTarget() {
    let defined = equations.defined
    for statement in names.statements {
      for tree in statement.members.compactMap(\.expression) {
        _ = tree.rebuilt { node in
          guard target == nil, case .difference(let a, let b) = node.kind, case .symbol(let prediction) = a.kind,
            case .symbol(let own) = b.kind, own.times == prediction.times, own.times.count == 1,
            !defined.contains(own.name), let equation = equations.all.first(where: { $0.left[0].name == prediction.name }),
            case .call(let function, 0, let arguments) = equation.right.kind, [.softmax, .sigmoid].contains(function),
            arguments.count == 1, case .symbol(let argument) = arguments[0].kind, defined.contains(argument.name)
          else { return node }
          let loss = Derivative(
            of: Expression.Symbol(Name(base: "L"), times: [.present]), by: argument, isImmediate: false)
          let value = node.with(
            .difference(
              node.with(.symbol(Expression.Symbol(prediction.name, times: [.present]))),
              node.with(.analysis(.derivative(loss)))))
          target = (Expression.Symbol(own.name, times: [.present]), value)
          targetOutput = argument.name
          return node
        }
      }
    }
    if let target, let output = targetOutput {
      note(
        "`\(target.symbol.latex)` is read as the target: the gradient of a step's loss by `\(output.latex(time: "t"))` is the difference, as with the cross-entropy")
    }
  }

  private func isReadAtPresent(_ name: Name) -> Bool {
    equations.all.contains { $0.right.symbols.contains { $0.name == name && $0.times == [.present] } }
  }

  /// Whether a name is a value that nothing reads, made of one state of its step and parameters alone.
  private func isOutput(_ name: Name, of states: [Name]) -> Bool {
    guard !isReadAtPresent(name) else { return false }
    var seen: Set<Name> = []
    var sources: Set<Name> = []
    func visit(_ name: Name) {
      guard seen.insert(name).inserted else { return }
      guard let equation = equations.all.first(where: { $0.left[0].name == name }) else {
        sources.insert(name)
        return
      }
      for symbol in equation.right.symbols where !symbol.times.isEmpty {
        if states.contains(symbol.name) {
          sources.insert(symbol.name)
          if symbol.times == [.previous] { sources.insert(name) }
        } else {
          visit(symbol.name)
        }
      }
    }
    visit(name)
    return sources.count == 1 && states.contains(sources.first!)
  }

  // MARK: Outputs that the text uses and does not state

  /// `\frac{\partial L_t}{\partial \hat y_t}\frac{\partial \hat y_t}{\partial h_t}` without an equation for ŷ: some
  /// output that is made of the state.
  private mutating func addUnstatedOutputs() {
    let defined = equations.defined
    let used = Set(equations.all.flatMap { $0.right.symbols.map(\.name) })
    var by: Set<Name> = []
    var of: [Name: Name] = [:]
    for statement in names.statements {
      for member in statement.members {
        _ = member.expression?.rebuilt { node in
          if case .analysis(.derivative(let derivative)) = node.kind {
            if derivative.of.name.isLoss { by.insert(derivative.by.name) }
            of[derivative.of.name] = defined.contains(derivative.by.name) ? derivative.by.name : of[derivative.of.name]
          }
          return node
        }
      }
    }
    for name in by.sorted(by: { $0.latex < $1.latex }) {
      guard !defined.contains(name), !used.contains(name), let state = of[name] else { continue }
      let weight = Name(base: "W", label: ["\\ast", name.latex])
      func symbol(_ name: Name, _ times: [Time]) -> Expression {
        Expression(.symbol(Expression.Symbol(name, times: times)), at: place)
      }
      let product = Expression(.product(symbol(weight, []), symbol(state, [.present])), at: place)
      equations.complete(
        ForwardEquation(
          left: [Expression.Symbol(name, times: [.present])], leftRanges: [place],
          right: Expression(.call(.tanh, derivative: 0, [product]), at: place), range: place, source: source))
      note("`\(name.latex(time: "t"))` is not stated: it is read as some output made of `\(state.latex(time: "t"))`")
    }
  }
}

/// Letters for the sizes that were found.
private struct StatedAxes {
  private let shapes: StatedShapes
  private var pool = ["H", "D", "K", "M", "P", "Q", "R", "S", "U", "V", "A", "B", "F", "G"]
  private var named: [StatedShapes.Size: String] = [:]
  private(set) var letters: [String] = []

  init(_ shapes: StatedShapes) { self.shapes = shapes }

  private mutating func text(_ size: StatedShapes.Size) -> String {
    let size = shapes.resolved(size)
    switch size {
    case .one: return "1"
    case .sum(let parts): return parts.map { text($0) }.joined(separator: "+")
    case .open:
      if let letter = named[size] { return letter }
      let letter = pool.isEmpty ? "1" : pool.removeFirst()
      if letter != "1" { letters.append(letter) }
      named[size] = letter
      return letter
    }
  }

  mutating func vector(_ name: Name) -> [String] {
    guard let size = shapes.lengths[name] else { return [] }
    return [text(size)]
  }

  mutating func parameter(_ name: Name) -> [String] {
    guard let (rows, columns) = shapes.matrices[name] else { return [] }
    let isVector = shapes.resolved(shapes.isRows ? rows : columns) == .one
    if isVector { return [text(shapes.isRows ? columns : rows)] }
    return [text(rows), text(columns)]
  }
}
