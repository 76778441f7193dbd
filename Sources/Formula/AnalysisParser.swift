// Derivatives, sums and products over steps, norms: what a derivation writes and a forward block does not.

import Diagnostics

extension Parser {
  /// The value that a command of a derivation begins, or nil where the command is none of them.
  mutating func analysis(_ name: String, at token: Token) throws(Diagnostic) -> Expression? {
    switch name {
    case "frac": return try derivativeFraction(token)
    case "partial": return try inlineDerivative(token)
    case "nabla": return try gradient(token)
    case "sum": return try repetition(.sum, token)
    case "prod": return try repetition(.product, token)
    case "bigodot": return try repetition(.hadamard, token)
    case "Vert": return try norm(token)
    case "sigma" where isLargestSingularValue:
      take()
      let mark = take()
      _ = try script(after: mark)
      guard next?.isSign("(") == true else {
        throw fail("`\\sigma_{\\max}` is of a matrix in brackets: `\\sigma_{\\max}(U)`", at: token.range)
      }
      let inside = try bracketed("(", ")")
      let value = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(.analysis(.norm(.spectral, value)), from: token.range.lowerBound, to: inside.range.upperBound)
    case "rho" where !vocabulary.knows(base: "rho") && peek(1)?.isSign("(") == true:
      take()
      let inside = try bracketed("(", ")")
      let value = try nested(inside.tokens, at: inside.range) { (parser) throws(Diagnostic) in try parser.sum() }
      return try node(.analysis(.norm(.radius, value)), from: token.range.lowerBound, to: inside.range.upperBound)
    case "dots", "cdots", "ldots", "ddots", "vdots":
      throw fail("dots are not read; write `\\sum_{…}^{…}` or `\\prod_{…}^{…}`", at: token.range)
    case "int", "lim", "iint": throw fail("`\\\(name)` is not part of the math language", at: token.range)
    default: return nil
    }
  }

  /// `\sigma_{\max}`, `\sigma_{\mathrm{max}}`, `\sigma_\max` before a bracket.
  var isLargestSingularValue: Bool {
    guard peek(1)?.isSign("_") == true else { return false }
    var index = 2
    while let token = peek(index), token.isSign("{") || Self.isTransparent(String(token.latex.dropFirst())) {
      index += 1
    }
    if peek(index)?.isCommand("max") == true { return true }
    return [peek(index), peek(index + 1), peek(index + 2)].map { $0?.latex ?? "" } == ["m", "a", "x"]
  }

  /// `{h}_{t}` is a name, `{a \over b}` a fraction; nil for other braces.
  mutating func braces() throws(Diagnostic) -> Expression? {
    let before = self
    let inside = try bracketed("{", "}")
    if next?.isSign("_") == true {
      self = before
      return try symbolOrCall()
    }
    var nesting = 0
    for index in inside.tokens.indices {
      if inside.tokens[index].isSign("{") { nesting += 1 }
      if inside.tokens[index].isSign("}") { nesting -= 1 }
      guard nesting == 0, inside.tokens[index].isCommand("over") else { continue }
      let range = inside.tokens[index].range
      func sign(_ sign: Character) -> Token { Token(kind: .sign(sign), range: range) }
      let fraction =
        [Token(kind: .command("frac"), range: range), sign("{")] + inside.tokens[..<index] + [sign("}"), sign("{")]
        + inside.tokens[(index + 1)...] + [sign("}")]
      return try nested(fraction[...], at: inside.range) { (parser) throws(Diagnostic) in try parser.factor() }
    }
    self = before
    return nil
  }

  // MARK: Norms

  /// `\lVert x\rVert`, `\|x\|_F`.
  mutating func norm(_ token: Token) throws(Diagnostic) -> Expression {
    take()
    var nesting = 0
    var end: Int?
    for index in tokens.indices {
      switch tokens[index].kind {
      case .sign("("), .sign("["), .sign("{"): nesting += 1
      case .sign(")"), .sign("]"), .sign("}"): nesting -= 1
      case .command("Vert") where nesting == 0: end = index
      default: break
      }
      if end != nil || nesting < 0 { break }
    }
    guard let end else { throw fail("this norm is never closed", at: token.range) }
    let inside = tokens[tokens.startIndex..<end]
    var stop = tokens[end].range.upperBound
    tokens = tokens[(end + 1)...]
    let value = try nested(inside, at: token.range.lowerBound..<stop) { (parser) throws(Diagnostic) in try parser.sum()
    }
    var norm = Norm.spectral
    if let mark = next, mark.isSign("_") {
      take()
      let script = try script(after: mark)
      let kind = script.tokens.map(\.latex).joined().filter { $0.isLetter || $0.isNumber }
      switch kind {
      case "F", "mathrmF", "textF", "Fro", "mathrmFro": norm = .frobenius
      case "2", "mathrm2", "op", "mathrmop": norm = .spectral
      default: throw fail("the norms are `\\lVert x\\rVert`, `_2` and `_F`; this one is not read", at: script.range)
      }
      stop = script.range.upperBound
    }
    return try node(.analysis(.norm(norm, value)), from: token.range.lowerBound, to: stop)
  }
}
