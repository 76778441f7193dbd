// The one entry: a cell, what is to be derived from what, and a learner's text in; a report out.

public import Diagnostics
import Formula
public import Recurrence

/// Holds a written derivation against a cell.
public struct DerivationChecker: Sendable {
  /// The cell that is derived from.
  let cell: Cell
  /// What is to be derived: as the task writes it, and as a tree.
  let goals: [(latex: String, value: Expression)]
  /// What each goal is worth, in the order of the goals.
  let worth: [Double]
  /// What may be used without a derivation.
  let given: [Expression]

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - cell: the cell of the sheet.
  ///   - goals: what is to be derived, in LaTeX, as the sheet writes it.
  ///   - worth: what each goal is worth, in points; nil where all are worth the same.
  ///   - given: what may be used without a derivation, in LaTeX.
  /// - Throws: what is wrong with a goal or with what is given, at its place in the sheet.
  public init(cell: Cell, goals: [SourceExcerpt] = [], worth: [Double]? = nil, given: [SourceExcerpt] = [])
    throws(DiagnosticList)
  {
    let cell = try cell.stacked()
    self.cell = cell
    let vocabulary = cell.vocabularyOfDerivations
    var diagnostics: [Diagnostic] = []
    func read(_ excerpt: SourceExcerpt) -> Expression? {
      do { return try FormulaReader.value(excerpt, vocabulary: vocabulary) } catch {
        diagnostics.append(error)
        return nil
      }
    }
    self.goals = goals.compactMap { excerpt in read(excerpt).map { (excerpt.text, $0) } }
    self.given = given.compactMap(read)
    self.worth = worth ?? goals.map { _ in 1 }
    guard diagnostics.isEmpty else { throw DiagnosticList(diagnostics) }
  }

  /// Checks a derivation.
  ///
  /// - Parameters:
  ///   - text: a Markdown text, which may begin with front matter.
  ///   - seed: fixes the networks that are drawn.
  public func check(_ text: SourceText, seed: UInt64) -> DerivationReport {
    onLargeStack { examine(text, seed: seed) }
  }

  /// A tree in each layer where there are layers, else the tree.
  func inLayers(_ tree: Expression) -> [Expression] {
    guard let stack = cell.stack else { return [tree] }
    return (1...stack.layers).compactMap { tree.inLayer($0, of: stack) }
  }

  private func examine(_ text: SourceText, seed: UInt64) -> DerivationReport {
    let text = WrittenText(text)
    let search = OwnCellSearch(text, sheet: cell)
    var report = report(text, seed: seed, search)
    for other in search.others where report.isOpen(to: other) {
      report.judge(by: self.report(text, seed: seed, own: other, [:]), of: other, besides: search.starts, text.source)
    }
    return report
  }

  /// The report by the cell that counts.
  private func report(_ text: WrittenText, seed: UInt64, _ search: OwnCellSearch) -> DerivationReport {
    guard let own = search.reading else { return report(text, seed: seed, own: nil, search.refusals) }
    let report = report(text, seed: seed, own: own, search.refusals)
    guard own.images == nil, own.isInSheetLetters else { return report }
    // In the sheet's own letters another equation may be a slip: the cell of which more is true is the one that was meant.
    let other = self.report(text, seed: seed, own: nil, [:])
    return report.holds(moreThan: other, besides: own.starts) ? report : other
  }

  private func report(
    _ text: WrittenText, seed: UInt64, own: OwnReading?, _ refusals: [Int: Diagnostic]
  ) -> DerivationReport {
    let cell = own?.cell ?? self.cell
    var paper = Paper(text, cell: cell, own: own, refusals: refusals)
    if own != nil { paper.layout = Self.layout(paper, cell: cell, seed: seed) }
    var examiner = Examiner(paper, cell: cell, seed: seed)
    var examined = examiner.examineAll()
    let shifted = ShiftedErrors(
      paper, cell: cell, verdicts: examined.map { $0.chain.links.first?.verdict },
      verdictsUnder: { errors in
        var trial = paper
        trial.shiftedErrors = errors
        return Examiner(trial, cell: cell, seed: seed).examineAll(searching: false).map {
          $0.chain.links.first?.verdict
        }
      })
    if !shifted.all.isEmpty {
      paper.shiftedErrors = shifted.all
      examiner = Examiner(paper, cell: cell, seed: seed)
      examined = examiner.examineAll()
    }
    var chains: [DerivationReport.Chain] = []
    var elaborated: [(chain: ElaboratedChain, isCorrection: Bool)] = []
    for (number, (chain, terms)) in examined.enumerated() {
      chains.append(chain)
      let isCorrection = paper.corrections.contains(number)
      elaborated += terms.compactMap { $0 }.map { ($0, isCorrection) }
    }
    func trees(_ tree: Expression) -> [Expression] { own?.translated(tree) ?? inLayers(tree) }
    let closing = Closing(
      examiner.session, chains: elaborated, given: given.flatMap(trees), goals: goals.flatMap { trees($0.value) },
      slips: examiner.slips)
    let outcomes = goals.map { goal in
      let parts = trees(goal.value).map { closing.outcome(goal.latex, $0) }
      guard parts.isEmpty else { return parts }
      return [own.map { $0.goalWithoutImage(goal.latex) } ?? closing.outcome(goal.latex, goal.value)]
    }
    let credit = Credit(outcomes, worth: worth, wrong: closing.wrongCount(outcomes.flatMap(\.self)))
    return DerivationReport(
      reading: (own?.notes ?? []) + shifted.told(text.source) + closing.foundByValue, chains: chains,
      goals: credit.goals,
      diagnostics: paper.diagnostics + examiner.findings, statesCell: own != nil, method: examiner.method(chains))
  }
}

extension DerivationChecker {
  /// The layout in which most lines of a text with a cell of its own hold, the sheet's among equals: its letters are the
  /// text's, and so is its layout, which is one for the whole of it.
  private static func layout(_ paper: Paper, cell: Cell, seed: UInt64) -> JacobianLayout {
    guard !paper.statesLayout else { return paper.layout }
    var best = (layout: paper.layout, count: -1)
    for layout in [paper.layout] + JacobianLayout.allCases.filter({ $0 != paper.layout }) {
      var trial = paper
      trial.layout = layout
      let count = Examiner(trial, cell: cell, seed: seed).examineAll(searching: false)
        .reduce(0) { $0 + $1.chain.links.count { $0.verdict == .holds } }
      if count > best.count { best = (layout, count) }
    }
    return best.layout
  }
}

extension DerivationReport {
  /// Whether every line that holds in another reading holds in this one, and more.
  fileprivate func holds(moreThan other: DerivationReport, besides starts: Set<Int>) -> Bool {
    func holding(_ report: DerivationReport) -> Set<Int> {
      var result: Set<Int> = []
      for chain in report.chains where !starts.contains(chain.range.lowerBound) {
        for link in chain.links where link.verdict == .holds || link.verdict == .follows {
          result.insert(link.range.lowerBound)
        }
      }
      return result
    }
    return holding(self).isStrictSuperset(of: holding(other))
  }
}
