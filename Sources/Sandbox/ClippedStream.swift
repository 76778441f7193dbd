// One output stream of a run: its first bytes are kept, the rest is drained.

import Subprocess
import Synchronization

/// The first bytes of a stream, collected while it flows.
final class ClippedStream: Sendable {
  private let limit: Int
  private let kept = Mutex<(bytes: [UInt8], isFlooded: Bool)>(([], false))

  init(limit: Int) {
    self.limit = limit
  }

  var bytes: [UInt8] { kept.withLock { $0.bytes } }

  /// Whether more came than is kept.
  var isFlooded: Bool { kept.withLock { $0.isFlooded } }

  /// Reads to the end of the stream; `onFlood` is called once when more comes than is kept.
  ///
  /// Reading goes on after that, because a writer whose pipe is full could not be told apart from one that hangs.
  func drain(_ stream: SubprocessOutputSequence, onFlood: @Sendable () -> Void) async throws {
    for try await chunk in stream {
      let floods = kept.withLock { kept in
        let room = limit - kept.bytes.count
        chunk.withUnsafeBytes { kept.bytes.append(contentsOf: $0.prefix(room)) }
        let isFirst = chunk.count > room && !kept.isFlooded
        if isFirst { kept.isFlooded = true }
        return isFirst
      }
      if floods { onFlood() }
    }
  }
}
