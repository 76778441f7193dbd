// A class on disk: a folder with a sub-folder for each submission.

import Glibc

/// The submissions below a folder, by name.
public struct ClassFolder: Sendable {
  /// One submission.
  public struct Entry: Sendable, Hashable {
    /// The name of its folder.
    public let name: String
    /// Where it is.
    public let path: String
    /// Why it is none, where it cannot even be looked into.
    public let refusal: String?
  }

  /// Why a class cannot be read.
  public struct Unreadable: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The submissions in the order of their names, byte by byte.
  public let entries: [Entry]
  /// Names beside them that are no folders, such as a list of the class; hidden ones are not even listed.
  public let others: [String]

  /// Lists a class. Every sub-folder is a submission, but for hidden ones.
  ///
  /// - Throws: `Unreadable` where there is no such folder.
  public init(at path: String) throws(Unreadable) {
    guard let folder = opendir(path) else {
      throw Unreadable(description: "the class `\(path)` cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var entries: [Entry] = []
    var others: [String] = []
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if bytes.first == UInt8(ascii: ".") { continue }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        let shown = bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined()
        entries.append(
          Entry(name: shown, path: "\(path)/\(shown)", refusal: "the folder's name is no UTF-8; rename it"))
        continue
      }
      var status = stat()
      let place = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      guard fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: entries.append(Entry(name: name, path: place, refusal: nil))
      case S_IFLNK where Self.isFolder(place):
        entries.append(Entry(name: name, path: place, refusal: "“\(name)” is a link; put the folder itself there"))
      default: others.append(name)
      }
    }
    self.entries = entries.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    self.others = others.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
