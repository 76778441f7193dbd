// From a row to a chain, once the names are known that stand before it.

public import Diagnostics

extension StatementDraft {
  /// A chain that begins with `=`, with the last member of the chain before in front.
  public func continuing(_ before: StatementDraft?) -> StatementDraft {
    guard let before, before.failure == nil, before.source == source, Self.split(tokens).members[0].isEmpty,
      let member = Self.split(before.tokens).members.last, !member.isEmpty
    else { return self }
    return StatementDraft(
      Array(Self.trimmed(member) + tokens)[...], isDefinition: false, source: source,
      conditions: conditionTokens.isEmpty ? before.conditionTokens : conditionTokens)
  }

  /// How many relations the chain has.
  public var signCount: Int { Self.split(tokens).signs.count }

  /// The name that the leftmost member is, if it is one bare symbol; read before the vocabulary knows it.
  public func leadingSymbol(_ vocabulary: Vocabulary) -> Expression.Symbol? {
    let (members, signs) = Self.split(tokens)
    guard let first = members.first, !signs.isEmpty, !first.isEmpty else { return nil }
    var parser = Parser(first, vocabulary: vocabulary, in: source)
    guard let symbol = try? parser.symbol() else { return nil }
    // `K(n) = …`: what a quantity depends on may stand behind its name.
    if vocabulary.isOfNumbers, parser.next?.isSign("(") == true { _ = try? parser.bracketed("(", ")") }
    return parser.next == nil ? symbol : nil
  }

  /// Reads the chain with the names that are known where it stands.
  public func statement(_ vocabulary: Vocabulary) -> Statement {
    let conditions = conditionTokens.flatMap { Self.condition($0) ?? [] }
    var failure = failure
    if !vocabulary.isOfNumbers, let unread = conditionTokens.first(where: { Self.condition($0) == nil }) {
      let place = unread.first!.range.lowerBound..<unread.last!.range.upperBound
      failure = Diagnostic(
        "the condition `\(source.substring(place))` is not between steps; write one such as `t < T`, or put it into the text",
        in: source, at: place)
    }
    if let failure {
      return Statement(
        members: [Statement.Member(content: .failure(failure), range: failure.range)], signs: [], conditions: [],
        isDefinition: false, range: failure.range, source: source)
    }
    let (tokens, remark) = Self.apart(tokens)
    if let index = Self.outermostProse(tokens) {
      let token = tokens[index]
      let failure = Diagnostic(
        "`\(token.latex)` states no equality and is kept as prose; write `=`, or `\\leq` for a bound", in: source,
        at: token.range, severity: .note)
      return Statement(
        members: [Statement.Member(content: .failure(failure), range: range)], signs: [], conditions: [],
        isDefinition: false, range: range, source: source)
    }
    let (members, signs) = Self.split(tokens)
    var isLeading = isDefinition
    var read: [Statement.Member] = []
    var understood: [Message] = []
    for (index, member) in members.enumerated() {
      let place =
        member.isEmpty
        ? signs[min(index, signs.count - 1)].range
        : member.first!.range.lowerBound..<member.last!.range.upperBound
      let content: Result<Expression, Diagnostic>
      do {
        guard !member.isEmpty else {
          throw Diagnostic(
            "one side of the relation is empty; repeat what stood there, or put the row right behind the one it continues",
            in: source, at: place)
        }
        var parser = Parser(trimmed(member), vocabulary: vocabulary, in: source)
        var value = try parser.sum()
        try parser.expectEnd()
        if index > 0, signs[index - 1].isAccumulated, let left = read[index - 1].expression,
          let letter = Accumulation.letter(of: value, behind: left)
        {
          value = Accumulation.sum(of: value, over: letter)
          parser.note("`+=` is read as the sum over `\(letter)` = 1, …, T")
        }
        understood += parser.notes.filter { !understood.contains($0) }
        content = .success(value)
      } catch let error as Diagnostic { content = .failure(error) } catch {
        content = .failure(Diagnostic("this cannot be read", in: source, at: place))
      }
      read.append(Statement.Member(content: content, range: place))
    }
    read = Self.placed(read, source)
    if signs.first?.relation == .defined { isLeading = true }
    return Statement(
      members: read, signs: signs, conditions: conditions, isDefinition: isLeading, range: range, source: source,
      remark: remark, understood: understood)
  }

  /// The chain as one that claims nothing, and why; such as one that was struck out.
  public func withheld(_ reason: Message) -> Statement {
    let note = Diagnostic(reason, in: source, at: range, severity: .note)
    return Statement(
      members: [Statement.Member(content: .failure(note), range: range)], signs: [], conditions: [],
      isDefinition: false, range: range, source: source)
  }

  /// A full stop ends a sentence, not a formula.
  func trimmed(_ member: ArraySlice<Token>) -> ArraySlice<Token> { Self.trimmed(member) }

  static func trimmed(_ member: ArraySlice<Token>) -> ArraySlice<Token> {
    var member = member
    while let last = member.last, last.isSign(".") || last.isSign(",") || last.isSign(";") || last.isSign(":"),
      member.count > 1
    { member.removeLast() }
    return member
  }
}

extension FormulaReader {
  /// Reads one value of a derivation, such as a goal.
  ///
  /// - Throws: a `Diagnostic` where the text is no value.
  public static func value(_ excerpt: SourceExcerpt, vocabulary: Vocabulary) throws(Diagnostic) -> Expression {
    var parser = Parser(
      try Lexer.tokens(of: excerpt).filter { $0.kind != .newline }[...], vocabulary: vocabulary, in: excerpt.source)
    let value = try parser.sum()
    try parser.expectEnd()
    return value
  }
}
