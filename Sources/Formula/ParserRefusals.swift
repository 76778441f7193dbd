// What a factor cannot be followed by.
//
// These are functions of their own because those that recur must stay small: each level of brackets takes room on the stack
// for all messages that a function may make.

import Diagnostics

extension Parser {
  func indexBehind(_ value: Expression, at mark: Token) -> Diagnostic {
    if peek(1)?.isSign("+") == true {
      return fail("`[…]_+` is not read; write `\\operatorname{relu}(…)`", at: value.range)
    }
    return fail(
      Message(
        "the index behind `\(source.substring(value.range))` is neither a step of a name nor a place; places are letters such as `[…]_i` and `[…]_{ij}`",
        "`\(source.substring(value.range))` 后面的下标既不是某个名字的时间步，也不是元素的下标；元素写作 `[…]_i` 或 `[…]_{ij}`"),
      at: mark.range)
  }

  func refuseSign(behind token: Token) throws(Diagnostic) {
    guard let sign = next, sign.isSign("-") || sign.isSign("+") else { return }
    throw fail("a sign behind `\(token.latex)` needs brackets: `a \(token.latex) (-b)`", at: sign.range)
  }

  func prime(on value: Expression, at mark: Token) -> Diagnostic {
    let text = source.substring(value.range)
    if case .symbol(let symbol) = value.kind, symbol.times.isEmpty, vocabulary.roles[symbol.name] == nil,
      peek(1)?.isSign("(") == true
    {
      return fail(
        "`\(text)'` stands before a bracket, so `\(text)` would be a function, and there is none of this name; write the "
          + "function's own, such as `\\tanh'(…)`", at: value.range.lowerBound..<mark.range.upperBound)
    }
    return fail(
      "a prime stands only on a function, such as `\\sigma'(z)`; for the derivative of a gate write "
        + "`\(text) \\odot (1 - \(text))`, for a transpose `\(text)^\\top`",
      at: mark.range)
  }
}
