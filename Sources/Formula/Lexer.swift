// LaTeX text to tokens: spacing and size commands fall away, Unicode signs become their commands.

import Diagnostics

/// Cuts an excerpt into tokens.
struct Lexer {
  /// No excerpt is longer than this many bytes; a longer one is refused rather than worked on.
  static let lengthLimit = 200_000

  private let excerpt: SourceExcerpt
  private let scalars: [(value: Unicode.Scalar, offset: Int)]
  private var index = 0
  private var tokens: [Token] = []
  private var isSpaced = false
  /// Whether what cannot be read becomes a token of its own, so that one bad row does not hide the next.
  private var isRecovering = false

  /// The tokens of a derivation: nothing is thrown, what cannot be read is an `invalid` token in its row.
  static func recoveredTokens(of excerpt: SourceExcerpt) -> [Token] {
    guard excerpt.text.utf8.count <= lengthLimit else {
      let message: Message = "this math is longer than \(lengthLimit) bytes; split it into several blocks"
      return [Token(kind: .invalid(message), range: excerpt.sourceRange(of: 0..<1))]
    }
    var lexer = Lexer(excerpt)
    lexer.isRecovering = true
    while lexer.index < lexer.scalars.count {
      let before = lexer.index
      do {
        try lexer.run()
      } catch {
        lexer.index = max(lexer.index, before + 1)
        lexer.tokens.append(Token(kind: .invalid(error.wording), range: error.range))
      }
    }
    return Wrapping.removed(from: lexer.tokens)
  }

  static func tokens(of excerpt: SourceExcerpt) throws(Diagnostic) -> [Token] {
    guard excerpt.text.utf8.count <= lengthLimit else {
      throw Diagnostic(
        "this math is longer than \(lengthLimit) bytes; split it into several blocks", in: excerpt, at: 0..<1)
    }
    var lexer = Lexer(excerpt)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ excerpt: SourceExcerpt) {
    self.excerpt = excerpt
    var offset = 0
    scalars = excerpt.text.unicodeScalars.map { scalar in
      defer { offset += UTF8.width(scalar) }
      return (scalar, offset)
    }
  }

  private func offset(_ index: Int) -> Int {
    index < scalars.count ? scalars[index].offset : excerpt.text.utf8.count
  }

  private mutating func emit(_ kind: Token.Kind, from start: Int) {
    let range = excerpt.sourceRange(of: offset(start)..<offset(index))
    tokens.append(Token(kind: kind, range: range, isSpaced: isSpaced))
    isSpaced = false
  }

  private mutating func run() throws(Diagnostic) {
    while index < scalars.count {
      let start = index
      let scalar = scalars[index].value
      switch scalar {
      case "\n":
        index += 1
        emit(.newline, from: start)
      case " ", "\t", "\r", "~", "\u{3000}", "\u{A0}":
        index += 1
        isSpaced = true
      case "%" where isRecovering && isPercent:
        index += 1
        emit(.command("%"), from: start)
      case "%":
        while index < scalars.count, scalars[index].value != "\n" { index += 1 }
      case "\\":
        try command()
      case "0"..."9":
        number()
      case "a"..."z", "A"..."Z":
        index += 1
        if isRecovering, index < scalars.count, let accent = Self.combining[scalars[index].value] {
          // A letter with a mark drawn over it.
          index += 1
          emit(.command(accent), from: start)
        }
        emit(.letter(Character(scalar)), from: start)
      case "|" where isRecovering && index + 1 < scalars.count && scalars[index + 1].value == "|":
        // `||x||`, as a norm is typed.
        index += 2
        emit(.command("Vert"), from: start)
      case "{", "}", "(", ")", "[", "]", "_", "^", "+", "-", "*", "/", "=", "<", ">", ",", ";", "&", "|", "'", "!",
        ".", ":":
        index += 1
        emit(.sign(Character(scalar)), from: start)
      default:
        try unicode(scalar)
      }
    }
  }

  /// `50%` with nothing behind it is a share and no comment.
  private var isPercent: Bool {
    guard index > 0, scalars[index - 1].value.isDigit else { return false }
    let line = scalars[(index + 1)...].prefix { $0.value != "\n" }
    return line.allSatisfy { " \t\r,.;)。，；".unicodeScalars.contains($0.value) }
  }

  /// How long the sign is that parts thousands here, `,` or `{,}`; 0 where there is none.
  private var thousandsSign: Int {
    for sign in [",", "{,}"] {
      let rest = scalars[index...].prefix(sign.count + 4).map(\.value)
      let digits = rest.dropFirst(sign.count)
      if rest.starts(with: sign.unicodeScalars), digits.prefix(3).count == 3, digits.prefix(3).allSatisfy(\.isDigit),
        digits.count == 3 || !digits.last!.isDigit
      {
        return sign.count
      }
    }
    return 0
  }

