// What root may have that a run has not.

import Foundation
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct RootTests {
  @Test(
    "root with a supplementary group, and a cache that only this group may enter: graded, and the kit is found",
    .enabled(if: getuid() == 0))
  func supplementaryGroups() async throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    let (cache, temporary) = (scratch.appending(path: "cache"), scratch.appending(path: "temporary"))
    for folder in [cache, temporary] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: scratch) }
    chmod(cache.path, 0o750)
    let honest = try HostileSubmission("zeros-for-small-gradients.swift")
    let folder = scratch.appending(path: "submission")
    try honest.write(to: folder, mark: "hostile-unroll")
    let process = HostileRun.grader(honest, folder, format: "json", temporary: temporary)
    process.environment?["XDG_CACHE_HOME"] = cache.path
    process.arguments = ["--groups", "0", process.executableURL!.path] + process.arguments!
    process.executableURL = URL(filePath: "/usr/bin/setpriv")
    let output = scratch.appending(path: "out")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: output)) as? [String: Any]
    #expect(json?["score"] as? Double == 30)
  }
}
