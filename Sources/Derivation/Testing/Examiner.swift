// A learner's lines one after the other: what each leaves for the next, and what the whole text may cost.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// Tests the chains of a paper.
final class Examiner {
  let cell: Cell
  let paper: Paper
  let seed: UInt64
  let session: Session
  private var others: [Session.Reading: Session] = [:]
  /// Lines that were wrong about a derivative of the loss: what they say it is.
  var overrides: [Override] = []
  var overridden: [World]?
  var overriddenExactly: [ExactWorld]?
  private(set) lazy var attack = BoundAttack(session)
  /// What is left for seeking slips; a text of nothing but wrong lines must end too.
  private var searching = Effort.ofSearches
  /// What is left for seeking counterexamples.
  private var exemplifying = Effort.ofCounterexamples
  /// The first chain for which slips were not sought to the end.
  private var unsearched: Statement?
  /// Whether slips are looked for.
  var isSearching = true
  /// Whether small networks are looked for that show a line to be wrong.
  private var isShowing = true

  struct Override {
    let target: Target
    let at: Moment?
    let term: Term
    let chain: ElaboratedChain
    let line: SourceLine
  }

  /// What is worth knowing of the line that is being tested.
  var asides: [Wording] = []

  /// How the links of the chain that is being tested are mended, and which wrong lines they follow from.
  var mended: [Int: Mended] = [:]
  var following: [Int: [(target: Target, line: SourceLine)]] = [:]

  /// Which lines are wrong about what, and what follows from which of them.
  var slips = Slips()

  init(_ paper: Paper, cell: Cell, seed: UInt64) {
    self.paper = paper
    self.seed = seed
    var cell = cell
    if paper.equations.count != cell.equations.count || !paper.nodes.isEmpty {
      cell = (try? cell.replacingEquations(paper.equations, vocabulary: cell.vocabulary)) ?? cell
    }
    self.cell = cell
    let reading = Session.Reading(
      layout: paper.layout, isLastOnly: cell.declaration.loss == .last, batch: cell.declaration.batch ? 3 : 1,
      convention: nil)
    session = Session(paper, cell: cell, reading: reading, seed: seed, effort: Effort())
  }

  /// The paper under another reading.
  func other(_ reading: Session.Reading) -> Session? {
    if let known = others[reading] { return known }
    var cell = self.cell
    if let index = reading.convention {
      let conventions = session.context.conventions
      guard conventions.indices.contains(index),
        let changed = try? cell.replacingEquations(conventions[index].equations, vocabulary: cell.vocabulary)
      else { return nil }
      cell = changed
    }
    let made = Session(paper, cell: cell, reading: reading, seed: seed, effort: session.effort)
    others[reading] = made
    return made
  }

  /// What the limits of the whole text left undone.
  var findings: [Diagnostic] {
    guard let first = unsearched else { return [] }
    return [
      Diagnostic(
        "from here on, what went wrong was not always sought to the end, which takes too much work; the verdicts stand. Mend the other lines, then check again",
        in: first.source, at: first.range, severity: .note)
    ]
  }

  // MARK: Lines

  /// The verdicts of every chain that was written, and the chains that are tested for it: one, or one a layer.
  ///
  /// - Parameter searching: whether slips are looked for.
  func examineAll(
    searching: Bool = true
  ) -> [(chain: DerivationReport.Chain, elaborated: [ElaboratedChain?])] {
    var result: [(chain: DerivationReport.Chain, elaborated: [ElaboratedChain?])] = []
    var index = 0
    (isSearching, isShowing) = (searching, searching)
    while index < paper.lines.count {
      let number = paper.lines[index].number
      var parts: [(layer: Int, chain: DerivationReport.Chain)] = []
      var elaborated: [ElaboratedChain?] = []
      while index < paper.lines.count, paper.lines[index].number == number {
        let (chain, terms) = examine(index)
        parts.append((paper.lines[index].layer ?? 0, chain))
        elaborated.append(terms)
        // One layer's slip is shown by numbers; what is meant is sought in each.
        if chain.links.contains(where: { $0.verdict == .doesNotHold || $0.verdict == .notUnderstood }) {
          isShowing = false
        }
        index += 1
      }
      isShowing = searching
      session.context.layer = nil
      result.append((DerivationReport.Chain(layers: parts), elaborated))
    }
    return result
  }

