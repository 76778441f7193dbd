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
  /// What may be used without a derivation.
  let given: [Expression]

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - cell: the cell of the sheet.
  ///   - goals: what is to be derived, in LaTeX, as the sheet writes it.
  ///   - given: what may be used without a derivation, in LaTeX.
  /// - Throws: what is wrong with a goal or with what is given, at its place in the sheet.
  public init(cell: Cell, goals: [SourceExcerpt] = [], given: [SourceExcerpt] = []) throws(DiagnosticList) {
    let cell = try cell.stacked()
    self.cell = cell
    let vocabulary = cell.vocabulary.forDerivations()
    var diagnostics: [Diagnostic] = []
    func read(_ excerpt: SourceExcerpt) -> Expression? {
      do { return try FormulaReader.value(excerpt, vocabulary: vocabulary) } catch {
        diagnostics.append(error)
        return nil
      }
    }
    self.goals = goals.compactMap { excerpt in read(excerpt).map { (excerpt.text, $0) } }
    self.given = given.compactMap(read)
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

  /// A goal, or what is given, in each layer, or in the letters of the text's own cell.
  private func placed(_ tree: Expression, _ stated: StatedCell?) -> [Expression] {
    guard let stated else { return inLayers(tree) }
    return (stated.match?.translated(tree)).map { [$0] } ?? []
  }

  /// A goal about a quantity that the text's own cell does not have.
  private static func unnamed(_ latex: String) -> DerivationReport.Goal {
    DerivationReport.Goal(
      latex: latex, earned: false,
      missing: Wording(
        "the cell that this text states has no name for something in this goal", "文中写出的单元没有给这个目标中的某个量起名字"))
  }

  /// A goal of a text whose cell is not the sheet's.
  private static func elsewhere(_ latex: String) -> DerivationReport.Goal {
    DerivationReport.Goal(
      latex: latex, earned: false,
      missing: Wording(
        "this text states a cell in letters of its own, on which its lines were tested; goals count in the sheet's letters",
        "文中用自己的记号写出了单元，各行按该单元检验；目标按讲义的记号计"))
  }

  /// A tree in each layer where there are layers, else the tree.
  func inLayers(_ tree: Expression) -> [Expression] {
    guard let stack = cell.stack else { return [tree] }
    return (1...stack.layers).compactMap { tree.inLayer($0, of: stack) }
  }

  /// The layout in which most lines of a text with a cell of its own hold, the sheet's among equals; its letters are the
  /// text's, and so is its layout, which is one for the whole of it.
  private func statedLayout(_ paper: Paper, cell: Cell, seed: UInt64) -> JacobianLayout {
    guard !paper.statesLayout else { return paper.layout }
    var best = (layout: paper.layout, count: -1)
    for layout in [paper.layout] + JacobianLayout.allCases.filter({ $0 != paper.layout }) {
      var trial = paper
      trial.layout = layout
      let examiner = Examiner(trial, cell: cell, seed: seed)
      let count = examiner.examineAll(searching: false).reduce(0) { sum, chain in
        sum + chain.chain.links.count { $0.verdict == .holds }
      }
      if count > best.count { best = (layout, count) }
    }
    return best.layout
  }

  private func examine(_ text: SourceText, seed: UInt64) -> DerivationReport {
    let stated = Paper.drafts(of: text).flatMap { StatedCell($0, source: text, sheet: self.cell) }
    let cell = stated?.cell ?? self.cell
    var paper = Paper(text, cell: cell, target: stated?.target)
    if stated != nil {
      paper.isStated = true
      paper.layout = statedLayout(paper, cell: cell, seed: seed)
    }
    var examiner = Examiner(paper, cell: cell, seed: seed)
    if stated != nil, case let names = examiner.conventionalErrors, !names.isEmpty {
      let layout = paper.layout
      paper = Paper(text, cell: cell, target: stated?.target, conventional: names)
      paper.isStated = true
      paper.layout = layout
      examiner = Examiner(paper, cell: cell, seed: seed)
    }
    var chains: [DerivationReport.Chain] = []
    var elaborated: [(chain: ElaboratedChain, isCorrection: Bool)] = []
    for (number, (chain, terms)) in examiner.examineAll().enumerated() {
      chains.append(chain)
      let isCorrection = paper.corrections.contains(number)
      elaborated += terms.compactMap { $0 }.map { ($0, isCorrection) }
    }
    let closing = Closing(
      examiner.session, chains: elaborated, given: given.flatMap { placed($0, stated) },
      goals: goals.flatMap { placed($0.value, stated) }, slips: examiner.slips)
    let found = goals.map { goal in
      if let stated {
        guard let match = stated.match else { return Self.elsewhere(goal.latex) }
        guard let own = match.translated(goal.value) else { return Self.unnamed(goal.latex) }
        return closing.goal(goal.latex, own)
      }
      let layers = inLayers(goal.value).map { closing.goal(goal.latex, $0) }
      return layers.first { !$0.earned } ?? layers.first ?? closing.goal(goal.latex, goal.value)
    }
    return DerivationReport(
      chains: chains, goals: found, diagnostics: (stated?.findings ?? []) + paper.diagnostics + examiner.findings,
      statesCell: stated != nil,
      method: Wording(
        "each line was tested on \(examiner.session.worlds.count) drawn networks over 3, 4 and 6 steps; that is a test and no proof",
        "每一行都在随机抽取的 \(examiner.session.worlds.count) 个网络上（3、4、6 步）检验过；这是检验，不是证明"))
  }
}
