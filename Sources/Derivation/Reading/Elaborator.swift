// Trees to terms: every name found, every shape known, every misfit told at its place.

import Diagnostics
import Formula
import Recurrence

/// Finds the names and shapes of one chain.
struct Elaborator {
  let context: Context
  let source: SourceText
  var scope = Scope()
  /// Timed names that were written without a time and read at t.
  private(set) var readAtPresent: Set<String> = []
  /// What was held in immediate derivatives.
  private(set) var hasImmediate = false
  private var sums = 0

  init(_ context: Context, source: SourceText) {
    self.context = context
    self.source = source
  }

  func fail(_ message: Message, at range: Range<Int>) -> Diagnostic { Diagnostic(message, in: source, at: range) }

  // MARK: Expressions

  mutating func term(_ expression: Expression, expecting: Size = .open) throws(Diagnostic) -> Term {
    let range = expression.range
    context.depth += 1
    defer { context.depth -= 1 }
    guard context.depth <= 600 else {
      throw fail("this is nested too deep through its definitions; name fewer parts of parts", at: range)
    }
    switch expression.kind {
    case .number(0): return Term(.zeros, [], expecting, range)
    case .number(let number): return Term(.number(number), [], .scalar, range)
    case .constant(.zeros): return Term(.zeros, [], expecting, range)
    case .constant(.ones):
      var size = expecting
      if size == .open { size = context.isRows ? Size(Size.one, nil) : Size(nil, Size.one) }
      // In a product it is a vector unless something else fixes it.
      if context.isRows, size.rows == nil { size.rows = Size.one }
      if !context.isRows, size.columns == nil { size.columns = Size.one }
      return Term(.ones, [], size, range)
    case .constant(.identity):
      let side = expecting.rows ?? expecting.columns
      guard let size = expecting.merged(Size(side, side)) else {
        throw fail("`I` is square, but \(expecting.text) stands here", at: range)
      }
      return Term(.identity, [], size, range)
    case .symbol(let symbol): return try term(symbol, at: range)
    case .negated(let value):
      let inner = try term(value, expecting: expecting)
      return Term(.negate, [inner], inner.size, range)
    case .sum(let left, let right): return try sum(.add, left, right, expecting, at: range)
    case .difference(let left, let right): return try sum(.subtract, left, right, expecting, at: range)
    case .hadamard(let left, let right): return try hadamard(left, right, expecting, at: range)
    case .star(let left, let right):
      let (a, b) = try pair(left, right, expecting)
      if a.size == b.size || a.size.merged(b.size) != nil { return try hadamard(left, right, expecting, at: range) }
      if a.size.isScalar || b.size.isScalar { return try multiply(a, b, at: range) }
      throw fail(
        "`*` is by element on equal shapes; here are \(a.size.text) and \(b.size.text): write `\\odot` or a product",
        at: range)
    case .tensor(let left, let right):
      switch context.cell.declaration.otimes {
      case "hadamard": return try hadamard(left, right, expecting, at: range)
      case "outer":
        let (a, b) = (try term(left), try term(right))
        return try multiply(a, Term(.transpose, [b], b.size.transposed, right.range), at: range)
      default:
        throw fail("`\\otimes` has several meanings; write `\\odot`, or `a b^\\top` for the outer product", at: range)
      }
    case .product: return try product(expression, expecting, at: range)
    case .quotient(let above, let below): return try quotient(above, below, expecting, at: range)
    case .power(let base, let exponent): return try power(base, exponent, expecting, at: range)
    case .transposed(let value):
      let inner = try term(value, expecting: expecting.transposed)
      return Term(.transpose, [inner], inner.size.transposed, range)
    case .call(let function, let derivative, let arguments):
      return try call(function, derivative, arguments, expecting, at: range)
    case .block(let rows): return try block(rows, at: range)
    case .analysis(.derivative(let derivative)): return try self.derivative(derivative, at: range)
    case .analysis(.repetition(let repetition)): return try self.repetition(repetition, expecting, at: range)
    case .analysis(.norm(let norm, let value)):
      let inner = try known(try term(value), at: value.range)
      if norm == .radius, inner.size.rows != inner.size.columns {
        throw fail("the spectral radius is of a square matrix; this is \(inner.size.text)", at: range)
      }
      return Term(.norm(norm), [inner], .scalar, range)
    }
  }

