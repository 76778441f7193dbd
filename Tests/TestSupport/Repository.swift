// Where tests find the course, their own files and the programs that were built.

public import Foundation

/// The checkout that these tests were built from.
public enum Repository {
  public static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent()
  public static let root = tests.deletingLastPathComponent()

  /// The folder of the built products, in which the test bundle lies too.
  public static let products: URL = {
    let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    for start in [URL(filePath: CommandLine.arguments[0]), executable] {
      var folder = start.deletingLastPathComponent()
      while folder.path != "/" {
        if FileManager.default.isExecutableFile(atPath: folder.appending(path: "unroll").path) { return folder }
        folder = folder.deletingLastPathComponent()
      }
    }
    return executable.deletingLastPathComponent()
  }()

  public static var launcher: URL { products.appending(path: "launch") }

  /// Locks of this process alone: a test that waits for a grader blocks the thread on which a run in here goes on.
  public static let locks: URL = {
    let folder = products.appending(path: "test-locks")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }()
}
