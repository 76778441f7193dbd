// The type rules of the language: what may meet in an operation, and what comes of it.
//
// Sheets and derivations are typed by these and by nothing else. A walker finds the sizes of the operands, asks for the size
// of the result, and then makes of it what it needs: nodes of a graph, or terms that are evaluated.

package import Diagnostics
package import Formula

/// The sizes that operations take and give.
package struct ShapeRules {
  let layout: Layout
  /// Whether vectors stand for the samples of a batch.
  let isBatched: Bool
  private let source: SourceText

  /// - Parameters:
  ///   - layout: whether a sample is a column or a row.
  ///   - isBatched: whether a vector stands for N samples, and not for one.
  ///   - source: where the formula stands.
  package init(_ layout: Layout, isBatched: Bool, source: SourceText) {
    self.layout = layout
    self.isBatched = isBatched
    self.source = source
  }

  func fail(_ message: Message, at range: Range<Int>) -> Diagnostic {
    Diagnostic(message, in: source, at: range)
  }

  /// A constant that takes its size from what it meets, and meets nothing.
  package func sizeless(_ written: String, at range: Range<Int>) -> Diagnostic {
    fail("nothing here says how large `\(written)` is; write it next to what it belongs to", at: range)
  }

  // MARK: Products

  /// How a product is read.
  package enum Product {
    /// One factor is a number.
    case scaling(numberIsLeft: Bool)
    case matrices
    /// Two vectors of one size: by element is the one reading that fits, and this is what else was meant, perhaps.
    case byElement(Diagnostic)
  }

  /// `a b`
  package func product(
    _ a: Size, _ b: Size, at range: Range<Int>
  ) throws(Diagnostic) -> (reading: Product, size: Size) {
    if a.isScalar { return (.scaling(numberIsLeft: true), b) }
    if b.isScalar { return (.scaling(numberIsLeft: false), a) }
    guard let columns = a.columns, let rows = b.rows, columns != rows else {
      return (.matrices, Size(a.rows, b.columns))
    }
    if a == b, a.isVector {
      let other = fail(
        "a product of two vectors of \(a.text) has several readings: write `a \\odot b` by element, `a^\\top b` for the inner or `a b^\\top` for the outer product",
        at: range)
      return (.byElement(other), a)
    }
    let turned: Message =
      b.columns == a.rows && a.isMatrix != b.isMatrix
      ? Message("; the other way round they have a product", "；交换左右就能相乘") : ""
    throw fail("\(a.text) times \(b.text): \(columns) columns do not meet \(rows) rows\(turned)", at: range)
  }

  /// `a * b`: by element where the sizes agree, otherwise a product.
  package func starIsByElement(_ a: Size, _ b: Size, at range: Range<Int>) throws(Diagnostic) -> Bool {
    if a.merged(b) != nil { return true }
    if a.isScalar || b.isScalar || (a.columns != nil && a.columns == b.rows) { return false }
    throw fail(
      "`*` is by element on equal shapes; here are \(a.text) and \(b.text): write `\\odot` or a product", at: range)
  }

  // MARK: By element

  /// An operation by element on two values.
  package enum ByElement {
    case sum, difference, product
    /// max or min.
    case extremum(Function)
  }

  /// `a + b`, `a - b`, `a \odot b`, `\max(a, b)`: equal sizes, or a number for all entries, which is added to a vector only.
  package func byElement(
    _ operation: ByElement, _ a: Size, _ b: Size, at range: Range<Int>
  ) throws(Diagnostic) -> Size {
    if let size = common(a, b) { return size }
    let withNumber = a.isScalar ? b : b.isScalar ? a : nil
    switch operation {
    case .sum, .difference:
      if let matrix = withNumber {
        throw fail(
          "a number and a matrix of \(matrix.text) cannot be added; write `I` for the diagonal or `\\mathbf 1\\mathbf 1^\\top` for all entries",
          at: range)
      }
      if case .sum = operation { throw fail("\(a.text) and \(b.text) cannot be added\(hint(a, b))", at: range) }
      throw fail("\(a.text) and \(b.text) cannot be subtracted\(hint(a, b))", at: range)
    case .product:
      if let withNumber { return withNumber }
      if a.isMatrix != b.isMatrix {
        throw fail(
          "`\\odot` takes equal shapes, here \(a.text) and \(b.text); for rows or columns scaled by a vector write `\\operatorname{diag}(v) A` or `A \\operatorname{diag}(v)`",
          at: range)
      }
      throw fail("`\\odot` takes equal shapes, here \(a.text) and \(b.text)\(hint(a, b))", at: range)
    case .extremum(let function):
      if let withNumber { return withNumber }
      throw fail("`\(function.display)` takes equal shapes; here are \(a.text) and \(b.text)", at: range)
    }
  }

  /// `I`, or a sum of it and the matrix of ones, beside a number.
  package func numberWithConstant(_ constant: Message, at range: Range<Int>) -> Diagnostic {
    fail(
      "a number and \(constant) cannot be added; write `\\mathbf 1\\mathbf 1^\\top` for a number in every entry",
      at: range)
  }

  private func hint(_ a: Size, _ b: Size) -> Message {
    guard a.transposed.merged(b) != nil, a.isVector else { return "" }
    return "; one of them is transposed"
  }

  /// Equal sizes, a number over a vector, or a vector over the samples of a batch; nil for all else.
  func common(_ a: Size, _ b: Size) -> Size? {
    if let size = a.merged(b) { return size }
    for (one, other) in [(a, b), (b, a)] {
      if one.isScalar, other.isVector { return other }
      guard isBatched, other.isKnown, one.isVector else { continue }
      switch layout {
      case .rows:
        if one.rows == Size.one, one.columns == other.columns, other.rows == Size.batch { return other }
      case .columns:
        if one.columns == Size.one, one.rows == other.rows, other.columns == Size.batch { return other }
      }
    }
    return nil
  }
}
