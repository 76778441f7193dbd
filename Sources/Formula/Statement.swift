// A line of a derivation: a chain of members with relations between them, and the steps that it speaks of.

public import Diagnostics

/// A chain `e1 = e2 = … = en` as a person wrote it.
public struct Statement: Sendable {
  /// What stands between two members.
  public enum Relation: String, Sendable, Hashable {
    case equal = "="
    case lessOrEqual = "\\leq"
    case greaterOrEqual = "\\geq"
    case less = "<"
    case greater = ">"
    /// `:=`, `\triangleq`, `\equiv`.
    case defined = ":="

    /// Whether it states a bound.
    public var isBound: Bool { self != .equal && self != .defined }
  }

  /// A member, or why it could not be read.
  public struct Member: Sendable {
    /// The tree, or the reason.
    public let content: Result<Expression, Diagnostic>
    /// Where it stands.
    public let range: Range<Int>

    /// A member at its place.
    public init(content: Result<Expression, Diagnostic>, range: Range<Int>) {
      self.content = content
      self.range = range
    }

    /// The tree; nil where it could not be read.
    public var expression: Expression? { try? content.get() }
  }

  /// A relation and where it stands.
  public struct Sign: Sendable, Hashable {
    public let relation: Relation
    public let range: Range<Int>
  }

  /// A condition such as `t < T`: two steps and what holds between them.
  public struct Condition: Sendable, Hashable {
    public let left: Time
    public let relation: Relation
    public let right: Time

    /// As LaTeX.
    public var latex: String { "\(left) \(relation.rawValue) \(right)" }
  }

  /// The members from left to right; at least one.
  public let members: [Member]
  /// The relations between them.
  public let signs: [Sign]
  /// Which steps it speaks of.
  public let conditions: [Condition]
  /// Whether it is introduced as a definition, by a word or by `:=`.
  public let isDefinition: Bool
  /// Where it stands.
  public let range: Range<Int>
  /// The file.
  public let source: SourceText

  init(
    members: [Member], signs: [Sign], conditions: [Condition], isDefinition: Bool, range: Range<Int>, source: SourceText
  ) {
    self.members = members
    self.signs = signs
    self.conditions = conditions
    self.isDefinition = isDefinition
    self.range = range
    self.source = source
  }

  /// The chain with other members at the same places.
  public func replacing(members: [Member], conditions: [Condition]) -> Statement {
    Statement(
      members: members, signs: signs, conditions: conditions, isDefinition: isDefinition, range: range, source: source)
  }

  /// A chain of one member that claims nothing, such as a goal.
  public init(_ value: Expression, in source: SourceText) {
    self.init(
      members: [Member(content: .success(value), range: value.range)], signs: [], conditions: [], isDefinition: false,
      range: value.range, source: source)
  }
}

/// A row of a block before its names are known.
public struct StatementDraft: Sendable {
  let tokens: ArraySlice<Token>
  let isDefinition: Bool
  /// Where it stands.
  public let range: Range<Int>
  /// The file.
  public let source: SourceText
  /// What is wrong with the row as a whole.
  let failure: Diagnostic?
  private var conditionTokens: [ArraySlice<Token>]

  private init(
    _ tokens: ArraySlice<Token>, isDefinition: Bool, source: SourceText, failure: Diagnostic? = nil,
    conditions: [ArraySlice<Token>] = []
  ) {
    self.tokens = tokens
    self.isDefinition = isDefinition
    self.source = source
    self.failure = failure
    conditionTokens = conditions
    range = (tokens.first?.range.lowerBound ?? 0)..<(tokens.last?.range.upperBound ?? 0)
  }

  // MARK: Rows to drafts

