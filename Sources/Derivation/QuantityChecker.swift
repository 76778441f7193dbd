// A task that asks for a formula of sizes, such as how many parameters a cell has.

public import Diagnostics
import Formula
import Glibc
import Recurrence
import Sheets

/// Holds a learner's formula against the sheet's own, over random sizes.
public struct QuantityChecker: Sendable {
  /// The name of the quantity, where the answer gives one.
  let name: Name?
  let answer: Expression
  let letters: Set<String>

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
  }

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - answer: the formula, with or without the name and `=` before it.
  ///   - letters: the sizes that may stand in it; empty where the answer's own are meant.
  /// - Throws: what is wrong with the answer.
  public init(answer: SourceExcerpt, letters: Set<String> = []) throws(DiagnosticList) {
    let vocabulary = Self.vocabulary
    let statements = StatementDraft.drafts(of: answer).map { $0.statement(vocabulary) }
    if let statement = statements.first, statement.signs.count == 1, let right = statement.members[1].expression {
      self.answer = right
      if case .symbol(let symbol)? = statement.members[0].expression?.kind { name = symbol.name } else { name = nil }
    } else {
      do { self.answer = try FormulaReader.value(answer, vocabulary: vocabulary) } catch {
        throw DiagnosticList([error])
      }
      name = nil
    }
    var own: Set<String> = []
    _ = self.answer.mapSymbols { symbol in
      own.insert(symbol.latex)
      return symbol
    }
    self.letters = letters.isEmpty ? own : letters.union(own)
  }

  private static var vocabulary: Vocabulary {
    var vocabulary = Vocabulary()
    vocabulary.timeLetters = []
    vocabulary.allowsAnalysis = true
    return vocabulary
  }

  /// Checks a text: the last formula for the quantity counts.
  public func check(_ text: SourceText, seed: UInt64) -> Report {
    onLargeStack { examine(text, seed: seed) }
  }

  private func examine(_ text: SourceText, seed: UInt64) -> Report {
    var found: (expression: Expression, range: Range<Int>)?
    var names: [(latex: String, value: Expression)] = []
    // What was named before the formula that counts may stand in it.
    var known: ArraySlice<(latex: String, value: Expression)> = []
    var failure: Diagnostic?
    guard let markdown = try? Markdown(text) else {
      return Report(read: nil, isRight: false, text: Wording("the text cannot be read", "无法读取文本"), position: nil)
    }
    for span in markdown.math {
      for draft in StatementDraft.drafts(of: span.excerpt) {
        let statement = draft.statement(Self.vocabulary)
        guard statement.signs.contains(where: { !$0.relation.isBound }) || statement.signs.isEmpty else { continue }
        guard let last = statement.members.last else { continue }
        if let name {
          guard case .symbol(let symbol)? = statement.members.first?.expression?.kind else { continue }
          if symbol.name != name {
            if !letters.contains(symbol.latex), let value = last.expression { names.append((symbol.latex, value)) }
            continue
          }
        }
        switch last.content {
        case .success(let expression): (found, known) = ((expression, last.range), names[...])
        case .failure(let diagnostic): failure = diagnostic
        }
      }
    }
    guard let found else {
      if let failure {
        return Report(
          read: nil, isRight: false, text: Wording(failure.wording), position: failure.position)
      }
      let wanted = name.map { "`\($0.latex) = …`" } ?? "`= …`"
      return Report(
        read: nil, isRight: false, text: Wording("there is no formula yet; write \(wanted)", "还没有公式；请写 \(wanted)"),
        position: nil)
    }
    let position = text.position(at: found.range.lowerBound)
    func report(_ isRight: Bool, _ english: String, _ chinese: String) -> Report {
      Report(read: found.expression.latex, isRight: isRight, text: Wording(english, chinese), position: position)
    }
    var generator = SeededGenerator(seed: seed, stream: 5)
    for _ in 0..<8 {
      var values: [String: Double] = [:]
      for letter in letters.sorted() { values[letter] = Double(2 + generator.next() % 96) }
      // In the order of the text, so that no name can stand in its own value; what is no number stays unknown.
      for (latex, tree) in known { values[latex] = try? Self.value(tree, values) }
      do {
        let (own, wanted) = (try Self.value(found.expression, values), try Self.value(answer, values))
        guard own.isFinite, abs(own - wanted) <= 1e-9 * max(abs(own), abs(wanted), 1e-300) else {
          let sizes = values.filter { letters.contains($0.key) }.sorted { $0.key < $1.key }.map {
            "\($0.key) = \(Int($0.value))"
          }.joined(separator: ", ")
          return report(
            false, "not equal: for \(sizes) it gives \(own.shortText)", "不相等：当 \(sizes) 时得到 \(own.shortText)")
        }
      } catch {
        return report(false, error.text.english, error.text.chinese)
      }
    }
    return report(true, "equal for all sizes that were drawn", "对所有抽取的大小都相等")
  }

  private struct Unreadable: Error { let text: Wording }

  private static func value(_ tree: Expression, _ letters: [String: Double]) throws(Unreadable) -> Double {
    func both(_ a: Expression, _ b: Expression) throws(Unreadable) -> (Double, Double) {
      (try value(a, letters), try value(b, letters))
    }
    switch tree.kind {
    case .number(let number): return number
    case .symbol(let symbol):
      if let number = letters[symbol.latex] { return number }
      let known = letters.keys.sorted().joined(separator: ", ")
      throw Unreadable(
        text: Wording(
          "`\(symbol.latex)` is unknown here: there are \(known), and what you name before with `:=`",
          "这里不认识 `\(symbol.latex)`：可以用 \(known)，以及你在前面用 `:=` 引入的名字"))
    case .negated(let a): return -(try value(a, letters))
    case .sum(let a, let b):
      let (x, y) = try both(a, b)
      return x + y
    case .difference(let a, let b):
      let (x, y) = try both(a, b)
      return x - y
    case .product(let a, let b), .star(let a, let b), .hadamard(let a, let b):
      let (x, y) = try both(a, b)
      return x * y
    case .quotient(let a, let b):
      let (x, y) = try both(a, b)
      return x / y
    case .power(let a, let b):
      let (x, y) = try both(a, b)
      return pow(x, y)
    case .transposed(let base):
      // Numbers have no transpose, so the T above one is the number of steps, where there is one.
      guard let steps = letters["T"] else {
        throw Unreadable(
          text: Wording(
            "`\(tree.latex)` is read as a transpose, and no `T` is known here", "`\(tree.latex)` 读作转置，而这里没有 `T`"))
      }
      return pow(try value(base, letters), steps)
    case .block(let rows) where rows.count == 1 && rows[0].count == 1: return try value(rows[0][0], letters)
    case .call(let function, 0, let arguments) where arguments.count == 1:
      return function.value(try value(arguments[0], letters), derivative: 0)
    default:
      throw Unreadable(text: Wording("`\(tree.latex)` is no number", "`\(tree.latex)` 不是一个数"))
    }
  }
}
