// LaTeX as a line of Unicode text, for reading in a terminal.
//
// A converter of tokens, not a reader of formulas: whatever it does not know it writes as it stands, so that nothing is
// lost. The mathematics itself is read by Formula.

/// Turns LaTeX into text such as `hₜ = oₜ ⊙ tanh(cₜ)`.
public enum MathText {
  /// How deep groups may be nested before a formula is shown as it stands.
  private static let depthLimit = 60

  /// A formula as lines: one for each row of `aligned` and its like, and for each line of the source outside these.
  package static func lines(_ latex: String) -> [String] {
    var reader = Reader(tokens: MathToken.tokens(of: latex))
    let rows = reader.rows()
    guard reader.deepest <= depthLimit else { return latex.split(separator: "\n").map(String.init) }
    return rows.map { join($0) }.filter { !$0.isEmpty }
  }

  /// A formula as one line.
  public static func line(_ latex: String) -> String {
    lines(latex.split(whereSeparator: \.isNewline).joined(separator: " ")).joined(separator: "; ")
  }

  /// A piece of a formula as text, and how it stands beside its neighbours.
  fileprivate struct Atom {
    enum Role {
      case ordinary, binary, relation, open, close, punctuation, function, prefix, space
    }

    var text: String
    var role: Role
    /// Whether white space stood before it.
    var isSpaced = false
  }

  // MARK: - Setting atoms side by side

  fileprivate static func join(_ atoms: [Atom], isDense: Bool = false) -> String {
    var text = ""
    var before: Atom.Role?
    for atom in atoms {
      var role = atom.role
      if role == .binary || role == .relation {
        switch before {
        case nil, .open, .binary, .relation, .punctuation, .prefix: if role == .binary { role = .prefix }
        default: break
        }
      }
      if !isDense, before != nil, isSpace(before, role, atom.isSpaced), !text.hasSuffix(" "), !atom.text.hasPrefix(" ")
      {
        text += " "
      }
      text += atom.text
      before = role == .space ? before : role
    }
    return text.trimmed
  }

  private static func isSpace(_ before: Atom.Role?, _ role: Atom.Role, _ isSpaced: Bool) -> Bool {
    switch (before, role) {
    case (_, .space), (.open, _), (_, .close), (_, .punctuation), (.prefix, _), (.function, .open): false
    case (.binary, _), (.relation, _), (.punctuation, _), (_, .binary), (_, .relation), (.function, _): true
    case (.ordinary, .function), (.close, .function): true
    default: isSpaced
    }
  }

  // MARK: - Reading

