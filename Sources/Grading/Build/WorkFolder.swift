// A folder of this process in the temporary folder, gone when nobody holds it any more.

import FoundationEssentials
import Glibc
import Synchronization

/// A new folder for one build; removed with the last reference unless it is kept.
final class WorkFolder: Sendable {
  let path: String
  private let isKept = Mutex(false)

  init(prefix: String = "unroll", in parent: String = FileManager.default.temporaryDirectory.path) throws {
    var template = Array("\(parent)/\(prefix)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw WorkError(description: "no folder can be made in \(parent): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The sandbox's unprivileged user reads the sources.
    chmod(path, 0o755)
  }

  /// Lets the folder outlive this value.
  func keep() { isKept.withLock { $0 = true } }

  deinit {
    if isKept.withLock({ $0 }) { return }
    try? FileManager.default.removeItem(atPath: path)
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