  private mutating func number() {
    let start = index
    while index < scalars.count, scalars[index].value.isDigit { index += 1 }
    if isRecovering, index - start <= 3, scalars[start].value != "0", thousandsSign > 0 {
      // `1,000,000` and `1{,}000`: the comma only helps the eye.
      var digits = String.UnicodeScalarView(scalars[start..<index].map(\.value))
      while case let sign = thousandsSign, sign > 0 {
        digits.append(contentsOf: scalars[(index + sign)..<(index + sign + 3)].map(\.value))
        index += sign + 3
      }
      emit(.number(String(digits)), from: start)
      return
    }
    if index + 1 < scalars.count, scalars[index].value == ".", scalars[index + 1].value.isDigit {
      index += 1
      while index < scalars.count, scalars[index].value.isDigit { index += 1 }
    }
    emit(.number(String(String.UnicodeScalarView(scalars[start..<index].map(\.value)))), from: start)
  }

  private mutating func command() throws(Diagnostic) {
    let start = index
    index += 1
    guard index < scalars.count else {
      throw Diagnostic("a backslash at the end; a command such as `\\odot` is missing", in: excerpt, at: bytes(start))
    }
    let first = scalars[index].value
    if first.properties.isAlphabetic, first.isASCII {
      while index < scalars.count, scalars[index].value.isASCII, scalars[index].value.properties.isAlphabetic {
        index += 1
      }
      let name = String(String.UnicodeScalarView(scalars[(start + 1)..<index].map(\.value)))
      if isRecovering, Self.texts.contains(name), prose(from: start) { return }
      // In a derivation `\ast` may be meant as a convolution; it is refused by whoever meets it.
      let meaning = isRecovering && name == "ast" ? .itself : Self.meaning[name] ?? .itself
      switch meaning {
      case .itself: emit(.command(name), from: start)
      case .alias(let other): emit(.command(other), from: start)
      case .sign(let sign): emit(.sign(sign), from: start)
      case .nothing: isSpaced = true
      case .bracketSize:
        isSpaced = true
        skipSpaces()
        // `\left.` and `\right.` stand for no bracket at all.
        if index < scalars.count, scalars[index].value == "." { index += 1 }
      case .argument: skipArgument()
      }
      return
    }
    index += 1
    switch first {
    case "\\":
      skipSpacing()
      emit(.rowBreak, from: start)
    case ",", ";", ":", "!", ">", " ", "\n":
      isSpaced = true
      skipNumber()
    case "{": emit(.sign("("), from: start)
    case "}": emit(.sign(")"), from: start)
    case "|": emit(.command("Vert"), from: start)
    case "%": emit(.command("%"), from: start)
    case "(" where isRecovering, ")" where isRecovering: emit(.sign(Character(first)), from: start)
    case "#", "&", "$", "_":
      throw Diagnostic("`\\\(first)` has no meaning in a formula", in: excerpt, at: bytes(start))
    default:
      throw Diagnostic("`\\\(first)` is not a command", in: excerpt, at: bytes(start))
    }
  }

  /// `\\[4pt]`: the length belongs to the row break.
  private mutating func skipSpacing() {
    var end = index
    while end < scalars.count, scalars[end].value == " " { end += 1 }
    guard end < scalars.count, scalars[end].value == "[" else { return }
    var close = end + 1
    while close < scalars.count, close < end + 12, scalars[close].value != "]", scalars[close].value != "\n" {
      close += 1
    }
    guard close < scalars.count, scalars[close].value == "]" else { return }
    let inside = String(String.UnicodeScalarView(scalars[(end + 1)..<close].map(\.value)))
    if ["pt", "em", "ex", "mm", "cm"].contains(where: inside.hasSuffix) { index = close + 1 }
  }

  /// `\ (2)` at the end of a row numbers the equation, as `\tag{2}` does.
  private mutating func skipNumber() {
    guard isRecovering else { return }
    var end = index
    func skipBlanks() { while end < scalars.count, scalars[end].value == " " { end += 1 } }
    skipBlanks()
    guard end < scalars.count, scalars[end].value == "(" else { return }
    end += 1
    let digits = end
    while end < scalars.count, scalars[end].value.isDigit { end += 1 }
    guard end > digits, end < scalars.count, scalars[end].value == ")" else { return }
    end += 1
    let close = end
    skipBlanks()
    let isLast =
      end == scalars.count || scalars[end].value == "\n" || scalars[end].value == "}"
      || (scalars[end].value == "\\" && end + 1 < scalars.count && scalars[end + 1].value == "\\")
    if isLast { index = close }
  }

