// Sees to it that no folder of ours outlives us, also where this process is killed.

import Glibc
import Synchronization

/// A process beside ours that removes what we named to it as soon as we are gone: `launch guard`.
///
/// A killed process cannot clean up, and the next one may never come. The kernel closes the connection between the two however
/// this process ends, and that is the sign.
package final class Warden: Sendable {
  private let end: Mutex<Int32>

  /// Starts the process.
  package init(launcher: String) throws {
    // A socket and no pipe: writing to one whose reader is gone would end this process by a signal.
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw WorkError(description: "no pair of sockets can be made: \(String(cString: strerror(errno)))")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in 0...1 as ClosedRange<Int32> { posix_spawn_file_actions_adddup2(&actions, ends[1], stream) }
    // Whoever waits for the end of our output must not wait for it.
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(launcher), strdup("guard"), nil]
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var process: pid_t = 0
    let error = posix_spawn(&process, launcher, &actions, nil, &arguments, &environment)
    close(ends[1])
    end = Mutex(ends[0])
    guard error == 0 else {
      throw WorkError(description: "\(launcher) cannot be started: \(String(cString: strerror(error)))")
    }
  }

  deinit {
    end.withLock { _ = close($0) }
  }

  /// From now on the path is removed when this process ends; comes back when that is certain.
  package func watch(_ path: String) throws {
    try end.withLock { end in
      guard Self.send("+" + path, to: end), Self.isAnswered(end) else {
        throw WorkError(description: "the process that removes temporary files has ended")
      }
    }
  }

  /// The path is no longer ours to remove.
  func release(_ path: String) {
    end.withLock { _ = Self.send("-" + path, to: $0) }
  }

  private static func send(_ line: String, to descriptor: Int32) -> Bool {
    var bytes = Array(line.utf8) + [0]
    while !bytes.isEmpty {
      let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes.removeFirst(count)
    }
    return true
  }

  private static func isAnswered(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      return count == 1
    }
  }
}