  /// Refuses a value whose shape nothing fixes.
  func known(_ term: Term, at range: Range<Int>) throws(Diagnostic) -> Term {
    guard term.size.isKnown else {
      throw fail(
        "nothing here says how large `\(source.substring(range))` is; write it next to what it belongs to", at: range)
    }
    return term
  }

  /// Two operands of one shape: what is open takes the other's.
  private mutating func pair(
    _ left: Expression, _ right: Expression, _ expecting: Size
  ) throws(Diagnostic) -> (Term, Term) {
    var a = try term(left, expecting: expecting)
    var b = try term(right, expecting: expecting)
    if !a.size.isKnown, b.size.isKnown, !isBareScalar(b) { a = try term(left, expecting: b.size) }
    if !b.size.isKnown, a.size.isKnown, !isBareScalar(a) { b = try term(right, expecting: a.size) }
    return (a, b)
  }

  private func isBareScalar(_ term: Term) -> Bool { term.size.isScalar }

  private mutating func sum(
    _ operation: Term.Operation, _ left: Expression, _ right: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let (a, b) = try pair(left, right, expecting)
    if let size = common(a, b) { return Term(operation, [a, b], size, range) }
    if (a.size.isScalar && b.size.isMatrix) || (b.size.isScalar && a.size.isMatrix) {
      throw fail(
        "a number and a matrix of \((a.size.isScalar ? b : a).size.text) cannot be added; write `I` for the diagonal "
          + "or `\\mathbf 1\\mathbf 1^\\top` for all entries", at: range)
    }
    throw fail("\(a.size.text) and \(b.size.text) cannot be added\(orientation(a, b))", at: range)
  }

  private func orientation(_ a: Term, _ b: Term) -> Message {
    guard a.size.transposed.merged(b.size) != nil, a.size.isVector else { return "" }
    return "; one of them is transposed"
  }

  /// The shape of an operation by element, or nil where there is none.
  private func common(_ a: Term, _ b: Term) -> Size? {
    if let size = a.size.merged(b.size) { return size }
    for (one, other) in [(a.size, b.size), (b.size, a.size)] {
      if one.isScalar, other.isVector { return other }
      if context.isBatched, other.isKnown, one.isVector {
        if context.isRows, one.rows == Size.one, one.columns == other.columns, other.rows == Size.batch { return other }
        if !context.isRows, one.columns == Size.one, one.rows == other.rows, other.columns == Size.batch {
          return other
        }
      }
    }
    return nil
  }

  private mutating func hadamard(
    _ left: Expression, _ right: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let (a, b) = try pair(left, right, expecting)
    if let size = common(a, b) { return Term(.hadamard, [a, b], size, range) }
    if a.size.isScalar || b.size.isScalar {
      return Term(.scale, a.size.isScalar ? [a, b] : [b, a], a.size.isScalar ? b.size : a.size, range)
    }
    if a.size.isMatrix != b.size.isMatrix {
      throw fail(
        "`\\odot` takes equal shapes, here \(a.size.text) and \(b.size.text); for rows or columns scaled by a vector "
          + "write `\\operatorname{diag}(v) A` or `A \\operatorname{diag}(v)`", at: range)
    }
    throw fail(
      "`\\odot` takes equal shapes, here \(a.size.text) and \(b.size.text)\(orientation(a, b))", at: range)
  }

  // MARK: Products

  private func factors(_ expression: Expression) -> [Expression] {
    guard case .product(let left, let right) = expression.kind else { return [expression] }
    return factors(left) + factors(right)
  }

  private mutating func product(
    _ expression: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    if let composed = try composition(factors(expression), at: range) { return composed }
    guard case .product(let left, let right) = expression.kind else {
      return try term(expression, expecting: expecting)
    }
    var a = try term(left)
    var b = try term(right)
    if a.size.isScalar, !b.size.isKnown { b = try term(right, expecting: expecting) }
    if b.size.isScalar, !a.size.isKnown { a = try term(left, expecting: expecting) }
    if !a.size.isScalar, !b.size.isScalar {
      if a.size.columns == nil, b.size.rows != nil { a = try term(left, expecting: Size(expecting.rows, b.size.rows)) }
      if b.size.rows == nil, a.size.columns != nil {
        b = try term(right, expecting: Size(a.size.columns, expecting.columns))
      }
      // What the product must be fixes what its own factors leave open, as in `\mathbf 1 \mathbf 1^\top v`.
      if a.size.rows == nil, let rows = expecting.rows { a = try term(left, expecting: Size(rows, a.size.columns)) }
      if b.size.columns == nil, let columns = expecting.columns {
        b = try term(right, expecting: Size(b.size.rows, columns))
      }
    }
    return try multiply(a, b, at: range)
  }

