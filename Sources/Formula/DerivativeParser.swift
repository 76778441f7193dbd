// Derivatives as people write them: fractions of ∂ or d, `∂L/∂W`, `∇_W L`, `dW`.

import Diagnostics

extension Parser {
  /// `\frac{\partial L}{\partial W}`; nil for an ordinary fraction.
  mutating func derivativeFraction(_ token: Token) throws(Diagnostic) -> Expression? {
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
      return try derivative(of, by, from: range.lowerBound, to: last?.range.upperBound ?? range.upperBound)
    }
    if isPartial, above.tokens.count > 2, let slope = slopeOfFunction(above.tokens, below.tokens, at: range) {
      return slope
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
    return try derivative(of, by, isImmediate: isImmediate, from: range.lowerBound, to: range.upperBound)
  }

  /// The derivative of one name by another, of entries where places stand on them.
  func derivative(
    _ of: Differentiated, _ by: Differentiated, isImmediate: Bool = false, from start: Int, to stop: Int
  ) throws(Diagnostic) -> Expression {
    let whole = try node(
      .analysis(.derivative(Derivative(of: of.symbol, by: by.symbol, isImmediate: isImmediate))), from: start, to: stop)
    guard !of.places.isEmpty || !by.places.isEmpty else { return whole }
    return whole.with(.analysis(.entries(.slope(whole, of: of.places, by: by.places))))
  }

  /// `\frac{\partial \sigma(z_t)}{\partial z_t}` of a function by element: the slopes on the diagonal.
  private func slopeOfFunction(
    _ above: ArraySlice<Token>, _ below: ArraySlice<Token>, at range: Range<Int>
  ) -> Expression? {
    func value(_ tokens: ArraySlice<Token>) -> Expression? {
      guard tokens.first?.isCommand("partial") == true else { return nil }
      return try? nested(tokens.dropFirst(), at: range) { (parser) throws(Diagnostic) in try parser.symbolOrCall() }
    }
    guard let of = value(above), case .call(let function, 0, let arguments) = of.kind, function.isElementwise,
      arguments.count == 1, let by = value(below), case .symbol = by.kind, arguments[0] == by
    else { return nil }
    let slope = of.with(.call(function, derivative: 1, arguments))
    return Expression(.call(.diag, derivative: 0, [slope]), at: range)
  }

  /// Whether a `d` that is no name stands here before a name.
  func isDifferential(_ offset: Int) -> Bool {
    guard let token = peek(offset) else { return false }
    return isDifferential(token, in: tokens.dropFirst(offset))
  }

  func isDifferential(_ token: Token, in tokens: ArraySlice<Token>) -> Bool {
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
  mutating func partialSign() throws(Diagnostic) -> Bool {
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

  /// What a derivative is of or by: a name, and the places of an entry of it.
  struct Differentiated {
    let symbol: Expression.Symbol
    var places: [String] = []
  }

  /// The name that a derivative is of or by.
  mutating func differentiated() throws(Diagnostic) -> Differentiated {
    let start = tokens
    if next?.isSign("[") == true {
      let inside = try bracketed("[", "]")
      var found = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
        try parser.differentiated()
      }
      if found.places.isEmpty, let places = try placesBehind() { found.places = places }
      return found
    }
    if let open = next, open.isSign("(") || open.isSign("{") {
      if open.isSign("{") {
        let before = self
        _ = try bracketed("{", "}")
        let isIndexed = next?.isSign("_") == true
        self = before
        if isIndexed { return try symbolAlone(start) }
      }
      let inside = open.isSign("(") ? try bracketed("(", ")") : try bracketed("{", "}")
      var found = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
        let symbol = try parser.differentiated()
        guard parser.next == nil else {
          throw parser.fail(
            "a derivative is of a name and by a name; give `\(parser.source.substring(inside.range))` a name first",
            at: inside.range)
        }
        return symbol
      }
      if found.places.isEmpty, let places = try placesBehind() { found.places = places }
      return found
    }
    return try symbolAlone(start)
  }

  mutating func symbolAlone(_ start: ArraySlice<Token>) throws(Diagnostic) -> Differentiated {
    let value = try symbolOrCall()
    var symbol: Expression.Symbol?
    var places: [String] = []
    if case .symbol(let name) = value.kind { symbol = name }
    if case .analysis(.entries(.place(let inner, let letters))) = value.kind, case .symbol(let name) = inner.kind {
      (symbol, places) = (name, letters)
    }
    guard let symbol else {
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
    return Differentiated(symbol: symbol, places: places)
  }

  /// `\partial L/\partial W`.
  mutating func inlineDerivative(_ token: Token) throws(Diagnostic) -> Expression {
    let isImmediate = try partialSign()
    let of = try differentiated()
    guard let slash = next, slash.isSign("/"), peek(1)?.isCommand("partial") == true else {
      throw fail("`\\partial` begins a derivative: `\\frac{\\partial L}{\\partial W}`", at: token.range)
    }
    take()
    _ = try partialSign()
    let by = try differentiated()
    return try derivative(
      of, by, isImmediate: isImmediate, from: token.range.lowerBound,
      to: last?.range.upperBound ?? token.range.upperBound)
  }

  /// `\nabla_W L`.
  mutating func gradient(_ token: Token) throws(Diagnostic) -> Expression {
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
    return try derivative(
      of, by, from: token.range.lowerBound, to: last?.range.upperBound ?? script.range.upperBound)
  }

  /// `dh_t`, `dW_f`: a `d` right before a known quantity.
  mutating func gradientByLetter() throws(Diagnostic) -> Expression? {
    guard let letter = next else { return nil }
    let isError = isErrorPrefix(letter)
    guard isError || isDifferential(letter, in: tokens) else { return nil }
    let before = self
    let start = take()
    if start.kind != .letter("d"), !isError {
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
      return try derivative(
        Differentiated(symbol: symbol), by, from: start.range.lowerBound,
        to: last?.range.upperBound ?? start.range.upperBound)
    }
    guard symbol.name != Name(base: "L") else {
      self = before
      return nil
    }
    if isError {
      note("`\(start.latex)` before a name is the derivative of the loss by it")
    }
    return try node(
      .analysis(
        .derivative(Derivative(of: Expression.Symbol(Name(base: "L")), by: symbol, isImmediate: false, isError: true))),
      from: start.range.lowerBound, to: last?.range.upperBound ?? start.range.upperBound)
  }
}

extension String {
  fileprivate var replacingBackslash: String { hasPrefix("\\") ? String(dropFirst()) : self }
}
