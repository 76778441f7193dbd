// A program that is known to be right: it gives every call's own bytes back, twice, which is as much as a cell answers.

import Glibc

/// Answers every call with what it was asked, and ends the process.
///
/// - Parameters:
///   - seconds: how much processor time the first call takes.
///   - bytes: how much memory each call touches.
public func serveEcho(seconds: Double, bytes: Int) -> Never {
  serve(Echo(seconds: seconds, bytes: bytes) as any Executable)
}

private final class Echo: Executable {
  let seconds: Double
  let bytes: Int
  private var isBurnt = false

  init(seconds: Double, bytes: Int) {
    self.seconds = seconds
    self.bytes = bytes
  }

  func execute(_ call: Call) -> [UInt8]? {
    // A call is made in a process of its own, so that this holds for both executions of the first one alone.
    if call.number == 0, !isBurnt { burn() }
    isBurnt = true
    let memory = [UInt8](repeating: 1, count: bytes)
    return memory[bytes - 1] == 1 ? Array(call.body) + Array(call.body) : nil
  }

  private func burn() {
    var now = timespec()
    repeat {
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    } while Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 < seconds
  }
}
