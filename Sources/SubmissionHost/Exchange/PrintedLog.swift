// One stream of a submission's output, divided among the calls by the lines that the driver draws.

/// The text that each execution wrote to one stream.
///
/// The lines could be forged by the learner's code; the text is only ever shown.
struct PrintedLog {
  /// One execution of one call.
  struct Key: Hashable {
    var call: Int
    var execution: Int
  }

  private(set) var texts: [Key: String] = [:]

  init(_ bytes: [UInt8], nonce: UInt64) {
    var key: Key?
    var collected: [UInt8] = []
    func flush(_ texts: inout [Key: String]) {
      if let key, !collected.isEmpty { texts[key, default: ""] += String(decoding: collected, as: UTF8.self) }
      collected = []
    }
    // A line may begin behind text that did not end in a line break.
    let pieces = bytes.split(separator: 0x1E, omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      guard index > 0, let end = piece.firstIndex(of: 0x0A),
        let next = Self.key(String(decoding: piece[..<end], as: UTF8.self), nonce)
      else {
        collected += index > 0 ? [0x1E] + piece : Array(piece)
        continue
      }
      flush(&texts)
      key = next
      collected = Array(piece[(end + 1)...])
    }
    flush(&texts)
  }

  private static func key(_ line: String, _ nonce: UInt64) -> Key? {
    let parts = line.split(separator: " ")
    guard parts.count == 3, parts[0] == String(nonce), let call = Int(parts[1]), let execution = Int(parts[2])
    else { return nil }
    return Key(call: call, execution: execution)
  }
}
