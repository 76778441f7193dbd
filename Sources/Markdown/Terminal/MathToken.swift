// LaTeX cut into tokens, for showing it as text.

/// A token of LaTeX.
enum MathToken: Hashable {
  /// A command without its backslash.
  case command(String)
  case begin(String)
  case end
  case character(Character)
  /// What stands in `\text{…}`.
  case text(String)
  case open, close, `subscript`, superscript, ampersand
  /// `\\`.
  case rowBreak
  case lineBreak
  case space

  private static let textCommands: Set<String> = ["text", "textrm", "textbf", "textit", "texttt", "mbox"]

  /// The tokens of a formula; comments are left out.
  static func tokens(of latex: String) -> [MathToken] {
    var tokens: [MathToken] = []
    let letters = Array(latex)
    var index = 0
    /// The content of a group of letters at the index, such as the name of an environment.
    func group() -> String? {
      guard index < letters.count, letters[index] == "{" else { return nil }
      var depth = 0
      var text = ""
      for end in index..<letters.count {
        if letters[end] == "{" { depth += 1 }
        if letters[end] == "}" { depth -= 1 }
        if depth == 0 {
          index = end + 1
          return text
        }
        if end > index { text.append(letters[end]) }
      }
      return nil
    }
    while index < letters.count {
      let letter = letters[index]
      index += 1
      switch letter {
      case "{": tokens.append(.open)
      case "}": tokens.append(.close)
      case "_": tokens.append(.subscript)
      case "^": tokens.append(.superscript)
      case "&": tokens.append(.ampersand)
      case "~": tokens.append(.space)
      case "%": while index < letters.count, !letters[index].isNewline { index += 1 }
      case "\\":
        var name = ""
        while index < letters.count, letters[index].isASCII, letters[index].isLetter {
          name.append(letters[index])
          index += 1
        }
        if name.isEmpty, index < letters.count {
          name = String(letters[index])
          index += 1
        }
        if name == "\\" {
          tokens.append(.rowBreak)
          index = afterDimension(letters, index)
        } else if name == "begin" || name == "end", let environment = group() {
          tokens.append(name == "begin" ? .begin(environment) : .end)
        } else if textCommands.contains(name), let text = group() {
          tokens.append(.text(text))
        } else {
          tokens.append(.command(name))
        }
      default:
        if letter.isNewline {
          tokens.append(.lineBreak)
        } else {
          tokens.append(letter.isWhitespace ? .space : .character(letter))
        }
      }
    }
    return tokens
  }

  /// The index after `[4pt]`, where one stands after `\\`.
  private static func afterDimension(_ letters: [Character], _ index: Int) -> Int {
    guard index < letters.count, letters[index] == "[",
      let end = letters[index...].firstIndex(of: "]"), end - index < 10
    else { return index }
    let text = String(letters[(index + 1)..<end])
    return ["pt", "em", "ex", "mm", "cm"].contains { text.hasSuffix($0) } ? end + 1 : index
  }
}
