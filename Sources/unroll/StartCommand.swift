// unroll start

import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc
import Grading
import Sheets
import SubmissionHost

struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Begin an exercise: a starter, and what an editor needs to know its types.",
    discussion: "Files that are there already are left as they are.")

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Option(help: ArgumentHelp("Where to put it; otherwise a folder with the exercise's name.", valueName: "folder"))
  var into: String?

  @Option(help: "The language of what is written for reading.")
  var language = Language.preferred()

  @OptionGroup var course: CourseOptions

  func run() throws {
    let sheet = try course.sheet(exercise, in: language)
    let folder = into ?? sheet.id
    let kit = try Installation.kitSources(try course.contentRoot())
    let starter = try Starter(sheet, kitSources: kit, language: language)
    var status = stat()
    if stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
      throw Failure("`\(folder)` is a file; name a folder with --into")
    }
    var written: [String] = []
    var kept: [String] = []
    let notes = Submission.File(name: Progress.folder + "/best", bytes: Array(Progress.heading.utf8))
    for file in starter.files + [notes] {
      let path = "\(folder)/\(file.name)"
      do {
        if try Self.create(path, file.bytes) { written.append(file.name) } else { kept.append(file.name) }
      } catch {
        throw Failure("`\(path)` cannot be written: \(error)")
      }
    }
    func isShown(_ name: String) -> Bool { !name.hasPrefix("CellKit/") && !name.hasPrefix(Progress.folder) }
    let shown = written.filter(isShown)
    if !shown.isEmpty { Terminal.complain("\(folder): \(shown.joined(separator: ", "))") }
    let keptShown = kept.filter(isShown)
    if !keptShown.isEmpty { Terminal.complain("left as they are: \(keptShown.joined(separator: ", "))") }
    let name = into == nil && !exercise.contains("/") ? sheet.id : exercise
    let own = starter.files.map(\.name).filter { $0 == "Cell.swift" || $0 == "derivation.md" }
    Terminal.complain(
      "Write \(own.map { "\(folder)/\($0)" }.joined(separator: " and ")), then: unroll grade \(name) \(folder)")
  }

  /// Writes a file unless there is something of that name.
  ///
  /// - Returns: whether it was written.
  private static func create(_ path: String, _ bytes: [UInt8]) throws -> Bool {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0, errno == EEXIST { return false }
    guard descriptor >= 0 else { throw Failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    Terminal.write(bytes, to: descriptor)
    return true
  }
}
