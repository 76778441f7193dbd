// Derivatives, sums and products over steps, norms: what a derivation writes and a forward block does not.

import Diagnostics

extension Parser {
  /// The value that a command of a derivation begins, or nil where the command is none of them.
  mutating func analysis(_ name: String, at token: Token) throws(Diagnostic) -> Expression? {
    switch name {
    case "frac": return try derivativeFraction(token)
    case "partial": return try inlineDerivative(token)
    case "nabla": return try gradient(token)
    case "sum": return try repetition(.sum, token)
    case "prod": return try repetition(.product, token)
    case "bigodot": return try repetition(.hadamard, token)
    case "Vert": return try norm(token)
    case "sigma" where isLargestSingularValue:
      take()
      let mark = take()
      _ = try script(after: mark)
      guard next?.isSign("(") == true else {
        throw fail("`\\sigma_{\\max}` is of a matrix in brackets: `\\sigma_{\\max}(U)`", at: token.range)
      }
      let inside = try bracketed("(", ")")
      let value = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(.analysis(.norm(.spectral, value)), from: token.range.lowerBound, to: inside.range.upperBound)
    case "rho" where !vocabulary.knows(base: "rho") && peek(1)?.isSign("(") == true:
      take()
      let inside = try bracketed("(", ")")
      let value = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(.analysis(.norm(.radius, value)), from: token.range.lowerBound, to: inside.range.upperBound)
    case "dots", "cdots", "ldots", "ddots", "vdots":
      throw fail("dots are not read; write `\\sum_{…}^{…}` or `\\prod_{…}^{…}`", at: token.range)
    case "int", "lim", "iint": throw fail("`\\\(name)` is not part of the math language", at: token.range)
    default: return nil
    }
  }

  /// `\sigma_{\max}`, `\sigma_{\mathrm{max}}`, `\sigma_\max` before a bracket.
  private var isLargestSingularValue: Bool {
    guard peek(1)?.isSign("_") == true else { return false }
    var index = 2
    while let token = peek(index), token.isSign("{") || Self.isTransparent(String(token.latex.dropFirst())) {
      index += 1
    }
    if peek(index)?.isCommand("max") == true { return true }
    return [peek(index), peek(index + 1), peek(index + 2)].map { $0?.latex ?? "" } == ["m", "a", "x"]
  }

  /// `{h}_{t}` is a name, `{a \over b}` a fraction; nil for other braces.
  mutating func braces() throws(Diagnostic) -> Expression? {
    let before = self
    let inside = try bracketed("{", "}")
    if next?.isSign("_") == true {
      self = before
      return try symbolOrCall()
    }
    var nesting = 0
    for index in inside.tokens.indices {
      if inside.tokens[index].isSign("{") { nesting += 1 }
      if inside.tokens[index].isSign("}") { nesting -= 1 }
      guard nesting == 0, inside.tokens[index].isCommand("over") else { continue }
      let range = inside.tokens[index].range
      func sign(_ sign: Character) -> Token { Token(kind: .sign(sign), range: range) }
      let fraction =
        [Token(kind: .command("frac"), range: range), sign("{")] + inside.tokens[..<index] + [sign("}"), sign("{")]
        + inside.tokens[(index + 1)...] + [sign("}")]
      return try nested(fraction[...], at: inside.range) { (parser) throws(Diagnostic) in try parser.factor() }
    }
    self = before
    return nil
  }

  // MARK: Derivatives

