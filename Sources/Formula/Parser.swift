// Recursive descent over one row of tokens, with limits on depth and length.

import Diagnostics

/// Reads expressions from the tokens of one row.
struct Parser {
  /// Deeper trees are refused: recursion must end long before the stack does.
  static let depthLimit = 200
  /// What is nested as deep as this is read on a stack of its own: a task's thread has half a MiB, which some ten levels fill.
  private static let ownStackDepth = 8
  /// Larger trees are refused: `\sinh` and powers by element write their argument more than once.
  static let sizeLimit = 10_000

  /// What reading may still cost, in factors and names; what is read again, as for each label of a sum, counts again.
  private final class Patience {
    var left = 40_000
  }

  /// How parts were understood that have no one reading by themselves; each is told.
  private final class Readings {
    var messages: [Message] = []
  }

  /// The names, in one place for all the parsers of a row: there are many of these, and each is copied to look ahead.
  private final class Names: Sendable {
    let vocabulary: Vocabulary

    init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }
  }

  let source: SourceText
  private let names: Names
  var vocabulary: Vocabulary { _read { yield names.vocabulary } }
  var tokens: ArraySlice<Token>
  /// The token taken last.
  private(set) var last: Token?
  let end: Int
  private var depth = 0
  private let patience: Patience
  private let readings: Readings
  /// The letters of the sums and products that this value stands in.
  var boundLetters: Set<String> = []

  init(_ tokens: ArraySlice<Token>, vocabulary: Vocabulary, in source: SourceText) {
    self.tokens = tokens
    names = Names(vocabulary)
    self.source = source
    patience = Patience()
    readings = Readings()
    end = tokens.last?.range.upperBound ?? 0
  }

  /// A parser of some tokens within those of another.
  private init(_ tokens: ArraySlice<Token>, within parser: Parser) {
    self.tokens = tokens
    names = parser.names
    source = parser.source
    depth = parser.depth
    patience = parser.patience
    readings = parser.readings
    boundLetters = parser.boundLetters
    end = tokens.last?.range.upperBound ?? 0
  }

  /// How parts of what has been read were understood.
  var notes: [Message] { readings.messages }

  /// Tells how a part is understood.
  func note(_ message: Message) {
    if !readings.messages.contains(message) { readings.messages.append(message) }
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
    guard expression.nodeCount <= Self.sizeLimit else {
      throw fail(
        "this formula has more than \(Self.sizeLimit) parts when it is written out; name some of them",
        at: expression.range)
    }
    return expression
  }

  func join(
    _ make: (Expression, Expression) -> Expression.Kind, _ left: Expression, _ right: Expression
  ) throws(Diagnostic) -> Expression {
    try node(make(left, right), from: left.range.lowerBound, to: right.range.upperBound)
  }

  // MARK: Sums, Hadamard products, products

  /// `a + b - c`: the loosest operators.
  mutating func sum() throws(Diagnostic) -> Expression {
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
  func refuseStrayOffset(after value: Expression, _ sign: Token) throws(Diagnostic) {
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
      try refuseSign(behind: token)
      if token.isSign("*"), let sign = next, sign.isSign("*") {
        throw fail("`**` is a power in code only; write `^2`", at: token.range.lowerBound..<sign.range.upperBound)
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
        try refuseSign(behind: token)
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
  static let operators: Set<String> = [
    "odot", "cdot", "times", "otimes", "leq", "geq", "equiv", "approx", "propto", "sim", "rangle", "end", "top",
    "prime",
    "Vert", "rightarrow", "in", "dots", "cdots", "ldots",
  ]

  // MARK: Factors

  /// A value with its transposes and powers.
  mutating func factor() throws(Diagnostic) -> Expression {
    guard let token = next else { throw fail("a value is missing at the end of the row") }
    var value = try primary(token)
    while let mark = next {
      if mark.isSign("'") { throw prime(on: value, at: mark) }
      if mark.isSign("^") {
        take()
        value = try raised(value, at: mark)
      } else if mark.isSign("_"), let entry = try entry(of: value) {
        value = entry
      } else if vocabulary.isOfNumbers, let more = try counted(value, by: mark) {
        value = more
      } else {
        break
      }
    }
    if let mark = next, mark.isSign("_") { throw indexBehind(value, at: mark) }
    return value
  }

  /// What stands behind a `^` whose base is a whole value.
  mutating func raised(_ value: Expression, at mark: Token) throws(Diagnostic) -> Expression {
    var script = try self.script(after: mark)
    let stop = script.range.upperBound
    if let sign = script.tokens.first, sign.isCommand("odot"), script.tokens.count == 2,
      case .number(let digits)? = script.tokens.last?.kind, let count = Int(digits), (2...8).contains(count)
    {
      // `h_t^{\odot 2}`: the power by element, of a matrix too.
      script.tokens.removeFirst()
      var product = value
      for _ in 1..<count { product = try node(.hadamard(product, value), from: value.range.lowerBound, to: stop) }
      return product
    }
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
      if mark.isSign("_"), boundLetters.contains(first.latex + "'") { takeStepPrimes() }
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

  /// `s_t'`, typed without braces, is the one of step t'; nothing of a step has a derivative mark.
  private mutating func takeStepPrimes() {
    var primes = 0
    while peek(primes)?.isSign("'") == true { primes += 1 }
    guard primes > 0, peek(primes)?.isSign("(") != true else { return }
    for _ in 0..<primes { take() }
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
    var parser = Parser(tokens, within: self)
    let value = try parser.deeper(read)
    try parser.expectEnd()
    return value
  }

  /// Reads something within something, as far as recursion may go.
  mutating func deeper<Value>(
    _ read: (inout Parser) throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw fail("brackets are nested more than \(Self.depthLimit) deep; name the inner parts")
    }
    patience.left -= 1
    guard patience.left > 0 else { throw fail("this takes too much work to read; break it into shorter lines") }
    guard depth == Self.ownStackDepth else { return try read(&self) }
    var parser = self
    let result = onLargeStack { () -> Result<Value, Diagnostic> in
      do throws(Diagnostic) { return .success(try read(&parser)) } catch { return .failure(error) }
    }
    self = parser
    return try result.get()
  }

  /// Refuses what is left over.
  func expectEnd() throws(Diagnostic) {
    guard let token = next else { return }
    switch token.kind {
    case .invalid(let message):
      throw fail(message, at: token.range)
    case .sign(")"), .sign("]"), .sign("}"):
      throw fail("`\(token.latex)` has no opening bracket", at: token.range)
    case .command("dots"), .command("cdots"), .command("ldots"), .command("ddots"), .command("vdots"):
      throw fail("dots are not read; write `\\sum_{…}^{…}` or `\\prod_{…}^{…}`", at: token.range)
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
