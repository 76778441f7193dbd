// Names, their indices, and calls of functions: where LaTeX leaves most to the reader.

import Diagnostics

extension Parser {
  /// Font commands that change how a name looks and nothing else.
  static let fonts: Set<String> = [
    "mathbf", "boldsymbol", "bm", "mathrm", "mathit", "vec", "mathsf", "mathcal", "mathbb", "rm", "bf", "pmb",
    "mathbbm", "mathds",
  ]
  /// Fonts in which a 1 is the vector of ones and a 0 that of zeros.
  static let vectorFonts: Set<String> = [
    "mathbf", "boldsymbol", "bm", "vec", "mathbb", "bf", "pmb", "mathbbm", "mathds",
  ]
  static let words: Set<String> = ["mathrm", "text", "operatorname", "textrm", "mathit", "mathsf"]
  static let accents: [String: String] = [
    "tilde": "tilde", "hat": "hat", "bar": "bar", "dot": "dot", "overline": "overline", "widetilde": "tilde",
    "widehat": "hat",
  ]

  /// Whether a command only sets the font of its argument.
  static func isTransparent(_ command: String) -> Bool { fonts.contains(command) || words.contains(command) }

  static func isAccent(_ command: String) -> Bool { accents[command] != nil }

  /// A name as far as it has been read: letter, accents, indices.
  struct Draft {
    var base: String
    var accents: [String] = []
    /// The parts of the subscript, split at commas.
    var parts: [ArraySlice<Token>] = []
    /// Times from superscripts and brackets.
    var upperTimes: [Time] = []
    var upperLabel: [String] = []
    var layer: Time?
    var isBold = false
    var isWord = false
    /// Whether it stood in braces with an index inside, as `{h_t}`, so that one more may follow.
    var isBraced = false
    var range: Range<Int>
  }

  // MARK: Symbols and calls