  /// `\frac{\partial L}{\partial W}`; nil for an ordinary fraction.
  private mutating func derivativeFraction(_ token: Token) throws(Diagnostic) -> Expression? {
    guard peek(1)?.isSign("{") == true, let first = peek(2) else { return nil }
    let isPartial = first.isCommand("partial")
    if first.isCommand("delta"), !vocabulary.knows(base: "delta"), peek(3)?.latex != "_" {
      throw fail("`\\delta` is a name; a derivative is written with `\\partial`", at: first.range)
    }
    guard isPartial || isDifferential(2) else { return nil }
    let before = self
    take()
    let above = try bracketed("{", "}")
    guard next?.isSign("{") == true else { throw fail("`\\frac` needs two arguments in braces", at: token.range) }
    let below = try bracketed("{", "}")
    let range = token.range.lowerBound..<below.range.upperBound
    let startsBelow =
      below.tokens.first.map { $0.isCommand("partial") || isDifferential($0, in: below.tokens) } ?? false
    guard startsBelow else {
      if isPartial {
        throw fail(
          "a derivative has `\\partial` above and below: `\\frac{\\partial L}{\\partial W}`", at: below.range)
      }
      self = before
      return nil
    }
    var isImmediate = false
    if above.tokens.count == 1, let after = next, startsFactor(after), !after.isSign("(") {
      // `\frac{\partial}{\partial f_t} L`
      let by = try nested(below.tokens, at: below.range) { (parser) throws(Diagnostic) in
        _ = try parser.partialSign()
        return try parser.differentiated()
      }
      let of = try differentiated()
      return try node(
        .analysis(.derivative(Derivative(of: of, by: by, isImmediate: false))), from: range.lowerBound,
        to: last?.range.upperBound ?? range.upperBound)
    }
    let of = try nested(above.tokens, at: above.range) { (parser) throws(Diagnostic) in
      isImmediate = try parser.partialSign()
      guard parser.next != nil else {
        throw parser.fail(
          "write what is differentiated above the line: `\\frac{\\partial L}{\\partial W}`", at: above.range)
      }
      return try parser.differentiated()
    }
    let by = try nested(below.tokens, at: below.range) { (parser) throws(Diagnostic) in
      _ = try parser.partialSign()
      return try parser.differentiated()
    }
    return try node(
      .analysis(.derivative(Derivative(of: of, by: by, isImmediate: isImmediate))), from: range.lowerBound,
      to: range.upperBound)
  }

  /// Whether a `d` that is no name stands here before a name.
  private func isDifferential(_ offset: Int) -> Bool {
    guard let token = peek(offset) else { return false }
    return isDifferential(token, in: tokens.dropFirst(offset))
  }

  private func isDifferential(_ token: Token, in tokens: ArraySlice<Token>) -> Bool {
    guard !vocabulary.knows(base: "d") else { return false }
    var after = tokens.dropFirst()
    if Self.isTransparent(token.latex.replacingBackslash), after.first?.isSign("{") == true {
      guard after.dropFirst().first?.kind == .letter("d"), after.dropFirst(2).first?.isSign("}") == true else {
        return false
      }
      after = after.dropFirst(3)
    } else if Self.isTransparent(token.latex.replacingBackslash) {
      guard after.first?.kind == .letter("d") else { return false }
      after = after.dropFirst()
    } else if token.kind != .letter("d") {
      return false
    }
    guard let name = after.first else { return false }
    switch name.kind {
    case .letter: return true
    case .command(let command): return Greek.isLetter(command) || Self.isAccent(command) || Self.isTransparent(command)
    default: return false
    }
  }

  /// Takes `\partial`, `\partial^{+}` or `d`; true where the derivative is immediate.
  private mutating func partialSign() throws(Diagnostic) -> Bool {
    let sign = take()
    if Self.isTransparent(sign.latex.replacingBackslash) {
      if next?.isSign("{") == true { _ = try bracketed("{", "}") } else { take() }
      return false
    }
    guard let mark = next, mark.isSign("^") else { return false }
    take()
    let script = try script(after: mark)
    let inside = script.tokens.filter { !$0.isSign("{") && !$0.isSign("}") }
    guard inside.count == 1, inside[0].isSign("+") else {
      throw fail(
        "`\\partial^{+}` is the immediate derivative; a second derivative is not read", at: script.range)
    }
    return true
  }

