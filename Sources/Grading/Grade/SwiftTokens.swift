// Swift in tokens, as far as two texts have to be compared: names, numbers, strings and signs.

/// Reads the tokens of a Swift text.
enum SwiftTokens {
  /// The tokens, without comments and without what stands between `#if` and `#endif`.
  static func read(_ text: String) -> [String] {
    var tokens: [String] = []
    var conditions = 0
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if rest.hasPrefix("//") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest = behindComment(rest)
      } else {
        let token = token(&rest)
        if token == "#if" { conditions += 1 }
        if conditions == 0 { tokens.append(token) }
        if token == "#endif" { conditions = max(0, conditions - 1) }
      }
    }
    return tokens
  }

  private static func token(_ rest: inout Substring) -> String {
    func take(_ count: Int) -> String {
      let token = String(rest.prefix(count))
      rest = rest.dropFirst(count)
      return token
    }
    if rest.hasPrefix("\"") { return string(&rest) }
    let isDirective = rest.hasPrefix("#")
    let word = rest.dropFirst(isDirective ? 1 : 0).prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "`" }
    return take(word.isEmpty ? 1 : word.count + (isDirective ? 1 : 0))
  }

  /// A string; what is put into it is part of it.
  private static func string(_ rest: inout Substring) -> String {
    let quote = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
    var token = quote
    rest = rest.dropFirst(quote.count)
    while !rest.isEmpty {
      if rest.hasPrefix(quote) {
        rest = rest.dropFirst(quote.count)
        return token + quote
      }
      // A string of one line ends with it, closed or not.
      if quote.count == 1, rest.first?.isNewline == true { return token }
      if rest.hasPrefix("\\") { token.append(rest.removeFirst()) }
      if !rest.isEmpty { token.append(rest.removeFirst()) }
    }
    return token
  }

  /// What is behind a comment, in which others may stand.
  private static func behindComment(_ text: Substring) -> Substring {
    var rest = text
    var depth = 0
    while !rest.isEmpty {
      if rest.hasPrefix("/*") {
        depth += 1
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("*/") {
        depth -= 1
        rest = rest.dropFirst(2)
        if depth == 0 { return rest }
      } else {
        rest.removeFirst()
      }
    }
    return rest
  }
}
