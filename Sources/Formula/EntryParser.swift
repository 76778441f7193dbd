// Entries: `u_{ij}`, `h_{t,i}`, `[v]_i`, `\sum_j`, Kronecker's δ. Which letter stands for a place is decided by what exists.

import Diagnostics

extension Parser {
  /// The letters that may stand for a place along an axis.
  static let placeLetters: Set<String> = ["i", "j", "k", "l", "m", "n", "p", "q"]

  /// The label of what comes in, as in `W_{in}`, which is no row and column.
  private static let input = ["i", "n"]

  /// `i`, `ij`, `i,j` as one or two letters of places; nil for anything else.
  static func places(_ script: ArraySlice<Token>) -> [String]? {
    var letters: [String] = []
    for token in script {
      switch token.kind {
      case .letter(let letter) where placeLetters.contains(String(letter)): letters.append(String(letter))
      case .sign(","), .sign("{"), .sign("}"): continue
      default: return nil
      }
    }
    return (1...2).contains(letters.count) ? letters : nil
  }

  private var readsEntries: Bool { vocabulary.allowsAnalysis && vocabulary.layering == nil }

  /// `[v]_i`, `(A)_{ij}`: the letters of places behind a value; nil where what stands there is none.
  mutating func entry(of value: Expression) throws(Diagnostic) -> Expression? {
    guard readsEntries, let places = try placesBehind() else { return nil }
    return try node(
      .analysis(.entries(.place(value, places))), from: value.range.lowerBound, to: last?.range.upperBound ?? end)
  }

  /// Takes `_i` or `_{ij}`; nil, and nothing taken, where something else comes next.
  mutating func placesBehind() throws(Diagnostic) -> [String]? {
    guard let mark = next, mark.isSign("_") else { return nil }
    let before = self
    take()
    guard let places = Self.places(try script(after: mark).tokens) else {
      self = before
      return nil
    }
    return places
  }

  // MARK: Names

  /// `u_{ij}` of what has no two axes.
  func refuseEntry(of symbol: Expression.Symbol, _ range: Range<Int>) throws(Diagnostic) {
    let name = symbol.name
    guard vocabulary.roles[name] == nil, name.label.count == 2, name.upperLabel.isEmpty,
      name.label.allSatisfy(Self.placeLetters.contains), name.label != Self.input,
      vocabulary.knows(base: name.base) || vocabulary.knows(base: name.base.uppercased())
    else { return }
    throw fail(
      Message(
        "`\(source.substring(range))` looks like an entry, and which quantity it is an entry of is not clear; write `[…]_{\(name.label.joined())}` with the quantity in brackets",
        "`\(source.substring(range))` 看似单个元素，但看不出是哪个量的元素；请写成 `[…]_{\(name.label.joined())}`，括号里写出这个量"),
      at: range)
  }

  /// Takes the letters of places from the indices of a name: `ij` of `u_{ij}` where U is a matrix, `i` of `h_{t,i}`.
  ///
  /// A letter that belongs to a name of the cell stays a label: `b_i` is one in an LSTM and an entry in a plain cell.
  mutating func takePlaces(of draft: inout Draft) -> [String] {
    guard readsEntries, !vocabulary.axes.isEmpty, !draft.parts.isEmpty, draft.layer == nil,
      !isDeclared(draft, without: [])
    else { return [] }
    let places = draft.parts.map { Self.places($0) }
    for index in draft.parts.indices.reversed() {
      guard let letters = places[index] else { continue }
      if letters.count == 2, letters != Self.input, takeMatrix(&draft, without: [index]) { return letters }
      if letters.count == 1, index > 0, let before = places[index - 1], before.count == 1,
        takeMatrix(&draft, without: [index - 1, index])
      {
        return before + letters
      }
      if letters.count == 1, takeVector(&draft, without: index, letter: letters[0]) { return letters }
    }
    return []
  }