  /// The chains of a block, in order; rows without a relation claim nothing and are left out.
  ///
  /// - Parameters:
  ///   - excerpt: the content of a block or of an inline span.
  ///   - isDefinition: whether words before it, such as "let" or "令", introduce it.
  public static func drafts(of excerpt: SourceExcerpt, isDefinition: Bool = false) -> [StatementDraft] {
    let tokens = Lexer.recoveredTokens(of: excerpt)
    guard !tokens.isEmpty else { return [] }
    let rows: [ArraySlice<Token>]
    do { rows = try Rows.split(tokens, in: excerpt.source) } catch {
      return [StatementDraft(tokens[...], isDefinition: false, source: excerpt.source, failure: error)]
    }
    var drafts: [StatementDraft] = []
    var introduces = isDefinition
    for row in closed(rows) {
      let first = drafts.count
      for (part, defines) in parts(of: row) {
        if let last = drafts.indices.last, last >= first, condition(trimmed(part)) != nil {
          // `\text{for } t < T` behind a chain.
          drafts[last].conditionTokens.append(trimmed(part))
          continue
        }
        let claims = claims(in: part, excerpt.source, isDefinition: defines || introduces)
        drafts += claims
        if !claims.isEmpty { introduces = false }
      }
    }
    return drafts
  }

  /// Joins a row whose brackets are open with the next ones, as far as that closes them.
  private static func closed(_ rows: [ArraySlice<Token>]) -> [ArraySlice<Token>] {
    func nesting(_ row: ArraySlice<Token>) -> Int {
      row.reduce(0) { $0 + ("([{".contains($1.latex) ? 1 : ")]}".contains($1.latex) ? -1 : 0) }
    }
    var result: [ArraySlice<Token>] = []
    var index = 0
    while index < rows.count {
      var open = nesting(rows[index])
      var end = index
      while open > 0, end + 1 < rows.count, end - index < 4 {
        end += 1
        open += nesting(rows[end])
      }
      if open == 0, end > index {
        result.append(Array(rows[index...end].joined())[...])
        index = end + 1
      } else {
        result.append(rows[index])
        index += 1
      }
    }
    return result
  }

  private static let introductions = ["let", "define", "denote", "set", "令", "记", "设", "定义", "記", "設", "定義"]

  /// Whether words introduce a definition.
  public static func introducesDefinition(_ words: String) -> Bool {
    let text = words.lowercased().filter { $0 != "*" && $0 != "_" }
    let tail = text.split(whereSeparator: { ".;。；!?！？\n".contains($0) }).last.map(String.init) ?? ""
    for word in introductions {
      guard word.first!.isASCII else {
        if tail.contains(word) { return true }
        continue
      }
      if tail.split(whereSeparator: { !$0.isLetter }).contains(Substring(word)) { return true }
    }
    return false
  }

  /// Splits a row at words between formulas, and at arrows.
  private static func parts(of row: ArraySlice<Token>) -> [(ArraySlice<Token>, Bool)] {
    var parts: [(ArraySlice<Token>, Bool)] = []
    var start = row.startIndex
    var defines = false
    var nesting = 0
    for index in row.indices {
      if "([{".contains(row[index].latex) { nesting += 1 }
      if ")]}".contains(row[index].latex) { nesting -= 1 }
      var words: String?
      switch row[index].kind {
      case .prose(let text): words = text
      case .command("Rightarrow"), .command("implies"), .command("therefore"), .command("because"), .command("iff"),
        .command("Leftrightarrow"), .command("Longrightarrow"), .command("forall"):
        words = ""
      default: break
      }
      guard let words, nesting <= 0 else { continue }
      if start < index { parts.append((row[start..<index], defines)) }
      start = index + 1
      defines = introducesDefinition(words)
    }
    if start < row.endIndex { parts.append((row[start...], defines)) }
    return parts
  }

