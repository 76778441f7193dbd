// A folder of this process in the temporary folder, gone when nobody holds it any more.

import FoundationEssentials
import Glibc
import Synchronization

/// A new folder for one build; removed with the last reference unless it is kept.
final class WorkFolder: Sendable {
  let path: String
  private let isKept = Mutex(false)
  private let warden: Warden?

  /// - Parameter warden: removes the folder also where this process is killed.
  init(
    prefix: String = "unroll", in parent: String = FileManager.default.temporaryDirectory.path, warden: Warden? = nil
  ) throws {
    path = "\(parent)/\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    self.warden = warden
    try warden?.watch(path)
    guard mkdir(path, 0o755) == 0 else {
      let reason = String(cString: strerror(errno))
      warden?.release(path)
      throw WorkError(description: "no folder can be made in \(parent): \(reason)")
    }
    // The sandbox's unprivileged user reads the sources, whatever mask we were started with.
    chmod(path, 0o755)
  }

  /// Lets the folder outlive this value and this process.
  func keep() {
    isKept.withLock { $0 = true }
    warden?.release(path)
  }

  deinit {
    if isKept.withLock({ $0 }) { return }
    try? FileManager.default.removeItem(atPath: path)
    warden?.release(path)
  }

  func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    chmod(folder, 0o755)
    return folder
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else {
      throw WorkError(description: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw WorkError(description: "\(path) cannot be written: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// A file or folder of ours that could not be made.
struct WorkError: Error, CustomStringConvertible {
  var description: String
}
