// The cell that a text states, if it is not the sheet's in the sheet's letters, and what its names are on the sheet.

import Diagnostics
import Formula
import Markdown
import Recurrence

/// How a text is read by the cell that it states.
struct OwnReading {
  /// The cell, in the letters of the text.
  let cell: Cell
  /// Where the lines begin that state it, as UTF-8 offsets.
  let starts: Set<Int>
  /// By how many steps the names of inputs are shifted wherever they stand.
  let shifts: [Name: Int]
  /// What each name of the sheet is in the text: all of these together; nil where the cell is another one.
  let images: [Name: [Name]]?
  /// What the loss is made of.
  let seen: [Name]
  /// Whose derivative of a step's loss is given: the sheet's loss is made of these.
  let free: [Name]
  /// What the text compares its output with.
  let target: OutputTarget?
  /// Whether every letter that the text defines is one of the sheet's.
  let isInSheetLetters: Bool
  /// What a person is told first.
  let notes: [DerivationReport.Reading]
}

extension OwnReading {
  /// The goals or givens of the sheet in the text's letters; empty where the text has no such quantity.
  func translated(_ tree: Expression) -> [Expression] {
    guard let images else { return [] }
    var isWhole = true
    var wide: (name: Name, images: [Name])?
    func look(_ symbol: Expression.Symbol) -> Expression.Symbol {
      guard symbol.name != Name(base: "L") else { return symbol }
      guard let names = images[symbol.name], let first = names.first else {
        isWhole = false
        return symbol
      }
      if names.count > 1 { wide = (symbol.name, names) }
      return Expression.Symbol(first, times: symbol.times)
    }
    let first = tree.mapSymbols(look)
    guard isWhole else { return [] }
    guard let wide else { return [first] }
    return wide.images.map { image in
      tree.mapSymbols { symbol in
        symbol.name == wide.name ? Expression.Symbol(image, times: symbol.times) : look(symbol)
      }
    }
  }
}

extension OwnReading {
  /// What is told of a goal that the text has no quantity for.
  func goalWithoutImage(_ latex: String) -> GoalOutcome {
    GoalOutcome(
      latex: latex,
      kind: .missing(
        images == nil
          ? Wording(
            "your cell is not this sheet's, so its lines do not count for this goal", "你的单元不是本题的单元，这些式子不计入这个目标")
          : Wording("your cell has no such quantity", "你的单元中没有这个量")))
  }
}

/// Looks for the cell that a text states.
struct OwnCellSearch {
  let sheet: Cell
  let source: SourceText
  /// The cell; nil where the text is read in the sheet's letters.
  private(set) var reading: OwnReading?
  /// Other cells that the text states, as a text does that goes from one cell to the next.
  private(set) var others: [OwnReading] = []
  /// Where the lines begin that state the cell that counts.
  private(set) var starts: Set<Int> = []
  /// Why lines are refused, by where they begin.
  private(set) var refusals: [Int: Diagnostic] = [:]

  /// What a group of forward lines states.
  private enum Found {
    case nothing
    /// The sheet's cell in the sheet's letters.
    case sheet(starts: Set<Int>)
    case own(OwnReading)

    /// Whether it is the sheet's cell, whatever its letters are.
    var isSheet: Bool {
      switch self {
      case .nothing: false
      case .sheet: true
      case .own(let reading): reading.images != nil
      }
    }

    var reading: OwnReading? { if case .own(let reading) = self { reading } else { nil } }
  }

  /// - Parameters:
  ///   - text: the text, cut into chains.
  ///   - sheet: the cell of the sheet.
  init(_ text: WrittenText, sheet: Cell) {
    self.sheet = sheet
    source = text.source
    guard sheet.stack == nil, !sheet.equations.isEmpty, sheet.quantities.outputs.isEmpty else { return }
    let drafts = text.surveyed
    let names = StatedNames(drafts, sheet: sheet.vocabulary)
    let lines = ForwardLines(names)
    let sound = withoutCircles(lines.all)
    let labels = ConventionalLabels(names.statements, sheet: sheet, lines: sound)
    let whole = find(sound, names, labels)
    reading = whole.reading
    if !whole.isSheet {
      // A text may go from one cell to the next; that of the sheet is the one that counts.
      let groups = CellGroups(sound, repeated: lines.repeated.map(\.line)).all
      let defined = Set((sound + lines.repeated.map(\.line)).flatMap(\.names))
      let found = groups.map { find($0, names, labels, besides: defined) }
      if let chosen = found.first(where: \.isSheet) {
        refusals = [:]
        reading = chosen.reading
        if case .sheet(let lines) = chosen { starts = lines } else { starts = chosen.reading?.starts ?? [] }
        // A state that its loss does not see has no gradient, and every line that says so would hold.
        others = found.filter { !$0.isSheet }.compactMap(\.reading).filter { $0.cell.seesEveryState($0.seen) }
        return
      }
    }
    if let reading { for (line, first) in lines.repeated { refuse(line, statedBefore: first, in: reading.cell) } }
  }

