// A task that asks for a bound: does one hold, is it made of what the sheet lists, and is it tight enough?

import CellKit
public import Diagnostics
import Formula
public import Recurrence

/// Holds a learner's bound against the sheet's own.
public struct BoundChecker: Sendable {
  let cell: Cell
  /// The sheet's own bound as a chain of two members.
  let limit: Statement
  let given: [Expression]
  let slack: Double

  /// More bounds that do not hold are a list of guesses, and one that holds among them is no derivation.
  private static let allowedMistakes = 2

  /// What became of a bound.
  public struct Report: Sendable {
    /// The chains of the text, as in a derivation.
    public let chains: [DerivationReport.Chain]
    /// Whether the task is done.
    public let earned: Bool
    /// What is missing; nil where it is earned.
    public let missing: Wording?
    /// What does not belong to a single chain.
    public let diagnostics: [Diagnostic]
  }

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - limit: the sheet's own inequality, such as `\lVert … \rVert \le 1 + \lVert U \rVert`.
  ///   - given: what the right side may be made of, in LaTeX; numbers, steps and sizes always may.
  ///   - slack: how many times the sheet's own bound the learner's may be.
  /// - Throws: what is wrong with the limit or with what is given.
  public init(cell: Cell, limit: SourceExcerpt, given: [SourceExcerpt], slack: Double) throws(DiagnosticList) {
    self.cell = cell
    self.slack = slack
    let vocabulary = cell.vocabulary.forDerivations()
    do {
      var trees: [Expression] = []
      for excerpt in given { trees.append(try FormulaReader.value(excerpt, vocabulary: vocabulary)) }
      self.given = trees
    } catch { throw DiagnosticList([error]) }
    let statements = StatementDraft.drafts(of: limit).map { $0.statement(vocabulary) }
    guard statements.count == 1, statements[0].signs.count == 1, statements[0].signs[0].relation.isBound,
      statements[0].members.allSatisfy({ $0.expression != nil })
    else {
      throw DiagnosticList([
        Diagnostic("a limit is one inequality, `a \\leq b`", in: limit, at: 0..<max(1, limit.text.utf8.count))
      ])
    }
    self.limit = statements[0]
  }

  /// Checks a text.
  public func check(_ text: SourceText, seed: UInt64) -> Report {
    onLargeStack { examine(text, seed: seed) }
  }

  private func examine(_ text: SourceText, seed: UInt64) -> Report {
    let paper = Paper(text, cell: cell)
    let examiner = Examiner(paper, cell: cell, seed: seed)
    var chains: [DerivationReport.Chain] = []
    var earned = false
    var brokenCount = 0
    var missing = Wording("no line bounds what the task asks for", "没有任何一行给出题目要求的界")
    let isUpper = limit.signs[0].relation == .lessOrEqual || limit.signs[0].relation == .less
    let examined = examiner.examineAll()
    // Lines that used up the effort of the text take nothing from those that were tested before them.
    var purse = Effort.ofText
    examiner.session.effort.part(of: &purse) {
      for (chain, terms) in examined {
        chains.append(chain)
        guard let elaborated = terms[0], let found = judge(chain, elaborated, paper, examiner, isUpper) else {
          continue
        }
        guard let reason = found.missing else {
          earned = true
          continue
        }
        missing = reason
        // What is said last counts: a bound that does not hold takes back the one before it.
        guard chain.links.contains(where: { $0.verdict == .doesNotHold }) else { continue }
        brokenCount += 1
        earned = false
      }
    }
    if earned, brokenCount > Self.allowedMistakes {
      earned = false
      missing = Wording(
        "\(brokenCount) lines give bounds that do not hold; keep the one that you derived",
        "有 \(brokenCount) 行给出的界不成立；请只保留你推导出来的那一个")
    }
    return Report(
      chains: chains, earned: earned, missing: earned ? nil : missing,
      diagnostics: paper.diagnostics + examiner.findings)
  }

