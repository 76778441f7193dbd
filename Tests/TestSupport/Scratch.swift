// A folder for one test.

public import Foundation

/// A temporary folder that is removed when the test is over.
public final class Scratch: Sendable {
  public let url = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")

  public init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with the folders above it.
  ///
  /// - Returns: its path.
  public func file(_ name: String, _ text: String) throws -> String {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}
