// Sums and products over steps: the letter that runs, its range, what is repeated.

import Diagnostics

extension Parser {
  mutating func repetition(
    _ operation: Repetition.Operation, _ token: Token
  ) throws(Diagnostic) -> Expression {
    take()
    let (below, above) = try limits(of: token)
    if operation == .sum, let sum = try sumOverLabels(below, token) { return sum }
    if operation == .sum, above == nil, Self.isBatch(below.tokens) {
      note("a derivation speaks of one sample; the sum over the batch is passed over")
      return try deeper { (parser) throws(Diagnostic) in try parser.hadamard() }
    }
    if operation == .sum, let sum = try sumOverPlaces(below, above, token) { return sum }
    let (index, lower, upper) = try bounds(below, above, of: token)
    guard vocabulary.layering == nil || !Layering.letters.contains(index) else {
      throw fail(
        "`\(index)` is the layer here and the same throughout a line; sums over layers are not read", at: below.range)
    }
    guard !boundLetters.contains(index) else {
      throw fail("`\(index)` runs already in the sum or product around this one; take another letter", at: below.range)
    }
    let outer = boundLetters
    boundLetters.insert(index)
    defer { boundLetters = outer }
    guard let first = next, startsFactor(first) else {
      throw fail("nothing stands behind `\(token.latex)`", at: next?.range ?? token.range)
    }
    let body = try deeper { (parser) throws(Diagnostic) in
      operation == .sum ? try parser.hadamard() : try parser.repeatedFactors(of: index, token)
    }
    return try node(
      .analysis(.repetition(Repetition(operation, index: index, from: lower, to: upper, body: body))),
      from: token.range.lowerBound, to: body.range.upperBound)
  }

  /// `\text{batch}` and the like below a sum.
  private static func isBatch(_ below: ArraySlice<Token>) -> Bool {
    var words = ""
    for token in below {
      switch token.kind {
      case .letter(let letter): words.append(letter)
      case .prose(let text): words += text
      case .sign("{"), .sign("}"): continue
      case .command(let name) where isTransparent(name): continue
      default: return false
      }
    }
    return ["batch", "minibatch", "samples", "examples"].contains(words.lowercased().filter(\.isLetter))
  }

  /// A run of tokens that stands below or above a sign.
  typealias Limit = (tokens: ArraySlice<Token>, range: Range<Int>)

  /// What stands below and above `\sum` or `\prod`.
  mutating func limits(of token: Token) throws(Diagnostic) -> (below: Limit, above: Limit?) {
    var below: Limit?
    var above: Limit?
    while let mark = next, (mark.isSign("_") && below == nil) || (mark.isSign("^") && above == nil) {
      take()
      let script = try script(after: mark)
      if mark.isSign("_") { below = script } else { above = script }
    }
    guard let below else {
      throw fail("`\(token.latex)` needs the letter that runs: `\(token.latex)_{t=1}^{T}`", at: token.range)
    }
    return (below, above)
  }

  /// A group without its braces.
  static func bare(_ tokens: ArraySlice<Token>) -> ArraySlice<Token> {
    guard let first = tokens.first, first.isSign("{"), tokens.last?.isSign("}") == true else { return tokens }
    return tokens.dropFirst().dropLast()
  }

  /// What stands between the relations of a range such as `1 \le k < t`.
  static func relations(in range: ArraySlice<Token>) -> (members: [ArraySlice<Token>], relations: [String]) {
    var members: [ArraySlice<Token>] = [[]]
    var relations: [String] = []
    for piece in range {
      let sign: String? =
        switch piece.kind {
        case .sign("="): "="
        case .sign("<"), .command("lt"): "<"
        case .sign(">"), .command("gt"): ">"
        case .command("leq"), .command("leqslant"): "<="
        case .command("geq"), .command("geqslant"): ">="
        default: nil
        }
      if let sign {
        relations.append(sign)
        members.append([])
      } else {
        members[members.count - 1].append(piece)
      }
    }
    return (members, relations)
  }

  /// `\sum_{g \in \{f, i, o, c\}} U_g^\top \delta_{g,t}`: the terms written out; nil for a sum over steps.
  mutating func sumOverLabels(
    _ below: Limit, _ token: Token
  ) throws(Diagnostic) -> Expression? {
    guard let sign = below.tokens.firstIndex(where: { $0.isCommand("in") }) else { return nil }
    var inside = below.tokens
    if inside.first?.isSign("{") == true { inside = inside.dropFirst().dropLast() }
    let letters = inside[(sign + 1)...].filter { !$0.isSign("(") && !$0.isSign(")") }.split { $0.isSign(",") }
    guard sign - inside.startIndex == 1, let index = inside.first, !letters.isEmpty, letters.count <= 12,
      letters.allSatisfy({ $0.count == 1 })
    else { throw fail("this range is not read; write the terms of the sum out", at: below.range) }
    let body = tokens
    var result: Expression?
    // The letter is bound in the sum alone: what stands behind it is as it was written.
    var rest = body
    for letter in letters {
      let replacement = letter.first!.kind
      tokens =
        body.map { $0.kind == index.kind ? Token(kind: replacement, range: $0.range, isSpaced: $0.isSpaced) : $0 }[...]
      let term = try deeper { (parser) throws(Diagnostic) in try parser.hadamard() }
      if let sum = result {
        guard tokens.count == rest.count else {
          throw fail("the terms of this sum do not end at the same place; write them out", at: below.range)
        }
        result = try node(.sum(sum, term), from: token.range.lowerBound, to: term.range.upperBound)
      } else {
        result = term
      }
      rest = body.suffix(tokens.count)
    }
    tokens = rest
    return result
  }