  /// The name of a draft when some of its indices are left out, all others labels; nil where they are none.
  private func name(_ draft: Draft, without left: [Int]) -> Name? {
    var label: [String] = []
    for index in draft.parts.indices where !left.contains(index) {
      guard let pieces = Self.label(draft.parts[index]) else { return nil }
      label += pieces
    }
    return Name(base: draft.base, accents: draft.accents, label: label, upperLabel: draft.upperLabel)
  }

  /// Whether the vocabulary has the name with all these indices, each a label or a step.
  private func isDeclared(_ draft: Draft, without left: [Int]) -> Bool {
    if let whole = name(draft, without: left), vocabulary.roles[whole] != nil { return true }
    return draft.parts.indices.contains { step in
      !left.contains(step) && Time.read(draft.parts[step], { isStep($0, on: draft) }) != nil
        && draft.parts.count - left.count > 1
        && (name(draft, without: left + [step]).map { vocabulary.roles[$0] == .timed && !$0.label.isEmpty } ?? false)
    }
  }

  private func takeMatrix(_ draft: inout Draft, without left: [Int]) -> Bool {
    guard draft.upperTimes.isEmpty, let name = name(draft, without: left) else { return false }
    let capital = Name(
      base: name.base.uppercased(), accents: name.accents, label: name.label, upperLabel: name.upperLabel)
    guard let found = [name, capital].first(where: { vocabulary.axes[$0] == 2 }) else { return false }
    let kept = draft.parts.indices.filter { !left.contains($0) }.map { draft.parts[$0] }
    if found != name {
      note(
        Message(
          "`\(source.substring(draft.range))` is the entry of `\(found.latex)` in that row and column",
          "`\(source.substring(draft.range))` 是 `\(found.latex)` 在该行该列的元素"))
    }
    draft.base = found.base
    draft.parts = kept
    return true
  }

  private func takeVector(_ draft: inout Draft, without index: Int, letter: String) -> Bool {
    let others = draft.parts.indices.filter { $0 != index }
    func isVector(_ name: Name?) -> Bool {
      guard let name else { return false }
      if let axes = vocabulary.axes[name] { return axes == 1 }
      // A name of the text's own, where the letter stands for a place elsewhere beyond doubt.
      return vocabulary.roles[name] == .timed && vocabulary.placeLetters.contains(letter)
        && !vocabulary.timeLetters.contains(letter) && name != Name(base: "L")
    }
    if draft.upperTimes.count == 1, isVector(name(draft, without: [index])) {
      draft.parts = others.map { draft.parts[$0] }
      return true
    }
    guard draft.upperTimes.isEmpty else { return false }
    if let parameter = name(draft, without: [index]), vocabulary.roles[parameter] == .untimed,
      vocabulary.axes[parameter] == 1
    {
      draft.parts = others.map { draft.parts[$0] }
      return true
    }
    // One of the other indices is the step, and certainly so: of `h_{i,j}` neither is.
    let steps = others.filter { other in
      guard let time = Time.read(draft.parts[other], { isStep($0, on: draft) }), time.letter != nil else {
        return false
      }
      return time.mentions("t") || time.mentions("T") || time.offset != 0 || time.second != nil
        || (vocabulary.timeLetters.contains(time.letter ?? "")
          && (other < index || !vocabulary.timeLetters.contains(letter)))
    }
    guard steps.count == 1, isVector(name(draft, without: [index, steps[0]])) else { return false }
    draft.parts = others.map { draft.parts[$0] }
    return true
  }

  // MARK: Kronecker's δ, indicators, unit vectors

