// Names, their indices, and calls of functions: where LaTeX leaves most to the reader.

import Diagnostics

extension Parser {
  /// Font commands that change how a name looks and nothing else.
  private static let fonts: Set<String> = [
    "mathbf", "boldsymbol", "bm", "mathrm", "mathit", "vec", "mathsf", "mathcal", "mathbb", "rm", "bf", "pmb",
  ]
  private static let words: Set<String> = ["mathrm", "text", "operatorname", "textrm", "mathit", "mathsf"]
  private static let accents: [String: String] = [
    "tilde": "tilde", "hat": "hat", "bar": "bar", "dot": "dot", "overline": "overline", "widetilde": "tilde",
    "widehat": "hat",
  ]

  /// Whether a command only sets the font of its argument.
  static func isTransparent(_ command: String) -> Bool { fonts.contains(command) || words.contains(command) }

  static func isAccent(_ command: String) -> Bool { accents[command] != nil }

  /// `u_{ij}`, `h_{t,j}`: single entries, which have no reading here.
  private func refuseEntry(of symbol: Expression.Symbol, _ range: Range<Int>) throws(Diagnostic) {
    let name = symbol.name
    guard vocabulary.roles[name] == nil, name.label.count == 2, name.upperLabel.isEmpty,
      name.label.allSatisfy({ ["i", "j", "k", "l", "m", "n", "p", "q"].contains($0) }),
      vocabulary.knows(base: name.base) || vocabulary.knows(base: name.base.uppercased())
    else { return }
    throw fail(
      "`\(source.substring(range))` is an entry; entries are not read: write it in matrices", at: range)
  }

  /// A name as far as it has been read: letter, accents, indices.
  private struct Draft {
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
    var range: Range<Int>
  }

  // MARK: Symbols and calls