  /// What some forward lines state together.
  ///
  /// Where the equations do not fit together, the first ones count.
  ///
  /// - Parameter text: for some lines of a text, what all of it defines; nil where they are all. What the text defines elsewhere
  ///   is not taken from the sheet.
  private mutating func find(
    _ lines: [ForwardLine], _ names: StatedNames, _ labels: ConventionalLabels, besides text: Set<Name>? = nil
  ) -> Found {
    for count in 0..<min(8, max(1, lines.count)) {
      let used = Array(lines.dropLast(count))
      guard let equations = OwnEquations(used, names, sheet: sheet, labels: labels),
        text.map(equations.completed.isDisjoint) ?? true
      else { return .nothing }
      var inference = CellInference(equations.all, source: source)
      // A name that is added up from quantities of the sheet is no cell: `q_t := q_{t-1} + h_t`.
      guard !inference.states.isEmpty, !inference.parameters.isEmpty,
        inference.inputs.allSatisfy({ sheet.graph.named[$0] == nil })
      else { return .nothing }
      do {
        let cell = try inference.cell(like: sheet.declaration, functions: names.vocabulary.functions)
        return read(cell, equations, names, used, inference.defined).map { .own($0) }
          ?? .sheet(starts: equations.starts)
      } catch {
        guard count == 0, text == nil else { continue }
        refuse(used.filter { equations.starts.contains($0.start) }, error, isMixed: inference.isMixed)
      }
    }
    return .nothing
  }

  // MARK: Refusals

  /// The lines without those that make a value from itself in one step, which are refused.
  private mutating func withoutCircles(_ lines: [ForwardLine]) -> [ForwardLine] {
    lines.filter { line in
      // What reads nothing of the step before is a claim, right or wrong, such as `h_t = 2 h_t`.
      guard let name = line.names.first(where: { name in line.reads.contains { $0.name == name && $0.step == 0 } }),
        line.reads.contains(where: { $0.step == -1 })
      else { return true }
      let symbol = name.latex(time: "t")
      let near = sheet.vocabulary.roles.keys.filter { $0.base == name.base && $0 != name && !$0.accents.isEmpty }
        .map { $0.latex(time: "t") }.sorted().first
      let hint: Message = near.map { "; is `\($0)` meant?" } ?? ""
      refusals[line.start] = Diagnostic(
        "`\(symbol)` is made from itself in the same step\(hint)", in: source, at: line.equation.range)
      return false
    }
  }

  /// Refuses the line that an error points at, where it is one of the cell's.
  private mutating func refuse(_ lines: [ForwardLine], _ error: DiagnosticList, isMixed: Bool) {
    guard let first = error.diagnostics.first,
      let line = lines.first(where: { $0.equation.range.overlaps(first.range) }),
      // In the sheet's own letters a line is a claim, right or wrong.
      !line.names.allSatisfy({ sheet.graph.named[$0] != nil }) || isMixed
    else { return }
    refusals[line.start] = first
  }

  /// Refuses a line that states a quantity again and otherwise; equal forms are welcome.
  private mutating func refuse(_ line: ForwardLine, statedBefore first: ForwardLine, in cell: Cell) {
    guard line.equation.left == first.equation.left, line.equation.right.canonical != first.equation.right.canonical
    else { return }
    let number = source.position(at: first.start).line
    let other = source.position(at: line.start).line
    if let changed = try? cell.replacingEquations(
      cell.equations.map { $0.left == first.equation.left ? line.equation : $0 }, vocabulary: cell.vocabulary),
      let identity = CellMatch.all(own: changed, sheet: cell).first(where: { $0.isIdentity(changed, cell) }),
      MatchedNetworks(own: changed, sheet: cell, identity, seed: 5) != nil
    {
      return
    }
    refusals[line.start] = Diagnostic(
      "`\(line.names[0].latex(time: "t"))` is stated twice and differently (lines \(number) and \(other)): which?",
      in: source, at: line.equation.range)
  }

