// Files that somebody is writing at this moment, as the kernel tells it.

import Glibc
import SubmissionHost

/// Follows a folder through inotify: a file that was written to and not closed since is half written.
///
/// Size and time alone cannot tell a slow writer from a finished one. Where inotify does not reach, as with a folder of
/// another machine, nothing is ever open here and the times decide alone.
final class OpenWriters {
  private let descriptor: Int32
  private var open: Set<String> = []

  /// Follows a folder, or the folder of a single file.
  init(at path: String) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { return }
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let folder = isFolder ? path : parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
    let events = IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE
    _ = inotify_add_watch(descriptor, folder, UInt32(events))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The files that are being written, after everything that has happened up to now.
  func current() -> Set<String> {
    guard descriptor >= 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return open }
      buffer.withUnsafeBytes { bytes in
        var start = 0
        let header = MemoryLayout<inotify_event>.size
        while start + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
          let name = bytes[(start + header)..<min(count, start + header + Int(event.len))].prefix { $0 != 0 }
          note(event.mask, String(decoding: name, as: UTF8.self))
          start += header + Int(event.len)
        }
      }
    }
  }

  private func note(_ mask: UInt32, _ name: String) {
    // What was lost is not known, so nothing is taken for open: the times decide.
    if mask & UInt32(IN_Q_OVERFLOW) != 0 { open = [] }
    guard name.hasSuffix(".swift") || Submission.isText(name), !name.hasPrefix(".") else { return }
    if mask & UInt32(IN_MODIFY) != 0 { open.insert(name) } else { open.remove(name) }
  }
}