  /// A name with its indices, a constant, or a function with its argument.
  mutating func symbolOrCall() throws(Diagnostic) -> Expression {
    if vocabulary.allowsAnalysis {
      readPlainFunctionName()
      if let value = try gradientByLetter() { return value }
    }
    try refusePlainFunctionName()
    var draft = try atom()
    let isBare = draft.parts.isEmpty && draft.accents.isEmpty
    if isBare, let function = function(for: draft) { return try call(function, draft) }
    if isBare, draft.base == "e", !vocabulary.knows(base: "e"), let mark = next, mark.isSign("^") {
      take()
      let script = try script(after: mark)
      let exponent = try nested(script.tokens, at: script.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(
        .call(.exp, derivative: 0, [exponent]), from: draft.range.lowerBound, to: script.range.upperBound)
    }
    if isBare, let constant = constant(draft) {
      return try node(.constant(constant), from: draft.range.lowerBound, to: draft.range.upperBound)
    }
    try readIndices(of: &draft)
    let symbol = try resolve(draft)
    if vocabulary.allowsAnalysis { try refuseEntry(of: symbol, draft.range) }
    return try node(.symbol(symbol), from: draft.range.lowerBound, to: draft.range.upperBound)
  }

  /// A name on a left side or in front matter.
  mutating func symbol() throws(Diagnostic) -> Expression.Symbol {
    guard next != nil else { throw fail("a name is expected here") }
    var draft = try atom()
    try readIndices(of: &draft)
    return try resolve(draft)
  }

  private func function(for draft: Draft) -> Function? {
    let isFollowedByBracket = next?.isSign("(") == true || next?.isSign("[") == true
    if let declared = vocabulary.functions[draft.base], isFollowedByBracket || next?.isSign("'") == true {
      return declared
    }
    if vocabulary.knows(base: draft.base) { return nil }
    guard draft.isWord || draft.base.count > 1 else { return nil }
    return Function.named[draft.base]
  }

  private func constant(_ draft: Draft) -> Expression.Constant? {
    if draft.base == "1" { return .ones }
    if draft.base == "0" { return .zeros }
    guard draft.base == "I", !vocabulary.knows(base: "I"), next?.isSign("_") != true else { return nil }
    return .identity
  }

  /// `tanh(c)`, `sigma'(z)` before a bracket have one reading in a derivation: the function.
  private mutating func readPlainFunctionName() {
    var word = ""
    var offset = 0
    while let token = peek(offset), case .letter(let letter) = token.kind, offset < 12, offset == 0 || !token.isSpaced {
      word.append(letter)
      offset += 1
    }
    var after = offset
    while peek(after)?.isSign("'") == true { after += 1 }
    guard word.count > 1, let first = next, let last = peek(offset - 1), peek(after)?.isSign("(") == true,
      Function.named[word] != nil
    else { return }
    let name = Token(
      kind: .command(word), range: first.range.lowerBound..<last.range.upperBound, isSpaced: first.isSpaced)
    tokens = [name] + tokens.dropFirst(offset)
  }

  /// `tanh(c)` without a backslash would read as t·a·n·h(c).
  private func refusePlainFunctionName() throws(Diagnostic) {
    var word = ""
    var offset = 0
    while let token = peek(offset), case .letter(let letter) = token.kind, offset < 12, offset == 0 || !token.isSpaced {
      word.append(letter)
      offset += 1
    }
    guard word.count > 1, let first = next, let last = peek(offset - 1), let bracket = peek(offset),
      bracket.isSign("("), Function.named[word] != nil
    else { return }
    let known = ["tanh", "exp", "log", "ln", "max", "min"].contains(word) ? "\\\(word)" : "\\operatorname{\(word)}"
    throw fail(
      "`\(word)` without a backslash is a product of single letters; write `\(known)`",
      at: first.range.lowerBound..<last.range.upperBound)
  }

  /// A function name has been read: derivative marks, a power, the argument.
  private mutating func call(_ function: Function, _ draft: Draft) throws(Diagnostic) -> Expression {
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

  private mutating func arguments(of function: Function, _ draft: Draft) throws(Diagnostic) -> [Expression] {
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

  private func startsValue(_ token: Token) -> Bool {
    switch token.kind {
    case .letter, .number: return true
    case .sign(let sign): return sign == "(" || sign == "["
    case .command(let name):
      return Greek.isLetter(name) || Self.accents[name] != nil || Self.isTransparent(name) || name == "frac"
    default: return false
    }
  }

  // MARK: Atoms

  /// A letter under its accents and fonts.
  private mutating func atom() throws(Diagnostic) -> Draft {
    guard let token = next else { throw fail("a name is expected here") }
    switch token.kind {
    case .letter(let letter):
      take()
      return Draft(base: String(letter), range: token.range)
    case .command(let name):
      if let accent = Self.accents[name] { return try decorated(token, accent: accent) }
      if Self.isTransparent(name) { return try decorated(token, accent: nil) }
      guard Greek.isLetter(name) || Function.named[name] != nil else {
        throw fail("`\\\(name)` is not part of the math language", at: token.range)
      }
      take()
      return Draft(base: name, range: token.range)
    case .sign("{") where vocabulary.allowsAnalysis:
      // `{h}_{t}`, as equation editors write it.
      let inside = try bracketed("{", "}")
      var draft = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
        var draft = try parser.atom()
        try parser.readIndices(of: &draft)
        return draft
      }
      draft.range = inside.range
      return draft
    default:
      throw fail("a name is expected here, not `\(token.latex)`", at: token.range)
    }
  }

  /// `\tilde{c}`, `\mathbf W`, `\mathrm{prev}`: what stands below an accent or in a font.
  private mutating func decorated(_ command: Token, accent: String?) throws(Diagnostic) -> Draft {
    take()
    guard let first = next else { throw fail("`\(command.latex)` needs a letter", at: command.range) }
    let isBold = command.isCommand("mathbf") || command.isCommand("boldsymbol") || command.isCommand("mathbb")
    if case .number(let digits) = first.kind, isBold, digits == "1" || digits == "0" {
      take()
      return Draft(base: digits, isBold: true, range: command.range.lowerBound..<first.range.upperBound)
    }
    guard first.isSign("{") else {
      var draft = try atom()
      if let accent { draft.accents.append(accent) }
      draft.range = command.range.lowerBound..<draft.range.upperBound
      return draft
    }
    let inside = try bracketed("{", "}")
    let range = command.range.lowerBound..<inside.range.upperBound
    if let only = inside.tokens.first, inside.tokens.count == 1, case .number(let digits) = only.kind, isBold {
      return Draft(base: digits, isBold: true, range: range)
    }
    if accent == nil, let word = Self.word(inside.tokens), word.count > 1 {
      return Draft(base: word, isWord: true, range: range)
    }
    var draft = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
      var draft = try parser.atom()
      try parser.readIndices(of: &draft)
      return draft
    }
    if let accent { draft.accents.append(accent) }
    draft.range = range
    return draft
  }

  private static func word(_ tokens: ArraySlice<Token>) -> String? {
    var word = ""
    for token in tokens {
      guard case .letter(let letter) = token.kind else { return nil }
      word.append(letter)
    }
    return word
  }

  // MARK: Indices

  /// Takes subscripts, times in superscripts and `h[t]`; leaves transposes and powers where they are.
  private mutating func readIndices(of draft: inout Draft) throws(Diagnostic) {
    while let mark = next {
      let before = self
      if mark.isSign("_") {
        guard draft.parts.isEmpty else {
          throw fail("a second index behind a name; put both into one group", at: mark.range)
        }
        take()
        let script = try script(after: mark)
        draft.parts = script.tokens.split(omittingEmptySubsequences: false) { $0.isSign(",") }.map { part in
          // `c_{(t-1)}`: the brackets say nothing.
          part.first?.isSign("(") == true && part.last?.isSign(")") == true ? part.dropFirst().dropLast() : part
        }
        draft.range = draft.range.lowerBound..<script.range.upperBound
      } else if mark.isSign("^") {
        take()
        var script = try script(after: mark)
        if vocabulary.layering != nil, draft.layer == nil, let (layer, transpose) = Self.layer(script.tokens) {
          draft.layer = layer
          if let transpose {
            tokens =
              [Token(kind: .sign("^"), range: transpose.range), Token(kind: .command("top"), range: transpose.range)]
              + tokens
          }
          draft.range = draft.range.lowerBound..<script.range.upperBound
          continue
        }
        // `h^{(t-1)\top}`, as Goodfellow writes it: a time and a transpose in one superscript.
        var transpose: ArraySlice<Token> = []
        if let last = script.tokens.last, script.tokens.count > 2, vocabulary.allowsAnalysis,
          last.isCommand("top") || (last.kind == .letter("T") && script.tokens.dropLast().last?.isSign(")") == true)
        {
          transpose = [Token(kind: .sign("^"), range: last.range), Token(kind: .command("top"), range: last.range)]
          script.tokens = script.tokens.dropLast()
        }
        guard readUpper(script.tokens, into: &draft) else {
          // `h^T_{t-1}`: what stands above goes behind the index.
          if vocabulary.allowsAnalysis, draft.parts.isEmpty, draft.upperTimes.isEmpty, next?.isSign("_") == true {
            let moved = before.tokens.prefix(before.tokens.count - tokens.count)
            let start = tokens
            let low = take()
            _ = try self.script(after: low)
            tokens = taken(since: start) + moved + tokens
            continue
          }
          self = before
          return
        }
        tokens = transpose + tokens
        draft.range = draft.range.lowerBound..<script.range.upperBound
      } else if mark.isSign("["), !mark.isSpaced, vocabulary.knows(base: draft.base), draft.parts.isEmpty {
        let inside = try bracketed("[", "]")
        guard let time = Time.read(inside.tokens, letters: letters(for: draft)), time.letter != nil else {
          self = before
          return
        }
        draft.upperTimes.append(time)
        draft.range = draft.range.lowerBound..<inside.range.upperBound
      } else {
        return
      }
    }
  }

  /// `(t)`, `\langle t\rangle`, `<t>`, `t-1` in a superscript are times; `(f)` is a label. False: not an index.
  private func readUpper(_ script: ArraySlice<Token>, into draft: inout Draft) -> Bool {
    guard let first = script.first, let final = script.last else { return false }
    let isBracketed =
      (first.isSign("(") && final.isSign(")")) || (first.isSign("<") && final.isSign(">"))
      || (first.isCommand("langle") && final.isCommand("rangle"))
    if isBracketed {
      let inside = script.dropFirst().dropLast()
      if let time = Time.read(inside, letters: letters(for: draft)), !isLabel(time, of: draft) {
        draft.upperTimes.append(time)
        return true
      }
      guard first.isSign("("), let label = Self.label(inside), label.count <= 2 else { return false }
      draft.upperLabel = ["("] + label + [")"]
      return true
    }
    // A bare T is always the transpose, a bare number always a power.
    guard let time = Time.read(script, letters: letters(for: draft)), time.letter != nil, time.letter != "T",
      !hasTime(draft), isTimed(draft)
    else { return false }
    draft.upperTimes.append(time)
    return true
  }

  /// Whether a letter above is the label of a name that the sheet has, as in `W^{(i)}` for `W_i`.
  private func isLabel(_ time: Time, of draft: Draft) -> Bool {
    guard let letter = time.letter, time.offset == 0, time.second == nil, !vocabulary.timeLetters.contains(letter),
      !boundLetters.contains(letter)
    else { return false }
    return vocabulary.roles.keys.contains {
      $0.base == draft.base && $0.accents == draft.accents.sorted() && $0.label.contains(letter)
    }
  }

  /// The letters that are steps on a name: more of them where the name is known to carry a time.
  private func letters(for draft: Draft) -> Set<String> {
    let letters = vocabulary.timeLetters.union(boundLetters)
    return vocabulary.knows(base: draft.base) ? letters.union(vocabulary.weakTimeLetters) : letters
  }

  private func hasTime(_ draft: Draft) -> Bool {
    draft.parts.contains { Time.read($0, letters: letters(for: draft))?.letter != nil } || !draft.upperTimes.isEmpty
  }

  private func isTimed(_ draft: Draft) -> Bool {
    let label = draft.parts.compactMap { Self.label($0) }.flatMap { $0 }
    return vocabulary.roles[Name(base: draft.base, accents: draft.accents, label: label)] == .timed
  }

  /// The label that a run of tokens spells, or nil where it is none.
  private static func label(_ tokens: ArraySlice<Token>) -> [String]? {
    var pieces: [String] = []
    for token in tokens {
      switch token.kind {
      case .letter(let letter): pieces.append(String(letter))
      case .number(let digits): pieces.append(digits)
      case .command(let name) where isTransparent(name): continue
      case .command(let name) where Greek.isLetter(name): pieces.append("\\\(name)")
      case .command("tilde"), .command("hat"), .command("bar"): pieces.append(token.latex)
      case .sign("{"), .sign("}"): continue
      case .sign("*"): pieces.append("*")
      default: return nil
      }
    }
    return pieces
  }

  // MARK: Which index is the time

  /// Decides which parts of the indices are times, which the layer, and which belong to the name.
  private func resolve(_ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    let symbol = try withoutLayer(draft)
    guard let layering = vocabulary.layering else { return symbol }
    let written = source.substring(draft.range)
    guard draft.upperTimes.isEmpty else {
      throw fail(
        "this sheet has layers, so a superscript is the layer; write the step of `\(written)` below", at: draft.range)
    }
    guard vocabulary.roles[symbol.name] != nil, !layering.exempt.contains(symbol.name) else {
      if draft.layer != nil, layering.exempt.contains(symbol.name) {
        throw fail("`\(written)` carries a layer, but `\(symbol.name.latex)` belongs to none", at: draft.range)
      }
      return Expression.Symbol(symbol.name, times: symbol.times, layer: draft.layer)
    }
    if draft.layer == nil, let mark = next, mark.isSign("^"), let number = numberAbove {
      throw fail(
        "`\(written)^{\(number)}` has two readings: write `(\(symbol.latex))^\(number)` for the power, or `\(symbol.name.inLayer(Int(number) ?? 1).latex(time: symbol.times.isEmpty ? nil : symbol.times.map(\.description).joined(separator: ",")))` for layer \(number)",
        at: draft.range.lowerBound..<mark.range.upperBound)
    }
    return Expression.Symbol(
      symbol.name, times: symbol.times, layer: draft.layer ?? Time(letter: "l", offset: 0))
  }

  /// The bare number in a superscript that comes next.
  private var numberAbove: String? {
    let inside = [peek(1), peek(2), peek(3)]
    if case .number(let digits)? = inside[0]?.kind { return digits }
    if inside[0]?.isSign("{") == true, case .number(let digits)? = inside[1]?.kind, inside[2]?.isSign("}") == true {
      return digits
    }
    return nil
  }

  private func withoutLayer(_ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    guard draft.parts.count <= 4 else {
      throw fail(
        "`\(source.substring(draft.range).prefix(40))` has \(draft.parts.count) indices; a name has four at most",
        at: draft.range)
    }
    var labels: [[String]?] = []
    var times: [Time?] = []
    for part in draft.parts {
      labels.append(Self.label(part))
      times.append(Time.read(part, letters: letters(for: draft)))
      if labels.last! == nil, times.last! == nil {
        if ["Sigma", "Pi"].contains(draft.base), part.contains(where: { $0.isSign("=") }) {
          throw fail(
            "`\\\(draft.base)` is a letter; write `\\\(draft.base == "Sigma" ? "sum" : "prod")` for a sum or product over steps",
            at: draft.range)
        }
        throw fail(
          "`\(draft.parts.map { $0.map(\.latex).joined() }.joined(separator: ","))` is neither a label nor a step",
          at: draft.range)
      }
    }
    let name = Name(base: draft.base, accents: draft.accents)
    if !draft.upperLabel.isEmpty, let lowered = try loweringLabel(draft, labels, times) { return lowered }
    let whole = labels.contains { $0 == nil } ? nil : labels.compactMap { $0 }.flatMap { $0 }
    if let whole {
      let full = name.labelled(whole, upper: draft.upperLabel)
      if vocabulary.roles[full] == .untimed, draft.upperTimes.isEmpty { return Expression.Symbol(full) }
    }
    // Most indices as times first: `a_{f,t}` is a_f at t even where a_{ft} would do.
    let candidates = (0..<(1 << draft.parts.count)).sorted { $0.nonzeroBitCount > $1.nonzeroBitCount }
    for chosen in candidates {
      var label: [String] = []
      var found: [Time] = []
      var isPossible = true
      for part in draft.parts.indices {
        if chosen & (1 << part) != 0, let time = times[part] {
          found.append(time)
        } else if chosen & (1 << part) == 0, let pieces = labels[part] {
          label += pieces
        } else {
          isPossible = false
        }
      }
      guard isPossible else { continue }
      let candidate = name.labelled(label, upper: draft.upperLabel)
      guard vocabulary.roles[candidate] == .timed else { continue }
      return try timed(candidate, below: found, draft)
    }
    // `h_{prev}`, as CS231n writes the state before.
    if whole?.joined() == "prev", vocabulary.roles[name] == .timed {
      return Expression.Symbol(name, times: [.previous])
    }
    // An unknown name: what looks like a time is one.
    var label: [String] = []
    var found: [Time] = []
    // A name that the vocabulary does not hold: the letters that may as well be labels are labels.
    let strong = vocabulary.timeLetters.union(boundLetters)
    for part in draft.parts.indices {
      if let time = times[part], time.letter.map(strong.contains) ?? false || labels[part] == nil {
        found.append(time)
      } else {
        label += labels[part] ?? []
      }
    }
    return try timed(name.labelled(label, upper: draft.upperLabel), below: found, draft)
  }

  /// `W^{(f)}` for a sheet's `W_f`, where that is the one name it can be; nil where the sheet has none such.
  private func loweringLabel(
    _ draft: Draft, _ labels: [[String]?], _ times: [Time?]
  ) throws(Diagnostic) -> Expression.Symbol? {
    guard vocabulary.allowsAnalysis else { return nil }
    let above = Array(draft.upperLabel.dropFirst().dropLast())
    let name = Name(base: draft.base, accents: draft.accents)
    guard !above.isEmpty,
      !vocabulary.roles.keys.contains(where: {
        $0.base == draft.base && $0.accents == name.accents && $0.upperLabel == draft.upperLabel
      })
    else { return nil }
    var found: [Expression.Symbol] = []
    for chosen in 0..<(1 << draft.parts.count) {
      var label: [String] = []
      var steps: [Time] = []
      var isPossible = true
      for part in draft.parts.indices {
        if chosen & (1 << part) != 0, let time = times[part] {
          steps.append(time)
        } else if chosen & (1 << part) == 0, let pieces = labels[part] {
          label += pieces
        } else {
          isPossible = false
        }
      }
      guard isPossible else { continue }
      for whole in Set([above + label, label + above]) {
        let candidate = name.labelled(whole, upper: [])
        switch vocabulary.roles[candidate] {
        case .untimed where steps.isEmpty: found.append(Expression.Symbol(candidate))
        case .timed: found.append(try timed(candidate, below: steps, draft))
        default: break
        }
      }
    }
    // A time that could be a label too is a time.
    let most = found.map(\.times.count).max() ?? 0
    found.removeAll { $0.times.count < most }
    guard found.count > 1 else { return found.first }
    throw fail(
      "`\(source.substring(draft.range))` may be each of \(found.map { "`\($0.latex)`" }.sorted().joined(separator: ", ")); write the label below",
      at: draft.range)
  }

  private func timed(_ name: Name, below: [Time], _ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    guard below.isEmpty || draft.upperTimes.isEmpty else {
      throw fail(
        "`\(source.substring(draft.range))` carries a time above and below; keep one (a derivation speaks of one sample, so there is no sample index)",
        at: draft.range)
    }
    let times = below + draft.upperTimes
    guard times.count <= 2 else {
      throw fail("`\(source.substring(draft.range))` carries more than two times", at: draft.range)
    }
    return Expression.Symbol(name, times: times)
  }
}
