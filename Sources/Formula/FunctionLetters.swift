// Letters that stand for a function: said by a line such as `f := \tanh`, or seen from how they are used.

extension StatementDraft {
  /// The letter and the function of `f := \tanh`, `\phi = \sigma(\cdot)`; nil for any other row.
  public var functionAlias: (letter: String, function: Function)? {
    let (members, signs) = Self.split(tokens)
    guard members.count == 2, signs[0].relation == .equal || signs[0].relation == .defined, members[0].count == 1,
      let letter = members[0].first?.word
    else { return nil }
    var right = Self.trimmed(members[1])
    if right.count > 3, right.last?.isSign(")") == true, right[right.startIndex + 1].isSign("(") {
      guard right.dropFirst(2).dropLast().allSatisfy({ $0.isCommand("cdot") }) else { return nil }
      right = right.prefix(1)
    }
    guard right.count == 1, let name = right.first?.word, let function = Function.named[name] else { return nil }
    return (Vocabulary.functionKey(letter), function)
  }

  /// How often a bare letter stands before a bracket or carries a prime, and how often it stands otherwise.
  public func uses(ofLetter letter: String) -> (calls: Int, others: Int) {
    var (calls, others) = (0, 0)
    for index in tokens.indices where tokens[index].word == letter {
      // An index or label of that letter is no use of it.
      if index > tokens.startIndex, ["_", "^"].contains(tokens[index - 1].latex) { continue }
      let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
      switch next?.latex {
      case "(", "'": calls += 1
      case "_": continue
      default: others += 1
      }
    }
    return (calls, others)
  }
}

extension Token {
  /// A letter, or a command without its backslash.
  fileprivate var word: String? {
    switch kind {
    case .letter(let letter): String(letter)
    case .command(let name): name
    default: nil
    }
  }
}