  private func multiply(_ a: Term, _ b: Term, at range: Range<Int>) throws(Diagnostic) -> Term {
    if case .identity = a.operation, a.size.merged(Size(b.size.rows, b.size.rows)) != nil, !b.size.isScalar { return b }
    if case .identity = b.operation, b.size.merged(Size(a.size.columns, a.size.columns)) != nil, !a.size.isScalar {
      return a
    }
    if a.size.isScalar { return Term(.scale, [a, b], b.size, range) }
    if b.size.isScalar { return Term(.scale, [b, a], a.size, range) }
    if case .zeros = a.operation, !a.size.isKnown, case .some(let columns) = b.size.columns {
      return Term(.zeros, [], Size(a.size.rows, columns), range)
    }
    if a.size.columns == nil || b.size.rows == nil || a.size.columns == b.size.rows {
      return Term(.multiply, [a, b], Size(a.size.rows, b.size.columns), range)
    }
    if a.size == b.size, a.size.isVector {
      throw fail(
        "a product of two vectors of \(a.size.text) has several readings: write `a \\odot b` by element, "
          + "`a^\\top b` for the inner or `a b^\\top` for the outer product", at: range)
    }
    throw fail(
      "\(a.size.text) times \(b.size.text): \(a.size.columns!) columns do not meet \(b.size.rows!) rows", at: range)
  }

  /// `\frac{\partial L}{\partial f_t} \frac{\partial f_t}{\partial W_f}`: linear maps one after the other.
  private mutating func composition(_ factors: [Expression], at range: Range<Int>) throws(Diagnostic) -> Term? {
    var slopes: [Int: (slope: Slope, range: Range<Int>)] = [:]
    for (index, factor) in factors.enumerated() {
      guard case .analysis(.derivative(let derivative)) = factor.kind, !isLoss(derivative.of) else { continue }
      slopes[index] = (try slope(derivative, at: factor.range), factor.range)
    }
    guard let (last, map) = slopes.first(where: { isMatrix($0.value.slope.by) }) else { return nil }
    // From the scalar's derivative to the map, in either reading order.
    for direction in [-1, 1] {
      var index = last + direction
      var chain = [map.slope]
      while let next = slopes[index], next.slope.by == chain[0].of, next.slope.byTime == chain[0].ofTime {
        chain.insert(next.slope, at: 0)
        index += direction
      }
      guard factors.indices.contains(index) else { continue }
      let start = try term(factors[index])
      guard case .gradient(_, let by, let at, _) = start.operation, by == chain[0].of, at == chain[0].ofTime else {
        continue
      }
      guard case .parameter(let parameter) = chain[chain.count - 1].by else { continue }
      let size = context.size(of: .parameter(parameter))
      var result = Term(.composition(chain), [start], size, range)
      let used = min(index, last)...max(index, last)
      for (other, factor) in factors.enumerated() where !used.contains(other) {
        let scale = try term(factor)
        guard scale.size.isScalar else {
          throw fail(
            "only numbers stand beside a gradient that is taken through `\(source.substring(map.range))`",
            at: factor.range)
        }
        result = Term(.scale, [scale, result], size, range)
      }
      return result
    }
    throw fail(
      "`\(source.substring(map.range))` has three axes; it stands right behind the derivative of the loss that it "
        + "continues, `\\frac{\\partial L}{\\partial z_t} \\frac{\\partial z_t}{\\partial W}`; otherwise write the product "
        + "with a transposed vector", at: map.range)
  }

  private func isLoss(_ symbol: Expression.Symbol) -> Bool { symbol.name == context.lossName }

  private func isMatrix(_ target: Target) -> Bool {
    guard case .parameter = target else { return false }
    return context.size(of: target).isMatrix
  }

  private mutating func quotient(
    _ above: Expression, _ below: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let divisor = try term(below, expecting: .scalar)
    let value = try term(above, expecting: divisor.size.isScalar ? expecting : divisor.size)
    if case .zeros = divisor.operation { throw fail("this divides by 0", at: range) }
    if divisor.size.isScalar { return Term(.divide, [value, divisor], value.size, range) }
    guard !divisor.size.isMatrix, !value.size.isMatrix, let size = common(value, divisor) else {
      throw fail(
        "a fraction is of numbers or by element; here are \(value.size.text) over \(divisor.size.text)", at: range)
    }
    return Term(.divide, [value, divisor], size, range)
  }

