// When a save counts as done: changed, at rest, and closed by whoever wrote it.

import Foundation
import Testing

@testable import Classroom
@testable import SubmissionHost

@Suite struct SaveWatcherTests {
  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "unroll-watch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private func text(_ result: Result<Submission, IntakeError>) throws -> String? {
    try result.get().files.first?.text
  }

  @Test func aFileThatIsStillOpenIsNotRead() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Cell.swift")
    try Data("first".utf8).write(to: file)
    let watcher = SaveWatcher(folder.path)
    #expect(try text(await watcher.next()) == "first")
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data("half ".utf8))
    // Much longer at rest than a save needs, but not closed.
    let writer = Task {
      try await Task.sleep(for: .milliseconds(900))
      try handle.write(contentsOf: Data("and whole".utf8))
      try handle.close()
    }
    #expect(try text(await watcher.next()) == "half and whole")
    try await writer.value
  }

  @Test func whatAnEditorPutsInPlaceIsSeen() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Cell.swift")
    try Data("old".utf8).write(to: file)
    let watcher = SaveWatcher(folder.path)
    #expect(try text(await watcher.next()) == "old")
    try Data("new".utf8).write(to: file, options: .atomic)
    #expect(try text(await watcher.next()) == "new")
    // Of the same length, and a moment later.
    try Data("now".utf8).write(to: file)
    #expect(try text(await watcher.next()) == "now")
  }

  @Test func waitingEndsWhenItIsCancelled() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path
    let waiting = Task {
      let watcher = SaveWatcher(path)
      _ = try await watcher.next()
      _ = try await watcher.next()
    }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }
}
