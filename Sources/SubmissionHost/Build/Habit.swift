// What people write who come from Python, where no declaration of CellKit can say so: it is no name, but syntax.

/// A habit that a line shows; the names that Python has are CellKit's `OtherSpellings`.
enum Habit {
  /// What to write instead; nil for a line that shows none.
  ///
  /// - Parameters:
  ///   - line: the line that the compiler complains of.
  ///   - column: where, from 1.
  ///   - earlier: the lines before it.
  static func note(_ line: String, column: Int, before earlier: some BidirectionalCollection<Substring>) -> String? {
    if line.contains(#/[\w)\]]\s*@\s*[\w(]/#) { return "the matrix product is `a * b`; `a .* b` multiplies by element" }
    if line.contains(#/\bnp\./#) {
      return "there is no NumPy here: `tanh(a)`, `sigmoid(a)`, `exp(a)` and `log(a)` take a Matrix"
    }
    if line.contains(#/^\s*(for|if|while|def|elif|else)\b[^{]*:\s*$/#) {
      return "a block stands in braces: `for i in 0..<n {` … `}`"
    }
    if line.contains(#/\b(and|or|not)\b/#), !line.contains("//") {
      return "write `&&`, `||` and `!` for and, or and not"
    }
    guard let match = line.firstMatch(of: #/^\s*([A-Za-z_]\w*)\s*=[^=]/#),
      column == line.prefix(while: { $0 == " " || $0 == "\t" }).utf8.count + 1
    else { return nil }
    let name = match.1
    // A name of the same function, one of its parameters too, may not be declared again.
    var isKnown = false
    for other in earlier.reversed() {
      let words = other.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      isKnown = isKnown || words.contains(name) && words.contains { ["let", "var", "func"].contains($0) }
      if words.contains("func") { break }
    }
    return isKnown ? nil : "a new name begins with `let`, or with `var` if it changes: `let \(name) = …`"
  }
}
