// Rows and columns of a value as a formula writes it, before numbers are known.

package import Diagnostics

/// Rows and columns, as far as they are known; a constant such as `I` takes what fits.
package struct Size: Sendable, Hashable {
  package var rows: Dimension?
  package var columns: Dimension?

  package init(_ rows: Dimension?, _ columns: Dimension?) {
    self.rows = rows
    self.columns = columns
  }

  /// A value as it lies in memory.
  package init(_ shape: Shape, _ layout: Layout) {
    let storage = shape.storage(layout)
    self.init(storage.rows, storage.columns)
  }

  package static let one = Dimension.one
  package static let batch = Dimension.batch
  package static let scalar = Size(one, one)
  package static let open = Size(nil, nil)

  package var isScalar: Bool { rows == Self.one && columns == Self.one }
  package var isKnown: Bool { rows != nil && columns != nil }
  package var transposed: Size { Size(columns, rows) }

  /// Whether an axis is one, or the batch: then the value is a vector of a sample.
  package var isVector: Bool {
    guard !isScalar else { return false }
    return [rows, columns].contains { $0 == Self.one || $0 == Self.batch }
  }
  package var isMatrix: Bool { isKnown && !isScalar && !isVector }

  /// What both may be, or nil where they differ.
  package func merged(_ other: Size) -> Size? {
    guard rows == nil || other.rows == nil || rows == other.rows,
      columns == nil || other.columns == nil || columns == other.columns
    else { return nil }
    return Size(rows ?? other.rows, columns ?? other.columns)
  }

  /// As messages show it.
  package var text: Message {
    if isScalar { return "a number" }
    return "\(rows.map(\.description) ?? "?")×\(columns.map(\.description) ?? "?")"
  }
}
