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

  /// A tree in each layer where there are layers, else the tree.
  func inLayers(_ tree: Expression) -> [Expression] {
    guard let stack = cell.stack else { return [tree] }
    return (1...stack.layers).compactMap { tree.inLayer($0, of: stack) }
  }

  private func examine(_ text: SourceText, seed: UInt64) -> DerivationReport {
    let paper = Paper(text, cell: cell)
    let examiner = Examiner(paper, cell: cell, seed: seed)
    var chains: [DerivationReport.Chain] = []
    var elaborated: [(chain: ElaboratedChain, isCorrection: Bool)] = []
    for (number, (chain, terms)) in examiner.examineAll().enumerated() {
      chains.append(chain)
      let isCorrection = paper.corrections.contains(number)
      elaborated += terms.compactMap { $0 }.map { ($0, isCorrection) }
    }
    let closing = Closing(
      examiner.session, chains: elaborated, given: given.flatMap(inLayers),
      goals: goals.flatMap { inLayers($0.value) }, slips: examiner.slips)
    let found = goals.map { goal in
      let layers = inLayers(goal.value).map { closing.goal(goal.latex, $0) }
      return layers.first { !$0.earned } ?? layers.first ?? closing.goal(goal.latex, goal.value)
    }
    return DerivationReport(
      chains: chains, goals: found, diagnostics: paper.diagnostics + examiner.findings,
      method: examiner.method(chains))
  }
}
