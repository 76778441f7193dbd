// Where the sheets and everything else that is not code are found.

import Glibc

/// The folder that holds `exercises`, the kit's sources and what else `unroll` reads at run time.
///
/// Looked for in this order: an option, the environment variable `UNROLL_ROOT`, `share/unroll` beside the folder of the
/// executable, the checkout that the executable was built in, and upward from the working directory. An option or a variable that leads nowhere is an error; nothing
/// else is tried in its place.
public struct ContentRoot: Sendable, Hashable {
  /// How the folder was found.
  public enum Origin: String, Sendable, Hashable {
    case option, environment, installed, checkout, workingDirectory
  }

  /// The folder.
  public let path: String
  /// How it was found.
  public let origin: Origin

  /// The folder that holds one folder a sheet.
  public var exercises: String { path + "/exercises" }

  /// A root in a folder that is known to hold one.
  public init(path: String, origin: Origin = .option) {
    self.path = path
    self.origin = origin
  }

  /// No folder with `exercises` was found; says where it was looked for.
  public struct NotFound: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, and why it did not do, one line each.
    public let tried: [String]

    /// What was tried and what to do.
    public var description: String {
      "no folder with `exercises` found; tried\n"
        + tried.map { "  \($0)\n" }.joined()
        + "give the folder by --root or UNROLL_ROOT, or run unroll inside a checkout"
    }
  }

  /// Finds the root.
  ///
  /// - Parameters:
  ///   - option: What the person gave on the command line, if anything.
  ///   - environment: The value of `UNROLL_ROOT`, if it is set.
  ///   - executable: The path of the running program.
  ///   - workingDirectory: Where to start looking upward.
  /// - Throws: A list of what was tried.
  public static func find(
    option: String? = nil, environment: String? = variable("UNROLL_ROOT"), executable: String? = runningExecutable,
    workingDirectory: String? = currentDirectory
  ) throws(NotFound) -> ContentRoot {
    var tried: [String] = []
    func check(_ path: String, _ origin: Origin, _ how: String) -> ContentRoot? {
      var path = path
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if SourceFile.kind(path + "/exercises") == .directory {
        return ContentRoot(path: path == "/" ? "" : path, origin: origin)
      }
      let reason = SourceFile.kind(path) == .directory ? "has no folder `exercises`" : "is no folder"
      tried.append("\(path) (\(how)): \(reason)")
      return nil
    }
    if let option {
      if let root = check(absolute(option, from: workingDirectory), .option, "the option") { return root }
      throw NotFound(tried: tried)
    }
    if let environment, !environment.isEmpty {
      let path = absolute(environment, from: workingDirectory)
      if let root = check(path, .environment, "UNROLL_ROOT") { return root }
      throw NotFound(tried: tried)
    }
    if let executable, let bin = parent(of: executable), let prefix = parent(of: bin) {
      let path = (prefix == "/" ? "" : prefix) + "/share/unroll"
      if let root = check(path, .installed, "beside the program") { return root }
    }
    var above = executable.flatMap(parent)
    while let path = above, !path.hasSuffix("/.build") { above = parent(of: path) }
    if let build = above, let path = parent(of: build), let root = check(path, .checkout, "where the program was built")
    {
      return root
    }
    var folder = workingDirectory
    while let path = folder {
      if let root = check(path, .workingDirectory, "the working directory and above") { return root }
      folder = parent(of: path)
    }
    throw NotFound(tried: tried)
  }

  /// The path of the running program, links resolved.
  public static var runningExecutable: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// The working directory.
  public static var currentDirectory: String? { SourceFile.workingDirectory }

  /// An environment variable.
  public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func absolute(_ path: String, from folder: String?) -> String {
    path.hasPrefix("/") ? path : (folder ?? ".") + "/" + path
  }

  private static func parent(of path: String) -> String? {
    guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