  /// The factors that mention the index; the first that does not ends the product.
  ///
  /// What stands in brackets right behind the sign is repeated also where it is the same at every step.
  mutating func repeatedFactors(of index: String, _ token: Token) throws(Diagnostic) -> Expression {
    let isBracketed = next?.isSign("(") == true || next?.isSign("[") == true
    var body = try factor()
    if !isBracketed, !body.mentions(index) { body = try wholeRest(behind: body, of: index, token) }
    while let sign = next {
      let before = self
      if sign.isCommand("odot") || sign.isSign("*") {
        take()
        let factor = try product()
        guard factor.mentions(index) else {
          self = before
          break
        }
        body = try node(.hadamard(body, factor), from: body.range.lowerBound, to: factor.range.upperBound)
      } else if startsFactor(sign) || sign.isCommand("cdot") {
        if sign.isCommand("cdot") { take() }
        let factor = try factor()
        guard factor.mentions(index) else {
          self = before
          break
        }
        body = try node(.product(body, factor), from: body.range.lowerBound, to: factor.range.upperBound)
      } else {
        break
      }
    }
    return body
  }

  /// `\prod_{i} U^\top \operatorname{diag}(…i…)`: a first factor that is the same at every step is repeated with the
  /// factors behind it, since a product of what does not change alone would need no letter.
  private mutating func wholeRest(
    behind first: Expression, of index: String, _ token: Token
  ) throws(Diagnostic) -> Expression {
    let start = first.range.lowerBound
    var body = first
    while let sign = next, startsFactor(sign) || sign.isCommand("cdot") {
      if sign.isCommand("cdot") { take() }
      let factor = try factor()
      body = try node(.product(body, factor), from: start, to: factor.range.upperBound)
      if factor.mentions(index) {
        note("the product repeats all of `\(source.substring(start..<factor.range.upperBound))`")
        return body
      }
    }
    throw fail(
      "the first factor behind `\(token.latex)` does not mention `\(index)`; put what is repeated into brackets",
      at: first.range)
  }

  /// `t=1` with `T`; `t`; `k<t`; `1 \le k \le t`; `t \ge i > k`.
  func bounds(
    _ below: Limit, _ above: Limit?, of token: Token
  ) throws(Diagnostic) -> (index: String, lower: Time, upper: Time) {
    let (members, relations) = Self.relations(in: Self.bare(below.tokens))
    let example = "`\(token.latex)_{t=1}^{T}`"
    func letter(_ tokens: ArraySlice<Token>) -> String? {
      guard let time = Time.read(tokens, letters: Self.indexLetters), time.offset == 0, time.second == nil else {
        return nil
      }
      return time.letter
    }
    func time(_ tokens: ArraySlice<Token>, _ range: Range<Int>) throws(Diagnostic) -> Time {
      guard let time = Time.read(Self.bare(tokens), letters: Self.indexLetters.union(["T"])) else {
        throw fail(
          "`\(tokens.map(\.latex).joined())` is no step: a bound is a letter, a number, or a letter with an offset",
          at: range)
      }
      return time
    }
    func shifted(_ time: Time, _ offset: Int) -> Time { time.shifted(by: offset) }
    let upper = try above.map { (above) throws(Diagnostic) in try time(above.tokens, above.range) }
    let end = Time(letter: "T", offset: 0)
    let start = Time(letter: nil, offset: 1)
    switch members.count {
    case 1:
      guard let index = letter(members[0]) else { throw fail("\(example) names the letter that runs", at: below.range) }
      return (index, start, upper ?? end)
    case 2:
      if let index = letter(members[0]) {
        let bound = try time(members[1], below.range)
        switch relations[0] {
        case "=": return (index, bound, upper ?? end)
        case "<": return (index, start, upper ?? shifted(bound, -1))
        case "<=": return (index, start, upper ?? bound)
        case ">": return (index, shifted(bound, 1), upper ?? end)
        default: return (index, bound, upper ?? end)
        }
      }
    case 3:
      if let index = letter(members[1]), relations.allSatisfy({ $0.hasPrefix("<") }) {
        let (low, high) = (try time(members[0], below.range), try time(members[2], below.range))
        return (index, relations[0] == "<" ? shifted(low, 1) : low, relations[1] == "<" ? shifted(high, -1) : high)
      }
      // `t \ge i > k`, as Pascanu writes it.
      if let index = letter(members[1]), relations.allSatisfy({ $0.hasPrefix(">") }) {
        let (high, low) = (try time(members[0], below.range), try time(members[2], below.range))
        return (index, relations[1] == ">" ? shifted(low, 1) : low, relations[0] == ">" ? shifted(high, -1) : high)
      }
    default: break
    }
    throw fail("this range is not read; write \(example)", at: below.range)
  }

  static let indexLetters: Set<String> = {
    var letters = Set("abcdefghijklmnopqrstuvwxyz".map(String.init))
    for letter in letters { letters.insert(letter + "'") }
    return letters.union(["tau", "tau'", "ell"])
  }()
}

extension Expression {
  /// Whether a letter stands in it as a step, bound letters of inner sums left out.
  public func mentions(_ letter: String) -> Bool {
    switch kind {
    case .symbol(let symbol): return symbol.mentions(letter)
    case .analysis(.derivative(let derivative)): return derivative.of.mentions(letter) || derivative.by.mentions(letter)
    case .analysis(.repetition(let inner)):
      if inner.lower.mentions(letter) || inner.upper.mentions(letter) { return true }
      return inner.index != letter && inner.body.mentions(letter)
    default: return kind.operands.contains { $0.mentions(letter) }
    }
  }
}

extension Expression.Symbol {
  /// Whether a letter is one of its steps, or is the symbol itself.
  func mentions(_ letter: String) -> Bool {
    times.contains { $0.mentions(letter) } || (times.isEmpty && name == Name(base: letter))
  }
}
