// Letters that a text takes for a function: `f = \tanh`, `f(x) := \tanh(x)`, `f'(z_t)`.

extension StatementDraft {
  /// The letter that this row gives a function, as `f = \tanh` and `f(x) := \tanh(x)` do.
  public var functionAlias: (letter: String, function: Function)? {
    let (members, signs) = Self.split(tokens)
    guard signs.count == 1, signs[0].relation == .equal || signs[0].relation == .defined,
      let left = members.first, let right = members.last.map(Self.trimmed),
      let letter = Self.functionLetter(left.first), Self.isArgument(left.dropFirst(), mayBeLeftOut: true)
    else { return nil }
    var name = right
    if let first = name.first, case .command(let font) = first.kind, Parser.isTransparent(font),
      name.dropFirst().first?.isSign("{") == true, let close = name.firstIndex(where: { $0.isSign("}") })
    {
      name = name[(name.startIndex + 2)..<close] + name[(close + 1)...]
    }
    var word = ""
    if let first = name.first, case .command(let command) = first.kind {
      word = command
      name = name.dropFirst()
    } else {
      while let first = name.first, case .letter(let letter) = first.kind {
        word.append(letter)
        name = name.dropFirst()
      }
    }
    // Both sides have an argument, or neither has: `f = \sigma(a)` is an equation of a gate.
    guard let function = Function.named[word], word.count > 1,
      left.count == 1 ? name.isEmpty : Self.isArgument(name, mayBeLeftOut: false)
    else { return nil }
    return (letter, function)
  }

  /// Letters with a prime before a bracket, as in `f'(z_t)`: functions, whatever they are.
  public var primedLetters: Set<String> {
    var found: Set<String> = []
    for (index, token) in tokens.enumerated() {
      guard let letter = Self.functionLetter(token) else { continue }
      var rest = tokens.dropFirst(index + 1)
      var isPrimed = false
      while rest.first?.isSign("'") == true {
        isPrimed = true
        rest = rest.dropFirst()
      }
      if let length = Parser.primeLength(rest) {
        isPrimed = true
        rest = rest.dropFirst(length)
      }
      if isPrimed, rest.first?.isSign("(") == true || rest.first?.isSign("[") == true { found.insert(letter) }
    }
    return found
  }

  private static func functionLetter(_ token: Token?) -> String? {
    switch token?.kind {
    case .letter(let letter): String(letter)
    case .command(let name) where Greek.isLetter(name) && name != "sigma": name
    default: nil
    }
  }

  /// `(x)`, or nothing.
  private static func isArgument(_ tokens: ArraySlice<Token>, mayBeLeftOut: Bool) -> Bool {
    guard let first = tokens.first else { return mayBeLeftOut }
    guard first.isSign("("), tokens.last?.isSign(")") == true, tokens.count == 3 else { return false }
    if case .letter = tokens[tokens.startIndex + 1].kind { return true }
    return false
  }
}

extension Parser {
  /// How many tokens `^{\prime}` or `^\prime` takes, nil where none stands here.
  static func primeLength(_ tokens: ArraySlice<Token>) -> Int? {
    guard tokens.first?.isSign("^") == true else { return nil }
    let inside = tokens.dropFirst()
    if inside.first?.isCommand("prime") == true { return 2 }
    guard inside.first?.isSign("{") == true else { return nil }
    let primes = inside.dropFirst().prefix { $0.isCommand("prime") || $0.isSign("'") }
    guard !primes.isEmpty, inside.dropFirst(primes.count + 1).first?.isSign("}") == true else { return nil }
    return primes.count + 3
  }
}

extension StatementDraft {
  /// Letters right before a bracket that are used as functions are: `f(…)`, `\phi(…)`, `\sigma_g(…)`, as the keys of
  /// `Vocabulary.functions`.
  public var calledLetters: Set<String> {
    var found: Set<String> = []
    for (index, token) in tokens.enumerated() {
      let base: String
      switch token.kind {
      case .letter(let letter) where "fg".contains(letter): base = String(letter)
      case .command(let name) where ["phi", "psi", "sigma"].contains(name): base = name
      default: continue
      }
      // The letter of a word, such as the last of `diag(`, is none.
      if index > 0, case .letter = tokens[tokens.startIndex + index - 1].kind, !token.isSpaced { continue }
      var rest = tokens.dropFirst(index + 1)
      var label = ""
      if rest.first?.isSign("_") == true {
        rest = rest.dropFirst()
        var script = rest.prefix(1)
        if script.first?.isSign("{") == true {
          script = rest.dropFirst().prefix { !$0.isSign("}") }
          rest = rest.dropFirst(script.count + 2)
        } else {
          rest = rest.dropFirst()
        }
        guard let pieces = Parser.label(script), !pieces.isEmpty, !pieces.contains("t"), !pieces.contains("T") else {
          continue
        }
        label = "_" + pieces.joined()
      } else if base == "sigma" {
        continue
      }
      while rest.first?.isSign("'") == true { rest = rest.dropFirst() }
      if let length = Parser.primeLength(rest) { rest = rest.dropFirst(length) }
      if rest.first?.isSign("(") == true { found.insert(Vocabulary.functionKey(base + label)) }
    }
    return found
  }
}
