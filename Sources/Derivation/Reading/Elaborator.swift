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
  var readAtPresent: Set<String> = []
  /// How far the immediate derivatives go.
  var immediate: Set<Reach> = []
  /// Names of errors that the text nowhere defines, with the derivatives that they are by convention.
  var conventions: Set<String> = []
  var sums = 0
  /// Products of two vectors of one shape, which are read by element, with what else they might have been.
  var byElement: [Diagnostic] = []

  init(_ context: Context, source: SourceText) {
    self.context = context
    self.source = source
  }

  /// What sizes may meet, as in sheets.
  var rules: ShapeRules { ShapeRules(context.cell.layout, isBatched: context.isBatched, source: source) }

  func fail(_ message: Message, at range: Range<Int>) -> Diagnostic { Diagnostic(message, in: source, at: range) }

  // MARK: Expressions

  /// The term of a tree.
  ///
  /// - Parameters:
  ///   - expecting: the shape that its surroundings ask for, as far as they do.
  ///   - isFactor: whether it is a factor of a product, whose gradients through slopes have been looked for.
  mutating func term(
    _ expression: Expression, expecting: Size = .open, isFactor: Bool = false
  ) throws(Diagnostic) -> Term {
    let range = expression.range
    context.depth += 1
    defer { context.depth -= 1 }
    guard context.depth <= 600 else {
      throw fail("this is nested too deep through its definitions; name fewer parts of parts", at: range)
    }
    context.effort.spend()
    guard !context.effort.isExhausted else {
      throw fail("this takes too much work to read; break it into shorter lines", at: range)
    }
    switch expression.kind {
    case .number(0): return Term(.zeros, [], expecting, range)
    case .number(let number): return Term(.number(number), [], .scalar, range)
    case .constant(.zeros): return Term(.zeros, [], expecting, range)
    case .constant(.ones):
      var size = expecting
      // A column, unless something else fixes it; where samples are rows, a column or a row, as it fits.
      if size == .open, !context.isRows { size = Size(nil, Size.one) }
      if size.columns == nil, size.rows != nil, !context.isRows || size.rows != Size.one { size.columns = Size.one }
      if size.rows == nil, size.columns != nil, context.isRows { size.rows = Size.one }
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
      return try rules.starIsByElement(a.size, b.size, at: range)
        ? hadamard(left, right, expecting, at: range) : multiply(a, b, at: range)
    case .tensor(let left, let right):
      switch context.cell.declaration.otimes {
      case "hadamard": return try hadamard(left, right, expecting, at: range)
      case "outer":
        let (a, b) = (try term(left), try term(right))
        return try multiply(a, Term(.transpose, [b], b.size.transposed, right.range), at: range)
      default:
        throw fail("`\\otimes` has several meanings; write `\\odot`, or `a b^\\top` for the outer product", at: range)
      }
    case .product: return try product(expression, expecting, isFactor: isFactor, at: range)
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
    case .analysis(.entries(let entries)): return try self.entries(entries, expecting, at: range)
    case .analysis(.series), .analysis(.counting):
      throw fail("this belongs in a formula of numbers; a derivation sums over steps", at: range)
    }
  }

  /// Refuses a value whose shape nothing fixes.
  func known(_ term: Term, at range: Range<Int>) throws(Diagnostic) -> Term {
    guard term.size.isKnown else { throw rules.sizeless(source.substring(range), at: range) }
    return term
  }
}
