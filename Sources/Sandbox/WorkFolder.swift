// A folder of this process in the temporary folder, gone when nobody holds it any more.

import FoundationEssentials
package import Glibc
import Synchronization

/// A new folder for one build; removed with the last reference unless it is kept.
package final class WorkFolder: Sendable {
  package let path: String
  private let isKept = Mutex(false)
  private let warden: Warden?

  /// - Parameter warden: removes the folder also where this process is killed.
  package init(
    prefix: String = "unroll", in parent: String = FileManager.default.temporaryDirectory.path, warden: Warden? = nil
  ) throws {
    path = "\(parent)/\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    self.warden = warden
    try warden?.watch(path)
    // Nobody else comes in; where root grades, `launch` lets in the user of a run for as long as it lasts.
    guard mkdir(path, 0o700) == 0 else {
      let reason = String(cString: strerror(errno))
      warden?.release(path)
      throw WorkError(description: "no folder can be made in \(parent): \(reason)")
    }
  }

  /// Lets the folder outlive this value and this process.
  package func keep() {
    isKept.withLock { $0 = true }
    warden?.release(path)
  }

  deinit {
    if isKept.withLock({ $0 }) { return }
    try? FileManager.default.removeItem(atPath: path)
    warden?.release(path)
  }

  package func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The user of a run reads what is in it, whatever mask we were started with.
    chmod(folder, 0o755)
    return folder
  }

  /// Takes what was made in the sandbox away from the user who made it, and lets everybody read it.
  ///
  /// No process of that user is left. Links are not followed, and what is neither a file nor a folder is removed.
  package static func seal(_ path: String, files mode: mode_t = 0o644) throws {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0,
      [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    else {
      if descriptor >= 0 { close(descriptor) }
      unlink(path)
      return
    }
    defer { close(descriptor) }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard fchown(descriptor, geteuid(), getegid()) == 0, fchmod(descriptor, isFolder ? 0o755 : mode) == 0 else {
      throw WorkError(description: "\(path) cannot be sealed: \(String(cString: strerror(errno)))")
    }
    guard isFolder else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try seal("\(path)/\(name)", files: mode)
    }
  }

  package static func write(_ bytes: [UInt8], to path: String) throws {
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
package struct WorkError: Error, CustomStringConvertible {
  package var description: String

  package init(description: String) { self.description = description }
}
