// A row of a block before its names are known: chains, their conditions, cases.

public import Diagnostics

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
  var conditionTokens: [ArraySlice<Token>]
  /// Whether it is a case of the same `\begin{cases}` as the draft before.
  public private(set) var isFurtherCase = false

  init(
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
}

extension StatementDraft {
  /// Whether it compares and states no equality.
  public var isBound: Bool {
    let signs = Self.split(tokens).signs
    return !signs.isEmpty && signs.allSatisfy(\.relation.isBound)
  }

  /// The chains of a block, in order.
  ///
  /// A row without a relation goes on with the one above it. Where none is above it, it claims nothing: alone in its
  /// block, or made of words, it is left out; among equations it is refused, since what was meant may be lost with it.
  ///
  /// - Parameters:
  ///   - excerpt: the content of a block or of an inline span.
  ///   - isDefinition: whether words before it, such as "let" or "令", introduce it.
  public static func drafts(of excerpt: SourceExcerpt, isDefinition: Bool = false) -> [StatementDraft] {
    let tokens = withoutEmptyGroups(Lexer.recoveredTokens(of: excerpt))
    guard !tokens.isEmpty else { return [] }
    let rows: [ArraySlice<Token>]
    do { rows = try Rows.split(tokens, in: excerpt.source, joinsFactors: true) } catch {
      return [StatementDraft(tokens[...], isDefinition: false, source: excerpt.source, failure: error)]
    }
    var drafts: [StatementDraft] = []
    var introduces = isDefinition
    let isAmongEquations = rows.contains { hasRelation($0) }
    for (row, isFurtherCase) in closed(rows).flatMap(cases) {
      let first = drafts.count
      for (part, defines) in parts(of: row) {
        if let last = drafts.indices.last, last >= first, condition(trimmed(part)) != nil {
          // `\text{for } t < T` behind a chain.
          drafts[last].conditionTokens.append(trimmed(part))
          continue
        }
        var claims = claims(in: part, excerpt.source, isDefinition: defines || introduces)
        if isFurtherCase, !claims.isEmpty { claims[0].isFurtherCase = true }
        drafts += claims
        if !claims.isEmpty { introduces = false }
      }
      if drafts.count == first, isAmongEquations, Rows.isBare(row) {
        let range = row.first!.range.lowerBound..<row.last!.range.upperBound
        let failure = Diagnostic(
          "this row states no equation; if it belongs to the next one, write both in one row", in: excerpt.source,
          at: range)
        drafts.append(StatementDraft(row, isDefinition: false, source: excerpt.source, failure: failure))
      }
    }
    return drafts
  }

  /// `={}&`, `{}+`: groups of nothing, with which people mend the space around a sign.
  static func withoutEmptyGroups(_ tokens: [Token]) -> [Token] {
    var result: [Token] = []
    for token in tokens {
      guard token.isSign("}"), result.last?.isSign("{") == true else {
        result.append(token)
        continue
      }
      // Behind `_`, `^` or a command it is an argument that is missing.
      switch result.dropLast().last?.kind {
      case .sign(let sign) where "_^".contains(sign): result.append(token)
      case .command(let name) where !["leq", "geq", "lt", "gt", "equiv", "odot", "cdot", "times"].contains(name):
        result.append(token)
      default: result.removeLast()
      }
    }
    return result
  }

