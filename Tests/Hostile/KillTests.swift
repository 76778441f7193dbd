// A grader that is killed leaves nothing behind, and the next one gives the same score.

import Foundation
import TestSupport
import Testing

/// `make hostile` kills 40 times; the run in `make test` a few times.
@Suite(.serialized, .tier(.test), .timed) struct KillTests {
  private static let kills = ProcessInfo.processInfo.environment["UNROLL_KILLS"].flatMap { Int($0) } ?? 8
  private static let width = 4
  /// What may be at work when the grader is killed.
  private static let submissions = ["daemon", "fork-bomb", "sleeps", "memory-bomb", "hundreds-of-functions"]

  @Test func killedGradersLeaveNothing() async throws {
    let honest = try HostileSubmission("zeros-for-small-gradients.swift")
    let score = try await KilledRun(honest, number: 9_000, after: nil).score
    #expect(score == 30)
    var generator = Sequence64(state: 20_260_121)
    let moments = (0..<Self.kills).map { _ in Double(generator.next() % 1_500) / 1_000 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, moment) in moments.enumerated() {
        if number >= Self.width { _ = try await group.next() }
        let name = Self.submissions[number % Self.submissions.count]
        group.addTask {
          let killed = try await KilledRun(HostileSubmission("\(name).swift"), number: 9_100 + number, after: moment)
          #expect(killed.left.isEmpty, "\(name), killed after \(moment) s, left \(killed.left)")
          let again = try await KilledRun(honest, number: 9_500 + number, after: nil)
          #expect(again.score == score && again.left.isEmpty, "\(again.left)")
        }
      }
      try await group.waitForAll()
    }
    #expect(Machine.groups().isEmpty, "\(Machine.groups())")
  }

  /// The kit is built in the cache, and a half of one must not stay there.
  @Test func aGraderKilledWhileItBuildsTheKitLeavesNothing() async throws {
    for moment in [0.3, 1.5] {
      let honest = try HostileSubmission("zeros-for-small-gradients.swift")
      let killed = try await KilledRun(honest, number: 9_900, after: moment, hasOwnCache: true)
      #expect(killed.left.isEmpty, "\(killed.left)")
    }
  }
}

/// One grade that is killed, or let come to its end.
private struct KilledRun {
  var left: [String] = []
  var score: Double?

  init(_ submission: HostileSubmission, number: Int, after moment: Double?, hasOwnCache: Bool = false) async throws {
    let mark = "hostile-" + String("00000\(number)".suffix(6))
    let scratch = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    let temporary = scratch.appending(path: "temporary")
    let cache = scratch.appending(path: "cache")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let folder = scratch.appending(path: "submission")
    try submission.write(to: folder, mark: mark)
    let output = scratch.appending(path: "out")
    try Data().write(to: output)

    let process = HostileRun.grader(submission, folder, format: "json", temporary: temporary)
    if hasOwnCache { process.environment?["XDG_CACHE_HOME"] = cache.path }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { return done.resume(throwing: error) }
      if let moment {
        let number = process.processIdentifier
        Thread.detachNewThread {
          Thread.sleep(forTimeInterval: moment)
          if process.isRunning { kill(number, SIGKILL) }
        }
      }
    }
    if moment == nil, let data = try? Data(contentsOf: output) {
      score = (try? JSONSerialization.jsonObject(with: data) as? [String: Any])?["score"] as? Double
    }
    // What was at work feels the end of the grader, ends, and is cleared away.
    for _ in 0..<50 {
      left = Machine.leftovers(of: mark, temporary: temporary) + Machine.processes(of: scratch.path)
      if hasOwnCache {
        left += ((try? FileManager.default.contentsOfDirectory(atPath: cache.path + "/unroll")) ?? []).map {
          "file \($0)"
        }
      }
      if left.isEmpty { break }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}

/// A generator that gives the same moments every time (splitmix64).
private struct Sequence64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
