// A task that asks for a formula: of sizes, such as how many parameters a cell has, or of other numbers.

public import Diagnostics
public import Formula
import Glibc
import Markdown
import Recurrence

/// Holds a learner's formula against the sheet's own, over random numbers for its letters.
public struct QuantityChecker: Sendable {
  /// The name of the quantity.
  let name: Name
  let answer: Expression
  /// What each letter that may stand in a formula is drawn from.
  let letters: [String: LetterRange]

  /// What became of a formula.
  public struct Report: Sendable {
    /// The formula that was looked at, as it was read; nil where there was none.
    public let read: String?
    /// Whether it equals the sheet's own.
    public let isRight: Bool
    /// What a person is told.
    public let text: Wording
    /// Where the formula stands, line and column from 1; nil where there was none.
    public let position: SourcePosition?
    /// Where the chains stand that are about the quantity, and those that name what its formula is made of; no line of a
    /// derivation, as UTF-8 offsets.
    public internal(set) var own: [Range<Int>] = []
  }

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - answer: the name and the formula, such as `P = 4H`.
  ///   - between: what letters are drawn from; those of the answer that it does not name are sizes. A letter that the
  ///     answer does without may be named too: it may then stand in a formula, which it makes wrong.
  /// - Throws: what is wrong with the answer, or with a letter.
  public init(answer: SourceExcerpt, between: [LetterRange] = []) throws(DiagnosticList) {
    let vocabulary = Self.vocabulary
    let statements = StatementDraft.drafts(of: answer).map { $0.statement(vocabulary) }
    let failures = statements.flatMap(\.members).compactMap { member -> Diagnostic? in
      if case .failure(let diagnostic) = member.content { diagnostic } else { nil }
    }
    guard failures.isEmpty else { throw DiagnosticList(failures) }
    guard statements.count == 1, let statement = statements.first, statement.signs.count == 1,
      !statement.signs[0].relation.isBound, case .symbol(let symbol)? = statement.members[0].expression?.kind,
      let formula = statement.members[1].expression
    else {
      throw DiagnosticList([
        Diagnostic(
          "an answer is a name and its formula, such as `P = 4H(D+H+1)`; the name tells which of a learner's formulas is meant",
          in: answer, at: 0..<max(1, answer.text.utf8.count))
      ])
    }
    name = symbol.name
    self.answer = formula
    guard !formula.freeLetters.contains(symbol.latex) else {
      throw DiagnosticList([
        Diagnostic(
          "`\(symbol.latex)` stands on both sides; rename the quantity or the letter", in: answer,
          at: 0..<max(1, answer.text.utf8.count))
      ])
    }
    var letters: [String: LetterRange] = [:]
    for letter in self.answer.freeLetters { letters[letter] = .size(letter) }
    for range in between {
      do { letters[try FormulaReader.name(range.letter, in: answer.source, at: range.range).latex] = range } catch {
        throw DiagnosticList([error])
      }
    }
    self.letters = letters
  }

  private static var vocabulary: Vocabulary {
    var vocabulary = Vocabulary()
    vocabulary.timeLetters = []
    vocabulary.allowsAnalysis = true
    vocabulary.isOfNumbers = true
    return vocabulary
  }

  /// Checks a text: the last formula for the quantity counts.
  public func check(_ text: SourceText, seed: UInt64) -> Report {
    onLargeStack { examine(text, seed: seed) }
  }

