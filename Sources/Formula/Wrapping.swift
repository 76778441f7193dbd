// Commands that frame, colour or annotate a part of a formula: what they hold stays, what they add falls away.

/// Takes the frames off the tokens of a derivation.
enum Wrapping {
  /// Frames whose content stands as if they were not there, relations included.
  private static let frames: Set<String> = [
    "boxed", "fbox", "mathrel", "mathbin", "mathop", "mathclap", "substack",
    "displaylines",
  ]
  /// Notes above or below a sign: the first argument is the note.
  private static let notes: Set<String> = ["overset", "underset", "stackrel"]
  /// Braces below or above a part, whose note stands in an index.
  private static let braces: Set<String> = ["underbrace", "overbrace"]

  /// The tokens without frames and notes; `\overset{\text{def}}{=}` becomes `:=`.
  static func removed(from tokens: [Token]) -> [Token] {
    guard tokens.contains(where: { command($0) != nil }) else { return tokens }
    let partners = partners(in: tokens)
    var result: [Token?] = tokens
    for index in tokens.indices {
      guard let name = command(tokens[index]), let end = partners[index + 1] else { continue }
      if frames.contains(name) {
        for place in [index, index + 1, end] { result[place] = nil }
      } else if braces.contains(name) {
        result[index] = nil
        result[index + 1]?.kind = .sign("(")
        result[end]?.kind = .sign(")")
        if end + 2 < tokens.count, tokens[end + 1].isSign("_") || tokens[end + 1].isSign("^") {
          for place in (end + 1)...(partners[end + 2] ?? end + 2) { result[place] = nil }
        }
      } else if let last = partners[end + 1] {
        let isDefinition = defines(tokens[(index + 2)..<end])
        for place in index...(end + 1) { result[place] = nil }
        result[last] = nil
        if isDefinition, last == end + 3, tokens[end + 2].isSign("=") {
          result[end + 1] = Token(kind: .sign(":"), range: tokens[end + 2].range)
        }
      }
    }
    return result.compactMap { $0 }
  }

  private static func command(_ token: Token) -> String? {
    guard case .command(let name) = token.kind, frames.contains(name) || notes.contains(name) || braces.contains(name)
    else { return nil }
    return name
  }

  /// Where each opening brace is closed.
  private static func partners(in tokens: [Token]) -> [Int: Int] {
    var partners: [Int: Int] = [:]
    var open: [Int] = []
    for index in tokens.indices {
      if tokens[index].isSign("{") { open.append(index) }
      if tokens[index].isSign("}"), let start = open.popLast() { partners[start] = index }
    }
    return partners
  }

  private static func defines(_ note: ArraySlice<Token>) -> Bool {
    let words = note.map(\.latex).joined().lowercased()
    return ["def", "triangle", "delta", "定义", "記", "记"].contains { words.contains($0) }
  }
}