  /// A name with its indices, a constant, or a function with its argument.
  mutating func symbolOrCall() throws(Diagnostic) -> Expression {
    if vocabulary.allowsAnalysis {
      readPlainFunctionName()
      readKnownWord()
      if let value = try gradientByLetter() { return value }
    }
    try refusePlainFunctionName()
    var draft = try atom()
    let isBare = draft.parts.isEmpty && draft.accents.isEmpty
    if isBare, next?.isSign("_") == true, let function = try indexedFunction(draft) { return try call(function, draft) }
    if isBare, let function = function(for: draft) { return try call(function, draft) }
    if isBare, draft.base.count > 1, let value = try hyperbolic(draft) { return value }
    if isBare, draft.base == "e", !vocabulary.knows(base: "e"), let mark = next, mark.isSign("^") {
      take()
      let script = try script(after: mark)
      let exponent = try nested(script.tokens, at: script.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(
        .call(.exp, derivative: 0, [exponent]), from: draft.range.lowerBound, to: script.range.upperBound)
    }
    if isBare, let value = try indicatorOfPlaces(draft) { return value }
    if isBare, let constant = constant(draft) {
      let sizes = sizesAtConstant
      if !sizes.isEmpty {
        let mark = take()
        draft.range = draft.range.lowerBound..<(try script(after: mark)).range.upperBound
      }
      try refuseIndicator(draft)
      if constant == .ones, sizes.count == 2 {
        let ones = try node(.constant(.ones), from: draft.range.lowerBound, to: draft.range.upperBound)
        return ones.with(.product(ones, ones.with(.transposed(ones))))
      }
      return try node(.constant(constant), from: draft.range.lowerBound, to: draft.range.upperBound)
    }
    if isBare { try refuseUnknownFunction(draft) }
    try readIndices(of: &draft)
    if let kronecker = try kronecker(draft) { return kronecker }
    let places = takePlaces(of: &draft)
    let symbol = try resolve(draft)
    if vocabulary.allowsAnalysis { try refuseEntry(of: symbol, draft.range) }
    let value = try node(.symbol(symbol), from: draft.range.lowerBound, to: draft.range.upperBound)
    return places.isEmpty ? value : value.with(.analysis(.entries(.place(value, places))))
  }

  /// `\operatorname{sech}^2(z_t)`: `\sinh`, `\cosh` and `sech` by exponentials; nil for any other name.
  mutating func hyperbolic(_ draft: Draft) throws(Diagnostic) -> Expression? {
    guard vocabulary.allowsAnalysis, ["sinh", "cosh", "sech"].contains(draft.base), !vocabulary.knows(base: draft.base)
    else { return nil }
    return try call(.exp, draft).rebuiltOutermost { value in
      guard case .call(.exp, 0, let arguments) = value.kind else { return value }
      let back = value.with(.call(.exp, derivative: 0, [value.with(.negated(arguments[0]))]))
      let two = value.with(.number(2))
      switch draft.base {
      case "sinh": return value.with(.quotient(value.with(.difference(value, back)), two))
      case "cosh": return value.with(.quotient(value.with(.sum(value, back)), two))
      default: return value.with(.quotient(two, value.with(.sum(value, back))))
      }
    }
  }

  /// `\mathbb{1}(z_t > 0)` and `\mathbb{1}_{z_t > 0}`.
  func refuseIndicator(_ draft: Draft) throws(Diagnostic) {
    guard draft.base == "1", let mark = next, mark.isSign("(") || mark.isSign("[") || mark.isSign("_") else {
      return
    }
    let end = mark.isSign("_") ? "}" : mark.isSign("(") ? ")" : "]"
    let inside = tokens.dropFirst().prefix { $0.latex != end }
    guard inside.contains(where: { ["<", ">", "\\geq", "\\leq"].contains($0.latex) }) else { return }
    guard vocabulary.allowsAnalysis else {
      throw fail(
        "an indicator is not read, because nothing learns through it; use `\\operatorname{relu}`, `\\max` or `\\sigma`",
        at: draft.range.lowerBound..<mark.range.upperBound)
    }
    throw fail(
      "an indicator is not read; the slope of relu is `\\operatorname{relu}'(…)`",
      at: draft.range.lowerBound..<mark.range.upperBound)
  }

  /// A name on a left side or in front matter.
  mutating func symbol() throws(Diagnostic) -> Expression.Symbol {
    guard next != nil else { throw fail("a name is expected here") }
    var draft = try atom()
    try readIndices(of: &draft)
    guard takePlaces(of: &draft).isEmpty else { throw fail("a name is expected here", at: draft.range) }
    return try resolve(draft)
  }

  func function(for draft: Draft) -> Function? {
    let isFollowedByBracket = next?.isSign("(") == true || next?.isSign("[") == true
    if let declared = vocabulary.functions[draft.base],
      isFollowedByBracket || next?.isSign("'") == true || Self.primeLength(tokens) != nil
    {
      return declared
    }
    if vocabulary.knows(base: draft.base) { return nil }
    guard draft.isWord || draft.base.count > 1 else { return nil }
    return Function.named[draft.base]
  }

  /// `\operatorname{elu}(z_t)`: a word before a bracket is a function, and there may be none of that name.
  func refuseUnknownFunction(_ draft: Draft) throws(Diagnostic) {
    guard !vocabulary.allowsAnalysis, draft.isWord, next?.isSign("(") == true, !vocabulary.knows(base: draft.base)
    else {
      return
    }
    let known = Set(Function.named.keys.filter { $0.count > 2 }).subtracting(["identity"]).sorted()
    throw fail(
      "there is no function `\(draft.base)` here; make it of \(known.joined(separator: ", ")), as SiLU is `z \\odot \\sigma(z)`",
      at: draft.range)
  }

  /// A function with an index, such as `\sigma_g` in `\sigma_g(z_t)`, which a sheet declares under `functions:`.
  mutating func indexedFunction(_ draft: Draft) throws(Diagnostic) -> Function? {
    let before = self
    let script = try script(after: take())
    guard let mark = next, mark.isOpening || mark.isSign("'") || Self.primeLength(tokens) != nil,
      let label = Self.label(script.tokens)
    else {
      self = before
      return nil
    }
    if let declared = vocabulary.functions[Vocabulary.functionKey("\(draft.base)_\(label.joined())")] {
      return declared
    }
    self = before
    guard !vocabulary.allowsAnalysis, Function.named[draft.base] != nil, !vocabulary.knows(base: draft.base) else {
      return nil
    }
    let written = source.substring(draft.range.lowerBound..<script.range.upperBound)
    throw fail(
      "`\(written)` is a function with an index; say in the front matter which one it is, as in `functions: {'\(written)': tanh}`",
      at: draft.range.lowerBound..<script.range.upperBound)
  }

  func constant(_ draft: Draft) -> Expression.Constant? {
    if draft.base == "1" { return .ones }
    if draft.base == "0" { return .zeros }
    guard draft.base == "I", !vocabulary.knows(base: "I"), next?.isSign("_") != true || !sizesAtConstant.isEmpty else {
      return nil
    }
    return .identity
  }

  /// The sizes that stand below a constant, as in `I_H` and `\mathbf 1_{H \times H}`; they follow from what it meets.
  var sizesAtConstant: [String] {
    guard next?.isSign("_") == true, let first = peek(1) else { return [] }
    let inside =
      first.isSign("{") ? tokens.dropFirst(2).prefix { !$0.isSign("}") } : tokens.dropFirst().prefix(1)
    let parts = inside.split { $0.isCommand("times") || $0.isSign(",") }
    let sizes = parts.compactMap { $0.count == 1 && vocabulary.sizes.contains($0.first!.latex) ? $0.first!.latex : nil }
    return sizes.count == parts.count && sizes.count <= 2 ? sizes : []
  }

  /// `tanh(c)`, `tanh^2(c)`, `sigma'(z)`, `diag[v]` before a bracket have one reading in a derivation: the function.
  mutating func readPlainFunctionName() {
    var word = ""
    var offset = 0
    while let token = peek(offset), case .letter(let letter) = token.kind, offset < 12, offset == 0 || !token.isSpaced {
      word.append(letter)
      offset += 1
    }
    var after = offset
    while peek(after)?.isSign("'") == true { after += 1 }
    if word.count > 2, peek(after)?.isSign("^") == true {
      // `tanh^2(c)`, `f^{\prime}(z)`: the power is the function's.
      after += 1
      if peek(after)?.isSign("{") == true {
        while let token = peek(after), !token.isSign("}") { after += 1 }
      }
      after += 1
    }
    let mark = peek(after)
    guard word.count > 1, let first = next, let last = peek(offset - 1),
      mark?.isSign("(") == true || (word.count > 2 && mark?.isSign("[") == true), Function.named[word] != nil
    else { return }
    let name = Token(
      kind: .command(word), range: first.range.lowerBound..<last.range.upperBound, isSpaced: first.isSpaced)
    tokens = [name] + tokens.dropFirst(offset)
  }

  /// `net_t` in plain letters where the text has a quantity of this name, as `\mathrm{net}_t`.
  mutating func readKnownWord() {
    let letters = tokens.prefix { token in
      if case .letter = token.kind { true } else { false }
    }
    guard letters.count > 1, letters.dropFirst().allSatisfy({ !$0.isSpaced }), let word = Self.word(letters),
      vocabulary.knows(base: word), let first = letters.first, let last = letters.last
    else { return }
    let font = Token(kind: .command("mathrm"), range: first.range, isSpaced: first.isSpaced)
    let open = Token(kind: .sign("{"), range: first.range)
    let close = Token(kind: .sign("}"), range: last.range)
    tokens = [font, open] + letters + [close] + tokens.dropFirst(letters.count)
  }

  /// `tanh(c)` without a backslash would read as t·a·n·h(c).
  func refusePlainFunctionName() throws(Diagnostic) {
    var word = ""
    var offset = 0
    while let token = peek(offset), case .letter(let letter) = token.kind, offset < 12, offset == 0 || !token.isSpaced {
      word.append(letter)
      offset += 1
    }
    guard word.count > 1, let first = next, let last = peek(offset - 1), let bracket = peek(offset),
      bracket.isSign("("), let function = Function.named[word]
    else { return }
    let known = function.latex == "\\\(word)" || word == "ln" ? "\\\(word)" : "\\operatorname{\(word)}"
    throw fail(
      "`\(word)` without a backslash is a product of single letters; write `\(known)`",
      at: first.range.lowerBound..<last.range.upperBound)
  }

  /// A function name has been read: derivative marks, a power, the argument.
  mutating func call(_ function: Function, _ draft: Draft) throws(Diagnostic) -> Expression {
    var derivative = 0
    var power: Expression?
    while let mark = next, mark.isSign("'") || mark.isSign("^") {
      take()
      if mark.isSign("'") {
        derivative += 1
        continue
      }
      let script = try script(after: mark)
      if script.tokens.allSatisfy({ $0.isCommand("prime") || $0.isSign("'") }) {
        derivative += script.tokens.count
      } else {
        power = try nested(script.tokens, at: script.range) { (parser) throws(Diagnostic) in try parser.sum() }
      }
    }
    let arguments = try self.arguments(of: function, draft)
    let stop = last?.range.upperBound ?? draft.range.upperBound
    let value = try node(
      .call(function, derivative: derivative, arguments), from: draft.range.lowerBound, to: stop)
    guard let power else { return value }
    return try node(.power(value, power), from: draft.range.lowerBound, to: stop)
  }

  mutating func arguments(of function: Function, _ draft: Draft) throws(Diagnostic) -> [Expression] {
    let name = source.substring(draft.range)
    guard let first = next else { throw fail("`\(name)` needs an argument in brackets", at: draft.range) }
    let count = function == .max || function == .min ? 2 : 1
    if first.isSign("(") || first.isSign("[") || first.isSign("{") {
      let isRound = first.isSign("(")
      let inside =
        isRound ? try bracketed("(", ")") : first.isSign("[") ? try bracketed("[", "]") : try bracketed("{", "}")
      let arguments = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
        var arguments = [try parser.sum()]
        while parser.takeSign(",") != nil { arguments.append(try parser.sum()) }
        return arguments
      }
      guard arguments.count == count else {
        let wanted: Message = count == 1 ? "one argument" : "two arguments"
        throw fail("`\(name)` takes \(wanted), not \(arguments.count)", at: inside.range)
      }
      return arguments
    }
    guard count == 1 else { throw fail("`\(name)` needs its two arguments in brackets", at: draft.range) }
    switch first.kind {
    case .letter, .command, .number:
      let argument: Expression
      if case .number(let digits) = first.kind {
        // `\log 2`, as everybody writes it.
        take()
        guard let value = Double(digits), value.isFinite else {
          throw fail("`\(digits)` is too large", at: first.range)
        }
        argument = try node(.number(value), from: first.range.lowerBound, to: first.range.upperBound)
      } else if first.kind == .command("frac") {
        argument = try fraction(first)
      } else {
        argument = try symbolOrCall()
      }
      if let after = next, startsValue(after) {
        throw fail(
          "is `\(after.latex)` inside `\(name)` or behind it? Put the argument in brackets: `\(name)(…)`",
          at: after.range)
      }
      return [argument]
    default:
      throw fail("`\(name)` needs an argument in brackets", at: first.range)
    }
  }

  func startsValue(_ token: Token) -> Bool {
    switch token.kind {
    case .letter, .number: return true
    case .sign(let sign): return sign == "(" || sign == "["
    case .command(let name):
      return Greek.isLetter(name) || Self.accents[name] != nil || Self.isTransparent(name) || name == "frac"
    default: return false
    }
  }
}

extension Expression {
  /// The value with the base of its power, or itself, exchanged.
  fileprivate func rebuiltOutermost(_ body: (Expression) -> Expression) -> Expression {
    guard case .power(let base, let exponent) = kind else { return body(self) }
    return with(.power(body(base), exponent))
  }
}
