// Letters under their accents and fonts, and the indices that stand on them.

import Diagnostics

extension Parser {
  /// A letter under its accents and fonts.
  mutating func atom() throws(Diagnostic) -> Draft {
    guard let token = next else { throw fail("a name is expected here") }
    switch token.kind {
    case .letter(let letter):
      take()
      return Draft(base: String(letter), range: token.range)
    case .command(let name):
      if let accent = Self.accents[name] { return try decorated(token, accent: accent) }
      if Self.isTransparent(name) { return try decorated(token, accent: nil) }
      guard Greek.isLetter(name) || Function.named[name] != nil || ["sinh", "cosh", "sech"].contains(name) else {
        throw fail("`\\\(name)` is not part of the math language", at: token.range)
      }
      take()
      return Draft(base: name, range: token.range)
    case .sign("{") where vocabulary.allowsAnalysis:
      // `{h}_{t}`, as equation editors write it.
      let inside = try bracketed("{", "}")
      if let word = Self.word(inside.tokens), word.count > 1 {
        return Draft(base: word, isWord: true, range: inside.range)
      }
      var draft = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in
        var draft = try parser.atom()
        try parser.readIndices(of: &draft)
        return draft
      }
      draft.range = inside.range
      draft.isBraced = true
      return draft
    default:
      throw fail("a name is expected here, not `\(token.latex)`", at: token.range)
    }
  }

  /// `\tilde{c}`, `\mathbf W`, `\mathrm{prev}`: what stands below an accent or in a font.
  mutating func decorated(_ command: Token, accent: String?) throws(Diagnostic) -> Draft {
    take()
    guard let first = next else { throw fail("`\(command.latex)` needs a letter", at: command.range) }
    let isBold = Self.vectorFonts.contains(String(command.latex.dropFirst()))
    if case .number(let digits) = first.kind, isBold, digits == "1" || digits == "0" {
      take()
      return Draft(base: digits, isBold: true, range: command.range.lowerBound..<first.range.upperBound)
    }
    guard first.isSign("{") else {
      var draft = try deeper { (parser) throws(Diagnostic) in try parser.atom() }
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

  static func word(_ tokens: ArraySlice<Token>) -> String? {
    var word = ""
    for token in tokens {
      guard case .letter(let letter) = token.kind else { return nil }
      word.append(letter)
    }
    return word
  }

  // MARK: Indices

  /// Takes subscripts, times in superscripts and `h[t]`; leaves transposes and powers where they are.
  mutating func readIndices(of draft: inout Draft) throws(Diagnostic) {
    while let mark = next {
      let before = self
      if mark.isSign("_") {
        guard draft.parts.isEmpty || draft.isBraced else {
          throw fail("a second index behind a name; put both into one group", at: mark.range)
        }
        take()
        let script = try script(after: mark)
        var parts = script.tokens.split(omittingEmptySubsequences: false) { $0.isSign(",") }.map { part in
          // `c_{(t-1)}`: the brackets say nothing.
          part.first?.isSign("(") == true && part.last?.isSign(")") == true ? part.dropFirst().dropLast() : part
        }
        if vocabulary.allowsAnalysis { parts = parts.flatMap { Self.unfolded($0) } }
        draft.parts += parts
        draft.isBraced = false
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
        // `h^{(t-1)^\top}`: a superscript of a superscript.
        if vocabulary.allowsAnalysis, let mark = script.tokens.lastIndex(where: { $0.isSign("^") }),
          script.tokens[..<mark].last?.isSign(")") == true, isTranspose(script.tokens[(mark + 1)...])
        {
          let top = Token(kind: .command("top"), range: script.tokens[mark].range)
          script.tokens = Array(script.tokens[..<mark] + [top])[...]
        }
        // `h^{(t-1)\top}`, as Goodfellow writes it: a time and a transpose in one superscript.
        var transpose: ArraySlice<Token> = []
        if let last = script.tokens.last, script.tokens.count > 2,
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
        guard let time = Time.read(inside.tokens, { isStep($0, on: draft) }), time.letter != nil else {
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
  func readUpper(_ script: ArraySlice<Token>, into draft: inout Draft) -> Bool {
    guard let first = script.first, let final = script.last else { return false }
    // `W^{(1)}`, or `W^{[1]}` as Coursera writes it.
    if (first.isSign("(") && final.isSign(")")) || (first.isSign("[") && final.isSign("]")),
      let number = numberLabel(script.dropFirst().dropLast(), of: draft)
    {
      draft.upperLabel = ["(", number, ")"]
      return true
    }
    let isBracketed =
      (first.isSign("(") && final.isSign(")")) || (first.isSign("<") && final.isSign(">"))
      || (first.isCommand("langle") && final.isCommand("rangle"))
    if isBracketed {
      let inside = script.dropFirst().dropLast()
      if let time = Time.read(inside, { isStep($0, on: draft) }), !isLabel(time, of: draft) {
        draft.upperTimes.append(time)
        return true
      }
      guard first.isSign("("), let label = Self.label(inside), label.count <= 2 else { return false }
      draft.upperLabel = ["("] + label + [")"]
      return true
    }
    if readErrorLabel(script, into: &draft) { return true }
    if isLabelAbove(script, of: draft) {
      draft.upperLabel = ["(", final.latex, ")"]
      return true
    }
    // A bare T is always the transpose, a bare number always a power.
    guard let time = Time.read(script, { isStep($0, on: draft) }), time.letter != nil, time.letter != "T",
      !hasTime(draft), isTimed(draft) || isErrorName(draft)
    else { return false }
    draft.upperTimes.append(time)
    return true
  }

  /// The number in brackets above a name where it tells names apart, as in `W^{(1)}`; nil where it is a step.
  ///
  /// The equations of a cell have no numbered steps but 0, where a state begins.
  func numberLabel(_ inside: ArraySlice<Token>, of draft: Draft) -> String? {
    guard inside.count == 1, case .number(let digits)? = inside.first?.kind else { return nil }
    if vocabulary.isOfDeclarations { return digits }
    let accents = draft.accents.sorted()
    let isKnown = vocabulary.roles.keys.contains {
      $0.base == draft.base && $0.accents == accents && $0.upperLabel == ["(", digits, ")"]
    }
    return isKnown || (!vocabulary.allowsAnalysis && digits != "0") ? digits : nil
  }

  /// Whether a bare letter above is a label, as in `a^f_t` for `a_{f,t}` and `\delta^f_t` for a name of one's own.
  func isLabelAbove(_ script: ArraySlice<Token>, of draft: Draft) -> Bool {
    guard vocabulary.allowsAnalysis, vocabulary.layering == nil, script.count == 1, draft.upperLabel.isEmpty,
      case .letter(let character)? = script.first?.kind
    else { return false }
    let letter = String(character)
    guard !vocabulary.timeLetters.contains(letter), !boundLetters.contains(letter) else { return false }
    let accents = draft.accents.sorted()
    func isLabelled(_ name: Name) -> Bool { name.label.contains(letter) || name.upperLabel == ["(", letter, ")"] }
    let own = vocabulary.roles.keys.filter { $0.base == draft.base && $0.accents == accents }
    if own.contains(where: isLabelled) { return true }
    // A name that carries one label above may carry the sheet's others there too.
    return own.allSatisfy { !$0.upperLabel.isEmpty }
      && (vocabulary.labelsAbove.contains(letter) || vocabulary.roles.keys.contains(where: isLabelled))
  }

  /// Whether a letter above is the label of a name that the sheet has, as in `W^{(i)}` for `W_i`.
  func isLabel(_ time: Time, of draft: Draft) -> Bool {
    guard let letter = time.letter, time.offset == 0, time.second == nil, !vocabulary.timeLetters.contains(letter),
      !boundLetters.contains(letter)
    else { return false }
    // `\delta_t^{(i)}`: the step stands below.
    if vocabulary.gateLetters.contains(letter), hasTime(draft) { return true }
    return vocabulary.roles.keys.contains {
      $0.base == draft.base && $0.accents == draft.accents.sorted() && $0.label.contains(letter)
    }
  }

  /// Whether a letter is a step on a name: more of them are where the name is known to carry a time.
  func isStep(_ letter: String, on draft: Draft) -> Bool {
    vocabulary.timeLetters.contains(letter) || boundLetters.contains(letter)
      || (vocabulary.weakTimeLetters.contains(letter) && vocabulary.knows(base: draft.base))
  }

  func hasTime(_ draft: Draft) -> Bool {
    draft.parts.contains { Time.read($0, { isStep($0, on: draft) })?.letter != nil } || !draft.upperTimes.isEmpty
  }

  func isTimed(_ draft: Draft) -> Bool {
    let label = draft.parts.compactMap { Self.label($0) }.flatMap { $0 }
    return vocabulary.roles[Name(base: draft.base, accents: draft.accents, label: label)] == .timed
  }

  /// The label that a run of tokens spells, or nil where it is none.
  static func label(_ tokens: ArraySlice<Token>) -> [String]? {
    var pieces: [String] = []
    for token in tokens {
      switch token.kind {
      case .letter(let letter): pieces.append(String(letter))
      case .number(let digits): pieces.append(digits)
      case .command(let name) where isTransparent(name): continue
      case .command(let name) where Greek.isLetter(name): pieces.append("\\\(name)")
      case .command(let name) where accents[name] != nil: pieces.append("\\\(accents[name]!)")
      case .sign("{"), .sign("}"): continue
      case .sign("*"): pieces.append("*")
      default: return nil
      }
    }
    return pieces
  }
}
