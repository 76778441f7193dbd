// Where tests find the course, their own files and the programs that were built.

public import Foundation

/// The checkout that these tests were built from.
public enum Repository {
  public static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent()
  public static let root = tests.deletingLastPathComponent()

  /// The folder of the built products, which holds the test bundle too.
  public static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  public static var launcher: URL { products.appending(path: "launch") }

  /// For the locks of this process. With the machine's, a run in here would wait for a grader that a test has started, while
  /// that test blocks the thread on which the run is to go on.
  public static let locks: URL = {
    let folder = products.appending(path: "test-locks")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }()
}
