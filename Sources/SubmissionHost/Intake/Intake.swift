// Takes a submission in by an allow-list: regular Swift files and a derivation, nothing through a link, all bounded.

import Diagnostics
import Glibc
import Markdown
import Sheets

/// Why a submission could not be taken in.
public enum IntakeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is nothing at this path, or it cannot be opened.
  case unreadable(path: String, reason: String)
  /// The path is neither a folder, nor a Swift file, nor a Markdown text.
  case notASubmission(path: String)
  /// Under an allowed name lies a link, a device or another thing that is no regular file.
  case notARegularFile(name: String)
  /// Two names are equal but for upper and lower case.
  case namesDifferByCase(String, String)
  /// More names in the folder than are looked at.
  case tooManyNames(limit: Int)
  /// More files than are taken.
  case tooManyFiles(limit: Int)
  /// A file, or all of them together, hold more bytes than are taken.
  case tooLarge(name: String, limit: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "“\(path)” cannot be read: \(reason)"
    case .notASubmission(let path):
      "“\(path)” is no submission; give a folder with Cell.swift, a Swift file, or a text such as derivation.md"
    case .notARegularFile(let name):
      "“\(name)” is a link or a device; a submission holds regular files, so put the file itself there"
    case .namesDifferByCase(let first, let second):
      "“\(first)” and “\(second)” are equal but for upper and lower case; rename one"
    case .tooManyNames(let limit):
      "the folder holds more than \(limit) names; give one that holds the submission and little else"
    case .tooManyFiles(let limit): "more than \(limit) Swift files; put the cell into fewer"
    case .tooLarge(let name, let limit): "“\(name)” is too large; there may be \(limit) bytes"
    }
  }
}

extension IntakeError {
  /// Whether its author can put the submission right; a file that cannot be opened may be the machine's fault.
  public var isTheLearners: Bool {
    if case .unreadable = self { false } else { true }
  }
}

extension Submission {
  /// How much is taken in.
  enum Bound {
    static let files = 32
    static let bytes = 1 << 20
    /// Bytes of a derivation: every line of it is tested on drawn networks, and a page or two is what a learner writes.
    static let derivation = 64 << 10
    /// Markdown texts that are looked at where none is called derivation.md.
    static let texts = 32
    /// Names in a folder that are looked at.
    static let names = 10_000
    /// Names left out that are listed one by one.
    static let listed = 50
  }

  /// Names that the grader writes itself.
  package static let generatedNames: Set<String> = ["Interface.swift", "UnrollMain.swift", "Package.swift"]

  /// Takes in a folder, or a single file.
  ///
  /// - Throws: `IntakeError`.
  public init(at path: String) throws(IntakeError) {
    self.init(files: [])
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR {
      try takeFolder(descriptor, path)
      return
    }
    defer { close(descriptor) }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard kind == S_IFREG, Self.isText(name) || Self.isAllowed(name) else { throw .notASubmission(path: path) }
    var total = 0
    if Self.isText(name) {
      derivation = try file(name, descriptor, &total, limit: Bound.derivation)
    } else {
      files.append(try file(name, descriptor, &total))
    }
  }

  private mutating func leaveOut(_ name: String, _ reason: String, _ unlisted: inout Int) {
    if leftOut.count < Bound.listed { leftOut.append(LeftOut(name: name, reason: reason)) } else { unlisted += 1 }
  }