  /// Whether a chain does the task, or what it lacks; nil where it is about something else.
  private func judge(
    _ chain: DerivationReport.Chain, _ elaborated: ElaboratedChain, _ paper: Paper, _ examiner: Examiner,
    _ isUpper: Bool
  ) -> (missing: Wording?, Void)? {
    let statement = elaborated.statement
    guard chain.links.count == statement.signs.count, let wanted = limit.members[0].expression,
      let own = limit.members[1].expression
    else { return nil }
    let members = statement.members.map(\.expression)
    var best: (missing: Wording?, Void)?
    for (start, direction) in members.indices.flatMap({ [($0, 1), ($0, -1)] }) {
      guard let left = members[start], agrees(left, wanted, statement, examiner) else { continue }
      var at = start
      while members.indices.contains(at + direction) {
        let link = direction > 0 ? at : at - 1
        let relation = statement.signs[link].relation
        let runsUp =
          direction > 0
          ? relation == .lessOrEqual || relation == .less : relation == .greaterOrEqual || relation == .greater
        let runsDown =
          direction > 0
          ? relation == .greaterOrEqual || relation == .greater : relation == .lessOrEqual || relation == .less
        guard relation == .equal || (isUpper ? runsUp : runsDown) else { break }
        guard chain.links[link].verdict == .holds else {
          let reason =
            switch chain.links[link].verdict {
            case .undecided: Wording("a step of the bound could not be tested", "不等式中有一步无法检验")
            case .notUnderstood: Wording("a step of the bound was not understood", "不等式中有一步没有读懂")
            default: Wording("a step of the bound does not hold", "不等式中有一步不成立")
            }
          best = best ?? (reason, ())
          break
        }
        at += direction
        guard let right = members[at] else { break }
        if let stranger = stranger(in: right, paper) {
          best =
            best ?? (
              Wording(
                "the bound uses `\(stranger)`, which is not among what the task lists", "这个界用到了题目未列出的 `\(stranger)`"),
              ()
            )
          continue
        }
        guard isTight(right, own, statement, examiner, isUpper) else {
          best = (
            Wording(
              "the bound holds, but is more than \(slack) times the one that can be had", "不等式成立，但比可达到的界大 \(slack) 倍以上"),
            ()
          )
          continue
        }
        return (nil, ())
      }
    }
    return best
  }

  private func agrees(_ left: Expression, _ wanted: Expression, _ statement: Statement, _ examiner: Examiner) -> Bool {
    let pair = examiner.session.chain([left, wanted], like: statement)
    return pair.agree(0, 1)
  }

  private func isTight(
    _ right: Expression, _ own: Expression, _ statement: Statement, _ examiner: Examiner, _ isUpper: Bool
  ) -> Bool {
    let pair = examiner.session.chain([right, own], like: statement)
    guard let a = pair.terms[0], let b = pair.terms[1], a.size.isScalar, b.size.isScalar else { return false }
    return examiner.session.effort.part(Effort.ofComparison) {
      var tried = 0
      for world in examiner.session.worlds {
        for environment in pair.assignments(steps: world.steps) {
          let sides = [a, b].map { world.evaluate($0, environment)?.elements.first }
          guard !world.effort.isExhausted else { return false }
          guard let x = sides[0], let y = sides[1] else { continue }
          tried += 1
          if isUpper ? x > slack * y * (1 + 1e-9) : x * slack * (1 + 1e-9) < y { return false }
        }
      }
      return tried > 0
    }
  }

  /// What stands in a right side and is not listed.
  private func stranger(in right: Expression, _ paper: Paper) -> String? {
    let keys = Set(given.map(\.canonical))
    var seen: Set<Name> = []
    func visit(_ tree: Expression) -> String? {
      if keys.contains(tree.canonical) { return nil }
      switch tree.kind {
      case .number, .constant: return nil
      case .symbol(let symbol):
        if let clause = paper.clauses.first(where: { $0.symbol.name == symbol.name }) {
          return seen.insert(symbol.name).inserted ? visit(clause.clause.body) : nil
        }
        if symbol.times.isEmpty,
          cell.declaration.sizes[symbol.name.base] != nil || ["t", "k", "T", "s"].contains(symbol.name.base)
        {
          return nil
        }
        return symbol.latex
      case .analysis(.derivative): return tree.latex
      default:
        for operand in tree.kind.operands { if let found = visit(operand) { return found } }
        return nil
      }
    }
    return visit(right)
  }
}
