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
  /// A folder of the host that can also be written; given to the unprivileged user when `unroll` runs as root.
  case writable(host: String, inside: String)
  /// An empty folder in memory, gone after the run, with a bound on its size in bytes.
  case scratch(inside: String, bytes: Int)
  /// A symbolic link.
  case symbolicLink(inside: String, target: String)
}

extension Mount {
  /// What a dynamically linked program needs of the system: the loader, its cache and the libraries.
  ///
  /// Not the whole of /usr: exercises and solutions may be installed under its `share`.
  public static let system: [Mount] =
    ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"].flatMap { mounts(showing: $0) }

  /// What the compiler and the linker need besides `system` and the toolchain: the C headers.
  public static let headers: [Mount] = mounts(showing: "/usr/include")

  /// Shows a file or folder of the host read-only where it stands, a symbolic link as the same link; nothing if it
  /// is not there.
  public static func mounts(showing path: String) -> [Mount] {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink(path, &target, Int(PATH_MAX))
    if length > 0 {
      let text = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return [.symbolicLink(inside: path, target: text)]
    }
    return access(path, F_OK) == 0 ? [.readOnly(host: path, inside: path)] : []
  }
}
