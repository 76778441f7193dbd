// Which Unicode character shows which LaTeX command, and the small and raised forms of letters.

/// Tables for showing LaTeX as text.
enum MathSymbols {
  static let ordinary: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "nabla": "∇", "infty": "∞", "ell": "ℓ", "top": "⊤", "intercal": "⊺", "prime": "′", "forall": "∀", "exists": "∃",
    "emptyset": "∅", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "sum": "∑", "prod": "∏",
    "bigodot": "⨀", "int": "∫", "hbar": "ℏ", "Re": "Re", "Im": "Im", "|": "‖", "Vert": "‖", "vert": "|", "%": "%",
    "$": "$", "#": "#", "&": "&", "_": "_", "checkmark": "✓", "neg": "¬", "lnot": "¬", "bullet": "•",
  ]
  static let binary: [String: String] = [
    "odot": "⊙", "circ": "∘", "cdot": "·", "times": "×", "otimes": "⊗", "oplus": "⊕", "pm": "±", "mp": "∓", "div": "÷",
    "ast": "*", "star": "⋆", "cup": "∪", "cap": "∩", "setminus": "∖", "wedge": "∧", "vee": "∨", "land": "∧", "lor": "∨",
  ]
  static let relations: [String: String] = [
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼",
    "simeq": "≃", "cong": "≅", "propto": "∝", "triangleq": "≜", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆",
    "supset": "⊃", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "implies": "⟹", "iff": "⟺", "Leftrightarrow": "⇔", "leftrightarrow": "↔", "mapsto": "↦", "ll": "≪", "gg": "≫",
    "mid": "∣", "lt": "<", "gt": ">", "colon": ":", "coloneqq": "≔", "perp": "⊥", "parallel": "∥",
  ]
  static let opening: [String: String] = [
    "{": "{", "lbrace": "{", "lbrack": "[", "langle": "⟨", "lVert": "‖", "lvert": "|", "lfloor": "⌊", "lceil": "⌈",
  ]
  static let closing: [String: String] = [
    "}": "}", "rbrace": "}", "rbrack": "]", "rangle": "⟩", "rVert": "‖", "rvert": "|", "rfloor": "⌋", "rceil": "⌉",
  ]
  static let functions: Set<String> = [
    "tanh", "exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "max", "min", "det", "dim", "lim", "sup", "inf",
    "arg", "argmax", "argmin", "ker", "gcd", "Pr",
  ]
  /// Marks that combine with the letter before them.
  static let accents: [String: Character] = [
    "tilde": "\u{0303}", "widetilde": "\u{0303}", "hat": "\u{0302}", "widehat": "\u{0302}", "bar": "\u{0304}",
    "overline": "\u{0305}", "underline": "\u{0332}", "dot": "\u{0307}", "ddot": "\u{0308}", "check": "\u{030C}",
    "vec": "\u{20D7}",
  ]
  static let ignored: Set<String> = [
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr",
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "!", "nonumber", "notag", "mathop",
  ]
  /// How many spaces stand for a space.
  static let spaces: [String: Int] = [",": 1, ":": 1, ";": 1, ">": 1, " ": 1, "quad": 2, "qquad": 4]
  static let transparent: Set<String> = [
    "mathrm", "mathit", "mathsf", "mathtt", "mathnormal", "mathstrut", "ensuremath", "textnormal", "mathopen",
    "mathclose", "mathbin", "mathrel", "mathord",
  ]
  /// Environments of which each row is a line.
  static let rowEnvironments: Set<String> = [
    "aligned", "align", "align*", "alignat", "alignat*", "gathered", "gather", "gather*", "split", "equation",
    "equation*", "multline", "multline*",
  ]
  static let brackets: [String: (String, String)] = [
    "bmatrix": ("[", "]"), "pmatrix": ("(", ")"), "matrix": ("[", "]"), "smallmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "array": ("[", "]"), "cases": ("{ ", " }"),
  ]

  private static let small: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉", "+": "₊",
    "−": "₋", "=": "₌", "(": "₍", ")": "₎", "a": "ₐ", "e": "ₑ", "h": "ₕ", "i": "ᵢ", "j": "ⱼ", "k": "ₖ", "l": "ₗ",
    "m": "ₘ", "n": "ₙ", "o": "ₒ", "p": "ₚ", "r": "ᵣ", "s": "ₛ", "t": "ₜ", "u": "ᵤ", "v": "ᵥ", "x": "ₓ", "β": "ᵦ",
    "γ": "ᵧ", "ρ": "ᵨ", "φ": "ᵩ", "χ": "ᵪ",
  ]
  private static let raisedForms: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "+": "⁺",
    "−": "⁻", "=": "⁼", "(": "⁽", ")": "⁾", "a": "ᵃ", "b": "ᵇ", "c": "ᶜ", "d": "ᵈ", "e": "ᵉ", "f": "ᶠ", "g": "ᵍ",
    "h": "ʰ", "i": "ⁱ", "j": "ʲ", "k": "ᵏ", "l": "ˡ", "m": "ᵐ", "n": "ⁿ", "o": "ᵒ", "p": "ᵖ", "r": "ʳ", "s": "ˢ",
    "t": "ᵗ", "u": "ᵘ", "v": "ᵛ", "w": "ʷ", "x": "ˣ", "y": "ʸ", "z": "ᶻ", "A": "ᴬ", "B": "ᴮ", "D": "ᴰ", "E": "ᴱ",
    "G": "ᴳ", "H": "ᴴ", "I": "ᴵ", "J": "ᴶ", "K": "ᴷ", "L": "ᴸ", "M": "ᴹ", "N": "ᴺ", "O": "ᴼ", "P": "ᴾ", "R": "ᴿ",
    "T": "ᵀ", "U": "ᵁ", "V": "ⱽ", "W": "ᵂ", "⊤": "ᵀ", "⊺": "ᵀ", "′": "′",
  ]
  private static let scripts = Set(small.values).union(raisedForms.values)

  /// Whether a character is a lowered or raised one.
  static func isScript(_ character: Character) -> Bool { scripts.contains(character) || character == "′" }

  /// How a character of a formula looks.
  static func look(of character: Character) -> String { character == "-" ? "−" : String(character) }

  /// A text as a subscript: small letters where there are such for all of it, else after `_`.
  static func lowered(_ text: String) -> String { script(text, small, "_") }

  /// A text as a superscript: raised letters where there are such for all of it, else after `^`.
  static func raised(_ text: String) -> String { script(text, raisedForms, "^") }

  private static func script(_ text: String, _ forms: [Character: Character], _ mark: String) -> String {
    let letters = text.compactMap { forms[$0] }
    if letters.count == text.count, !text.isEmpty { return String(letters) }
    // Where more than a name is lowered, brackets say how far it goes: `a_{f,t}`, `z_(t+1−k)`.
    let isName = text.allSatisfy { $0.isLetter || $0.isNumber || isScript($0) || $0 == "*" }
    let isList = text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "," || isScript($0) || $0 == "*" }
    return mark + (isName ? text : isList ? "{\(text)}" : "(\(text))")
  }

  private static let doubled: [Character: String] = [
    "1": "𝟙", "C": "ℂ", "E": "𝔼", "I": "𝕀", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ",
  ]

  /// A letter in a style that means something of its own; bold letters stay plain, as bold digits must not.
  static func styled(_ text: String, _ style: String) -> String {
    guard let first = text.first, text.count == 1 else { return text }
    switch style {
    case "mathbb": return doubled[first] ?? text
    case "mathcal": return first == "L" ? "ℒ" : text
    default: return first == "1" ? "𝟏" : first == "0" ? "𝟎" : text
    }
  }
}