  private func examine(_ text: SourceText, seed: UInt64) -> Report {
    var found: (expression: Expression, range: Range<Int>)?
    var names: [(latex: String, value: Expression, range: Range<Int>)] = []
    // What was named before the formula that counts may stand in it.
    var known: ArraySlice<(latex: String, value: Expression, range: Range<Int>)> = []
    var own: [Range<Int>] = []
    var failure: Diagnostic?
    let markdown: Markdown
    do { markdown = try Markdown(text, readsLatex: true) } catch {
      let first = error.diagnostics.first
      let reason = first?.wording ?? "the text cannot be read"
      return Report(read: nil, isRight: false, text: Wording(reason), position: first?.position)
    }
    for span in markdown.math {
      for draft in StatementDraft.drafts(of: span.excerpt) {
        let statement = draft.statement(Self.vocabulary)
        guard statement.signs.contains(where: { !$0.relation.isBound }) || statement.signs.isEmpty else { continue }
        guard let value = value(of: draft, statement) else {
          // A line about it that states no equality is told of where no other line holds the formula.
          if statement.signs.isEmpty, case .failure(let diagnostic)? = statement.members.first?.content,
            text.substring(draft.range).contains(name.base)
          {
            failure = failure ?? diagnostic
          }
          continue
        }
        if let other = value.name {
          if letters[other] == nil, let tree = value.member.expression { names.append((other, tree, draft.range)) }
          continue
        }
        own.append(draft.range)
        switch value.member.content {
        case .success(let expression): (found, known) = ((expression, value.member.range), names[...])
        case .failure(let diagnostic): failure = diagnostic
        }
      }
    }
    guard let found else {
      if let failure {
        return Report(
          read: nil, isRight: false, text: Wording(failure.wording), position: failure.position, own: own)
      }
      let wanted = "`\(name.latex) = …`"
      return Report(
        read: nil, isRight: false, text: Wording("there is no formula yet; write \(wanted)", "还没有公式；请写 \(wanted)"),
        position: nil)
    }
    let position = text.position(at: found.range.lowerBound)
    own += Self.places(of: found.expression, among: known)
    func report(_ isRight: Bool, _ english: String, _ chinese: String) -> Report {
      Report(
        read: found.expression.latex, isRight: isRight, text: Wording(english: english, chinese: chinese),
        position: position, own: own)
    }
    var generator = SeededGenerator(seed: seed, stream: 5)
    for _ in 0..<8 {
      var values: [String: Double] = [:]
      for (letter, range) in letters.sorted(by: { $0.key < $1.key }) {
        values[letter] = range.number(Int(generator.next() % UInt64(range.count)))
      }
      // In the order of the text, so that no name can stand in its own value; what is no number stays unknown.
      var arithmetic = Arithmetic(Set(letters.keys))
      for (latex, tree, _) in known { values[latex] = try? arithmetic.value(tree, values) }
      do {
        let (own, wanted) = (try arithmetic.value(found.expression, values), try arithmetic.value(answer, values))
        guard own.isFinite, abs(own - wanted) <= 1e-9 * max(abs(own), abs(wanted), 1e-300) else {
          guard !letters.isEmpty else {
            return report(false, "not equal: it gives \(own.asWritten)", "不相等：它等于 \(own.asWritten)")
          }
          func told(_ values: [String: Double]) -> String {
            letters.keys.sorted().map { "\(MathText.line($0)) = \((values[$0] ?? 0).asWritten)" }
              .joined(separator: ", ")
          }
          guard let example = smallestExample(found.expression, known.map { ($0.latex, $0.value) }) else {
            let numbers = told(values)
            return report(
              false, "not equal: for \(numbers) it gives \(own.asWritten)", "不相等：当 \(numbers) 时得到 \(own.asWritten)")
          }
          let numbers = told(example.numbers)
          let (own, wanted) = (example.own.asWritten, example.wanted.asWritten)
          return report(
            false, "not equal: for \(numbers) your formula gives \(own); it is \(wanted)",
            "不相等：当 \(numbers) 时你的公式得到 \(own)，应为 \(wanted)")
        }
      } catch {
        return report(false, error.text.english, error.text.chinese)
      }
    }
    return report(true, "equal for all numbers that were drawn", "对所有抽取的数值都相等")
  }

  /// Where the names are given their values that a formula is made of.
  private static func places(
    of formula: Expression, among known: ArraySlice<(latex: String, value: Expression, range: Range<Int>)>
  ) -> [Range<Int>] {
    var letters = formula.freeLetters
    var places: [Range<Int>] = []
    // Backwards, for a name may be made of those before it.
    for (latex, value, range) in known.reversed() where letters.contains(latex) {
      letters.formUnion(value.freeLetters)
      places.append(range)
    }
    return places
  }

  /// What a chain says the quantity is, or what it gives another name; nil where it does neither.
  private func value(of draft: StatementDraft, _ statement: Statement) -> (name: String?, member: Statement.Member)? {
    guard let last = statement.members.last else { return nil }
    if let symbol = draft.leadingSymbol(Self.vocabulary) {
      return (symbol.name == name ? nil : symbol.latex, last)
    }
    // `4H(D+H+1) = P`, the other way round.
    guard case .symbol(let symbol)? = last.expression?.kind, symbol.name == name, statement.members.count > 1 else {
      return nil
    }
    return (nil, statement.members[statement.members.count - 2])
  }
}

extension QuantityChecker {
  /// Why the sheet's own answer would earn nothing; nil where it earns the task with every number that is drawn.
  public func trouble(with answer: SourceExcerpt) -> Diagnostic? {
    for seed in 1...UInt64(8) {
      let report = check(SourceText(name: answer.source.name, text: "```math\n\(answer.text)\n```\n"), seed: seed)
      guard report.isRight else {
        return Diagnostic(
          "the sheet's own answer does not earn this task: \(Message(verbatim: report.text.english))", in: answer,
          at: 0..<max(1, answer.text.utf8.count))
      }
    }
    return nil
  }
}

extension Double {
  /// A whole number without its `.0`, any other with the digits that matter.
  fileprivate var asWritten: String {
    self == rounded() && abs(self) < 1_000_000 ? "\(Int(self))" : shortText
  }
}