  private mutating func takeFolder(_ descriptor: Int32, _ path: String) throws(IntakeError) {
    guard let folder = fdopendir(descriptor) else {
      close(descriptor)
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    var names: [String] = []
    var unlisted = 0
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      let name = String(decoding: bytes, as: UTF8.self)
      // What `unroll start` keeps beside the work is no part of it.
      if name == "." || name == ".." || name == Progress.folder { continue }
      if names.count == Bound.names { throw .tooManyNames(limit: Bound.names) }
      // A name that is no UTF-8 cannot be asked for by the text made of it.
      if Array(name.utf8) == bytes { names.append(name) } else { leaveOut(name, "the name is no UTF-8", &unlisted) }
    }
    defer {
      if unlisted > 0 { leftOut.append(LeftOut(name: "…", reason: "\(unlisted) more")) }
    }
    var taken: [String: String] = [:]
    var texts: [String] = []
    var total = 0
    for name in names.sorted() {
      if Self.isText(name), !Self.isDerivation(name), Self.reasonToLeaveOut(name) == nil {
        texts.append(name)
        continue
      }
      if let reason = Self.reasonToLeaveOut(name) {
        leaveOut(name, reason, &unlisted)
        continue
      }
      var status = stat()
      guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        throw .unreadable(path: name, reason: String(cString: strerror(errno)))
      }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(name: name) }
      if let other = taken.updateValue(name, forKey: name.lowercased()) { throw .namesDifferByCase(other, name) }
      if taken.count > Bound.files { throw .tooManyFiles(limit: Bound.files) }
      // A file may have become something else since: no link is followed, and what was opened is looked at again.
      let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      guard file >= 0 else { throw .unreadable(path: name, reason: String(cString: strerror(errno))) }
      defer { close(file) }
      guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(name: name) }
      if Self.isDerivation(name) {
        derivation = try self.file(name, file, &total, limit: Bound.derivation)
      } else {
        files.append(try self.file(name, file, &total))
      }
    }
    chooseDerivation(among: texts, in: descriptor, &unlisted)
    leftOut.sort { $0.name < $1.name }
  }

  /// Takes the only text with displayed mathematics as the derivation, where none is called so.
  private mutating func chooseDerivation(among texts: [String], in folder: Int32, _ unlisted: inout Int) {
    var found: [File] = []
    for (index, name) in texts.enumerated() {
      guard derivation == nil else {
        leaveOut(name, "derivation.md is the derivation", &unlisted)
        continue
      }
      var status = stat()
      let descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      defer { if descriptor >= 0 { close(descriptor) } }
      guard index < Bound.texts, descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
      else {
        leaveOut(name, index < Bound.texts ? "a link or a device" : "one text too many", &unlisted)
        continue
      }
      var total = 0
      guard let file = try? file(name, descriptor, &total, limit: Bound.derivation) else {
        leaveOut(name, "too large for a derivation", &unlisted)
        continue
      }
      if file.hasDisplayedMathematics {
        found.append(file)
      } else {
        leaveOut(name, "no displayed mathematics", &unlisted)
      }
    }
    if found.count == 1 { derivation = found[0] }
    guard found.count > 1 else { return }
    possibleDerivations = found.map(\.name)
    for file in found { leaveOut(file.name, "not the only text with displayed mathematics", &unlisted) }
  }

  /// Reads a file to its end, as far as there is room.
  private func file(
    _ name: String, _ descriptor: Int32, _ total: inout Int, limit: Int = Bound.bytes
  ) throws(IntakeError) -> File {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: name, reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes += chunk[..<count]
      total += count
      if total > Bound.bytes { throw .tooLarge(name: name, limit: Bound.bytes) }
      if bytes.count > limit { throw .tooLarge(name: name, limit: limit) }
    }
    return File(name: name, bytes: bytes)
  }

  private static func isAllowed(_ name: String) -> Bool { name.hasSuffix(".swift") && reasonToLeaveOut(name) == nil }

  /// Whether a name is that of a Markdown text, which may be a derivation.
  package static func isText(_ name: String) -> Bool { name.lowercased().hasSuffix(".md") }

  private static func isDerivation(_ name: String) -> Bool { name.lowercased() == "derivation.md" }

  /// Why a name is not taken, or nil when it is.
  private static func reasonToLeaveOut(_ name: String) -> String? {
    if name.hasPrefix(".") { return "hidden" }
    if name == "Package.swift" { return "for the editor" }
    if generatedNames.contains(name) { return "unroll makes its own" }
    if !name.hasSuffix(".swift"), !isText(name) { return "neither Swift nor a derivation" }
    // The compiler would read such a name as an option or a place.
    if name.hasPrefix("-") || name.hasPrefix("@") || name.contains(":")
      || name.unicodeScalars.contains(where: { !isPrinted($0) })
    {
      return "the name holds a character that a compiler or a reader takes otherwise"
    }
    return nil
  }

  /// Whether a character shows as itself: a control character or a change of direction makes one name look like another.
  private static func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    default: true
    }
  }
}

extension Submission.File {
  /// Whether a text has mathematics that stands by itself, as a derivation has; one that is never closed counts too.
  fileprivate var hasDisplayedMathematics: Bool {
    do {
      return try Markdown(SourceText(name: name, text: text), readsLatex: true).math.contains { $0.form == .display }
    } catch { return true }
  }
}