  /// The claims of a part: chains between commas, with the conditions behind them.
  private static func claims(
    in part: ArraySlice<Token>, _ source: SourceText, isDefinition: Bool
  ) -> [StatementDraft] {
    var pieces: [ArraySlice<Token>] = [[]]
    var nesting = 0
    for token in part {
      if "([{".contains(token.latex) || token.isCommand("begin") { nesting += 1 }
      if ")]}".contains(token.latex) || token.isCommand("end") { nesting -= 1 }
      if nesting <= 0, token.isSign(",") || token.isSign(";") {
        pieces.append([])
      } else {
        pieces[pieces.count - 1].append(token)
      }
    }
    var chains: [(tokens: ArraySlice<Token>, conditions: [ArraySlice<Token>])] = []
    var leading: [ArraySlice<Token>] = []
    for piece in pieces where !piece.isEmpty {
      var piece = piece
      // `(t < T)` behind a chain.
      var trailing: ArraySlice<Token>?
      if piece.last?.isSign(")") == true, let open = lastGroup(piece), open > piece.startIndex {
        let inside = piece[(open + 1)...].dropLast()
        if condition(inside) != nil {
          trailing = inside
          piece = piece[..<open]
        }
      }
      if condition(piece) != nil {
        if chains.isEmpty { leading.append(piece) } else { chains[chains.count - 1].conditions.append(piece) }
      } else if hasRelation(piece) {
        chains.append((piece, leading))
        leading = []
      } else if piece.contains(where: { if case .invalid = $0.kind { true } else { false } }) {
        chains.append((piece, []))
      } else if isRange(piece) {
        // `t = 1, \dots, T`: every step.
        if !chains.isEmpty, let last = chains[chains.count - 1].conditions.last, condition(last)?.count == 1 {
          chains[chains.count - 1].conditions.removeLast()
        }
      }
      if let trailing, !chains.isEmpty { chains[chains.count - 1].conditions.append(trailing) }
    }
    return chains.map {
      StatementDraft($0.tokens, isDefinition: isDefinition, source: source, conditions: $0.conditions)
    }
  }

  /// `\dots` or `T` between commas.
  private static func isRange(_ piece: ArraySlice<Token>) -> Bool {
    piece.allSatisfy { ["\\dots", "\\cdots", "\\ldots", "."].contains($0.latex) }
      || Time.read(piece, letters: steps) != nil
  }

  private static func lastGroup(_ piece: ArraySlice<Token>) -> Int? {
    var nesting = 0
    for index in piece.indices.reversed() {
      if piece[index].isSign(")") { nesting += 1 }
      if piece[index].isSign("(") {
        nesting -= 1
        if nesting == 0 { return index }
      }
    }
    return nil
  }

  private static let steps: Set<String> = {
    var letters: Set<String> = ["t", "T", "k", "s", "tau", "i", "j", "l", "ell", "m", "n"]
    for letter in letters { letters.insert(letter + "'") }
    return letters
  }()

  /// Reads `t < T`, `t = T`, `1 \le k \le t`, `t \ge 2`; nil for anything else.
  private static func condition(_ tokens: ArraySlice<Token>) -> [Statement.Condition]? {
    let (members, signs) = split(tokens)
    guard !signs.isEmpty else { return nil }
    var conditions: [Statement.Condition] = []
    var times: [Time] = []
    for member in members {
      guard let time = Time.read(member, letters: steps) else { return nil }
      times.append(time)
    }
    for (index, sign) in signs.enumerated() {
      guard sign.relation != .defined else { return nil }
      conditions.append(Statement.Condition(left: times[index], relation: sign.relation, right: times[index + 1]))
    }
    return conditions
  }

  private static func hasRelation(_ tokens: ArraySlice<Token>) -> Bool {
    !split(tokens).signs.isEmpty || outermostProse(tokens) != nil
  }

  /// A relation that is prose, outside of all brackets.
  private static func outermostProse(_ tokens: ArraySlice<Token>) -> Token? {
    var nesting = 0
    for token in tokens {
      if "([{".contains(token.latex) { nesting += 1 }
      if ")]}".contains(token.latex) { nesting -= 1 }
      if nesting == 0, proseRelation(token) != nil { return token }
    }
    return nil
  }

  private static func proseRelation(_ token: Token) -> String? {
    guard case .command(let name) = token.kind,
      ["approx", "propto", "sim", "simeq", "cong", "neq", "ne", "ll", "gg", "rightarrow", "in", "asymp"].contains(name)
    else { return nil }
    return name
  }

