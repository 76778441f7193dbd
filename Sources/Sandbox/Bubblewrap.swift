// The program that makes the namespaces, and what the one on this machine can do.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An installed bubblewrap.
public struct Bubblewrap: Sendable, Equatable {
  /// Absolute path of `bwrap`.
  public let path: String
  /// As `bwrap --version` says it: `0.8.0`.
  public let version: String
  private let numbers: [Int]

  /// Finds `bwrap` on a search path or in the usual folders, and asks for its version.
  ///
  /// - Throws: `SandboxError` where there is none, or one that is too old: 0.5 is the first that makes a copied file
  ///   executable.
  public init(searchPath: String? = nil) throws(SandboxError) {
    let searchPath = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = searchPath.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
    let candidates = folders.filter { $0.hasPrefix("/") }.map { $0 + "/bwrap" }
    guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw SandboxError(
        "bubblewrap (bwrap) is not installed; install it with 'apt-get install bubblewrap', "
          + "or use '--isolation limits' and read what it leaves open")
    }
    self.path = path
    let words = try Self.output(of: path, "--version").split(whereSeparator: \.isWhitespace)
    version = words.last.map(String.init) ?? ""
    numbers = version.split(separator: ".").prefix(2).compactMap { Int($0.prefix(while: \.isNumber)) }
    guard words.first == "bubblewrap", numbers.count == 2 else {
      throw SandboxError("'\(path) --version' answers '\(words.joined(separator: " "))', which names no version")
    }
    guard isAtLeast(0, 5) else {
      throw SandboxError("bubblewrap \(version) at '\(path)' is too old; 0.5 or a later one is needed")
    }
  }

  private func isAtLeast(_ major: Int, _ minor: Int) -> Bool { !numbers.lexicographicallyPrecedes([major, minor]) }

  /// Whether it can keep the inside from making user namespaces (`--disable-userns`). The filter refuses them as well.
  var limitsNesting: Bool { isAtLeast(0, 8) }

  /// Whether it bounds the size of a folder in memory (`--size`).
  var sizesScratch: Bool { isAtLeast(0, 7) }

  /// The options of `launch` about it.
  var launcherArguments: [String] {
    ["--bubblewrap", path] + (limitsNesting ? ["--nested-limit"] : []) + (sizesScratch ? ["--sized-scratch"] : [])
  }

  /// What a program that ends at once writes.
  private static func output(of path: String, _ argument: String) throws(SandboxError) -> String {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw SandboxError("no pair of sockets can be made: \(String(cString: strerror(errno)))")
    }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup(argument), nil]
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, nil, &arguments, &environment)
    close(ends[1])
    guard error == 0 else { throw SandboxError("'\(path)' cannot be started: \(String(cString: strerror(error)))") }
    var bytes = [UInt8](repeating: 0, count: 256), length = 0
    while length < bytes.count {
      let count = read(ends[0], &bytes[length], bytes.count - length)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      length += count
    }
    while waitpid(process, nil, 0) < 0 && errno == EINTR {}
    return String(decoding: bytes[..<length], as: UTF8.self)
  }
}