  private mutating func skipSpaces() {
    while index < scalars.count, scalars[index].value == " " { index += 1 }
  }

  /// `\tag{6.34}`, `\label{…}`: the command and its argument say nothing about the mathematics.
  private mutating func skipArgument() {
    isSpaced = true
    if index < scalars.count, scalars[index].value == "*" { index += 1 }
    skipSpaces()
    guard index < scalars.count, scalars[index].value == "{" else { return }
    var depth = 0
    while index < scalars.count, scalars[index].value != "\n" {
      if scalars[index].value == "{" { depth += 1 }
      if scalars[index].value == "}" { depth -= 1 }
      index += 1
      if depth == 0 { return }
    }
  }

  private static let combining: [Unicode.Scalar: String] = [
    "\u{0303}": "tilde", "\u{0302}": "hat", "\u{0304}": "bar", "\u{0305}": "overline", "\u{0307}": "dot",
  ]
  private static let texts: Set<String> = [
    "text", "mbox", "textrm", "textit", "textbf", "textnormal", "hbox", "intertext",
  ]
  private static let proseWords: Set<String> = [
    "let", "where", "with", "for", "if", "when", "and", "so", "since", "hence", "thus", "because", "then", "as", "all",
    "note", "define", "denote", "recall", "or", "from", "by", "is", "the", "gives", "yields", "therefore", "set", "et",
    "und", "avec", "donc", "pour", "mit", "wobei", "donde", "para", "con", "entonces", "soit", "alors",
  ]

  /// Words in `\text{…}` that are no name: several words, other scripts, or a word that joins formulas.
  private mutating func prose(from start: Int) -> Bool {
    var end = index
    while end < scalars.count, scalars[end].value == " " { end += 1 }
    guard end < scalars.count, scalars[end].value == "{" else { return false }
    let opened = end + 1
    while end < scalars.count, scalars[end].value != "}", scalars[end].value != "\n" { end += 1 }
    guard end < scalars.count, scalars[end].value == "}" else { return false }
    let words = String(String.UnicodeScalarView(scalars[opened..<end].map(\.value)))
    // `\text{ net }_t` is a name, whatever space stands around it.
    if end + 1 < scalars.count, scalars[end + 1].value == "_",
      words.allSatisfy({ $0 == " " || ($0.isASCII && $0.isLetter) }), words.split(separator: " ").count == 1
    {
      return false
    }
    let bare = words.lowercased().filter { $0 != " " && $0 != "," && $0 != "." && $0 != ":" }
    guard
      words.contains(" ") || words.contains(where: { !$0.isASCII }) || Self.proseWords.contains(bare) || bare.isEmpty
    else { return false }
    index = end + 1
    emit(.prose(words), from: start)
    return true
  }

  private mutating func unicode(_ scalar: Unicode.Scalar) throws(Diagnostic) {
    let start = index
    if let command = Self.unicodeCommands[scalar] {
      index += 1
      emit(.command(command), from: start)
    } else if let sign = Self.unicodeSigns[scalar] {
      index += 1
      emit(.sign(sign), from: start)
    } else if Self.subscripts[scalar] != nil {
      script("_", from: Self.subscripts)
    } else if Self.superscripts[scalar] != nil {
      script("^", from: Self.superscripts)
    } else if scalar.isInvisible {
      throw Diagnostic(
        "an invisible character (U+\(String(scalar.value, radix: 16, uppercase: true))) stands here; delete it",
        in: excerpt, at: bytes(start))
    } else {
      throw Diagnostic(
        "`\(scalar)` is not part of the math language; put prose outside the formula or into `\\text{…}`",
        in: excerpt, at: bytes(start))
    }
  }

  /// A run of Unicode subscripts or superscripts becomes a group: `h₍ₜ₋₁₎` reads as `h_{t-1}`.
  private mutating func script(_ sign: Character, from table: [Unicode.Scalar: Character]) {
    let start = index
    var inside: [Token] = []
    while index < scalars.count, let plain = table[scalars[index].value] {
      let here = index
      index += 1
      let range = excerpt.sourceRange(of: offset(here)..<offset(index))
      let kind: Token.Kind =
        plain.isNumber ? .number(String(plain)) : plain.isLetter ? .letter(plain) : .sign(plain)
      inside.append(Token(kind: kind, range: range))
    }
    let range = excerpt.sourceRange(of: offset(start)..<offset(index))
    tokens.append(Token(kind: .sign(sign), range: range, isSpaced: isSpaced))
    tokens.append(Token(kind: .sign("{"), range: range))
    tokens += inside
    tokens.append(Token(kind: .sign("}"), range: range))
    isSpaced = false
  }