  private mutating func power(
    _ base: Expression, _ exponent: Expression, _ expecting: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    let exponentTerm: Term
    if case .symbol(let symbol) = exponent.kind, symbol.times.isEmpty, !context.isNumber(symbol.name) {
      throw fail(
        "`^{\(context.shown(symbol))}` would be a power; write an index below: `\(source.substring(base.range))` with `_{\(context.shown(symbol)),t}`",
        at: range)
    }
    do { exponentTerm = try term(exponent, expecting: .scalar) } catch {
      throw fail("`^` is a power here, and its exponent cannot be read: \(error.wording)", at: exponent.range)
    }
    guard exponentTerm.size.isScalar || exponentTerm.size == .open else {
      throw fail("the exponent must be a number", at: exponent.range)
    }
    let value = try term(base, expecting: expecting)
    var number: Double?
    if case .number(let written) = exponent.kind { number = written }
    if case .negated(let inner) = exponent.kind, case .number(let written) = inner.kind { number = -written }
    if value.size.isScalar { return Term(.power, [value, exponentTerm], .scalar, range) }
    if value.size.isMatrix || isIdentity(value) {
      guard value.size.rows == value.size.columns, number.map({ $0 >= 0 && $0 == $0.rounded() && $0 <= 64 }) ?? true
      else {
        throw fail(
          "a power of \(value.size.text) needs a square matrix and a whole exponent that is not negative", at: range)
      }
      return Term(.matrixPower, [value, exponentTerm], value.size, range)
    }
    if let number, number < 0 {
      throw fail("a negative power of \(value.size.text) is not read; write a fraction", at: range)
    }
    return Term(.power, [value, exponentTerm], value.size, range)
  }

  private func isIdentity(_ term: Term) -> Bool { if case .identity = term.operation { true } else { false } }

  // MARK: Functions and blocks

