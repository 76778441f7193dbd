// Where this machine's Swift lies: the frontend, the linker and what they read.

public import FoundationEssentials
import Glibc
package import Sandbox

/// Why no toolchain could be used.
public struct ToolchainError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is missing, where it was looked for, what to do.
  public var description: String
}

/// A Swift toolchain by its parts, found without starting it.
public struct Toolchain: Sendable, Equatable {
  /// The toolchain's `usr` folder.
  public let root: URL
  /// What tells one toolchain from another: path, size and time of the frontend.
  let identity: String

  /// The architecture as a target triple has it.
  let architecture: String

  /// The folder of the system's own libraries for this architecture.
  let systemLibraries: String

  /// Finds the toolchain of `swiftc`: the one given, else the first on the search path.
  ///
  /// - Throws: `ToolchainError` when there is none, or a part is missing.
  public init(swiftc: String? = nil, searchPath: String? = ProcessInfo.processInfo.environment["PATH"]) throws {
    guard let compiler = swiftc ?? Self.find("swiftc", in: searchPath ?? "") else {
      throw ToolchainError(
        description: "no swiftc on the search path \(searchPath ?? ""); install Swift from https://swift.org/install")
    }
    root = try Self.root(of: compiler)
    let frontend = root.appendingPathComponent("bin/swift-frontend").path
    for part in [frontend, root.path + "/bin/ld.lld", root.path + "/lib/swift/linux/libswiftCore.so"]
    where access(part, R_OK) != 0 {
      throw ToolchainError(description: "the toolchain of \(compiler) has no \(part); install Swift from swift.org")
    }
    var status = stat()
    stat(frontend, &status)
    identity = "\(frontend) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    #if arch(arm64)
      architecture = "aarch64"
    #else
      architecture = "x86_64"
    #endif
    let folders = ["/usr/lib/\(architecture)-linux-gnu", "/usr/lib64", "/usr/lib"]
    guard let libraries = folders.first(where: { access($0 + "/Scrt1.o", R_OK) == 0 }) else {
      throw ToolchainError(
        description:
          "no Scrt1.o in \(folders.joined(separator: ", ")); install the C library's development files (libc6-dev)")
    }
    systemLibraries = libraries
  }

  /// The target triple.
  package var target: String { "\(architecture)-unknown-linux-gnu" }

  private static func find(_ name: String, in searchPath: String) -> String? {
    searchPath.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The `usr` folder to which a compiler belongs.
  private static func root(of compiler: String) throws -> URL {
    guard let resolved = realpath(compiler, nil) else {
      throw ToolchainError(description: "\(compiler) is not there; give the path of swiftc")
    }
    defer { free(resolved) }
    let root = URL(fileURLWithPath: String(cString: resolved)).deletingLastPathComponent().deletingLastPathComponent()
    if access(root.path + "/bin/swift-frontend", X_OK) == 0 { return root }
    // swiftly puts a program of its own in swiftc's place; the toolchain in use is named in its configuration.
    let home = ProcessInfo.processInfo.environment["SWIFTLY_HOME_DIR"] ?? NSHomeFolder.path + "/.local/share/swiftly"
    if let data = try? Data(contentsOf: URL(fileURLWithPath: home + "/config.json")),
      let configuration = try? JSONDecoder().decode(SwiftlyConfiguration.self, from: data)
    {
      let root = URL(fileURLWithPath: "\(home)/toolchains/\(configuration.inUse)/usr")
      if access(root.path + "/bin/swift-frontend", X_OK) == 0 { return root }
    }
    throw ToolchainError(
      description:
        "no swift-frontend beside \(String(cString: resolved)); put the toolchain's own bin folder on the PATH")
  }

  private struct SwiftlyConfiguration: Decodable { var inUse: String }
}

/// The home folder of the user.
enum NSHomeFolder {
  static var path: String { ProcessInfo.processInfo.environment["HOME"] ?? "/" }
}

extension Toolchain {
  /// Where the toolchain lies inside the sandbox.
  package static let insideRoot = "/toolchain"

  package func path(in sandbox: Sandbox) -> String { sandbox.path(inside: Self.insideRoot, host: root.path) }

  /// What the compiler and the linker see of the machine.
  func mounts(in sandbox: Sandbox) -> [Mount] {
    Mount.system + Mount.headers + [sandbox.readOnly(root.path, at: Self.insideRoot)]
  }

  /// What a compiled program sees of the toolchain: the runtime libraries, and the program that writes crash reports.
  func runtimeMounts(in sandbox: Sandbox) -> [Mount] {
    ["/lib/swift/linux", "/libexec/swift/linux"].map { sandbox.readOnly(root.path + $0, at: Self.insideRoot + $0) }
  }
}
