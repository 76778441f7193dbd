// Functions, blocks, and sums and products over steps.

import Diagnostics
import Formula
import Recurrence

extension Elaborator {
  mutating func call(
    _ function: Function, _ derivative: Int, _ arguments: [Expression], _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    switch function {
    case .max, .min:
      let (a, b) = try pair(arguments[0], arguments[1], expecting)
      let first = isZero(a) && !a.size.isKnown ? Term(.zeros, [], .scalar, a.range) : a
      let second = isZero(b) && !b.size.isKnown ? Term(.zeros, [], .scalar, b.range) : b
      let size = try rules.byElement(.extremum(function), first.size, second.size, at: range)
      return Term(function == .max ? .maximum : .minimum, [first, second], size, range)
    case .diag:
      var inner = try term(arguments[0])
      if !inner.size.isKnown, let side = expecting.rows ?? expecting.columns {
        inner = try term(arguments[0], expecting: context.isRows ? Size(Size.one, side) : Size(side, Size.one))
      }
      guard inner.size.isKnown else { return Term(.diagonal, [inner], .open, range) }
      return Term(.diagonal, [inner], try rules.call(function, inner.size, at: range), range)
    default: break
    }
    guard derivative <= 2, derivative < 2 || function.curve?.curvature != nil else {
      throw fail("a higher derivative of `\(function.display)` is not read", at: range)
    }
    let inner = try known(try term(arguments[0], expecting: expecting), at: arguments[0].range)
    switch function {
    case .softmax, .sum, .mean:
      guard derivative == 0 else { throw fail("`\(function.display)'` is a Jacobian; write it out", at: range) }
      let size = try rules.call(function, inner.size, at: range)
      return Term(function == .softmax ? .softmax : function == .sum ? .total : .mean, [inner], size, range)
    default: return Term(.function(function, derivative: derivative), [inner], inner.size, range)
    }
  }

  mutating func block(_ rows: [[Expression]], at range: Range<Int>) throws(Diagnostic) -> Term {
    var lines: [[Term]] = []
    for row in rows {
      var line: [Term] = []
      for part in row { line.append(try known(try term(part), at: part.range)) }
      lines.append(line)
    }
    switch try rules.block(lines.map { $0.map(\.size) }, at: range) {
    case .joined(let size): return Term(.stack(isVertical: !context.isRows), lines.flatMap { $0 }, size, range)
    case .stacked(let sizes, let size):
      let beside = zip(lines, sizes).map { line, size in
        line.count == 1 ? line[0] : Term(.stack(isVertical: false), line, size, range)
      }
      return beside.count == 1 ? beside[0] : Term(.stack(isVertical: true), beside, size, range)
    }
  }

  private func isZero(_ term: Term) -> Bool { if case .zeros = term.operation { true } else { false } }

  mutating func repetition(
    _ repetition: Repetition, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    sums += 1
    defer { sums -= 1 }
    guard sums <= 4 else { throw fail("more than four sums or products stand inside each other", at: range) }
    let lower = scope.moment(repetition.lower)
    let upper = scope.moment(repetition.upper)
    let slot = scope.open(repetition.index)
    defer { scope.close() }
    let body = try term(repetition.body, expecting: expecting)
    if repetition.operation == .product, !body.size.isScalar {
      guard body.size.rows == body.size.columns else {
        throw fail(
          "`\\prod` multiplies matrices, and this is \(body.size.text); for vectors write `\\bigodot`, or "
            + "`\\operatorname{diag}(…)` inside", at: range)
      }
    }
    let isDescending = repetition.operation == .product && !context.isDenominator
    return Term(
      .repetition(repetition.operation, slot: slot, lower: lower, upper: upper, isDescending: isDescending), [body],
      body.size, range)
  }
}