  /// Members and relations at the outermost level.
  private static func split(
    _ tokens: ArraySlice<Token>
  ) -> (members: [ArraySlice<Token>], signs: [Statement.Sign]) {
    var members: [ArraySlice<Token>] = []
    var signs: [Statement.Sign] = []
    var start = tokens.startIndex
    var nesting = 0
    var index = tokens.startIndex
    while index < tokens.endIndex {
      let token = tokens[index]
      if "([{".contains(token.latex) || token.isCommand("begin") { nesting += 1 }
      if ")]}".contains(token.latex) || token.isCommand("end") { nesting -= 1 }
      var relation: Statement.Relation?
      var length = 1
      if nesting == 0 {
        switch token.kind {
        case .sign("="): relation = .equal
        case .sign(":") where index + 1 < tokens.endIndex && tokens[index + 1].isSign("="):
          relation = .defined
          length = 2
        case .command("equiv"): relation = .defined
        case .command("leq"), .command("leqslant"), .command("lesssim"): relation = .lessOrEqual
        case .command("geq"), .command("geqslant"): relation = .greaterOrEqual
        case .sign("<"), .command("lt"):
          // `h^<t>` keeps its brackets.
          if index > tokens.startIndex, tokens[index - 1].isSign("^") {
            while index < tokens.endIndex, !tokens[index].isSign(">") { index += 1 }
          } else {
            relation = .less
          }
        case .sign(">"), .command("gt"): relation = .greater
        default: break
        }
      }
      if let relation {
        members.append(tokens[start..<index])
        let end = index + length
        signs.append(
          Statement.Sign(relation: relation, range: token.range.lowerBound..<tokens[end - 1].range.upperBound))
        index = end
        start = index
      } else {
        index += 1
      }
    }
    members.append(tokens[min(start, tokens.endIndex)...])
    return (members, signs)
  }

  // MARK: Drafts to statements

  /// How many relations the chain has.
  public var signCount: Int { Self.split(tokens).signs.count }

  /// The name that the leftmost member is, if it is one bare symbol; read before the vocabulary knows it.
  public func leadingSymbol(_ vocabulary: Vocabulary) -> Expression.Symbol? {
    let (members, signs) = Self.split(tokens)
    guard let first = members.first, !signs.isEmpty, !first.isEmpty else { return nil }
    var parser = Parser(first, vocabulary: vocabulary, in: source)
    guard let symbol = try? parser.symbol(), parser.next == nil else { return nil }
    return symbol
  }

  /// Reads the chain with the names that are known where it stands.
  public func statement(_ vocabulary: Vocabulary) -> Statement {
    let conditions = conditionTokens.flatMap { Self.condition($0) ?? [] }
    if let failure {
      return Statement(
        members: [Statement.Member(content: .failure(failure), range: failure.range)], signs: [], conditions: [],
        isDefinition: false, range: failure.range, source: source)
    }
    if let token = Self.outermostProse(tokens) {
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
    for (index, member) in members.enumerated() {
      let place =
        member.isEmpty
        ? signs[min(index, signs.count - 1)].range
        : member.first!.range.lowerBound..<member.last!.range.upperBound
      let content: Result<Expression, Diagnostic>
      do {
        guard !member.isEmpty else { throw Diagnostic("one side is empty", in: source, at: place) }
        var parser = Parser(trimmed(member), vocabulary: vocabulary, in: source)
        let value = try parser.sum()
        try parser.expectEnd()
        content = .success(value)
      } catch let error as Diagnostic { content = .failure(error) } catch {
        content = .failure(Diagnostic("this cannot be read", in: source, at: place))
      }
      read.append(Statement.Member(content: content, range: place))
    }
    if signs.first?.relation == .defined { isLeading = true }
    return Statement(
      members: read, signs: signs, conditions: conditions, isDefinition: isLeading, range: range, source: source)
  }

  /// A full stop ends a sentence, not a formula.
  private func trimmed(_ member: ArraySlice<Token>) -> ArraySlice<Token> { Self.trimmed(member) }

  private static func trimmed(_ member: ArraySlice<Token>) -> ArraySlice<Token> {
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
