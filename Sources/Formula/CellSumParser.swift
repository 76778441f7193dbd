// Sums in the equations of a cell: over labels such as gates, or over a few numbers; a step has no others.

import Diagnostics

extension Parser {
  /// `\sum_{g \in \{f, i\}} W_g x_t` and `\sum_{k=1}^{3} W_k x_t`, each term written out.
  mutating func sumInCell(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    let (below, above) = try limits(of: token)
    if let sum = try sumOverLabels(Self.numbered(below, above) ?? below, token) { return sum }
    let upper = above.map { Self.bare($0.tokens) }
    if let size = upper?.first, upper?.count == 1, vocabulary.sizes.contains(size.latex) {
      throw fail(
        "a sum over the entries of a vector is written with vectors: `\\mathbf 1^\\top v` adds them up, and `W v` adds up products",
        at: token.range)
    }
    throw fail(
      "an equation of a cell reaches back one step only, so a sum over steps is a state of its own: `s_t = s_{t-1} + …`",
      at: token.range)
  }

  /// A range between two small numbers as the list of its numbers; nil for any other range.
  private static func numbered(_ below: Limit, _ above: Limit?) -> Limit? {
    func number(_ tokens: ArraySlice<Token>) -> Int? {
      guard tokens.count == 1, case .number(let digits)? = tokens.first?.kind else { return nil }
      return Int(digits)
    }
    let (members, relations) = relations(in: bare(below.tokens))
    guard members.count == 2, relations == ["="], members[0].count == 1, let letter = members[0].first,
      let lower = number(members[1]), let upper = above.flatMap({ number(bare($0.tokens)) }), lower <= upper,
      upper - lower < 12
    else { return nil }
    func made(_ kind: Token.Kind) -> Token { Token(kind: kind, range: below.range) }
    let numbers = (lower...upper).flatMap { [made(.sign(",")), made(.number(String($0)))] }.dropFirst()
    return ([letter, made(.command("in"))] + numbers, below.range)
  }
}