  fileprivate struct Reader {
    var tokens: [MathToken]
    var index = 0
    var depth = 0
    var deepest = 0

    init(tokens: [MathToken]) {
      self.tokens = tokens
    }

    private var next: MathToken? { index < tokens.count ? tokens[index] : nil }

    private mutating func skipSpace() -> Bool {
      let start = index
      while next == .space || next == .lineBreak { index += 1 }
      return index > start
    }

    /// All rows of a formula.
    mutating func rows() -> [[Atom]] {
      var rows: [[Atom]] = [[]]
      var environments = 0
      while let token = next {
        switch token {
        case .rowBreak:
          index += 1
          rows.append([])
        case .lineBreak where environments == 0:
          index += 1
          rows.append([])
        case .ampersand, .close: index += 1
        case .begin(let name) where MathSymbols.rowEnvironments.contains(name):
          index += 1
          environments += 1
        case .end:
          index += 1
          environments = max(0, environments - 1)
        default: rows[rows.count - 1] += atom()
        }
      }
      return rows
    }

    /// The atoms of a group whose opening brace is behind us, up to its closing one.
    private mutating func group() -> [Atom] {
      depth += 1
      deepest = max(deepest, depth)
      defer { depth -= 1 }
      var atoms: [Atom] = []
      while let token = next {
        if token == .close {
          index += 1
          break
        }
        if depth > MathText.depthLimit || token == .rowBreak || token == .ampersand {
          index += 1
        } else if case .end = token {
          break
        } else {
          atoms += atom()
        }
      }
      return atoms
    }

    /// What a command takes: a group, or one token.
    private mutating func argument() -> [Atom] {
      // Commands can stand in one another without a brace: `\hat\hat\hat x`.
      depth += 1
      deepest = max(deepest, depth)
      defer { depth -= 1 }
      guard depth <= MathText.depthLimit else {
        index += 1
        return []
      }
      _ = skipSpace()
      switch next {
      case nil, .close, .ampersand, .rowBreak, .end: return []
      case .open:
        index += 1
        return group()
      default: return single(isSpaced: false)
      }
    }

    /// One atom with its scripts, or none for white space and what has no look.
    private mutating func atom() -> [Atom] {
      let isSpaced = skipSpace()
      guard next != nil else { return [] }
      switch next {
      case .close, .ampersand, .rowBreak, .end: return []
      default: break
      }
      var atoms = single(isSpaced: isSpaced)
      while let scripts = scripts() {
        if atoms.isEmpty { atoms = [Atom(text: "", role: .ordinary, isSpaced: isSpaced)] }
        // In `{a b}_c` the scripts belong to the whole.
        if atoms.count > 1 { atoms = [Atom(text: "(\(MathText.join(atoms)))", role: .ordinary, isSpaced: isSpaced)] }
        atoms[0].text += scripts
      }
      return atoms
    }

    private mutating func scripts() -> String? {
      let start = index
      _ = skipSpace()
      switch next {
      case .subscript:
        index += 1
        return MathSymbols.lowered(MathText.join(argument(), isDense: true))
      case .superscript:
        index += 1
        return MathSymbols.raised(MathText.join(argument(), isDense: true))
      case .character("'"):
        index += 1
        return "′"
      default:
        index = start
        return nil
      }
    }

    private mutating func single(isSpaced: Bool) -> [Atom] {
      guard let token = next else { return [] }
      index += 1
      switch token {
      case .space, .lineBreak, .close, .ampersand, .rowBreak, .end: return []
      case .subscript, .superscript:
        index -= 1
        return [Atom(text: "", role: .ordinary, isSpaced: isSpaced)]
      case .open:
        let atoms = group()
        return atoms.count == 1
          ? [Atom(text: atoms[0].text, role: atoms[0].role, isSpaced: isSpaced)]
          : [Atom(text: MathText.join(atoms), role: .ordinary, isSpaced: isSpaced)]
      case .text(let text): return [Atom(text: text, role: .ordinary, isSpaced: isSpaced)]
      case .character(let character):
        return [Atom(text: MathSymbols.look(of: character), role: role(of: character), isSpaced: isSpaced)]
      case .begin(let name): return [matrix(name, isSpaced)]
      case .command(let name): return command(name, isSpaced)
      }
    }

    private func role(of character: Character) -> Atom.Role {
      switch character {
      case "+", "-", "*": .binary
      case "=", "<", ">", "≤", "≥", "≠", "≈": .relation
      case "(", "[": .open
      case ")", "]": .close
      case ",", ";": .punctuation
      case "∂": .prefix
      default: .ordinary
      }
    }

    private mutating func command(_ name: String, _ isSpaced: Bool) -> [Atom] {
      func ordinary(_ text: String) -> [Atom] { [Atom(text: text, role: .ordinary, isSpaced: isSpaced)] }
      if let text = MathSymbols.ordinary[name] { return ordinary(text) }
      if let text = MathSymbols.binary[name] { return [Atom(text: text, role: .binary, isSpaced: isSpaced)] }
      if let text = MathSymbols.relations[name] { return [Atom(text: text, role: .relation, isSpaced: isSpaced)] }
      if let text = MathSymbols.opening[name] { return [Atom(text: text, role: .open, isSpaced: isSpaced)] }
      if let text = MathSymbols.closing[name] { return [Atom(text: text, role: .close, isSpaced: isSpaced)] }
      if MathSymbols.functions.contains(name) { return [Atom(text: name, role: .function, isSpaced: isSpaced)] }
      if let mark = MathSymbols.accents[name] { return ordinary(accented(MathText.join(argument()), mark, name)) }
      if MathSymbols.ignored.contains(name) {
        // `\left.` and `\right.` stand for no bracket at all.
        if name == "left" || name == "right", next == .character(".") { index += 1 }
        return []
      }
      if let width = MathSymbols.spaces[name] {
        return [Atom(text: String(repeating: " ", count: width), role: .space, isSpaced: false)]
      }
      if MathSymbols.transparent.contains(name) {
        let atoms = argument()
        return atoms.count == 1
          ? [Atom(text: atoms[0].text, role: atoms[0].role, isSpaced: isSpaced)] : ordinary(MathText.join(atoms))
      }
      switch name {
      case "partial": return [Atom(text: "∂", role: .prefix, isSpaced: isSpaced)]
      case "frac", "dfrac", "tfrac", "cfrac": return ordinary(fraction(argument(), argument()))
      case "sqrt": return ordinary(root())
      case "operatorname", "operatorname*":
        return [Atom(text: MathText.join(argument(), isDense: true), role: .function, isSpaced: isSpaced)]
      case "mathbf", "boldsymbol", "bm", "mathbb", "mathcal":
        let text = MathText.join(argument())
        return ordinary(MathSymbols.styled(text, name))
      case "tag": return [Atom(text: "  (\(MathText.join(argument())))", role: .space, isSpaced: true)]
      default: return ordinary("\\" + name + unknownArguments())
      }
    }

    /// The groups after a command that is not known, braces and all.
    private mutating func unknownArguments() -> String {
      var text = ""
      while next == .open {
        index += 1
        text += "{" + MathText.join(group()) + "}"
      }
      if text.isEmpty, case .character(let character)? = next, character.isLetter { text = " " }
      return text
    }

    private func accented(_ text: String, _ mark: Character, _ name: String) -> String {
      guard let first = text.first, text.dropFirst().allSatisfy({ MathSymbols.isScript($0) }) else {
        return "\(name)(\(text))"
      }
      return String(first) + String(mark) + text.dropFirst()
    }

    private func fraction(_ above: [Atom], _ below: [Atom]) -> String {
      let isSum = above.contains { $0.role == .binary || $0.role == .relation }
      let top = MathText.join(above)
      let bottom = MathText.join(below)
      // `∂L/∂W_f` reads well as it is.
      let isOne =
        below.count == 1 ? !bottom.contains(" ") && !bottom.contains("/") : below.count == 2 && below[0].role == .prefix
      return (isSum || top.contains("/") ? "(\(top))" : top) + "/" + (isOne ? bottom : "(\(bottom))")
    }

    private mutating func root() -> String {
      var degree = ""
      if next == .character("[") {
        index += 1
        var atoms: [Atom] = []
        depth += 1
        deepest = max(deepest, depth)
        while let token = next, token != .character("]"), token != .close {
          let start = index
          if depth <= MathText.depthLimit { atoms += atom() }
          if index == start { index += 1 }
        }
        depth -= 1
        if next == .character("]") { index += 1 }
        degree = MathSymbols.raised(MathText.join(atoms, isDense: true))
      }
      let inside = argument()
      let text = MathText.join(inside)
      return degree + "√" + (inside.count == 1 ? text : "(\(text))")
    }

    /// A matrix as `[a, b; c, d]`.
    private mutating func matrix(_ name: String, _ isSpaced: Bool) -> Atom {
      depth += 1
      deepest = max(deepest, depth)
      defer { depth -= 1 }
      if name == "array", next == .open {
        index += 1
        _ = group()
      }
      var rows: [[[Atom]]] = [[[]]]
      reading: while let token = next {
        switch token {
        case .end:
          index += 1
          break reading
        case .rowBreak:
          index += 1
          rows.append([[]])
        case .ampersand:
          index += 1
          rows[rows.count - 1].append([])
        case .close: index += 1
        default:
          if depth > MathText.depthLimit {
            index += 1
          } else {
            let last = rows.count - 1
            rows[last][rows[last].count - 1] += atom()
          }
        }
      }
      let lines = rows.map { $0.map { MathText.join($0) }.filter { !$0.isEmpty }.joined(separator: ", ") }
      let inside = lines.filter { !$0.isEmpty }.joined(separator: "; ")
      let (left, right) = MathSymbols.brackets[name] ?? ("\\begin{\(name)} ", " \\end{\(name)}")
      return Atom(text: left + inside + right, role: .ordinary, isSpaced: isSpaced)
    }
  }
}
