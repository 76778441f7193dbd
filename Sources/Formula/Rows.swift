// A math block to rows: what is one chain of equations, and what continues the row before.

import Diagnostics

/// Splits the tokens of a block into rows (MATH.md, "Grammar").
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
  static func split(_ tokens: [Token], in source: SourceText) throws(Diagnostic) -> [ArraySlice<Token>] {
    var rows: [[Token]] = [[]]
    var arranging: [Token] = []
    var matrixDepth = 0
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
        matrixDepth += isBegin ? 1 : -1
      }
      switch token.kind {
      case .newline where matrixDepth == 0 && arranging.isEmpty: rows.append([])
      case .newline: break
      case .rowBreak where matrixDepth == 0: rows.append([])
      case .sign("&") where matrixDepth == 0: break
      default: rows[rows.count - 1].append(token)
      }
      index += 1
    }
    if let open = arranging.last {
      throw Diagnostic("this environment is never ended", in: source, at: open.range)
    }
    return joined(rows).map { trimmed($0) }.filter { !$0.isEmpty }
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
  private static func joined(_ rows: [[Token]]) -> [ArraySlice<Token>] {
    var result: [[Token]] = []
    for row in rows where !row.isEmpty {
      if let last = result.last?.last, isOpenEnded(last) || isContinuation(row[0]) {
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

  /// Trailing punctuation ends a sentence, not a formula.
  private static func trimmed(_ row: ArraySlice<Token>) -> ArraySlice<Token> {
    var row = row
    while let last = row.last, last.isSign(",") || last.isSign(".") || last.isSign(";") { row.removeLast() }
    return row
  }
}
