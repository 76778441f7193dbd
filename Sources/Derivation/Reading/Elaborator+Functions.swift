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
      let first = !a.size.isKnown ? Term(.zeros, [], .scalar, a.range) : a
      let second = !b.size.isKnown ? Term(.zeros, [], .scalar, b.range) : b
      guard let size = common(first, second) else {
        throw fail("`\(function.display)` takes equal shapes; here are \(a.size.text) and \(b.size.text)", at: range)
      }
      return Term(function == .max ? .maximum : .minimum, [first, second], size, range)
    case .diag:
      let inner = try known(try term(arguments[0]), at: arguments[0].range)
      if context.isBatched {
        throw fail("`diag` is a matrix for each sample, and this sheet speaks of a batch; write `\\odot`", at: range)
      }
      guard inner.size.isVector else {
        throw fail("`diag` takes a vector and makes a matrix; this is \(inner.size.text)", at: range)
      }
      let side = inner.size.columns == Size.one ? inner.size.rows : inner.size.columns
      return Term(.diagonal, [inner], Size(side, side), range)
    default: break
    }
    guard derivative <= 2, derivative < 2 || function.curve?.curvature != nil else {
      throw fail("a higher derivative of `\(function.display)` is not read", at: range)
    }
    let inner = try known(try term(arguments[0], expecting: expecting), at: arguments[0].range)
    switch function {
    case .softmax, .sum, .mean:
      guard derivative == 0 else { throw fail("`\(function.display)'` is a Jacobian; write it out", at: range) }
      guard inner.size.isVector else { throw fail("`\(function.display)` takes a vector", at: range) }
      if function == .softmax { return Term(.softmax, [inner], inner.size, range) }
      let size =
        context.isBatched ? (context.isRows ? Size(Size.batch, Size.one) : Size(Size.one, Size.batch)) : .scalar
      return Term(function == .sum ? .total : .mean, [inner], size, range)
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
    let all = lines.flatMap { $0 }
    let across = context.isBatched ? Size.batch : Size.one
    func isSample(_ size: Size) -> Bool { context.isRows ? size.rows == across : size.columns == across }
    if all.allSatisfy({ isSample($0.size) }) {
      var length = Dimension("0") ?? Size.one
      for (index, part) in all.enumerated() {
        let more = (context.isRows ? part.size.columns : part.size.rows)!
        length = index == 0 ? more : Dimension("\(length)+\(more)") ?? length
      }
      return Term(
        .stack(isVertical: !context.isRows), all, context.isRows ? Size(across, length) : Size(length, across), range)
    }
    var height: Dimension?
    var width: Dimension?
    var beside: [Term] = []
    for line in lines {
      var columns: Dimension?
      for part in line {
        guard part.size.rows == line[0].size.rows else {
          throw fail(
            "parts beside each other have equally many rows; here are \(line[0].size.text) and \(part.size.text)",
            at: range)
        }
        columns = columns.map { Dimension("\($0)+\(part.size.columns!)") ?? $0 } ?? part.size.columns
      }
      guard width == nil || width == columns else {
        throw fail("parts on top of each other have equally many columns", at: range)
      }
      width = columns
      height = height.map { Dimension("\($0)+\(line[0].size.rows!)") ?? $0 } ?? line[0].size.rows
      beside.append(
        line.count == 1 ? line[0] : Term(.stack(isVertical: false), line, Size(line[0].size.rows, columns), range))
    }
    return beside.count == 1 ? beside[0] : Term(.stack(isVertical: true), beside, Size(height, width), range)
  }

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
