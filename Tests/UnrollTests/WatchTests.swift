// unroll watch as a learner uses it: started, saved into, interrupted.

import Foundation
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct WatchTests {
  @Test func gradesEachSaveAndSaysWhatChanged() async throws {
    let scratch = try Scratch()
    let solution = try String(
      contentsOf: Repository.root.appending(path: "solutions/rnn-step/Cell.swift"), encoding: .utf8)
    let wrong = solution.replacingOccurrences(of: "1 - cache.h", with: "2 - cache.h")
    #expect(wrong != solution)
    let file = try scratch.file("mine/Cell.swift", wrong)
    let output = scratch.url.appending(path: "output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = Repository.products.appending(path: "unroll")
    process.arguments = ["watch", "rnn-step", scratch.url.appending(path: "mine").path, "--seed", "3"]
    process.currentDirectoryURL = Repository.root
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    defer { if process.isRunning { process.terminate() } }

    func text() throws -> String { try String(contentsOf: output, encoding: .utf8) }
    func wait(for count: Int) async throws {
      // As long as it takes on a busy machine; a failure is told by what is there.
      for _ in 0..<1200 where try text().components(separatedBy: "waiting for the next save").count <= count {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    try await wait(for: 1)
    #expect(!(try text()).contains("Everything checked is right."))
    try Data(solution.utf8).write(to: URL(filePath: file))
    try await wait(for: 2)
    #expect(try text().contains("Everything checked is right."))
    #expect(try text().contains("since last time: +") && text().contains("now right: backward"))
    // A save without a change is no news.
    try Data(solution.utf8).write(to: URL(filePath: file))
    try await Task.sleep(for: .milliseconds(700))
    #expect(try text().components(separatedBy: "waiting for the next save").count == 3)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }

  @Test func aFolderThatIsNotThereIsToldAtOnce() throws {
    let run = try Run("watch", "rnn-step", "/nonexistent")
    #expect(run.code == 2 && run.error.contains("/nonexistent"))
  }
}
