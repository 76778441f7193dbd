// CellKit and the driver, compiled once per toolchain and kept in the user's cache, with a module cache already warm.

import FoundationEssentials
import Glibc
import Hashing
import Sandbox

/// Why the kit could not be built.
public struct KitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What failed, and the compiler's words where there are any.
  public var description: String
}

/// The compiled kit in its folder.
package struct Kit: Sendable {
  /// The folder on the host.
  package let folder: String
  /// SHA-256 of the sources, the same on every machine.
  package let sourceHash: String

  /// Where the kit lies inside the sandbox. A module cache is of use only at the path it was filled at.
  package static let insideRoot = "/kit"

  /// The modules, in the order of building.
  private static let modules = ["CellKit", "Wire", "SubmissionMain"]

  /// Raised when the way of building changes in a way that the flags do not show.
  private static let edition = "1"

  /// Flags that every compilation against the module cache shares; another set would miss it.
  static func commonFlags(_ toolchain: Toolchain, _ sandbox: Sandbox) -> [String] {
    [
      "-target", toolchain.target, "-disable-objc-interop", "-no-color-diagnostics", "-diagnostic-style", "llvm",
      "-resource-dir", toolchain.path(in: sandbox) + "/lib/swift",
    ]
  }

  /// Finds the kit in the cache, or builds it there.
  ///
  /// Safe when several processes come first at once: each builds in a folder of its own, one puts the kit's name to its
  /// folder first, the others take that one. Nothing is moved, because a module cache is of use only where it was
  /// filled, and without namespaces that is the path on the host.
  ///
  /// - Parameters:
  ///   - sources: the folder that holds `CellKit`, `Wire` and `SubmissionMain`.
  ///   - cache: the folder in which kits are kept.
  init(
    sources: URL, cache: String, toolchain: Toolchain, sandbox: Sandbox, warden: Warden,
    onBuild: (@Sendable () -> Void)?
  ) async throws {
    var files: [String: [Submission.File]] = [:]
    var digest = Digest()
    var sum = SHA256()
    digest.add(Self.edition + toolchain.identity + sandbox.mode.rawValue)
    // Where nothing is mounted the paths of the host are what the module cache was filled at.
    if sandbox.mode == .limits { digest.add(cache) }
    for module in Self.modules {
      files[module] = try Self.read(sources.appendingPathComponent(module).path)
      for file in files[module] ?? [] {
        digest.add(file.name)
        digest.add(file.bytes)
        sum.add(file.name)
        sum.add(file.bytes)
      }
    }
    sourceHash = sum.hexadecimal()
    let name = "\(cache)/kit-\(digest.hexadecimal)"
    if let known = Self.resolved(name) {
      folder = known
      return
    }
    onBuild?()
    do {
      try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    } catch {
      throw KitError(description: "the cache folder \(cache) cannot be made; set XDG_CACHE_HOME to one that can")
    }
    folder = try await Self.build(files, toolchain, sandbox, warden, name: name, in: cache)
  }

  /// The folder that a kit's name stands for, if there is one.
  private static func resolved(_ name: String) -> String? {
    guard access(name + "/CellKit.o", R_OK) == 0, let path = realpath(name, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  private static func build(
    _ files: [String: [Submission.File]], _ toolchain: Toolchain, _ sandbox: Sandbox, _ warden: Warden, name: String,
    in cache: String
  ) async throws -> String {
    let aside = try WorkFolder(prefix: "source", in: cache, warden: warden)
    let source = try aside.folder("source")
    let made = try WorkFolder(prefix: "kit", in: cache, warden: warden)
    // Links on the way to the cache are followed once, so that the path below is the one found later.
    guard let path = realpath(made.path, nil) else { throw KitError(description: "\(made.path) is gone") }
    defer { free(path) }
    let product = String(cString: path)
    let inside = sandbox.path(inside: Self.insideRoot, host: product)
    let sourceInside = sandbox.path(inside: "/kit-source", host: source)
    let mounts =
      toolchain.mounts(in: sandbox) + [
        sandbox.writable(product, at: Self.insideRoot), sandbox.readOnly(source, at: "/kit-source"),
        .scratch(inside: "/tmp", bytes: 64 << 20),
      ]

    func compile(_ arguments: [String], _ what: String) async throws {
      var request = SandboxRequest(
        program: toolchain.path(in: sandbox) + "/bin/swift-frontend", arguments: ["-frontend"] + arguments,
        environment: SubmissionBuild.environment(product, in: sandbox), mounts: mounts,
        workingDirectory: sourceInside, limits: SubmissionBuild.kitLimits)
      request.workFolder = aside.path
      request.makesFiles = true
      let result = await sandbox.run(request)
      guard case .exited(0) = result.ending else {
        let words = String(decoding: result.standardError.prefix(4_000), as: UTF8.self)
        throw KitError(description: "\(what) could not be compiled (\(result.ending)):\n\(words)")
      }
    }

    for module in Self.modules {
      let moduleSource = try aside.folder("source/\(module)")
      for file in files[module] ?? [] { try WorkFolder.write(file.bytes, to: "\(moduleSource)/\(file.name)") }
      // Without frame pointers a trap inside the kit would not name the learner's line.
      try await compile(
        ["-c"] + (files[module] ?? []).map { "\(module)/\($0.name)" }
          + [
            "-O", "-parse-as-library", "-module-name", module, "-swift-version", "6",
            "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature", "MemberImportVisibility",
            "-enable-upcoming-feature", "InternalImportsByDefault", "-Xcc", "-fno-omit-frame-pointer",
            "-I", inside, "-module-cache-path", "\(inside)/ModuleCache", "-no-serialize-debugging-options",
            "-emit-module-path", "\(inside)/\(module).swiftmodule", "-o", "\(inside)/\(module).o",
          ] + Self.commonFlags(toolchain, sandbox), module)
    }
    // Everything that a learner is likely to import is compiled once here, because a check may not write the cache.
    try WorkFolder.write(
      Array("import CellKit\nimport Foundation\nimport Glibc\nimport SubmissionMain\nimport Wire\n".utf8),
      to: "\(source)/Warm.swift"
    )
    try await compile(
      ["-typecheck", "Warm.swift"] + SubmissionBuild.languageFlags(kit: inside) + Self.commonFlags(toolchain, sandbox),
      "the module cache")
    try WorkFolder.seal(product)
    if symlink(product, name) == 0 {
      made.keep()
      return product
    }
    let reason = String(cString: strerror(errno))
    if let known = resolved(name) { return known }
    // A name whose folder somebody has cleared away: ours takes its place.
    let link = aside.path + "/link"
    guard symlink(product, link) == 0, rename(link, name) == 0 else {
      throw KitError(description: "\(name) cannot be put in place: \(reason)")
    }
    made.keep()
    return product
  }

  private static func read(_ folder: String) throws -> [Submission.File] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".swift") }
    guard !names.isEmpty else {
      throw KitError(description: "no Swift files in \(folder), where the kit's sources should be")
    }
    return try names.sorted().map { name in
      Submission.File(name: name, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
    }
  }

  /// Where kits are kept unless the caller says otherwise.
  ///
  /// The sandbox's unprivileged user has to reach the folder, which it cannot below root's home.
  package static var defaultCache: String {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/unroll" }
    return geteuid() == 0 ? "/var/cache/unroll" : NSHomeFolder.path + "/.cache/unroll"
  }
}

/// A key for the cache: two FNV-1a sums with different starts. Nothing depends on its being hard to forge.
private struct Digest {
  private var sums: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142)

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      sums.0 = (sums.0 ^ UInt64(byte)) &* 0x100_0000_01b3
      sums.1 = (sums.1 ^ UInt64(byte)) &* 0x1_0000_0000_01b3
    }
    // Two pieces are not the same as the two joined.
    sums.0 = (sums.0 ^ 0x1FF) &* 0x100_0000_01b3
  }

  mutating func add(_ text: String) { add(text.utf8) }

  var hexadecimal: String { String(sums.0, radix: 16) + String(sums.1, radix: 16) }
}
