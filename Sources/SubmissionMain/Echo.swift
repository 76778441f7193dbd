// A program that is known to be right: it gives every call's own bytes back, twice, which is as much as a cell answers.

import Glibc
import Wire

/// Answers every call with what it was asked, and ends the process.
///
/// - Parameters:
///   - seconds: how much processor time the first call takes; two threads take it together.
///   - bytes: how much memory the first call touches.
public func serveEcho(seconds: Double, bytes: Int) -> Never {
  serve(Echo(seconds: seconds, bytes: bytes) as any Executable)
}

private final class Echo: Executable {
  let seconds: Double
  let bytes: Int
  private var hasWorked = false

  init(seconds: Double, bytes: Int) {
    self.seconds = seconds
    self.bytes = bytes
  }

  func execute(_ call: WireCall) -> [UInt8]? {
    // Each call is made in a process of its own and executed twice there.
    if call.number == 0, !hasWorked {
      hasWorked = true
      let memory = [UInt8](repeating: 1, count: bytes)
      burn()
      guard memory.last == 1 else { return nil }
    }
    return Array(call.body) + Array(call.body)
  }

  private func burn() {
    guard seconds > 0 else { return }
    var other = pthread_t()
    let work = Unmanaged.passUnretained(self).toOpaque()
    let failure = pthread_create(
      &other, nil,
      { work in
        Unmanaged<Echo>.fromOpaque(work!).takeUnretainedValue().compute()
        return nil
      }, work)
    guard failure == 0 else { fatalError("a thread cannot be started: \(failure)") }
    compute()
    pthread_join(other, nil)
  }

  /// Computes until the process has used up its time.
  private func compute() {
    var now = timespec()
    repeat {
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    } while Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 < seconds
  }
}