  /// Joins a row whose brackets are open with the next ones, as far as that closes them.
  static func closed(_ rows: [ArraySlice<Token>]) -> [ArraySlice<Token>] {
    func nesting(_ row: ArraySlice<Token>) -> Int {
      row.reduce(0) { $0 + ($1.isOpening ? 1 : $1.isClosing ? -1 : 0) }
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

  /// More cases than this are not taken apart.
  static let caseLimit = 40

  /// `v = \begin{cases} a & t = T \\ b & t < T \end{cases}` as a row for each case, its condition behind it.
  static func cases(_ row: ArraySlice<Token>) -> [(row: ArraySlice<Token>, isFurther: Bool)] {
    let all = Array(row)
    guard let begin = all.indices.first(where: { isCases(all, at: $0, "begin") }),
      let end = all.indices.last(where: { isCases(all, at: $0, "end") }), end > begin,
      let (_, inside) = Rows.environment(all, after: begin), let (_, behind) = Rows.environment(all, after: end),
      inside <= end, all[behind...].allSatisfy({ ",.;".contains($0.latex) }), split(all[..<begin]).signs.count > 0
    else { return [(row, false)] }
    let parts = all[inside..<end].split(whereSeparator: { $0.kind == .rowBreak }).map { part in
      part.split(maxSplits: 1, whereSeparator: { $0.isSign("&") })
    }
    // What stands before them is read again with each.
    guard parts.count <= caseLimit else { return [(row, false)] }
    // A case without a condition between steps, such as “otherwise”, has no reading of its own.
    guard parts.allSatisfy({ $0.count == 2 && isCondition($0[1]) }) else { return [(row, false)] }
    return parts.enumerated().map { index, part in
      let comma = Token(kind: .sign(","), range: part[1].first!.range)
      return (Array(all[..<begin] + trimmed(part[0]) + [comma] + trimmed(part[1]))[...], index > 0)
    }
  }

  static func isCases(_ tokens: [Token], at index: Int, _ command: String) -> Bool {
    tokens[index].isCommand(command) && Rows.environment(tokens, after: index)?.name == "cases"
  }

  /// Whether tokens are a condition, with words such as “if” before it or not.
  static func isCondition(_ tokens: ArraySlice<Token>) -> Bool {
    condition(trimmed(tokens.filter { if case .prose = $0.kind { false } else { true } }[...])) != nil
  }

  static let introductions = ["let", "define", "denote", "set", "令", "记", "设", "定义", "記", "設", "定義"]

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
  static func parts(of row: ArraySlice<Token>) -> [(ArraySlice<Token>, Bool)] {
    var parts: [(ArraySlice<Token>, Bool)] = []
    var start = row.startIndex
    var defines = false
    var nesting = 0
    for index in row.indices {
      if row[index].isOpening { nesting += 1 }
      if row[index].isClosing { nesting -= 1 }
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
  static func claims(
    in part: ArraySlice<Token>, _ source: SourceText, isDefinition: Bool
  ) -> [StatementDraft] {
    var pieces: [ArraySlice<Token>] = [[]]
    var nesting = 0
    for token in part {
      if token.isOpening || token.isCommand("begin") { nesting += 1 }
      if token.isClosing || token.isCommand("end") { nesting -= 1 }
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
      // `(\text{chain rule})` behind a chain.
      if let open = lastGroup(piece), open > piece.startIndex, piece.last?.isSign(")") == true,
        piece[(open + 1)...].dropLast().allSatisfy({ if case .prose = $0.kind { true } else { false } })
      {
        piece = piece[..<open]
      }
      // `(t = 1, 2, \ldots, T)` behind a chain, and `(\text{need } h_t)`, which says nothing of the mathematics.
      var ahead: [ArraySlice<Token>] = []
      if let open = rangeGroup(piece) {
        let inside = piece[(open + 1)...].dropLast()
        if let start = everyStep(inside) { ahead = start }
        piece = piece[..<open]
      }
      // `(t < T)` behind a chain.
      var trailing: ArraySlice<Token>?
      if piece.last?.isSign(")") == true, let open = lastGroup(piece), open > piece.startIndex {
        let inside = piece[(open + 1)...].dropLast()
        // No value holds a relation: what cannot be read as steps is a condition all the same.
        let isApart = piece[open].isSpaced && hasRelation(inside)
        if condition(inside) != nil || isApart, hasRelation(piece[..<open]) {
          trailing = inside
          piece = piece[..<open]
        }
      }
      if condition(piece) != nil {
        if chains.isEmpty { leading.append(piece) } else { chains[chains.count - 1].conditions.append(piece) }
      } else if waits(piece) {
        leading = []
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
      if !chains.isEmpty { chains[chains.count - 1].conditions += ahead }
    }
    return chains.map {
      StatementDraft($0.tokens, isDefinition: isDefinition, source: source, conditions: $0.conditions)
    }
  }

  /// `P = …`, as a starter has it: what waits for its right side claims nothing yet.
  private static func waits(_ piece: ArraySlice<Token>) -> Bool {
    let (members, signs) = split(piece)
    guard signs.count == 1, let right = members.last, right.count == 1 else { return false }
    return ["\\dots", "\\cdots", "\\ldots"].contains(right[right.startIndex].latex)
  }

  /// `\dots` or `T` between commas.
  static func isRange(_ piece: ArraySlice<Token>) -> Bool {
    piece.allSatisfy { ["\\dots", "\\cdots", "\\ldots", "."].contains($0.latex) }
      || Time.read(piece, letters: steps) != nil
  }

  static func lastGroup(_ piece: ArraySlice<Token>) -> Int? {
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

  static let steps: Set<String> = {
    var letters: Set<String> = ["t", "T", "k", "s", "tau", "i", "j", "l", "ell", "m", "n"]
    for letter in letters { letters.insert(letter + "'") }
    return letters
  }()

  /// Reads `t < T`, `t = T`, `1 \le k \le t`, `t \ge 2`; nil for anything else.
  static func condition(_ tokens: ArraySlice<Token>) -> [Statement.Condition]? {
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

  static func hasRelation(_ tokens: ArraySlice<Token>) -> Bool {
    !split(tokens).signs.isEmpty || outermostProse(tokens) != nil
  }

  /// A relation that is prose, outside of all brackets.
  static func outermostProse(_ tokens: ArraySlice<Token>) -> Int? {
    var nesting = 0
    for index in tokens.indices {
      if tokens[index].isOpening { nesting += 1 }
      if tokens[index].isClosing { nesting -= 1 }
      if nesting == 0, proseRelation(tokens[index]) != nil { return index }
    }
    return nil
  }

  /// A chain and what stands behind it without stating an equality: `\in \mathbb{R}^H`, `\approx 1.414`.
  static func apart(_ tokens: ArraySlice<Token>) -> (chain: ArraySlice<Token>, remark: Range<Int>?) {
    guard let index = outermostProse(tokens), !split(tokens[..<index]).signs.isEmpty, let last = tokens.last else {
      return (tokens, nil)
    }
    return (tokens[..<index], tokens[index].range.lowerBound..<last.range.upperBound)
  }

  static let proseRelations: Set<String> = [
    "approx", "propto", "sim", "simeq", "cong", "neq", "ne", "ll", "gg", "rightarrow", "in", "asymp",
  ]

  static func proseRelation(_ token: Token) -> String? {
    guard case .command(let name) = token.kind, proseRelations.contains(name) else { return nil }
    return name
  }

  /// Members and relations at the outermost level.
  static func split(
    _ tokens: ArraySlice<Token>
  ) -> (members: [ArraySlice<Token>], signs: [Statement.Sign]) {
    var members: [ArraySlice<Token>] = []
    var signs: [Statement.Sign] = []
    var start = tokens.startIndex
    var nesting = 0
    var index = tokens.startIndex
    while index < tokens.endIndex {
      let token = tokens[index]
      if token.isOpening || token.isCommand("begin") { nesting += 1 }
      if token.isClosing || token.isCommand("end") { nesting -= 1 }
      var relation: Statement.Relation?
      var length = 1
      var isAccumulated = false
      if nesting == 0 {
        switch token.kind {
        case .sign("="): relation = .equal
        case .sign("+") where index + 1 < tokens.endIndex && tokens[index + 1].isSign("="):
          relation = .equal
          length = 2
          isAccumulated = true
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
          Statement.Sign(
            relation: relation, range: token.range.lowerBound..<tokens[end - 1].range.upperBound,
            isAccumulated: isAccumulated))
        index = end
        start = index
      } else {
        index += 1
      }
    }
    members.append(tokens[min(start, tokens.endIndex)...])
    return (members, signs)
  }
}