  private func bytes(_ start: Int) -> Range<Int> {
    offset(start)..<max(offset(index), offset(min(start + 1, scalars.count)))
  }
}

extension Lexer {
  private enum Meaning {
    case itself, nothing, bracketSize, argument
    case alias(String)
    case sign(Character)
  }

  private static let meaning: [String: Meaning] = {
    var table: [String: Meaning] = [
      "varepsilon": .alias("epsilon"), "vartheta": .alias("theta"), "varphi": .alias("phi"), "circ": .alias("odot"),
      "le": .alias("leq"), "ge": .alias("geq"), "lVert": .alias("Vert"), "rVert": .alias("Vert"),
      "lvert": .sign("|"), "rvert": .sign("|"), "vert": .sign("|"), "dfrac": .alias("frac"), "tfrac": .alias("frac"),
      "cfrac": .alias("frac"), "intercal": .alias("top"), "lbrace": .sign("("), "rbrace": .sign(")"),
      "lbrack": .sign("["), "rbrack": .sign("]"), "colon": .sign(":"), "triangleq": .alias("equiv"),
      "coloneqq": .alias("equiv"), "to": .alias("rightarrow"), "ast": .sign("*"),
    ]
    for name in [
      "tag", "label", "hspace", "vspace", "mspace", "phantom", "hphantom", "vphantom", "color", "textcolor", "colorbox",
    ] { table[name] = .argument }
    for name in ["left", "right", "middle"] { table[name] = .bracketSize }
    for size in ["big", "Big", "bigg", "Bigg"] {
      for side in ["", "l", "r", "m"] { table[size + side] = .bracketSize }
    }
    for name in [
      "quad", "qquad", "enspace", "thinspace", "medspace", "thickspace", "negthinspace", "displaystyle", "textstyle",
      "scriptstyle", "limits", "nolimits", "nonumber", "notag",
      "space", "scriptscriptstyle", "strut", "mathstrut", "allowbreak", "hfill", "hline", "small", "large",
      "normalsize",
    ] { table[name] = .nothing }
    return table
  }()

  private static let unicodeCommands: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [
      "∂": "partial", "⊙": "odot", "∘": "odot", "·": "cdot", "⋅": "cdot", "×": "times", "⊗": "otimes", "∑": "sum",
      "∏": "prod", "√": "sqrt", "∇": "nabla", "≤": "leq", "≥": "geq", "‖": "Vert", "≈": "approx", "∝": "propto",
      "≡": "equiv", "≜": "equiv", "⊤": "top", "⟨": "langle", "⟩": "rangle", "∥": "Vert", "…": "dots", "⋯": "dots",
      "∈": "in", "⇒": "Rightarrow", "→": "rightarrow", "∀": "forall", "ℓ": "ell",
    ]
    let greek = [
      "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
      "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
      "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
      "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
      "Ψ": "Psi", "Ω": "Omega",
    ]
    for (letter, name) in greek { table[letter.unicodeScalars.first!] = name }
    return table
  }()

  private static let unicodeSigns: [Unicode.Scalar: Character] = [
    "\u{2212}": "-", "\u{2013}": "-", "\u{2032}": "'", "\u{2019}": "'", "\u{2217}": "*", "\u{3002}": ".",
    "\u{3001}": ",", "\u{FF08}": "(", "\u{FF09}": ")", "\u{FF1D}": "=", "\u{FF0C}": ",", "\u{FF3B}": "[",
    "\u{FF3D}": "]", "\u{FF0B}": "+", "\u{FF1B}": ";", "\u{FF1A}": ":", "\u{FF5B}": "{", "\u{FF5D}": "}",
    "\u{FF0A}": "*", "\u{FF0D}": "-", "\u{FF1C}": "<", "\u{FF1E}": ">", "\u{2223}": "|",
  ]

  private static let subscripts: [Unicode.Scalar: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9", "₊": "+",
    "₋": "-", "₍": "(", "₎": ")", "ₜ": "t", "ₖ": "k", "ᵢ": "i", "ⱼ": "j", "ₙ": "n", "ₘ": "m", "ₐ": "a", "ₑ": "e",
    "ₒ": "o", "ₓ": "x", "ₕ": "h", "ₗ": "l", "ₚ": "p", "ₛ": "s", "ᵣ": "r", "ᵤ": "u", "ᵥ": "v",
  ]

  private static let superscripts: [Unicode.Scalar: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+",
    "⁻": "-", "⁽": "(", "⁾": ")", "ᵀ": "T", "ᵗ": "t", "ᵏ": "k", "ⁱ": "i", "ⁿ": "n", "ˡ": "l",
  ]
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

  /// Zero-width and bidirectional characters, with which a line can show one formula and hold another.
  fileprivate var isInvisible: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: return true
    default: return false
    }
  }
}