  private mutating func call(
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
    guard derivative <= 2, derivative < 2 || [.sigmoid, .tanh].contains(function) else {
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

  private mutating func block(_ rows: [[Expression]], at range: Range<Int>) throws(Diagnostic) -> Term {
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

  // MARK: Symbols

  private mutating func term(_ symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Term {
    let name = symbol.name
    if symbol.times.isEmpty, context.definition(of: name) == nil, context.target(name) == nil,
      name.label.isEmpty, name.accents.isEmpty, context.constants[name] == nil
    {
      if context.isTimeLetter(name.base) || scope.isBound(name.base)
        || scope.free.contains(where: { $0.letter == name.base })
      {
        return Term(.moment(scope.moment(Time(letter: name.base, offset: 0))), [], .scalar, range)
      }
      if context.cell.declaration.sizes[name.base] != nil { return Term(.axis(name.base), [], .scalar, range) }
    }
    if let number = context.constants[name] {
      guard symbol.times.isEmpty else {
        throw fail("`\(context.shown(name).latex)` is a constant and has no time", at: range)
      }
      return Term(.number(number), [], .scalar, range)
    }
    if name == context.lossName {
      guard symbol.times.count <= 1 else { throw fail("a loss has one step at most", at: range) }
      return Term(.loss(symbol.times.first.map { scope.moment($0) }), [], .scalar, range)
    }
    if let target = context.target(name) {
      let size = context.size(of: target)
      if case .parameter = target { return Term(.value(target, nil), [], size, range) }
      return Term(.value(target, try moment(of: symbol, at: range)), [], size, range)
    }
    if let index = context.definition(of: name) {
      let definition = context.definitions.all[index]
      var times = symbol.times
      if times.isEmpty, definition.timeCount == 1 {
        times = [.present]
        readAtPresent.insert(context.shown(name).latex)
      }
      guard times.count == definition.timeCount else {
        throw fail(
          "`\(context.shown(symbol))` was defined with \(definition.timeCount) steps and stands here with \(times.count)",
          at: range)
      }
      if times.count == 2 { scope.note(times[1], before: times[0]) }
      let moments = times.map { scope.moment($0) }
      return Term(.defined(index, moments), [], try context.size(ofDefinition: index), range)
    }
    throw unknown(symbol, at: range)
  }

  private mutating func moment(of symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Moment {
    guard symbol.times.count < 2 else {
      throw fail(
        "`\(context.shown(symbol))` carries two indices; a derivation speaks of one sample and of whole vectors, so one step is all",
        at: range)
    }
    guard let time = symbol.times.first else {
      throw fail(
        "`\(context.shown(symbol))` carries no step; write `\(context.shown(symbol.name).latex(time: "t"))`", at: range)
    }
    return scope.moment(time)
  }

  private func unknown(_ symbol: Expression.Symbol, at range: Range<Int>) -> Diagnostic {
    let name = symbol.name
    if context.isLater(name) {
      return fail("`\(context.shown(symbol))` is used here and defined further down; define it first", at: range)
    }
    let near = context.names.filter { $0.base.lowercased() == name.base.lowercased() && $0 != name }
      .map { "`\($0.latex)`" }.sorted().prefix(6)
    if ["J", "E", "C", "\\ell", "ell", "loss"].contains(name.base), near.isEmpty {
      return fail("`\(context.shown(symbol))` is unknown; the loss is `L`, a step's own loss `L_t`", at: range)
    }
    let hint: Message =
      near.isEmpty
      ? "define it first: `\(context.shown(symbol)) := …`"
      : "known names like it: \(near.joined(separator: ", ")); or define it first"
    return fail("`\(context.shown(symbol))` is unknown; \(hint)", at: range)
  }

  // MARK: Derivatives

  /// What a derivative is of or by, and its step.
  private mutating func target(
    _ symbol: Expression.Symbol, at range: Range<Int>
  ) throws(Diagnostic) -> (Target, Moment?) {
    let name = symbol.name
    if let target = context.target(name) {
      if case .parameter = target { return (target, nil) }
      return (target, try moment(of: symbol, at: range))
    }
    if let index = context.definition(of: name) {
      let definition = context.definitions.all[index]
      guard let target = definition.target else {
        throw fail(
          "`\(context.shown(symbol))` is no node of the cell, so there is no derivative by it; name a sub-expression of an equation first",
          at: range)
      }
      if case .parameter = target { return (target, nil) }
      var moment = try moment(of: symbol, at: range)
      moment.offset += definition.targetOffset
      return (target, moment)
    }
    if context.constants[name] != nil {
      throw fail("`\(context.shown(name).latex)` is a constant; nothing is differentiated by it", at: range)
    }
    throw unknown(symbol, at: range)
  }

  private mutating func slope(_ derivative: Derivative, at range: Range<Int>) throws(Diagnostic) -> Slope {
    let (of, ofTime) = try target(derivative.of, at: range)
    let (by, byTime) = try target(derivative.by, at: range)
    guard let ofTime else {
      throw fail("`\(context.shown(derivative.of))` is a parameter and depends on nothing", at: range)
    }
    if case .input = of {
      throw fail("`\(context.shown(derivative.of))` is an input and depends on nothing", at: range)
    }
    guard !context.isBatched else {
      throw fail(
        "`\(context.shown(derivative.of))` by `\(context.shown(derivative.by))` is a Jacobian, and this sheet speaks of a batch; differentiate the loss",
        at: range)
    }
    if let a = derivative.of.times.first, let b = derivative.by.times.first { scope.note(b, before: a) }
    if derivative.isImmediate { hasImmediate = true }
    return Slope(of: of, ofTime: ofTime, by: by, byTime: byTime, isImmediate: derivative.isImmediate)
  }

  private mutating func derivative(_ derivative: Derivative, at range: Range<Int>) throws(Diagnostic) -> Term {
    if isLoss(derivative.of) {
      guard derivative.of.times.count <= 1 else { throw fail("a loss has one step at most", at: range) }
      let (by, at) = try target(derivative.by, at: range)
      if let a = derivative.of.times.first, let b = derivative.by.times.first { scope.note(b, before: a) }
      let loss = derivative.of.times.first.map { scope.moment($0) }
      if derivative.isImmediate { hasImmediate = true }
      return Term(
        .gradient(loss: loss, by: by, at: at, isImmediate: derivative.isImmediate), [], context.gradientSize(by), range)
    }
    let slope = try slope(derivative, at: range)
    guard !isMatrix(slope.by) else {
      throw fail(
        "the derivative of a vector by a matrix has three axes; it stands only right behind the derivative of the loss "
          + "that it continues", at: range)
    }
    let (above, below) = (context.length(slope.of), context.length(slope.by))
    let size = context.isDenominator ? Size(below, above) : Size(above, below)
    return Term(.jacobian(slope), [], size, range)
  }

  // MARK: Sums and products over steps

  private mutating func repetition(
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
