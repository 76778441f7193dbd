// Reads a file that a person wrote: bounded, as UTF-8, with a place for what is wrong in it.

import Diagnostics
import Glibc

/// A text file of bounded size.
package enum SourceFile {
  /// How long a sheet may be, in bytes.
  static let sizeLimit = 512 * 1024

  /// Reads a file, which is named in messages as a person would name it from the working directory.
  static func read(_ path: String) throws(DiagnosticList) -> SourceText {
    let name = displayName(path)
    func refusal(_ message: Message, text: String = "", at offset: Int = 0) -> DiagnosticList {
      DiagnosticList([Diagnostic(message, in: SourceText(name: name, text: text), at: offset..<offset)])
    }
    func unreadable() -> DiagnosticList {
      // The system's words are a kind of their own.
      refusal("the file cannot be read: \(Message(stringLiteral: String(cString: strerror(errno))))")
    }
    // Not blocking, so that a pipe in the place of a sheet does not stop everything.
    let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw unreadable() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw refusal("this is no file") }
    guard status.st_size <= sizeLimit else {
      throw refusal("the file has \(status.st_size) bytes; a sheet has at most \(sizeLimit)")
    }
    // One byte more than it says, so that a file that grows is read to its end.
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress?.advanced(by: count), $0.count - count) }
      guard got >= 0 else { throw unreadable() }
      if got == 0 { break }
      count += got
      if count == bytes.count, count <= sizeLimit { bytes += [UInt8](repeating: 0, count: sizeLimit + 1 - count) }
    }
    guard count <= sizeLimit else { throw refusal("the file is longer than \(sizeLimit) bytes, the most a sheet has") }
    bytes.removeSubrange(count...)
    // A byte order mark says nothing in UTF-8.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if let zero = bytes.firstIndex(of: 0) {
      let text = String(decoding: bytes.prefix(zero), as: UTF8.self)
      throw refusal("a byte 0 stands here; save the sheet as plain UTF-8 text", text: text, at: text.utf8.count)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refusal(
        "the text is not UTF-8 from here on; save it in UTF-8", text: String(decoding: bytes, as: UTF8.self),
        at: validPrefix(bytes))
    }
    return SourceText(name: name, text: text)
  }

  /// How many bytes are valid UTF-8.
  private static func validPrefix(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { count += UTF8.width(scalar) }
    return count
  }

  /// A path as seen from the working directory.
  static func displayName(_ path: String) -> String {
    guard let here = workingDirectory, here != "/", path.hasPrefix(here + "/") else { return path }
    return String(path.dropFirst(here.utf8.count + 1))
  }

  /// The directory that relative paths start from.
  static var workingDirectory: String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// What a path leads to.
  package enum Kind {
    case file, directory, nothing
  }

  package static func kind(_ path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  /// The names in a directory, sorted; nil where it cannot be read.
  package static func names(in path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
