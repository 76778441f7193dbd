// Rows of numbers in memory, and the operations that treat every entry of them by itself.

import Formula

/// Rows that begin at `start + r · stride`; with a stride of 0 they are all the same one.
package struct RowsOf<Number> {
  let start: UnsafeMutablePointer<Number>
  let stride: Int

  package init(start: UnsafeMutablePointer<Number>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  subscript(_ row: Int) -> UnsafeMutablePointer<Number> { start + row * stride }
}

package typealias Rows = RowsOf<Double>

/// Operations by element on rows of one width; whoever runs a graph computes with these.
package enum Elementwise {
  /// Calls a body once where no operand has gaps, else row by row.
  @inline(__always)
  static func each<Number>(
    _ extent: Extent, _ target: RowsOf<Number>, _ a: RowsOf<Number>,
    _ body: (UnsafeMutablePointer<Number>, UnsafeMutablePointer<Number>, Int) -> Void
  ) {
    if target.stride == extent.columns, a.stride == extent.columns {
      return body(target.start, a.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], extent.columns) }
  }

  @inline(__always)
  static func each<Number>(
    _ extent: Extent, _ target: RowsOf<Number>, _ a: RowsOf<Number>, _ b: RowsOf<Number>,
    _ body: (UnsafeMutablePointer<Number>, UnsafeMutablePointer<Number>, UnsafeMutablePointer<Number>, Int) -> Void
  ) {
    if target.stride == extent.columns, a.stride == extent.columns, b.stride == extent.columns {
      return body(target.start, a.start, b.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], b[row], extent.columns) }
  }
}
