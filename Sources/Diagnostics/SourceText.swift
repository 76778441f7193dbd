// A text that a person wrote, with its name: offsets in, lines, columns and carets out.

/// A text and the name under which its author knows it, usually a path.
///
/// Positions inside are UTF-8 offsets; line and column are worked out only when a person is told.
public struct SourceText: Sendable, Hashable {
  /// The name shown before a position: a path, or a word such as `standard input`.
  public let name: String
  /// The text itself.
  public let text: String
  let bytes: [UInt8]
  /// The UTF-8 offset at which each line begins.
  let lineStarts: [Int]

  /// Takes a text under a name.
  public init(name: String, text: String) {
    self.name = name
    self.text = text
    let bytes = Array(text.utf8)
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    self.bytes = bytes
  }

  /// The number of UTF-8 bytes.
  public var count: Int { bytes.count }

  /// The number of lines; an empty text has one.
  public var lineCount: Int { lineStarts.count }

  /// The offset at which a 1-based line begins, or the end of the text beyond the last one.
  public func offset(ofLine line: Int) -> Int {
    line <= lineStarts.count ? lineStarts[max(0, line - 1)] : bytes.count
  }

  /// The content of a 1-based line without its line break; empty beyond the last one.
  public func line(_ line: Int) -> Substring {
    guard line >= 1, line <= lineStarts.count else { return "" }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Substring(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The part of the text between two UTF-8 offsets.
  public func substring(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// Where an offset stands, as a person counts.
  public func position(at offset: Int) -> SourcePosition {
    let offset = min(max(0, offset), bytes.count)
    let line = lineStarts.lastIndex(notAbove: offset) { $0 }
    let column = String(decoding: bytes[lineStarts[line]..<offset], as: UTF8.self).count + 1
    return SourcePosition(line: line + 1, column: column)
  }
}

extension Array {
  /// Where the last element stands whose number is no larger than the limit, of elements by rising number; the first
  /// where all are larger.
  func lastIndex(notAbove limit: Int, by number: (Element) -> Int) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if number(self[middle]) <= limit { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

/// A place in a text: 1-based line and 1-based column, the column in characters.
public struct SourcePosition: Sendable, Hashable, Comparable {
  /// The line, from 1.
  public let line: Int
  /// The column in characters, from 1.
  public let column: Int

  /// A place by line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Orders by line, then by column.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
