// How a matrix prints: its shape, then its rows rounded, so that `print(df)` is of use while looking for a slip.

import Glibc

extension Matrix: CustomStringConvertible {
  /// The shape on the first line, then one line a row with four significant digits; long ones are cut with `…`.
  public var description: String {
    guard isSet else { return "Matrix, not set yet" }
    let shownRows = min(rows, 12)
    let shownColumns = min(columns, 12)
    var lines = ["Matrix \(shapeText)"]
    for row in 0..<shownRows {
      var line = " "
      for column in 0..<shownColumns {
        let text = Self.rounded(self[row, column])
        line += String(repeating: " ", count: max(1, 11 - text.utf8.count)) + text
      }
      lines.append(shownColumns < columns ? line + "  …" : line)
    }
    if shownRows < rows { lines.append("  …") }
    return lines.joined(separator: "\n")
  }

  private static func rounded(_ value: Double) -> String {
    // The C library rounds to significant digits, which the standard library does not offer.
    var buffer = [CChar](repeating: 0, count: 32)
    _ = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.4g", $0) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
