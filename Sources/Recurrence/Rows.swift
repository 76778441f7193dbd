// Rows of numbers in memory, and the operations that treat every entry of them by itself.

import CElementwise
import Formula

/// Rows that begin at `start + r · stride`; with a stride of 0 they are all the same one.
package struct Rows {
  let start: Entries
  let stride: Int

  package init(start: Entries, stride: Int) {
    self.start = start
    self.stride = stride
  }

  subscript(_ row: Int) -> Entries { start + row * stride }
}

/// Operations by element on rows of one width; whoever runs a graph computes with these.
package enum Elementwise {
  /// Calls a body once where no operand has gaps, else row by row.
  @inline(__always)
  static func each(_ extent: Extent, _ target: Rows, _ a: Rows, _ body: (Entries, Entries, Int) -> Void) {
    if target.stride == extent.columns, a.stride == extent.columns {
      return body(target.start, a.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], extent.columns) }
  }

  @inline(__always)
  static func each(
    _ extent: Extent, _ target: Rows, _ a: Rows, _ b: Rows, _ body: (Entries, Entries, Entries, Int) -> Void
  ) {
    if target.stride == extent.columns, a.stride == extent.columns, b.stride == extent.columns {
      return body(target.start, a.start, b.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], b[row], extent.columns) }
  }
}
