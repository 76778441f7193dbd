// What a formula of numbers may hold beyond a cell's: sums between values, binomials, factorials, shares.

import Diagnostics

extension Parser {
  /// The value that a command of a quantity begins, or nil where the command is none of them.
  mutating func counting(_ name: String, at token: Token) throws(Diagnostic) -> Expression? {
    switch name {
    case "sum": return try series(.sum, token)
    case "prod": return try series(.product, token)
    case "binom", "dbinom", "tbinom":
      take()
      let above = try argument(of: token)
      let below = try argument(of: token)
      return try counted(.binomial, [above, below], from: token, to: below.range.upperBound)
    case "lfloor": return try rounded(.floor, until: "rfloor", token)
    case "lceil": return try rounded(.ceiling, until: "rceil", token)
    case "log" where peek(1)?.isSign("_") == true:
      take()
      let script = try script(after: take())
      let base = try nested(script.tokens, at: script.range) { (parser) throws(Diagnostic) in try parser.sum() }
      tokens = [token] + tokens
      let value = try symbolOrCall()
      let divisor = Expression(.call(.log, derivative: 0, [base]), at: script.range)
      return try node(.quotient(value, divisor), from: token.range.lowerBound, to: value.range.upperBound)
    default: return nil
    }
  }

  /// A value with `!` or `\%` behind it; nil for any other mark.
  mutating func counted(_ value: Expression, by mark: Token) throws(Diagnostic) -> Expression? {
    if mark.isSign("!") {
      take()
      return try node(
        .analysis(.counting(.factorial, [value])), from: value.range.lowerBound, to: mark.range.upperBound)
    }
    guard mark.isCommand("%") else { return nil }
    take()
    let hundred = Expression(.number(100), at: mark.range)
    return try node(.quotient(value, hundred), from: value.range.lowerBound, to: mark.range.upperBound)
  }

  private func counted(
    _ counting: Counting, _ values: [Expression], from token: Token, to end: Int
  ) throws(Diagnostic) -> Expression {
    try node(.analysis(.counting(counting, values)), from: token.range.lowerBound, to: end)
  }

  /// `\lfloor x \rfloor`.
  private mutating func rounded(
    _ counting: Counting, until end: String, _ token: Token
  ) throws(Diagnostic) -> Expression {
    take()
    var nesting = 1
    for index in tokens.indices {
      if tokens[index].kind == token.kind { nesting += 1 }
      if tokens[index].isCommand(end) { nesting -= 1 }
      guard nesting == 0 else { continue }
      let (inside, stop) = (tokens[..<index], tokens[index].range.upperBound)
      tokens = tokens[(index + 1)...]
      let value = try nested(inside, at: token.range.lowerBound..<stop) { (parser) throws(Diagnostic) in
        try parser.sum()
      }
      return try counted(counting, [value], from: token, to: stop)
    }
    throw fail("this `\(token.latex)` is never closed", at: token.range)
  }

  // MARK: Sums and products between values

  /// `\sum_{k=0}^{n-1} (1-z) z^k`; the range may be `0 \le k < n` too.
  private mutating func series(_ operation: Repetition.Operation, _ token: Token) throws(Diagnostic) -> Expression {
    take()
    let limits = try limits(of: token)
    let example = "`\(token.latex)_{k=1}^{n}`"
    let (members, relations) = Self.relations(in: Self.bare(limits.below.tokens))
    func refusal() -> Diagnostic { fail("this range is not read; write \(example)", at: limits.below.range) }
    func value(_ tokens: ArraySlice<Token>) throws(Diagnostic) -> Expression {
      try nested(tokens, at: limits.below.range) { (parser) throws(Diagnostic) in try parser.sum() }
    }
    func shifted(_ bound: Expression, by offset: Int) -> Expression {
      let one = bound.with(.number(1))
      return offset == 0 ? bound : bound.with(offset > 0 ? .sum(bound, one) : .difference(bound, one))
    }
    let index: String
    let lower: Expression
    let upper: Expression
    switch (members.count, limits.above) {
    case (2, let above?) where relations[0] == "=":
      guard let letter = Self.index(members[0]) else { throw refusal() }
      (index, lower) = (letter, try value(members[1]))
      upper = try nested(above.tokens, at: above.range) { (parser) throws(Diagnostic) in try parser.sum() }
    case (3, nil) where relations.allSatisfy({ $0.hasPrefix("<") }):
      guard let letter = Self.index(members[1]) else { throw refusal() }
      index = letter
      lower = shifted(try value(members[0]), by: relations[0] == "<" ? 1 : 0)
      upper = shifted(try value(members[2]), by: relations[1] == "<" ? -1 : 0)
    default: throw refusal()
    }
    guard let first = next, startsFactor(first) else {
      throw fail("nothing stands behind `\(token.latex)`", at: next?.range ?? token.range)
    }
    let body = operation == .sum ? try hadamard() : try repeated(index)
    return try node(
      .analysis(.series(Series(operation, index: index, from: lower, to: upper, body: body))),
      from: token.range.lowerBound, to: body.range.upperBound)
  }

  /// The first factor behind `\prod`, and those after it that mention the letter.
  private mutating func repeated(_ index: String) throws(Diagnostic) -> Expression {
    var body = try factor()
    while let token = next, startsFactor(token) || token.isCommand("cdot") || token.isCommand("times") {
      let before = self
      if !startsFactor(token) { take() }
      let more = try factor()
      guard more.mentions(index) else {
        self = before
        break
      }
      body = try node(.product(body, more), from: body.range.lowerBound, to: more.range.upperBound)
    }
    return body
  }

  private static func index(_ tokens: ArraySlice<Token>) -> String? {
    guard let token = tokens.first, tokens.count == 1 else { return nil }
    switch token.kind {
    case .letter(let letter): return String(letter)
    case .command(let name) where Greek.isLetter(name): return name
    default: return nil
    }
  }
}
