// Ranges of steps in brackets behind an equation: `(t = 1, 2, \ldots, T)`.

extension StatementDraft {
  /// Where the bracket opens that ends a piece and holds a range of steps, or words; nil where none does.
  static func rangeGroup(_ piece: ArraySlice<Token>) -> Int? {
    guard piece.last?.isSign(")") == true, let open = lastGroup(piece), open > piece.startIndex,
      hasRelation(piece[..<open])
    else { return nil }
    let inside = piece[(open + 1)...].dropLast()
    if case .prose? = inside.first?.kind { return open }
    return everyStep(inside) == nil ? nil : open
  }

  /// The conditions that `t = 1, 2, \ldots, T` puts on t: none from the first step on, `t \geq n` from a later one; nil where
  /// it is no such range.
  static func everyStep(_ inside: ArraySlice<Token>) -> [ArraySlice<Token>]? {
    let pieces = inside.split { $0.isSign(",") }
    guard pieces.count > 1, let start = condition(pieces[0]), start.count == 1, start[0].relation == .equal,
      let letter = start[0].left.letter, start[0].left.offset == 0, start[0].right.letter == nil,
      pieces.dropFirst().allSatisfy(isRange), let sign = pieces[0].first(where: { $0.isSign("=") })
    else { return nil }
    guard start[0].right.offset > 1 else { return [] }
    let name = pieces[0].prefix { !$0.isSign("=") }
    guard !letter.isEmpty else { return nil }
    let bound = Token(kind: .command("geq"), range: sign.range)
    let number = pieces[0].drop { !$0.isSign("=") }.dropFirst()
    return [(Array(name) + [bound] + Array(number))[...]]
  }
}