  /// The name that a derivative is of or by.
  private mutating func differentiated() throws(Diagnostic) -> Expression.Symbol {
    let start = tokens
    if let open = next, open.isSign("(") || open.isSign("{") {
      if open.isSign("{") {
        let before = self
        _ = try bracketed("{", "}")
        let isIndexed = next?.isSign("_") == true
        self = before
        if isIndexed { return try symbolAlone(start) }
      }
      let inside = open.isSign("(") ? try bracketed("(", ")") : try bracketed("{", "}")
      return try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.differentiated() }
    }
    return try symbolAlone(start)
  }

  private mutating func symbolAlone(_ start: ArraySlice<Token>) throws(Diagnostic) -> Expression.Symbol {
    let value = try symbolOrCall()
    guard case .symbol(let symbol) = value.kind else {
      throw fail(
        "a derivative is of a name and by a name; give `\(source.substring(value.range))` a name first", at: value.range
      )
    }
    if let sign = next, sign.isSign("-") || sign.isSign("+"), let number = peek(1),
      case .number(let digits) = number.kind,
      let time = symbol.times.last
    {
      let step = symbol.name.latex(time: "\(time)\(sign.latex)\(digits)")
      throw fail("an index with a sign needs braces: `\(step)`", at: sign.range.lowerBound..<number.range.upperBound)
    }
    if let mark = next, mark.isSign("^"), let first = start.first {
      throw fail(
        "a derivative by a transpose or a power is not read; write it by the name alone",
        at: first.range.lowerBound..<mark.range.upperBound)
    }
    return symbol
  }

  /// `\partial L/\partial W`.
  private mutating func inlineDerivative(_ token: Token) throws(Diagnostic) -> Expression {
    let isImmediate = try partialSign()
    let of = try differentiated()
    guard let slash = next, slash.isSign("/"), peek(1)?.isCommand("partial") == true else {
      throw fail("`\\partial` begins a derivative: `\\frac{\\partial L}{\\partial W}`", at: token.range)
    }
    take()
    _ = try partialSign()
    let by = try differentiated()
    return try node(
      .analysis(.derivative(Derivative(of: of, by: by, isImmediate: isImmediate))), from: token.range.lowerBound,
      to: last?.range.upperBound ?? token.range.upperBound)
  }

  /// `\nabla_W L`.
  private mutating func gradient(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    guard let mark = next, mark.isSign("_") else {
      throw fail("`\\nabla` needs what it differentiates by: `\\nabla_W L`", at: token.range)
    }
    take()
    let script = try script(after: mark)
    var inside = script.tokens
    if let first = inside.first, first.isSign("{"), inside.last?.isSign("}") == true {
      inside = inside.dropFirst().dropLast()
    }
    let by = try nested(inside, at: script.range) { (parser) throws(Diagnostic) in try parser.differentiated() }
    let of = try differentiated()
    return try node(
      .analysis(.derivative(Derivative(of: of, by: by, isImmediate: false))), from: token.range.lowerBound,
      to: last?.range.upperBound ?? script.range.upperBound)
  }

  /// `dh_t`, `dW_f`: a `d` right before a known quantity.
  mutating func gradientByLetter() throws(Diagnostic) -> Expression? {
    guard let letter = next, isDifferential(letter, in: tokens),
      peek(1)?.isSpaced != true || letter.kind != .letter("d")
    else { return nil }
    let before = self
    let start = take()
    if start.kind != .letter("d") {
      if next?.isSign("{") == true { _ = try bracketed("{", "}") } else { take() }
    }
    guard let symbol = try? symbol(), vocabulary.roles[symbol.name] != nil else {
      self = before
      return nil
    }
    if symbol.name == Name(base: "L"), let slash = next, slash.isSign("/"), let below = peek(1),
      isDifferential(below, in: tokens.dropFirst())
    {
      // `dL/dW`
      take()
      _ = try partialSign()
      let by = try differentiated()
      return try node(
        .analysis(.derivative(Derivative(of: symbol, by: by, isImmediate: false))), from: start.range.lowerBound,
        to: last?.range.upperBound ?? start.range.upperBound)
    }
    guard symbol.name != Name(base: "L") else {
      self = before
      return nil
    }
    return try node(
      .analysis(.derivative(Derivative(of: Expression.Symbol(Name(base: "L")), by: symbol, isImmediate: false))),
      from: start.range.lowerBound, to: last?.range.upperBound ?? start.range.upperBound)
  }

  // MARK: Sums and products over steps

  private mutating func repetition(
    _ operation: Repetition.Operation, _ token: Token
  ) throws(Diagnostic) -> Expression {
    take()
    var below: (tokens: ArraySlice<Token>, range: Range<Int>)?
    var above: (tokens: ArraySlice<Token>, range: Range<Int>)?
    while let mark = next, (mark.isSign("_") && below == nil) || (mark.isSign("^") && above == nil) {
      take()
      let script = try script(after: mark)
      if mark.isSign("_") { below = script } else { above = script }
    }
    guard let below else {
      throw fail("`\(token.latex)` needs the letter that runs: `\(token.latex)_{t=1}^{T}`", at: token.range)
    }
    if operation == .sum, let sum = try sumOverLabels(below, token) { return sum }
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
    let body = operation == .sum ? try hadamard() : try repeatedFactors(of: index, token)
    return try node(
      .analysis(.repetition(Repetition(operation, index: index, from: lower, to: upper, body: body))),
      from: token.range.lowerBound, to: body.range.upperBound)
  }

  /// `\sum_{g \in \{f, i, o, c\}} U_g^\top \delta_{g,t}`: the terms written out; nil for a sum over steps.
  private mutating func sumOverLabels(
    _ below: (tokens: ArraySlice<Token>, range: Range<Int>), _ token: Token
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
    for letter in letters {
      let replacement = letter.first!.kind
      tokens =
        body.map { $0.kind == index.kind ? Token(kind: replacement, range: $0.range, isSpaced: $0.isSpaced) : $0 }[...]
      let term = try hadamard()
      if let sum = result {
        result = try node(.sum(sum, term), from: token.range.lowerBound, to: term.range.upperBound)
      } else {
        result = term
      }
    }
    return result
  }

  /// The factors that mention the index; the first that does not ends the product.
  ///
  /// What stands in brackets right behind the sign is repeated also where it is the same at every step.
  private mutating func repeatedFactors(of index: String, _ token: Token) throws(Diagnostic) -> Expression {
    let isBracketed = next?.isSign("(") == true || next?.isSign("[") == true
    var body = try factor()
    guard isBracketed || body.mentions(index) else {
      throw fail(
        "the first factor behind `\(token.latex)` does not mention `\(index)`; put what is repeated into brackets",
        at: body.range)
    }
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

  /// `t=1` with `T`; `t`; `k<t`; `1 \le k \le t`.
  private func bounds(
    _ below: (tokens: ArraySlice<Token>, range: Range<Int>), _ above: (tokens: ArraySlice<Token>, range: Range<Int>)?,
    of token: Token
  ) throws(Diagnostic) -> (index: String, lower: Time, upper: Time) {
    func bare(_ tokens: ArraySlice<Token>) -> ArraySlice<Token> {
      guard let first = tokens.first, first.isSign("{"), tokens.last?.isSign("}") == true else { return tokens }
      return tokens.dropFirst().dropLast()
    }
    let inside = bare(below.tokens)
    var members: [ArraySlice<Token>] = [[]]
    var relations: [String] = []
    for piece in inside {
      let sign: String? =
        piece.isSign("=")
        ? "="
        : piece.isSign("<")
          ? "<"
          : piece.isSign(">")
            ? ">"
            : piece.isCommand("leq")
              ? "<="
              : piece.isCommand("geq") ? ">=" : nil
      if let sign {
        relations.append(sign)
        members.append([])
      } else {
        members[members.count - 1].append(piece)
      }
    }
    let example = "`\(token.latex)_{t=1}^{T}`"
    func letter(_ tokens: ArraySlice<Token>) -> String? {
      guard let time = Time.read(tokens, letters: Self.indexLetters), time.offset == 0, time.second == nil else {
        return nil
      }
      return time.letter
    }
    func time(_ tokens: ArraySlice<Token>, _ range: Range<Int>) throws(Diagnostic) -> Time {
      guard let time = Time.read(bare(tokens), letters: Self.indexLetters.union(["T"])) else {
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
    default: break
    }
    throw fail("this range is not read; write \(example)", at: below.range)
  }

  private static let indexLetters: Set<String> = {
    var letters = Set("abcdefghijklmnopqrstuvwxyz".map(String.init))
    for letter in letters { letters.insert(letter + "'") }
    return letters.union(["tau", "tau'", "ell"])
  }()

  // MARK: Norms

  /// `\lVert x\rVert`, `\|x\|_F`.
  private mutating func norm(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    var nesting = 0
    var end: Int?
    for index in tokens.indices {
      switch tokens[index].kind {
      case .sign("("), .sign("["), .sign("{"): nesting += 1
      case .sign(")"), .sign("]"), .sign("}"): nesting -= 1
      case .command("Vert") where nesting == 0: end = index
      default: break
      }
      if end != nil || nesting < 0 { break }
    }
    guard let end else { throw fail("this norm is never closed", at: token.range) }
    let inside = tokens[tokens.startIndex..<end]
    var stop = tokens[end].range.upperBound
    tokens = tokens[(end + 1)...]
    let value = try nested(inside, at: token.range.lowerBound..<stop) { (parser) throws(Diagnostic) in try parser.sum()
    }
    var norm = Norm.spectral
    if let mark = next, mark.isSign("_") {
      take()
      let script = try script(after: mark)
      let kind = script.tokens.map(\.latex).joined().filter { $0.isLetter || $0.isNumber }
      switch kind {
      case "F", "mathrmF", "textF", "Fro", "mathrmFro": norm = .frobenius
      case "2", "mathrm2", "op", "mathrmop": norm = .spectral
      default: throw fail("the norms are `\\lVert x\\rVert`, `_2` and `_F`; this one is not read", at: script.range)
      }
      stop = script.range.upperBound
    }
    return try node(.analysis(.norm(norm, value)), from: token.range.lowerBound, to: stop)
  }
}

extension String {
  fileprivate var replacingBackslash: String { hasPrefix("\\") ? String(dropFirst()) : self }
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