  // MARK: Reading

  private func read(
    _ cell: Cell, _ equations: OwnEquations, _ names: StatedNames, _ lines: [ForwardLine], _ defined: Set<Name>
  ) -> OwnReading? {
    let matches = CellMatch.all(own: cell, sheet: sheet)
    guard !equations.outputs.isEmpty || !matches.contains(where: { $0.isIdentity(cell, sheet) }) else {
      return nil
    }
    let confirmed = matches.compactMap { match in
      MatchedNetworks(own: cell, sheet: sheet, match, seed: 11).map { (match, $0) }
    }
    let best = confirmed.max { $0.0.agreement(cell, sheet) < $1.0.agreement(cell, sheet) }
    let top = best.map { found in confirmed.filter { $0.0.agreement(cell, sheet) == found.0.agreement(cell, sheet) } }
    let target = OutputTarget(names, equations.renaming([:]))
    func reading(
      _ renamed: [Name: Name], _ images: [Name: [Name]]?, _ free: (Cell) -> [Name],
      _ notes: (OwnPreview) -> [DerivationReport.Reading]
    ) -> OwnReading? {
      var final = CellInference(equations.renaming(renamed), source: source)
      guard let own = try? final.cell(like: sheet.declaration, functions: names.vocabulary.functions) else {
        return nil
      }
      let shown = free(own)
      let isInSheetLetters = lines.allSatisfy { line in
        !equations.starts.contains(line.start) || equations.outputs.contains(line.names[0])
          || line.names.allSatisfy { sheet.graph.named[$0] != nil }
      }
      let outputs = target.map { [$0.argument] } ?? equations.lastOutputs
      let isSeen = !outputs.isEmpty && own.isSeen(shown, through: outputs)
      let told = (isSeen ? target.map { [$0.told(source)] } ?? [] : []) + equations.assumptions.map { $0.told(source) }
      return OwnReading(
        cell: own, starts: equations.starts, shifts: equations.shifts, images: images, seen: isSeen ? outputs : shown,
        free: shown, target: isSeen ? target : nil,
        isInSheetLetters: images == nil && isInSheetLetters && equations.shifts.isEmpty,
        notes: notes(OwnPreview(own, sheet, equations, source)) + told)
    }
    guard let (match, networks) = best, top?.count == 1 else {
      return reading([:], nil, { [Self.last(of: $0)] }, { [$0.unlike(isAmbiguous: best != nil)] })
    }
    let nodes = networks.nodes()
    let used = Set(names.vocabulary.roles.keys).union(defined).subtracting(sheet.graph.named.keys)
      .union(lines.flatMap(\.names))
    var images: [Name: [Name]] = match.images(cell, sheet)
    var renamed: [Name: Name] = [:]
    for (name, found) in nodes.sorted(by: { $0.key.latex < $1.key.latex }) {
      guard let own = cell.graph.named.filter({ $0.value == found.node }).keys.min(by: { $0.latex < $1.latex }) else {
        continue
      }
      if equations.arguments[own] != nil, renamed[own] == nil {
        renamed[own] = used.contains(name) ? name.starred : name
      }
      images[name] = [renamed[own] ?? own]
    }
    let seen = Context(sheet, layout: sheet.declaration.jacobian).lossNodes.compactMap { node in
      sheet.graph.named.first { $0.value == node }.flatMap { images[$0.key]?.first }
    }
    return reading(renamed, images, { _ in seen }, { $0.like(match, cell, images, nodes) })
  }

  /// The state that the other states of a step go into: the one that a loss would see.
  private static func last(of cell: Cell) -> Name {
    let states = cell.quantities.states.map(\.name)
    if states.contains(Name(base: "h")) { return Name(base: "h") }
    let results = cell.graph.results
    func behind(_ node: Int) -> Set<Int> {
      var seen: Set<Int> = []
      var queue = [node]
      while let next = queue.popLast() {
        queue += cell.graph.nodes[next].operands.filter { seen.insert($0).inserted }
      }
      return seen
    }
    let counts = states.indices.map { behind(results[$0]).intersection(results).count }
    return states.indices.max { counts[$0] < counts[$1] }.map { states[$0] } ?? Name(base: "h")
  }
}

extension Name {
  /// A name that no text has.
  fileprivate var starred: Name { Name(base: base, accents: accents, label: label + ["*"], upperLabel: upperLabel) }
}
