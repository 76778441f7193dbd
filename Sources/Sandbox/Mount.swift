// What of the host's files a run can see, and where.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One piece of the file system that a run sees; everything else is absent.
///
/// In `IsolationMode.limits` nothing is mounted: `host` and `inside` must be equal there, and scratch folders are not
/// made. `Sandbox.path(inside:host:)` gives the right path for either mode.
public enum Mount: Sendable, Hashable {
  /// A file or folder of the host that can be read and executed.
  case readOnly(host: String, inside: String)
  /// A copy of a file of the host: a mounted one would show where it is on the host.
  case copied(host: String, inside: String)
  /// A folder of the host that can also be written; given to the unprivileged user when `unroll` runs as root.
  case writable(host: String, inside: String)
  /// An empty folder in memory, gone after the run, with a bound on its size in bytes.
  case scratch(inside: String, bytes: Int)
  /// A symbolic link.
  case symbolicLink(inside: String, target: String)
}

extension Mount {
  /// What a program needs of the system: the loader with its cache, the C library's parts, and what Swift's runtime and
  /// Foundation are linked with. Nothing else of the system's folders is shown.
  public static let runtime: [Mount] = {
    #if arch(arm64)
      let (architecture, loader) = ("aarch64", "/lib/ld-linux-aarch64.so.1")
    #else
      let (architecture, loader) = ("x86_64", "/lib64/ld-linux-x86-64.so.2")
    #endif
    let own = "\(architecture)-linux-gnu"
    let folders = ["/lib/\(own)", "/usr/lib/\(own)", "/lib64", "/usr/lib64", "/lib"]
    let libraries = [
      "libc.so.6", "libm.so.6", "libmvec.so.1", "libgcc_s.so.1", "libstdc++.so.6",
      // Parts of the C library that were files of their own until glibc 2.34.
      "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1",
    ]
    let files: [String] = libraries.compactMap { name in
      folders.map { folder in "\(folder)/\(name)" }.first { access($0, R_OK) == 0 }
    }
    var mounts: [Mount] = []
    for mount in ([loader, "/etc/ld.so.cache"] + files).flatMap({ way(to: $0) }) where !mounts.contains(mount) {
      mounts.append(mount)
    }
    return mounts
  }()

  /// What the compiler and the linker need of the system: their own libraries, and those that they link with.
  ///
  /// Not the whole of /usr: exercises and solutions may be installed under its `share`.
  public static let system: [Mount] =
    ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"].flatMap { mounts(showing: $0) }

  /// What the compiler and the linker need besides `system` and the toolchain: the C headers.
  public static let headers: [Mount] = mounts(showing: "/usr/include")

  /// Shows a file or folder of the host read-only where it stands, a symbolic link as the same link; nothing if it
  /// is not there.
  public static func mounts(showing path: String) -> [Mount] {
    if let target = target(of: path) { return [.symbolicLink(inside: path, target: target)] }
    return access(path, F_OK) == 0 ? [.readOnly(host: path, inside: path)] : []
  }

  /// Shows a file of the host read-only, with every symbolic link on the way to it; nothing if it is not there.
  package static func way(to path: String) -> [Mount] {
    guard access(path, F_OK) == 0 else { return [] }
    var links: [Mount] = []
    var found = ""
    var rest = path.split(separator: "/").map(String.init)[...]
    while let name = rest.popFirst() {
      if name == "." { continue }
      if name == ".." {
        found = found.lastIndex(of: "/").map { String(found[..<$0]) } ?? ""
        continue
      }
      guard let target = target(of: "\(found)/\(name)") else {
        found += "/\(name)"
        continue
      }
      links.append(.symbolicLink(inside: "\(found)/\(name)", target: target))
      // The kernel follows no longer chain than this one.
      guard links.count <= 40 else { return [] }
      if target.hasPrefix("/") { found = "" }
      rest = (target.split(separator: "/").map(String.init) + rest)[...]
    }
    return links + [.readOnly(host: found, inside: found)]
  }

  private static func target(of path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink(path, &target, Int(PATH_MAX))
    return length > 0 ? String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}

extension Sandbox {
  /// A file or folder of the host to be read at a path of our choice, or at its own where nothing is mounted.
  package func readOnly(_ host: String, at inside: String) -> Mount {
    .readOnly(host: host, inside: path(inside: inside, host: host))
  }

  /// A folder of the host to be written at a path of our choice, or at its own where nothing is mounted.
  package func writable(_ host: String, at inside: String) -> Mount {
    .writable(host: host, inside: path(inside: inside, host: host))
  }
}