  /// `\delta_{ij}` where no error of this name is defined, or where both letters are places elsewhere; nil for any other name.
  func kronecker(_ draft: Draft) throws(Diagnostic) -> Expression? {
    guard readsEntries, !vocabulary.axes.isEmpty, draft.base == "delta", draft.accents.isEmpty,
      draft.upperTimes.isEmpty,
      draft.upperLabel.isEmpty, !draft.parts.isEmpty,
      let letters = Self.places(
        Array(draft.parts.joined(separator: [Token(kind: .sign(","), range: draft.range)]))[...]),
      letters.count == 2, letters[0] != letters[1], !letters.contains(where: vocabulary.gateLetters.contains),
      !isDeclared(draft, without: [])
    else { return nil }
    let isError = vocabulary.roles[Name(base: "delta")] != nil
    guard !isError || letters.allSatisfy(vocabulary.placeLetters.contains) else { return nil }
    return try kronecker(letters[0], letters[1], draft.range)
  }

  private func kronecker(_ a: String, _ b: String, _ range: Range<Int>) throws(Diagnostic) -> Expression {
    let written = source.substring(range)
    note(
      Message(
        "`\(written)` is read as Kronecker's: 1 where `\(a)` = `\(b)`, else 0",
        "`\(written)` 按克罗内克符号理解：`\(a)` = `\(b)` 时为 1，否则为 0"))
    return try node(.analysis(.entries(.kronecker(a, b))), from: range.lowerBound, to: range.upperBound)
  }

  /// `\mathbf 1_{i=j}`, `\mathbb 1(i = j)` and `\mathbb I_i(a)`; nil for what is none of them.
  mutating func indicatorOfPlaces(_ draft: Draft) throws(Diagnostic) -> Expression? {
    guard readsEntries, let mark = next, draft.base == "1" || (draft.base == "I" && !vocabulary.knows(base: "I")) else {
      return nil
    }
    let before = self
    if mark.isSign("(") || mark.isSign("[") {
      let inside = mark.isSign("(") ? try bracketed("(", ")") : try bracketed("[", "]")
      if let (a, b) = Self.equalPlaces(inside.tokens) {
        return try kronecker(a, b, draft.range.lowerBound..<inside.range.upperBound)
      }
    } else if mark.isSign("_") {
      take()
      let script = try script(after: mark)
      if let (a, b) = Self.equalPlaces(script.tokens) {
        return try kronecker(a, b, draft.range.lowerBound..<script.range.upperBound)
      }
      if let places = Self.places(script.tokens), places.count == 1,
        next?.isSign("(") == true || next?.isSign("[") == true
      {
        let value = next?.isSign("(") == true ? try group("(", ")") : try block()
        return try node(
          .analysis(.entries(.unit(places[0], value))), from: draft.range.lowerBound, to: last?.range.upperBound ?? end)
      }
    }
    self = before
    return nil
  }

  /// `i = j`, in braces or not.
  private static func equalPlaces(_ tokens: ArraySlice<Token>) -> (String, String)? {
    let sides = tokens.filter { !$0.isSign("{") && !$0.isSign("}") }.split { $0.isSign("=") }
    guard sides.count == 2, let a = places(sides[0]), let b = places(sides[1]), a.count == 1, b.count == 1, a != b
    else { return nil }
    return (a[0], b[0])
  }

  /// `[0, \dots, a, \dots, 0]`: a number at a place that is not written; nil for any other block.
  func unitBlock(_ inside: ArraySlice<Token>, at range: Range<Int>) throws(Diagnostic) -> Expression? {
    guard readsEntries else { return nil }
    var pieces: [ArraySlice<Token>] = []
    var nesting = 0
    var start = inside.startIndex
    for index in inside.indices {
      if inside[index].isOpening { nesting += 1 }
      if inside[index].isClosing { nesting -= 1 }
      guard nesting == 0, inside[index].isSign(",") || inside[index].isSign(";") else { continue }
      pieces.append(inside[start..<index])
      start = index + 1
    }
    pieces.append(inside[start...])
    func isDots(_ piece: ArraySlice<Token>) -> Bool {
      piece.count == 1 && ["dots", "cdots", "ldots", "vdots"].contains { piece.first!.isCommand($0) }
    }
    let values = pieces.filter { !isDots($0) && !($0.count == 1 && $0.first!.kind == .number("0")) }
    guard pieces.count > values.count + 2, pieces.contains(where: isDots), values.count == 1 else { return nil }
    let value = try nested(values[0], at: range) { (parser) throws(Diagnostic) in try parser.sum() }
    return try node(.analysis(.entries(.unit(nil, value))), from: range.lowerBound, to: range.upperBound)
  }

