// Standard output and error, and what they are connected to.

import FoundationEssentials
import Glibc
import Sheets

enum Terminal {
  /// Whether standard output is a terminal that wants colour.
  static var hasColour: Bool {
    isatty(1) != 0 && getenv("NO_COLOR") == nil && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// Whether standard output is a terminal.
  static var isOutput: Bool { isatty(1) != 0 }

  /// The columns of the terminal; 80 where that is unknown, 100 at most, for long lines read badly.
  static var width: Int {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
    return min(Int(size.ws_col), 100)
  }

  /// Writes a line to standard error.
  static func complain(_ message: String) { write(Array((message + "\n").utf8), to: 2) }

  /// Writes bytes as they are; a reader that has gone away ends the program quietly, as it does for other programs.
  static func write(_ bytes: [UInt8], to descriptor: Int32 = 1) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 { rest = rest.dropFirst(written) } else if errno != EINTR { return }
    }
  }
}

/// Something that could not be done, in words for the person who asked.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Where results go: standard output, or a file that nothing is lost by writing.
enum Output {
  /// Writes a result.
  ///
  /// A file that is there already is replaced only if it is empty or begins as the result does, which an earlier
  /// result of the same kind would; anything else may be somebody's work.
  static func write(_ bytes: [UInt8], to path: String?) throws {
    guard let path else { return Terminal.write(bytes) }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 {
      let old = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
      guard old.prefix(12).elementsEqual(bytes.prefix(12)) else {
        throw Failure("`\(path)` is there already and is no earlier result; choose another name or move it away")
      }
    }
    do {
      try Data(bytes).write(to: URL(filePath: path))
    } catch {
      throw Failure("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
    }
  }
  /// Whether two paths name one file that is there.
  static func isSameFile(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
