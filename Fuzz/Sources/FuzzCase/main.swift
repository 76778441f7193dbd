// Any bytes as a case in JSON for a small cell; whatever is taken for a case can be computed.

import FuzzCell
import FuzzDriver
import Glibc
import Recurrence

private let cell = FuzzCell.residual

exit(
  fuzz { bytes, count in
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
      let value = try CaseFile.read(text, for: cell) { _ in }
      let recurrence = Recurrence(cell, sizes: try cell.sizes(of: value))
      recurrence.forward(value)
      _ = CaseFile.text(of: recurrence.outputs(), recurrence.backward(value.upstream), for: cell)
    } catch { _ = "\(error)" }
    return 0
  })
