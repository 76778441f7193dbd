// The written part of a submission: what is derived, bounded or computed on paper, held against the sheet.

package import Derivation
package import Diagnostics
package import Recurrence
package import Sheets

extension WrittenReport {
  /// The same without the chains at some places of the text.
  fileprivate func leavingOut(_ ranges: [Range<Int>]) -> WrittenReport {
    WrittenReport(
      source: source, reading: reading,
      chains: chains.filter { chain in !ranges.contains { $0.overlaps(chain.range) } }, goals: goals,
      diagnostics: diagnostics, method: method)
  }
}

/// The checkers of a sheet's written tasks.
package struct WrittenWork: Sendable {
  private enum Checker: Sendable {
    case derivation(DerivationChecker, goals: [String])
    case bound(BoundChecker)
    case quantity(QuantityChecker)
  }

  /// A text with what a checker of derivations found in it.
  package struct Examined: Sendable {
    package let text: SourceText
    package let checker: DerivationChecker
    package let report: DerivationReport
  }

  private let cell: Cell
  private let checkers: [String: Checker]

  /// - Throws: what is wrong with a goal, a limit or an answer, at its place in the sheet.
  package init(_ tasks: [Sheet.Task], cell: Cell) throws(DiagnosticList) {
    self.cell = cell
    var checkers: [String: Checker] = [:]
    for task in tasks {
      switch task.kind {
      case .derivation:
        checkers[task.id] = .derivation(
          try DerivationChecker(
            cell: cell, goals: task.goals, worth: shares(of: task.points, among: task.goals.count), given: task.given),
          goals: task.goals.map(\.text))
      case .bound:
        guard let limit = task.limit else { continue }
        checkers[task.id] = .bound(
          try BoundChecker(cell: cell, limit: limit, given: task.given, slack: task.slack ?? 1))
      case .quantity:
        guard let answer = task.answer else { continue }
        checkers[task.id] = .quantity(try QuantityChecker(answer: answer, between: task.between))
      default: continue
      }
    }
    self.checkers = checkers
  }

  /// A check of a written task before it has a finding: its id below the task, and what is asked for in LaTeX.
  package func items(of task: Sheet.Task) -> [(id: String, latex: String)] {
    switch checkers[task.id] {
    case .derivation(_, let goals): goals.enumerated().map { ("\($0.offset + 1)", $0.element) }
    default: [("", task.boundedQuantity ?? task.quantityName ?? task.id)]
    }
  }

  private static func finding(_ goal: DerivationReport.Goal) -> Finding {
    guard let text = goal.missing ?? goal.remark else { return .agrees }
    return goal.share > 0 ? .credited(share: goal.share, text) : .notEarned(text)
  }

  /// The findings of every written task on one text, what the report tells of the text, and its first derivation.
  package func grade(
    _ text: SourceText, tasks: [Sheet.Task], seed: UInt64
  ) -> (findings: [String: [Finding]], WrittenReport?, Examined?) {
    var findings: [String: [Finding]] = [:]
    var report: WrittenReport?
    var examined: Examined?
    // Formulas of numbers are no lines of a derivation: what is to be said of them their own task says.
    var formulas: [Range<Int>] = []
    for task in tasks {
      switch checkers[task.id] {
      case .derivation(let checker, _):
        let found = checker.check(text, seed: seed)
        examined = examined ?? Examined(text: text, checker: checker, report: found)
        findings[task.id] = found.goals.map(Self.finding)
        report = WrittenReport(
          source: text, reading: report?.reading ?? found.reading, chains: report?.chains ?? found.chains,
          goals: (report?.goals ?? []) + found.goals,
          diagnostics: found.diagnostics, method: found.method)
      case .bound(let checker):
        let found = checker.check(text, seed: seed)
        findings[task.id] = [found.missing.map(Finding.notEarned) ?? .agrees]
        if report == nil {
          report = WrittenReport(
            source: text, reading: [], chains: found.chains, goals: [], diagnostics: found.diagnostics,
            method: Wording(
              "each line was tested on drawn networks; that is a test and no proof", "每一行都在随机网络上检验过；这是检验，不是证明"))
        }
      case .quantity(let checker):
        let found = checker.check(text, seed: seed)
        findings[task.id] = [found.isRight ? .agrees : .notEarned(found.text)]
        formulas += found.own
      case nil: continue
      }
    }
    return (findings, report?.leavingOut(formulas), examined)
  }
}
