// What a factor begins with: numbers, brackets, blocks, fractions, roots, matrices.

import Diagnostics

extension Parser {
  mutating func primary(_ token: Token) throws(Diagnostic) -> Expression {
    switch token.kind {
    case .number(let digits):
      take()
      guard let value = Double(digits), value.isFinite else { throw fail("`\(digits)` is too large", at: token.range) }
      return try node(.number(value), from: token.range.lowerBound, to: token.range.upperBound)
    case .sign("("):
      return try group("(", ")")
    case .sign("["):
      return try block()
    case .sign("{"):
      if vocabulary.allowsAnalysis, let value = try braces() { return value }
      return try group("{", "}")
    case .sign("|"):
      return try magnitude()
    case .letter:
      return try symbolOrCall()
    case .command(let name):
      return try command(name, at: token)
    case .invalid(let message):
      throw fail(message, at: token.range)
    default:
      throw fail("a value is expected here, not `\(token.latex)`", at: token.range)
    }
  }

  mutating func group(_ open: Character, _ close: Character) throws(Diagnostic) -> Expression {
    let inside = try bracketed(open, close)
    let value = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
      let value = try parser.sum()
      if let comma = parser.next, comma.isSign(",") || comma.isSign(";") {
        throw parser.fail("to put parts together use square brackets: `[a; b]`", at: comma.range)
      }
      return value
    }
    // The brackets belong to the value's place, so that a product is quoted with both of them.
    return Expression(value.kind, at: inside.range)
  }

  /// `[a; b]`, `[a, b]`, or brackets around one value.
  mutating func block() throws(Diagnostic) -> Expression {
    let inside = try bracketed("[", "]")
    if let unit = try unitBlock(inside.tokens, at: inside.range) { return unit }
    let rows = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
      var rows: [[Expression]] = [[try parser.sum()]]
      while let sign = parser.next, sign.isSign(",") || sign.isSign(";") {
        parser.take()
        let part = try parser.sum()
        if sign.isSign(";") { rows.append([part]) } else { rows[rows.count - 1].append(part) }
      }
      return rows
    }
    if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
    return try node(.block(rows), from: inside.range.lowerBound, to: inside.range.upperBound)
  }

  /// `|x|` and `\lvert x \rvert`.
  mutating func magnitude() throws(Diagnostic) -> Expression {
    let opener = take()
    if next?.isSign("_") == true {
      throw fail("a bar with an index is not read; write the value at that place itself", at: opener.range)
    }
    guard let index = tokens.firstIndex(where: { $0.isSign("|") }) else {
      throw fail("this `|` is never closed", at: opener.range)
    }
    let inside = tokens[tokens.startIndex..<index]
    let range = opener.range.lowerBound..<tokens[index].range.upperBound
    tokens = tokens[(index + 1)...]
    let value = try nested(inside, at: range) { (parser) throws(Diagnostic) in try parser.sum() }
    return try node(.call(.abs, derivative: 0, [value]), from: range.lowerBound, to: range.upperBound)
  }

  mutating func command(_ name: String, at token: Token) throws(Diagnostic) -> Expression {
    if vocabulary.isOfNumbers, let value = try counting(name, at: token) { return value }
    if vocabulary.allowsAnalysis, let value = try analysis(name, at: token) { return value }
    switch name {
    case "frac": return try fraction(token)
    case "sqrt": return try root(token)
    case "begin": return try matrix(token)
    case "sum" where !vocabulary.allowsAnalysis: return try sumInCell(token)
    case "prod" where !vocabulary.allowsAnalysis:
      throw fail(
        "a product over steps or labels is not read in the equations of a cell; write its factors out, or keep it in a state",
        at: token.range)
    case "Vert" where !vocabulary.allowsAnalysis:
      throw fail("in the equations of a cell a norm is written `\\sqrt{z_t^\\top z_t}`", at: token.range)
    case "partial", "nabla", "sum", "prod", "bigodot", "Vert":
      throw fail(
        "`\\\(name)` belongs in a derivation; the equations of a cell are made of products, sums and functions",
        at: token.range)
    default: return try symbolOrCall()
    }
  }

  /// `\frac{a}{b}`, `\frac12`.
  mutating func fraction(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    let above = try argument(of: token)
    let below = try argument(of: token)
    return try node(.quotient(above, below), from: token.range.lowerBound, to: below.range.upperBound)
  }

  /// `\sqrt{x}`, `\sqrt[3]{x}`.
  mutating func root(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    guard next?.isSign("[") == true else {
      let value = try argument(of: token)
      return try node(
        .call(.sqrt, derivative: 0, [value]), from: token.range.lowerBound, to: value.range.upperBound)
    }
    let inside = try bracketed("[", "]")
    let degree = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.sum() }
    let value = try argument(of: token)
    let one = Expression(.number(1), at: inside.range)
    let exponent = try node(.quotient(one, degree), from: inside.range.lowerBound, to: inside.range.upperBound)
    return try node(.power(value, exponent), from: token.range.lowerBound, to: value.range.upperBound)
  }

  /// The argument of a command: a group in braces, or a single digit or letter.
  mutating func argument(of command: Token) throws(Diagnostic) -> Expression {
    guard let first = next else { throw fail("`\(command.latex)` needs an argument in braces", at: command.range) }
    if first.isSign("{") { return try group("{", "}") }
    guard case .number(let digits) = first.kind, digits.count > 1 else {
      return try deeper { (parser) throws(Diagnostic) in try parser.primary(first) }
    }
    // `\frac12` is one half: each digit is an argument of its own.
    take()
    let middle = first.range.lowerBound + 1
    let rest = Token(kind: .number(String(digits.dropFirst())), range: middle..<first.range.upperBound)
    tokens = [rest] + tokens
    return try node(
      .number(Double(String(digits.prefix(1))) ?? 0), from: first.range.lowerBound, to: middle)
  }

  /// `\begin{bmatrix} a \\ b \end{bmatrix}`.
  mutating func matrix(_ token: Token) throws(Diagnostic) -> Expression {
    let all = Array(tokens)
    guard let (name, start) = Rows.environment(all, after: 0), Rows.matrices.contains(name) else {
      if !vocabulary.allowsAnalysis, Rows.environment(all, after: 0)?.name == "cases" {
        throw fail(
          "an equation of a cell is the same at every step, so there are no cases; the states before the first step are given",
          at: token.range)
      }
      throw Rows.environment(all, after: 0)?.name == "cases"
        ? fail(
          "cases stand behind `=`, each with a condition between steps such as `t < T`; otherwise write a line for each case",
          at: token.range)
        : fail("this environment is not read; use bmatrix for a matrix", at: token.range)
    }
    var nesting = 1
    var index = start
    var rows: [[ArraySlice<Token>]] = []
    var cells: [ArraySlice<Token>] = []
    var cellStart = start
    while index < all.count {
      if all[index].isCommand("begin") { nesting += 1 }
      if all[index].isCommand("end") { nesting -= 1 }
      let isEnd = nesting == 0
      let isBreak = nesting == 1 && all[index].kind == .rowBreak
      let isCell = nesting == 1 && all[index].isSign("&")
      if isEnd || isBreak || isCell {
        cells.append(all[cellStart..<index])
        cellStart = index + 1
      }
      if isEnd || isBreak {
        if !cells.allSatisfy(\.isEmpty) { rows.append(cells) }
        cells = []
      }
      if isEnd { break }
      index += 1
    }
    guard nesting == 0, let (closing, next) = Rows.environment(all, after: index), closing == name, !rows.isEmpty
    else { throw fail("`\\begin{\(name)}` has no matching `\\end{\(name)}`, or nothing between them", at: token.range) }
    let stop = all[next - 1].range.upperBound
    tokens = tokens.dropFirst(next)
    var parts: [[Expression]] = []
    for row in rows {
      var line: [Expression] = []
      for cell in row {
        line.append(try nested(cell, at: token.range) { (parser) throws(Diagnostic) in try parser.sum() })
      }
      parts.append(line)
    }
    return try node(.block(parts), from: token.range.lowerBound, to: stop)
  }
}
