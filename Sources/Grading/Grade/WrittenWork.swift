// The written part of a submission: what is derived, bounded or computed on paper, held against the sheet.

public import Derivation
public import Diagnostics
import Recurrence
import Sheets

/// What a check of `derivation.md` found, for the report.
public struct WrittenReport: Sendable {
  /// The text that was read.
  public let source: SourceText
  /// How it was read where its cell or its letters are not the sheet's.
  public let reading: [DerivationReport.Reading]
  /// Its chains in the order of the file.
  public let chains: [DerivationReport.Chain]
  /// The goals of every derivation task, in the order of the sheet.
  public let goals: [DerivationReport.Goal]
  /// What does not belong to a single chain.
  public let diagnostics: [Diagnostic]
  /// That a verdict is a test and no proof.
  public let method: Wording
}

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
struct WrittenWork: Sendable {
  private enum Checker: Sendable {
    case derivation(DerivationChecker, goals: [String])
    case bound(BoundChecker)
    case quantity(QuantityChecker)
  }

  /// A text with what a checker of derivations found in it.
  struct Examined: Sendable {
    let text: SourceText
    let checker: DerivationChecker
    let report: DerivationReport
  }

  private let cell: Cell
  private let checkers: [String: Checker]

  /// - Throws: what is wrong with a goal, a limit or an answer, at its place in the sheet.
  init(_ tasks: [Sheet.Task], cell: Cell) throws(DiagnosticList) {
    self.cell = cell
    var checkers: [String: Checker] = [:]
    for task in tasks {
      switch task.kind {
      case .derivation:
        checkers[task.id] = .derivation(
          try DerivationChecker(cell: cell, goals: task.goals, given: task.given), goals: task.goals.map(\.text))
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
  func items(of task: Sheet.Task) -> [(id: String, latex: String)] {
    switch checkers[task.id] {
    case .derivation(_, let goals): goals.enumerated().map { ("\($0.offset + 1)", $0.element) }
    default: [("", Self.boundedQuantity(task) ?? Self.quantityName(task) ?? task.id)]
    }
  }

  /// The name that a `quantity` task gives its formula, where it gives one.
  static func quantityName(_ task: Sheet.Task) -> String? {
    guard let text = task.answer?.text, let sign = text.firstIndex(of: "=") else { return nil }
    return String(text[..<sign]).trimmingSuffix { $0 == " " }
  }

  /// What a `bound` task asks to be bounded: the left side alone, for the right one is the answer.
  static func boundedQuantity(_ task: Sheet.Task) -> String? {
    guard let text = task.limit?.text else { return nil }
    let signs = ["\\le", "\\ge", "<", ">", "≤", "≥"]
    var left = ""
    var rest = text[...]
    // `\left` begins like `\le` and is none.
    while let first = rest.first, rest.hasPrefix("\\left") || !signs.contains(where: rest.hasPrefix) {
      left.append(first)
      rest = rest.dropFirst()
    }
    return left.trimmingSuffix { $0 == " " }
  }

  /// The findings of every written task on one text, what the report tells of the text, and its first derivation.
  func grade(
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
        findings[task.id] = found.goals.map { $0.missing.map(Finding.notEarned) ?? .agrees }
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

extension String {
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
