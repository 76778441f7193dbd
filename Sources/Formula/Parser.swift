// Recursive descent over one row of tokens, with limits on depth and length.

import Diagnostics

/// Reads expressions from the tokens of one row.
struct Parser {
  /// Deeper trees are refused: recursion must end long before the stack does.
  static let depthLimit = 200

  let source: SourceText
  var vocabulary: Vocabulary
  var tokens: ArraySlice<Token>
  /// The token taken last.
  private(set) var last: Token?
  private let end: Int
  private(set) var depth = 0
  /// The letters of the sums and products that this value stands in.
  var boundLetters: Set<String> = []

  init(_ tokens: ArraySlice<Token>, vocabulary: Vocabulary, in source: SourceText) {
    self.tokens = tokens
    self.vocabulary = vocabulary
    self.source = source
    end = tokens.last?.range.upperBound ?? 0
  }

  // MARK: Tokens

  var next: Token? { tokens.first }

  func peek(_ offset: Int) -> Token? {
    let index = tokens.startIndex + offset
    return index < tokens.endIndex ? tokens[index] : nil
  }

  @discardableResult
  mutating func take() -> Token {
    let token = tokens.removeFirst()
    last = token
    return token
  }

  /// The tokens taken since an earlier moment.
  func taken(since earlier: ArraySlice<Token>) -> ArraySlice<Token> {
    earlier.prefix(earlier.count - tokens.count)
  }

  mutating func takeSign(_ sign: Character) -> Token? {
    guard let token = next, token.isSign(sign) else { return nil }
    return take()
  }

  func fail(_ message: Message, at range: Range<Int>? = nil) -> Diagnostic {
    Diagnostic(message, in: source, at: range ?? next?.range ?? max(0, end - 1)..<end)
  }

  /// Makes a node, refusing a tree that is too deep to be walked.
  func node(_ kind: Expression.Kind, from start: Int, to stop: Int) throws(Diagnostic) -> Expression {
    let expression = Expression(kind, at: start..<max(start, stop))
    guard expression.depth <= Self.depthLimit else {
      throw fail(
        "this formula is nested or chained more than \(Self.depthLimit) deep; name its parts", at: expression.range)
    }
    return expression
  }

  private func join(
    _ make: (Expression, Expression) -> Expression.Kind, _ left: Expression, _ right: Expression
  ) throws(Diagnostic) -> Expression {
    try node(make(left, right), from: left.range.lowerBound, to: right.range.upperBound)
  }

  // MARK: Sums, Hadamard products, products

