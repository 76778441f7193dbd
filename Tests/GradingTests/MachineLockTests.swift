// The locks by which graders of one machine wait for each other.

import Foundation
import Synchronization
import Testing

@testable import Sandbox

@Suite struct MachineLockTests {
  private func lock() throws -> (MachineLock, URL) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return (MachineLock("test", in: folder.path), folder)
  }

  @Test("a lock that is shared: shared again at once, alone only after the last holder")
  func shared() async throws {
    let (lock, folder) = try lock()
    defer { try? FileManager.default.removeItem(at: folder) }
    var holders = [try await lock.shared(), try await lock.shared(patience: .zero)]
    await #expect(throws: SandboxError.self) { try await lock.alone(patience: .milliseconds(30)) }
    holders.removeAll()
    let alone = try await lock.alone(patience: .zero)
    await #expect(throws: SandboxError.self) { try await lock.shared(patience: .milliseconds(30)) }
    withExtendedLifetime(alone) {}
  }

  @Test("somebody waits to be alone: newcomers wait, so that the wait ends")
  func newcomersWait() async throws {
    let (lock, folder) = try lock()
    defer { try? FileManager.default.removeItem(at: folder) }
    let order = Order()
    var first: MachineLock.Holding? = try await lock.shared()
    let alone = Task {
      let holding = try await lock.alone()
      order.append("alone")
      withExtendedLifetime(holding) {}
    }
    try await Task.sleep(for: .milliseconds(100))
    let newcomer = Task {
      let holding = try await lock.shared()
      order.append("shared")
      withExtendedLifetime(holding) {}
    }
    try await Task.sleep(for: .milliseconds(100))
    withExtendedLifetime(first) {}
    first = nil
    try await alone.value
    try await newcomer.value
    #expect(order.names == ["alone", "shared"])
  }

  @Test("a holder that is killed: the lock is free")
  func killedHolder() async throws {
    let (lock, folder) = try lock()
    defer { try? FileManager.default.removeItem(at: folder) }
    // Makes the files.
    _ = try await lock.alone()
    let holder = Process()
    holder.executableURL = URL(filePath: "/usr/bin/env")
    holder.arguments = ["flock", "--exclusive", "\(folder.path)/unroll-test.lock", "sleep", "60"]
    try holder.run()
    for _ in 0..<100 {
      guard (try? await lock.shared(patience: .zero)) != nil else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    await #expect(throws: SandboxError.self) { try await lock.shared(patience: .zero) }
    // `flock` itself and what it started both hold it.
    let children = try String(
      contentsOfFile: "/proc/\(holder.processIdentifier)/task/\(holder.processIdentifier)/children", encoding: .utf8)
    for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, SIGKILL) }
    kill(holder.processIdentifier, SIGKILL)
    _ = try await lock.alone(patience: .seconds(5))
  }

  @Test("a link or a pipe in the place of the lock's file: refused, nothing is opened")
  func oddFiles() async throws {
    let (lock, folder) = try lock()
    defer { try? FileManager.default.removeItem(at: folder) }
    mkfifo("\(folder.path)/unroll-test-gate.lock", 0o666)
    await #expect(throws: SandboxError.self) { try await lock.shared(patience: .zero) }
    unlink("\(folder.path)/unroll-test-gate.lock")
    symlink("/etc/passwd", "\(folder.path)/unroll-test-gate.lock")
    await #expect(throws: SandboxError.self) { try await lock.shared(patience: .zero) }
  }

  @Test("a file that is cleared away while it is locked: the next holder locks the new one")
  func clearedAway() async throws {
    let (lock, folder) = try lock()
    defer { try? FileManager.default.removeItem(at: folder) }
    let old = try await lock.alone()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) { unlink("\(folder.path)/\(name)") }
    let new = try await lock.alone(patience: .zero)
    await #expect(throws: SandboxError.self) { try await lock.shared(patience: .zero) }
    withExtendedLifetime((old, new)) {}
  }

  @Test("a run that is alone: no other run of the machine overlaps it")
  func runsAlone() async throws {
    let program = try await SandboxProgram(
      """
      struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
      printf("%ld ", t.tv_sec * 1000000000L + t.tv_nsec); fflush(stdout);
      usleep(100000); clock_gettime(CLOCK_MONOTONIC, &t); printf("%ld", t.tv_sec * 1000000000L + t.tv_nsec);
      """)
    let spans = try await withThrowingTaskGroup(of: (isAlone: Bool, span: [Int]).self) { group in
      for number in 0..<6 {
        group.addTask {
          let result = try await program.run(isAlone: number == 2)
          return (number == 2, result.text.split(separator: " ").compactMap { Int($0) })
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(spans.allSatisfy { $0.span.count == 2 })
    let alone = try #require(spans.first { $0.isAlone }).span
    for (isAlone, span) in spans where !isAlone { #expect(span[1] <= alone[0] || alone[1] <= span[0]) }
  }
}

/// Who came first.
private final class Order: Sendable {
  private let list = Mutex<[String]>([])

  var names: [String] { list.withLock { $0 } }

  func append(_ name: String) { list.withLock { $0.append(name) } }
}
