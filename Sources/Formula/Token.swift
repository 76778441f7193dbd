// The smallest pieces of a formula, each with its place in the file that a person wrote.

import Diagnostics

/// One piece of LaTeX: a letter, a command, a number, a sign.
struct Token: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// A single letter; Greek letters and other Unicode signs arrive as their commands.
    case letter(Character)
    /// A command without its backslash, such as `odot`.
    case command(String)
    /// Digits with an optional decimal part, as written.
    case number(String)
    /// One of `{ } ( ) [ ] _ ^ + - * / = < > , ; & | ' ! . :`.
    case sign(Character)
    /// `\\`, the end of a row in an environment.
    case rowBreak
    /// The end of a source line.
    case newline
    /// Words from `\text{…}` between formulas; only where a derivation is read.
    case prose(String)
    /// What could not be read, with the reason; only where a derivation is read.
    case invalid(Message)
  }

  var kind: Kind
  /// UTF-8 offsets in the file.
  var range: Range<Int>
  /// Whether white space stands before it.
  var isSpaced: Bool = false

  /// The token as LaTeX.
  var latex: String {
    switch kind {
    case .letter(let letter): return String(letter)
    case .command(let name): return "\\" + name
    case .number(let digits): return digits
    case .sign(let sign): return String(sign)
    case .rowBreak: return "\\\\"
    case .newline: return "\n"
    case .prose(let words): return "\\text{\(words)}"
    case .invalid: return ""
    }
  }

  func isSign(_ sign: Character) -> Bool { if case .sign(let own) = kind { own == sign } else { false } }
  var isOpening: Bool { if case .sign(let own) = kind { own == "{" || own == "(" || own == "[" } else { false } }
  var isClosing: Bool { if case .sign(let own) = kind { own == "}" || own == ")" || own == "]" } else { false } }
  func isCommand(_ name: String) -> Bool { if case .command(let own) = kind { own == name } else { false } }
}