  // MARK: Sums

  /// `\sum_j`, `\sum_{j=1}^{H}` where `j` stands for a place in what is added up; nil, and nothing taken, for a sum over steps.
  mutating func sumOverPlaces(
    _ below: Limit, _ above: Limit?, _ token: Token
  ) throws(Diagnostic) -> Expression? {
    let (members, relations) = Self.relations(in: Self.bare(below.tokens))
    guard readsEntries, !vocabulary.axes.isEmpty, members.count <= 2, relations.allSatisfy({ $0 == "=" }),
      let letter = Self.places(members[0])?.first, members[0].count == 1, !boundLetters.contains(letter)
    else { return nil }
    let before = self
    boundLetters.insert(letter)
    let body = try? deeper { (parser) throws(Diagnostic) in try parser.hadamard() }
    boundLetters = before.boundLetters
    guard let body, body.placeLetters.contains(letter) else {
      self = before
      return nil
    }
    guard !body.mentions(letter) else {
      throw fail(
        Message(
          "`\(letter)` is a step and a place in this sum; take another letter for one of them",
          "`\(letter)` 在这个求和中既是时间步又是元素的下标；请给其中一个另取字母"), at: below.range)
    }
    if members.count == 2 {
      guard members[1].count == 1, members[1].first?.kind == .number("1") else {
        throw fail(
          Message("a sum over places begins at 1", "对元素下标的求和从 1 开始"), at: below.range)
      }
    }
    let end = above.map { Self.bare($0.tokens).map(\.latex).joined() }
    if let end, let above, vocabulary.timeLetters.contains(end) || Int(end) != nil {
      throw fail(
        Message(
          "`\(letter)` is the place along an axis and runs over all of it, not to `\(end)`",
          "`\(letter)` 是沿某一轴的下标，取遍整个轴，而不是到 `\(end)` 为止"), at: above.range)
    }
    return try node(
      .analysis(.entries(.sum(letter, upTo: end, body))), from: token.range.lowerBound, to: body.range.upperBound)
  }
}

extension StatementDraft {
  /// The letters that stand for places beyond doubt: behind a bracket, or two below one name.
  public var placeLetters: Set<String> {
    var found: Set<String> = []
    for (index, mark) in zip(tokens.indices, tokens) where mark.isSign("_") && index > tokens.startIndex {
      let before = tokens[index - 1]
      var script = tokens[(index + 1)...].prefix(1)
      if script.first?.isSign("{") == true { script = tokens[(index + 2)...].prefix { !$0.isSign("}") } }
      guard let letters = Parser.places(script) else { continue }
      var isName = false
      if case .letter = before.kind { isName = true }
      if before.isSign("]") || before.isSign(")") || (isName && letters.count == 2) { found.formUnion(letters) }
    }
    return found
  }

  /// The members with the places that `[0, \dots, a, \dots, 0]` leaves open.
  static func placed(_ members: [Statement.Member], _ source: SourceText) -> [Statement.Member] {
    let letters = members.reduce(into: Set<String>()) { $0.formUnion($1.expression?.placeLetters ?? []) }
    return members.map { member in
      guard let tree = member.expression else { return member }
      guard let placed = tree.placingUnits(letters) else {
        let failure = Diagnostic(
          Message(
            "which place the value has in `[0, …, 0]` is not clear; write `\\mathbb I_i(…)`",
            "看不出 `[0, …, 0]` 中的值在哪个位置；请写 `\\mathbb I_i(…)`"), in: source, at: member.range)
        return Statement.Member(content: .failure(failure), range: member.range)
      }
      return Statement.Member(content: .success(placed), range: member.range)
    }
  }
}
