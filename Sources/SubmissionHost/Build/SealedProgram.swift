// The program that was linked is the program that runs.

import Glibc
import Hashing
import Sandbox

/// A linked program: open since it was sealed, known by its hash, and started by its descriptor.
///
/// Whoever comes to the folder later may put another file under its name, which nobody opens any more; whoever comes to
/// the file itself is found out by the hash.
package final class SealedProgram: Sendable {
  private let descriptor: Int32
  private let hash: String

  /// Opens what the linker left: nothing but a file of its own, with no second name.
  ///
  /// - Throws: `WorkError` where something else has its name.
  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1
    else {
      if descriptor >= 0 { close(descriptor) }
      throw WorkError(description: "the linker left no program")
    }
    do { hash = try Self.hash(descriptor) } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The path by which a child of this process can open the file.
  var pathForChild: String { "/proc/\(getpid())/fd/\(descriptor)" }

  /// Whether it still is what was linked.
  var isUnchanged: Bool { (try? Self.hash(descriptor)) == hash }

  private static func hash(_ descriptor: Int32) throws -> String {
    var sum = SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    while true {
      let count = pread(descriptor, &block, block.count, offset)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw WorkError(description: "a program cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return sum.hexadecimal() }
      sum.update(block[..<count])
      offset += count
    }
  }
}
