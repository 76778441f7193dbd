// The type rules of fractions, powers, functions and blocks.

package import Diagnostics
package import Formula

extension ShapeRules {
  /// `\frac{a}{b}`: anything over a number, or vectors by element.
  package func quotient(_ a: Size, _ b: Size, at range: Range<Int>) throws(Diagnostic) -> Size {
    if b.isScalar { return a }
    guard !b.isMatrix, !a.isMatrix, let size = common(a, b) else {
      throw fail("a fraction is of numbers or by element; here are \(a.text) over \(b.text)", at: range)
    }
    return size
  }

  /// Whether `a^n` is the product of a matrix with itself; otherwise it is by element.
  ///
  /// - Parameters:
  ///   - exponent: n, where it is a number that is written out.
  ///   - isMatrix: whether the base is a matrix though its size is not known.
  package func powerIsOfMatrix(
    _ a: Size, _ exponent: Double?, isMatrix: Bool = false, at range: Range<Int>
  ) throws(Diagnostic) -> Bool {
    if a.isScalar { return false }
    guard a.isMatrix || isMatrix else {
      if let exponent, exponent < 0 {
        throw fail("a negative power of \(a.text) is not read; write a fraction", at: range)
      }
      return false
    }
    if let exponent, exponent < 0 {
      throw fail(
        Message(
          "an inverse of a matrix is not read; a power of \(a.text) needs a whole exponent that is not negative",
          "不支持矩阵的逆；\(a.text) 的乘方要求指数为非负整数"), at: range)
    }
    guard a.rows == a.columns, exponent.map({ $0 == $0.rounded() && $0 <= 64 }) ?? true else {
      throw fail(
        "a power of \(a.text) needs a square matrix and a whole exponent that is not negative", at: range)
    }
    return true
  }

  // MARK: Functions and blocks

  /// `f(a)`, of one value.
  package func call(_ function: Function, _ a: Size, at range: Range<Int>) throws(Diagnostic) -> Size {
    switch function {
    case .softmax:
      guard a.isVector else { throw fail("`\(function.display)` takes a vector", at: range) }
      return a
    case .sum, .mean:
      guard a.isVector else { throw fail("`\(function.display)` takes a vector", at: range) }
      guard isBatched else { return .scalar }
      return layout == .rows ? Size(Size.batch, Size.one) : Size(Size.one, Size.batch)
    case .diag:
      if isBatched {
        throw fail("`diag` is a matrix for each sample, and this sheet speaks of a batch; write `\\odot`", at: range)
      }
      guard a.isVector else {
        throw fail("`diag` takes a vector and makes a matrix; this is \(a.text)", at: range)
      }
      let side = a.columns == Size.one ? a.rows : a.columns
      return Size(side, side)
    default: return a
    }
  }

  /// What a block in brackets is.
  package enum Block {
    /// Samples end to end.
    case joined(Size)
    /// Matrices: each row beside each other, then the rows on top of each other.
    case stacked(rows: [Size], Size)
  }

  /// `[a; b]`, `[a, b]`: vectors are joined in each form; matrices stand beside each other behind `,` and below behind `;`.
  package func block(_ rows: [[Size]], at range: Range<Int>) throws(Diagnostic) -> Block {
    let across = isBatched ? Size.batch : Size.one
    let all = rows.flatMap { $0 }
    if all.allSatisfy({ (layout == .rows ? $0.rows : $0.columns) == across }) {
      guard rows.count == 1 || rows.allSatisfy({ $0.count == 1 }) else {
        throw fail("vectors stand in one row or one column of a block", at: range)
      }
      let length = all.compactMap { layout == .rows ? $0.columns : $0.rows }.reduce(.zero, +)
      return .joined(layout == .rows ? Size(across, length) : Size(length, across))
    }
    var lines: [Size] = []
    for row in rows {
      if let other = row.first(where: { $0.rows != row[0].rows }) {
        throw fail(
          "parts beside each other have equally many rows; here are \(row[0].text) and \(other.text)", at: range)
      }
      lines.append(Size(row[0].rows, row.compactMap(\.columns).reduce(.zero, +)))
    }
    guard lines.allSatisfy({ $0.columns == lines[0].columns }) else {
      throw fail("parts on top of each other have equally many columns", at: range)
    }
    return .stacked(rows: lines, Size(lines.compactMap(\.rows).reduce(.zero, +), lines[0].columns))
  }
}
