// The forward equations of a cell: names on the left, values on the right.

public import Diagnostics

/// One equation of a cell: what it defines and from what.
public struct ForwardEquation: Sendable, Hashable {
  /// The defined names; several where the right side is split equally, as in `[a_i, a_f, a_o, a_g] = …`.
  public let left: [Expression.Symbol]
  /// The places of the defined names.
  public let leftRanges: [Range<Int>]
  /// The right side.
  public let right: Expression
  /// The whole equation.
  public let range: Range<Int>
  /// The sheet that it stands in.
  public let source: SourceText

  /// An equation made from another one, such as a cell with a sub-expression named.
  public init(
    left: [Expression.Symbol], leftRanges: [Range<Int>], right: Expression, range: Range<Int>, source: SourceText
  ) {
    self.left = left
    self.leftRanges = leftRanges
    self.right = right
    self.range = range
    self.source = source
  }
}

/// Reads the math of sheets.
public enum FormulaReader {
  /// Reads a name such as `W_f` or `\tilde{c}` as front matter declares it: every index is part of the name.
  ///
  /// - Throws: a `Diagnostic` at `range` in `source` if the text is no name.
  public static func name(_ text: String, in source: SourceText, at range: Range<Int>) throws(Diagnostic) -> Name {
    let symbol: Expression.Symbol
    do {
      let excerpt = SourceExcerpt(SourceText(name: source.name, text: text))
      let tokens = try Lexer.tokens(of: excerpt)
      var vocabulary = Vocabulary()
      vocabulary.timeLetters = []
      vocabulary.isOfDeclarations = true
      var parser = Parser(tokens[...], vocabulary: vocabulary, in: excerpt.source)
      symbol = try parser.symbol()
      try parser.expectEnd()
    } catch {
      throw Diagnostic("`\(text)` is not a name: \(error.wording)", in: source, at: range)
    }
    guard symbol.times.isEmpty else {
      throw Diagnostic("`\(text)` carries a time; a declaration names the quantity without it", in: source, at: range)
    }
    return symbol.name
  }

  /// Reads the forward equations of a cell.
  ///
  /// Left sides come first, so that every right side knows all names.
  /// - Parameters:
  ///   - excerpts: the `math forward` blocks of one sheet, in order.
  ///   - vocabulary: the declared names; the equations' own names are added.
  /// - Throws: every diagnostic of every row, so that one bad row does not hide the next.
  public static func forwardEquations(
    _ excerpts: [SourceExcerpt], vocabulary: inout Vocabulary
  ) throws(DiagnosticList) -> [ForwardEquation] {
    var diagnostics: [Diagnostic] = []
    var drafts:
      [(left: [(Expression.Symbol, Range<Int>)], right: ArraySlice<Token>, range: Range<Int>, source: SourceText)] = []
    for excerpt in excerpts {
      do {
        for row in try Rows.split(try Lexer.tokens(of: excerpt), in: excerpt.source) {
          do {
            let (left, right) = try sides(of: row, in: excerpt.source)
            let names = try leftSide(left, vocabulary: vocabulary, in: excerpt.source)
            let range = row.first!.range.lowerBound..<row.last!.range.upperBound
            drafts.append((names, right, range, excerpt.source))
            for (symbol, _) in names where vocabulary.roles[symbol.name] == nil {
              vocabulary.declare(symbol.name, as: .timed)
            }
          } catch { diagnostics.append(error) }
        }
      } catch { diagnostics.append(error) }
    }
    var equations: [ForwardEquation] = []
    for draft in drafts {
      do {
        var parser = Parser(draft.right, vocabulary: vocabulary, in: draft.source)
        let right = try parser.sum()
        try parser.expectEnd()
        equations.append(
          ForwardEquation(
            left: draft.left.map(\.0), leftRanges: draft.left.map(\.1), right: right, range: draft.range,
            source: draft.source))
      } catch { diagnostics.append(error) }
    }
    guard diagnostics.isEmpty else { throw DiagnosticList(diagnostics) }
    return equations
  }

  /// The two sides of an equation.
  private static func sides(
    of row: ArraySlice<Token>, in source: SourceText
  ) throws(Diagnostic) -> (ArraySlice<Token>, ArraySlice<Token>) {
    let whole = row.first!.range.lowerBound..<row.last!.range.upperBound
    // Only between the sides: the range of a sum has a `=` of its own.
    var nesting = 0
    let signs = row.indices.filter { index in
      if row[index].isOpening || row[index].isCommand("begin") { nesting += 1 }
      if row[index].isClosing || row[index].isCommand("end") { nesting -= 1 }
      return nesting <= 0 && row[index].isSign("=")
    }
    guard let sign = signs.first ?? row.firstIndex(where: { $0.isSign("=") }) else {
      throw Diagnostic("an equation has a `=`; put prose math outside the forward block", in: source, at: whole)
    }
    guard signs.count < 2 else {
      throw Diagnostic(
        "a forward equation has one `=`; keep one of its right sides, or give a part of it a name and a row of its own",
        in: source, at: row[signs[1]].range)
    }
    var left = row[row.startIndex..<sign]
    // `h_t := …`.
    if left.last?.isSign(":") == true { left.removeLast() }
    let right = row[(sign + 1)...]
    guard !left.isEmpty, !right.isEmpty else {
      throw Diagnostic("one side of this equation is empty", in: source, at: row[sign].range)
    }
    return (left, right)
  }

  /// One name, or several between brackets.
  private static func leftSide(
    _ tokens: ArraySlice<Token>, vocabulary: Vocabulary, in source: SourceText
  ) throws(Diagnostic) -> [(Expression.Symbol, Range<Int>)] {
    var parser = Parser(tokens, vocabulary: vocabulary, in: source)
    guard let first = parser.next, first.isSign("[") || first.isCommand("begin") else {
      let symbol = try parser.symbol()
      if let mark = parser.next, mark.isSign("^") {
        throw Diagnostic(
          "a left side is a name, and this one is a power of it; give the power a name of its own, such as `v_t = …`",
          in: source, at: tokens.first!.range.lowerBound..<tokens.last!.range.upperBound)
      }
      try parser.expectEnd()
      return [(symbol, tokens.first!.range.lowerBound..<tokens.last!.range.upperBound)]
    }
    let block = try parser.sum()
    try parser.expectEnd()
    var names: [(Expression.Symbol, Range<Int>)] = []
    for part in block.kind.operands {
      guard case .symbol(let symbol) = part.kind else {
        throw Diagnostic("a left side is a name, or names between brackets", in: source, at: part.range)
      }
      names.append((symbol, part.range))
    }
    guard names.count > 1 else {
      throw Diagnostic("a left side is a name, or names between brackets", in: source, at: block.range)
    }
    return names
  }
}
