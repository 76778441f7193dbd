// What a folder of work looks like from outside: enough to see that something was saved, without reading it.

import Glibc
import SubmissionHost

/// The files of a submission by name, size and time.
///
/// Two equal states a moment apart mean that nobody wrote in between.
struct FolderState: Sendable, Equatable {
  private struct File: Equatable, Sendable {
    var node: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    init(_ status: stat) {
      node = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private var files: [String: File] = [:]
  /// Whether there is anything at the path.
  private(set) var exists = false

  /// Looks at a folder, or at a single file; only names that a submission may have count.
  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    exists = true
    guard status.st_mode & S_IFMT == S_IFDIR else {
      files[""] = File(status)
      return
    }
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    var looked = 0
    while looked < 10_000, let entry = readdir(folder) {
      looked += 1
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard !name.hasPrefix("."), name.hasSuffix(".swift") || Submission.isText(name) else { continue }
      if fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0 { files[name] = File(status) }
    }
  }
}