  /// `a + b - c`: the loosest operators.
  mutating func sum() throws(Diagnostic) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw fail("brackets are nested more than \(Self.depthLimit) deep; name the inner parts")
    }
    var result: Expression
    if let minus = takeSign("-") {
      let value = try hadamard()
      result = try node(.negated(value), from: minus.range.lowerBound, to: value.range.upperBound)
    } else {
      _ = takeSign("+")
      result = try hadamard()
    }
    while let sign = next, sign.isSign("+") || sign.isSign("-") {
      try refuseStrayOffset(after: result, sign)
      take()
      let right = try hadamard()
      result = try join(sign.isSign("+") ? Expression.Kind.sum : Expression.Kind.difference, result, right)
    }
    return result
  }

  /// `h_t-1`, written without braces and without a space, is meant as `h_{t-1}` more often than not.
  private func refuseStrayOffset(after value: Expression, _ sign: Token) throws(Diagnostic) {
    guard let last, case .letter = last.kind, !sign.isSpaced,
      let number = peek(1), case .number(let digits) = number.kind, !number.isSpaced,
      case .symbol(let symbol) = value.trailing.kind, let time = symbol.times.last, time.letter == last.latex,
      time.offset == 0
    else { return }
    let value = value.trailing
    let offset = "\(sign.latex)\(digits)"
    let step = symbol.name.latex(time: time.description + offset)
    throw fail(
      "`\(source.substring(value.range))\(offset)` has two readings: write `\(step)` for the step, "
        + "or `(\(symbol.latex)) \(sign.latex) \(digits)` for the difference",
      at: value.range.lowerBound..<number.range.upperBound)
  }

  /// `a \odot b`: looser than juxtaposition, tighter than a sum.
  mutating func hadamard() throws(Diagnostic) -> Expression {
    var result = try product()
    while let token = next, token.isCommand("odot") || token.isSign("*") {
      take()
      if let sign = next, sign.isSign("-") || sign.isSign("+") {
        throw fail("a sign behind `\(token.latex)` needs brackets: `a \(token.latex) (-b)`", at: sign.range)
      }
      let right = try product()
      if token.isSign("*"), result.isNumber || right.isNumber {
        result = try join(Expression.Kind.product, result, right)
        continue
      }
      result = try join(token.isSign("*") ? Expression.Kind.star : Expression.Kind.hadamard, result, right)
    }
    return result
  }

  /// `A b`, `A \cdot b`, `a / b`: left to right.
  mutating func product() throws(Diagnostic) -> Expression {
    var result = try factor()
    while let token = next {
      if token.isCommand("cdot") || token.isCommand("times") || token.isCommand("otimes") || token.isSign("/") {
        take()
        if let sign = next, sign.isSign("-") || sign.isSign("+") {
          throw fail("a sign behind `\(token.latex)` needs brackets: `a \(token.latex) (-b)`", at: sign.range)
        }
        let right = try factor()
        switch token.kind {
        case .sign("/"): result = try join(Expression.Kind.quotient, result, right)
        case .command("otimes"): result = try join(Expression.Kind.tensor, result, right)
        default: result = try join(Expression.Kind.product, result, right)
        }
      } else if startsFactor(token) {
        let right = try factor()
        result = try join(Expression.Kind.product, result, right)
      } else {
        return result
      }
    }
    return result
  }

  func startsFactor(_ token: Token) -> Bool {
    switch token.kind {
    case .letter, .number: return true
    case .sign(let sign): return sign == "(" || sign == "[" || sign == "{" || (sign == "|" && vocabulary.allowsAnalysis)
    case .command(let name): return !Self.operators.contains(name) || (name == "Vert" && vocabulary.allowsAnalysis)
    case .rowBreak, .newline, .prose, .invalid: return false
    }
  }

  /// Commands that stand between or after values, never at the start of one.
  private static let operators: Set<String> = [
    "odot", "cdot", "times", "otimes", "leq", "geq", "equiv", "approx", "propto", "sim", "rangle", "end", "top",
    "prime",
    "Vert", "rightarrow", "in", "dots", "cdots", "ldots",
  ]

  // MARK: Factors

  /// A value with its transposes and powers.
  mutating func factor() throws(Diagnostic) -> Expression {
    guard let token = next else { throw fail("a value is missing at the end of the row") }
    var value = try primary(token)
    while let mark = next, mark.isSign("^") || mark.isSign("'") {
      if mark.isSign("'") { throw prime(on: value, at: mark) }
      take()
      value = try raised(value, at: mark)
    }
    if let subscript_ = next, subscript_.isSign("_") {
      throw fail(
        "an index stands behind `\(source.substring(value.range))`, which is no name; entries are not read: "
          + "write it in matrices",
        at: subscript_.range)
    }
    return value
  }

  private func prime(on value: Expression, at mark: Token) -> Diagnostic {
    let text = source.substring(value.range)
    return fail(
      "a prime stands only on a function, such as `\\sigma'(z)`; for the derivative of a gate write "
        + "`\(text) \\odot (1 - \(text))`, for a transpose `\(text)^\\top`",
      at: mark.range)
  }

  /// What stands behind a `^` whose base is a whole value.
  private mutating func raised(_ value: Expression, at mark: Token) throws(Diagnostic) -> Expression {
    let script = try self.script(after: mark)
    let stop = script.range.upperBound
    if isTranspose(script.tokens) { return try node(.transposed(value), from: value.range.lowerBound, to: stop) }
    let exponent = try nested(script.tokens, at: script.range) { (parser) throws(Diagnostic) in try parser.sum() }
    return try node(.power(value, exponent), from: value.range.lowerBound, to: stop)
  }

  /// The group, letter or number behind `_` or `^`.
  mutating func script(after mark: Token) throws(Diagnostic) -> (tokens: ArraySlice<Token>, range: Range<Int>) {
    guard let first = next else { throw fail("nothing stands behind `\(mark.latex)`", at: mark.range) }
    if first.isSign("{") {
      let inside = try bracketed("{", "}")
      return (inside.tokens, inside.range)
    }
    let before = tokens
    switch first.kind {
    case .command(let name) where Self.isTransparent(name):
      // `A^\mathrm{T}`: the font command with its argument.
      take()
      if next?.isSign("{") == true { _ = try bracketed("{", "}") } else if next != nil { take() }
    case .letter, .number, .command, .sign("*"), .sign("'"), .sign("+"):
      take()
    case .sign("<"):
      // `h^<t>` without braces, as it is typed by hand.
      while let token = next, !token.isSign(">") { _ = (token, take()) }
      guard next != nil else { throw fail("`<` has no `>`", at: first.range) }
      take()
    case .sign("("):
      _ = try bracketed("(", ")")
    default:
      throw fail("`\(first.latex)` cannot stand behind `\(mark.latex)`", at: first.range)
    }
    let script = taken(since: before)
    return (script, first.range.lowerBound..<(script.last ?? first).range.upperBound)
  }

  func isTranspose(_ script: ArraySlice<Token>) -> Bool {
    var script = script
    while let first = script.first {
      switch first.kind {
      case .command("top"): return script.count == 1
      case .letter("T"): return script.count == 1
      case .command(let name) where Self.isTransparent(name): script.removeFirst()
      case .sign("{") where script.last?.isSign("}") == true && script.count > 1:
        script.removeFirst()
        script.removeLast()
      default: return false
      }
    }
    return false
  }

  /// Reads a run of tokens to its end with a parser of its own.
  func nested<Value>(
    _ tokens: ArraySlice<Token>, at range: Range<Int>, _ read: (inout Parser) throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    for token in tokens {
      if case .invalid(let message) = token.kind { throw fail(message, at: token.range) }
    }
    guard !tokens.isEmpty else { throw fail("nothing stands between these brackets", at: range) }
    var parser = Parser(tokens, vocabulary: vocabulary, in: source)
    parser.depth = depth
    parser.boundLetters = boundLetters
    let value = try read(&parser)
    try parser.expectEnd()
    return value
  }

  /// Refuses what is left over.
  func expectEnd() throws(Diagnostic) {
    guard let token = next else { return }
    switch token.kind {
    case .invalid(let message):
      throw fail(message, at: token.range)
    case .sign(")"), .sign("]"), .sign("}"):
      throw fail("`\(token.latex)` has no opening bracket", at: token.range)
    case .command("approx"), .command("propto"), .command("sim"):
      throw fail("`\(token.latex)` is prose here; a formula states `=`", at: token.range)
    default:
      throw fail("`\(token.latex)` is not expected here", at: token.range)
    }
  }

  /// What stands between a bracket and its partner; the brackets are taken.
  mutating func bracketed(_ open: Character, _ close: Character) throws(Diagnostic) -> (
    tokens: ArraySlice<Token>, range: Range<Int>
  ) {
    let opener = take()
    var nesting = 1
    var index = tokens.startIndex
    while index < tokens.endIndex {
      if tokens[index].isSign(open) { nesting += 1 }
      if tokens[index].isSign(close) { nesting -= 1 }
      if nesting == 0 {
        let inside = tokens[tokens.startIndex..<index]
        let range = opener.range.lowerBound..<tokens[index].range.upperBound
        last = tokens[index]
        tokens = tokens[(index + 1)...]
        return (inside, range)
      }
      index += 1
    }
    throw fail("this `\(open)` is never closed", at: opener.range)
  }

  // MARK: Primaries

  private mutating func primary(_ token: Token) throws(Diagnostic) -> Expression {
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

  private mutating func group(_ open: Character, _ close: Character) throws(Diagnostic) -> Expression {
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
  private mutating func block() throws(Diagnostic) -> Expression {
    let inside = try bracketed("[", "]")
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
  private mutating func magnitude() throws(Diagnostic) -> Expression {
    let opener = take()
    guard let index = tokens.firstIndex(where: { $0.isSign("|") }) else {
      throw fail("this `|` is never closed", at: opener.range)
    }
    let inside = tokens[tokens.startIndex..<index]
    let range = opener.range.lowerBound..<tokens[index].range.upperBound
    tokens = tokens[(index + 1)...]
    let value = try nested(inside, at: range) { (parser) throws(Diagnostic) in try parser.sum() }
    return try node(.call(.abs, derivative: 0, [value]), from: range.lowerBound, to: range.upperBound)
  }

  private mutating func command(_ name: String, at token: Token) throws(Diagnostic) -> Expression {
    if vocabulary.allowsAnalysis, let value = try analysis(name, at: token) { return value }
    switch name {
    case "frac": return try fraction(token)
    case "sqrt":
      take()
      let value = try argument(of: token)
      return try node(
        .call(.sqrt, derivative: 0, [value]), from: token.range.lowerBound, to: value.range.upperBound)
    case "begin": return try matrix(token)
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

  /// The argument of a command: a group in braces, or a single digit or letter.
  private mutating func argument(of command: Token) throws(Diagnostic) -> Expression {
    guard let first = next else { throw fail("`\(command.latex)` needs an argument in braces", at: command.range) }
    if first.isSign("{") { return try group("{", "}") }
    guard case .number(let digits) = first.kind, digits.count > 1 else { return try primary(first) }
    // `\frac12` is one half: each digit is an argument of its own.
    take()
    let middle = first.range.lowerBound + 1
    let rest = Token(kind: .number(String(digits.dropFirst())), range: middle..<first.range.upperBound)
    tokens = [rest] + tokens
    return try node(
      .number(Double(String(digits.prefix(1))) ?? 0), from: first.range.lowerBound, to: middle)
  }

  /// `\begin{bmatrix} a \\ b \end{bmatrix}`.
  private mutating func matrix(_ token: Token) throws(Diagnostic) -> Expression {
    let all = Array(tokens)
    guard let (name, start) = Rows.environment(all, after: 0), Rows.matrices.contains(name) else {
      throw fail("this environment is not read; use bmatrix for a matrix", at: token.range)
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

extension Expression {
  /// What stands last in it.
  fileprivate var trailing: Expression {
    switch kind {
    case .negated(let value): return value.trailing
    case .sum(_, let right), .difference(_, let right), .product(_, let right), .hadamard(_, let right),
      .star(_, let right),
      .tensor(_, let right), .quotient(_, let right):
      return right.trailing
    case .analysis(.repetition(let repetition)): return repetition.body.trailing
    case .call(_, _, let arguments) where arguments.count == 1 && arguments[0].range.upperBound == range.upperBound:
      return arguments[0].trailing
    default: return self
    }
  }

  fileprivate var isNumber: Bool { if case .number = kind { true } else { false } }
}