  /// The verdicts of one line.
  func examine(_ index: Int) -> (chain: DerivationReport.Chain, elaborated: ElaboratedChain?) {
    let line = paper.lines[index]
    session.context.layer = line.layer
    let statement = line.statement
    let place = statement.source.position(at: statement.range.lowerBound)
    func refused(_ failure: Diagnostic) -> DerivationReport.Chain {
      let link = DerivationReport.Link(
        read: statement.source.substring(statement.range), verdict: .notUnderstood, reason: nil,
        text: Wording(failure.wording), relativeError: nil, range: failure.range,
        position: statement.source.position(at: failure.range.lowerBound))
      return DerivationReport.Chain(position: place, range: statement.range, links: [link], notes: [])
    }
    func unreadable(_ failure: Diagnostic) -> (DerivationReport.Chain, ElaboratedChain?) {
      slips.add(unreadable: statement.source.substring(statement.range), line: place.line)
      return (refused(failure), nil)
    }
    if let refusal = line.refusal ?? session.failures[line.number] { return unreadable(refusal) }
    if line.isNaming {
      let link = DerivationReport.Link(
        read: statement.source.substring(statement.range), verdict: .definition, reason: nil,
        text: Wording("says what a letter stands for; it claims nothing", "说明字母的含义，不作为论断"), relativeError: nil,
        range: statement.range, position: place)
      return (DerivationReport.Chain(position: place, range: statement.range, links: [link], notes: []), nil)
    }
    if statement.signs.isEmpty, case .failure(let failure)? = statement.members.first?.content {
      if failure.severity == .note {
        return (
          DerivationReport.Chain(
            position: place, range: statement.range, links: [],
            notes: [Wording(failure.wording)]), nil
        )
      }
      return unreadable(failure)
    }
    guard !session.effort.isExhausted else {
      let link = DerivationReport.Link(
        read: statement.source.substring(statement.range), verdict: .undecided, reason: nil,
        text: Wording(
          "the lines above took all the work that one text may take; make their sums shorter",
          "上面各行已用完一份推导允许的全部计算量；请缩短其中的求和范围"), relativeError: nil, range: statement.range, position: place)
      return (DerivationReport.Chain(position: place, range: statement.range, links: [link], notes: []), nil)
    }
    (asides, mended, following) = ([], [:], [:])
    var chain = meant(statement, line: line)
    if paper.corrections.contains(line.number) { withdraw(what: chain) }
    var links: [DerivationReport.Link] = []
    for link in statement.signs.indices {
      links.append(examine(link, of: chain, line: line))
    }
    chain.verdicts = links.map(\.verdict)
    (chain.mended, chain.sources) = (mended, following)
    if let link = chain.verdicts.firstIndex(of: .notUnderstood) { slips.add(unread: chain, link, session.worlds[0]) }
    var notes = chain.notes + asides + line.origin.understood.map { Wording($0) }
    if let remark = statement.remark {
      let text = statement.source.substring(remark)
      notes.append(Wording("`\(text)` states no equality and was passed over", "`\(text)` 不是等式，没有检查"))
    }
    if let symbol = line.defined, let definition = session.context.definitions.index(of: symbol.name),
      session.context.definitions.all[definition].isBackward
    {
      notes.append(
        Wording(
          "`\(session.context.shown(symbol))` is a recursion: beyond T it is 0",
          "`\(session.context.shown(symbol))` 是递推式：T 之后取 0"))
    }
    if let symbol = line.defined, let stack = cell.stack,
      paper.clauses.contains(where: {
        $0.line == line.number && $0.clause.shapedAs != nil && $0.symbol.name.withoutLayer == symbol.name.withoutLayer
      })
    {
      let name = Expression.Symbol(symbol.name.withoutLayer, times: symbol.times).latex
      notes.append(
        Wording(
          "`\(name)` leads to the layer above: above layer \(stack.layers) it is 0",
          "`\(name)` 由上一层给出：第 \(stack.layers) 层之上取 0"))
    }
    return (
      DerivationReport.Chain(position: place, range: statement.range, links: links, notes: notes), chain
    )
  }

  /// Forgets what earlier lines got wrong about the derivative of a line that corrects them.
  private func withdraw(what chain: ElaboratedChain) {
    slips.forget(chain, session.worlds[0])
    guard let term = chain.terms[0], let (target, _) = gradient(term) else { return }
    overrides.removeAll { $0.target == target }
    (overridden, overriddenExactly) = (nil, nil)
  }

  // MARK: Slips

  /// A small network that shows a link to be wrong.
  func counterexample(_ link: Int, of chain: ElaboratedChain) -> Counterexample? {
    guard isShowing else { return nil }
    return session.effort.part(of: &exemplifying, atMost: Effort.ofCounterexample) {
      CounterexampleSearch(session: session, chain: chain, left: link).find()
    }
  }

  func search(_ link: Int, of chain: ElaboratedChain) -> NearMissSearch.Finding? {
    guard isSearching, !chain.statement.signs[link].relation.isBound,
      let left = chain.statement.members[link].expression, let right = chain.statement.members[link + 1].expression
    else { return nil }
    return session.effort.part(of: &searching, atMost: Effort.ofSearch) {
      let search = NearMissSearch(
        session: session, statement: chain.statement, left: left, right: right, other: { self.other($0) })
      let finding = search.find()
      if finding == nil, session.effort.isExhausted { unsearched = unsearched ?? chain.statement }
      return finding
    }
  }
}
