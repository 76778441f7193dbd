// How CellKit ends a program that cannot go on: one sentence on standard error, then a trap.

import Glibc

/// Writes the message and traps, so that the crash report names the line of the caller's caller.
///
/// `fatalError` would put a place inside CellKit in front of the message, where nobody can mend anything.
@usableFromInline @inline(never) func stop(_ message: String) -> Never {
  writeToStandardError("Fatal error: \(message)\n")
  preconditionFailure()
}

/// Stops over two matrices whose shapes do not fit an operation.
@usableFromInline @inline(never) func stop(_ operation: String, _ left: Matrix, _ right: Matrix, _ rule: String)
  -> Never
{
  guard left.isSet && right.isSet else {
    stop(
      "\(operation): one side has not been set yet (left: \(left.shapeText), right: \(right.shapeText)); assign it first"
    )
  }
  stop("\(operation): \(left.shapeText) and \(right.shapeText) do not fit: \(rule)")
}

/// Writes past any buffer, since the program is about to end.
func writeToStandardError(_ text: String) {
  fflush(nil)
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    if written <= 0 { return }
    bytes = bytes.dropFirst(written)
  }
}
