// A math block to rows: what is one chain of equations, and what continues the row before.

import Diagnostics

/// Splits the tokens of a block into rows.
enum Rows {
  /// Environments that only arrange rows.
  static let arranging: Set<String> = [
    "aligned", "align", "gathered", "gather", "split", "equation", "alignedat", "eqnarray", "array",
  ]
  /// Environments that hold a matrix.
  static let matrices: Set<String> = ["bmatrix", "pmatrix", "matrix", "Bmatrix", "vmatrix", "smallmatrix"]
  /// What keeps its rows to itself: matrices, and cases, which are taken apart once their chain is known.
  private static let kept = matrices.union(["cases"])

  /// The rows of a block, each without alignment marks, trailing punctuation and empty ones.
  ///
  /// - Parameter joinsFactors: whether a row of factors alone goes on with the equation above it, as it is set.
  static func split(
    _ tokens: [Token], in source: SourceText, joinsFactors: Bool = false
  ) throws(Diagnostic) -> [ArraySlice<Token>] {
    var rows: [[Token]] = [[]]
    var arranging: [Token] = []
    var keeping: [(name: String, token: Token)] = []
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      if token.isCommand("begin") || token.isCommand("end") {
        guard let (name, next) = environment(tokens, after: index) else {
          throw Diagnostic("`\(token.latex)` needs the name of an environment in braces", in: source, at: token.range)
        }
        let isBegin = token.isCommand("begin")
        if Self.arranging.contains(name) {
          if isBegin {
            arranging.append(token)
            rows.append([])
            // `\begin{array}{ll}`: how its columns are set.
            if ["array", "alignedat"].contains(name), next < tokens.count, tokens[next].isSign("{"),
              let close = tokens[next...].firstIndex(where: { $0.isSign("}") })
            {
              index = close + 1
              continue
            }
          } else {
            guard arranging.popLast() != nil else {
              throw Diagnostic("`\\end{\(name)}` has no `\\begin`", in: source, at: token.range)
            }
            rows.append([])
          }
          index = next
          continue
        }
        guard kept.contains(name) else {
          throw Diagnostic(
            "the environment `\(name)` is not read; use aligned for rows or bmatrix for a matrix", in: source,
            at: token.range)
        }
        if isBegin {
          keeping.append((name, token))
        } else {
          guard keeping.popLast()?.name == name else {
            throw Diagnostic("`\\end{\(name)}` has no `\\begin`", in: source, at: token.range)
          }
        }
      }
      switch token.kind {
      case .newline where keeping.isEmpty && arranging.isEmpty: rows.append([])
      case .newline: break
      case .rowBreak where keeping.isEmpty: rows.append([])
      case .sign("&") where keeping.isEmpty: break
      default: rows[rows.count - 1].append(token)
      }
      index += 1
    }
    if let open = arranging.last ?? keeping.last?.token {
      throw Diagnostic("this environment is never ended", in: source, at: open.range)
    }
    return joined(rows, joinsFactors: joinsFactors).map { trimmed($0) }.filter { !$0.isEmpty }
  }

  /// The name behind `\begin` or `\end` and the index after its closing brace.
  static func environment(_ tokens: [Token], after index: Int) -> (name: String, next: Int)? {
    guard index + 1 < tokens.count, tokens[index + 1].isSign("{") else { return nil }
    var name = ""
    var next = index + 2
    while next < tokens.count {
      switch tokens[next].kind {
      case .letter(let letter): name.append(letter)
      case .sign("*"): break
      case .sign("}"): return (name, next + 1)
      default: return nil
      }
      next += 1
    }
    return nil
  }

  /// A row that begins with a relation or an operator, or follows one that ends in one, continues the row before.
  private static func joined(_ rows: [[Token]], joinsFactors: Bool) -> [ArraySlice<Token>] {
    var result: [[Token]] = []
    for row in rows where !row.isEmpty {
      if let before = result.last, let last = before.last,
        isOpenEnded(last) || isContinuation(row[0])
          || (joinsFactors && !isPunctuation(last) && isBare(row[...]) && StatementDraft.hasRelation(before[...]))
      {
        result[result.count - 1] += row
      } else {
        result.append(row)
      }
    }
    return result.map { $0[...] }
  }

  private static func isContinuation(_ token: Token) -> Bool {
    switch token.kind {
    case .sign("="), .sign("+"), .sign("-"), .sign("*"), .sign("/"), .sign("<"), .sign(">"): return true
    case .command("odot"), .command("cdot"), .command("times"), .command("leq"), .command("geq"): return true
    case .command("equiv"), .command("otimes"), .command("lt"), .command("gt"): return true
    case .sign(":"): return true
    default: return false
    }
  }

  private static func isOpenEnded(_ token: Token) -> Bool {
    isContinuation(token) && !token.isSign("*") && !token.isSign(":")
  }

  /// Whether a row is nothing but a value: no relation, no words, no dots, no step.
  static func isBare(_ row: ArraySlice<Token>) -> Bool {
    guard !StatementDraft.hasRelation(row), !StatementDraft.isRange(trimmed(row)) else { return false }
    return row.allSatisfy { token in
      switch token.kind {
      case .prose, .invalid: false
      case .command(let name): !wordless.contains(name)
      default: true
      }
    }
  }

  /// Commands that stand between formulas.
  private static let wordless: Set<String> = [
    "dots", "cdots", "ldots", "vdots", "ddots", "forall", "Rightarrow", "implies", "therefore", "because", "iff",
    "Leftrightarrow", "Longrightarrow",
  ]

  private static func isPunctuation(_ token: Token) -> Bool {
    token.isSign(",") || token.isSign(".") || token.isSign(";")
  }

  /// Trailing punctuation ends a sentence, not a formula.
  private static func trimmed(_ row: ArraySlice<Token>) -> ArraySlice<Token> {
    var row = row
    while let last = row.last, isPunctuation(last) { row.removeLast() }
    return row
  }
}
