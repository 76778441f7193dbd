// unroll reference

import ArgumentParser
import Glibc
import Recurrence
import Sheets

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Compute a sheet's equations and their gradients on numbers of your own.")

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Option(name: .customLong("case"), help: ArgumentHelp("The case as JSON; - for standard input.", valueName: "file"))
  var caseFile: String

  @OptionGroup var course: CourseOptions

  func run() throws {
    let sheet = try course.sheet(exercise)
    guard let cell = sheet.cell else { throw Failure("the sheet of \(sheet.id) has no cell") }
    let name = caseFile == "-" ? "standard input" : caseFile
    guard let bytes = Self.read(caseFile) else { throw Failure("`\(caseFile)` cannot be read; is the path right?") }
    do throws(CaseError) {
      let value = try CaseFile.read(bytes, for: cell) { key in
        Terminal.complain("\(name): \(key) is not a quantity of \(sheet.id); ignored")
      }
      let recurrence = Recurrence(cell, sizes: try cell.sizes(of: value))
      recurrence.forward(value)
      let gradients = recurrence.backward(value.upstream)
      Terminal.write(Array((CaseFile.text(of: recurrence.outputs(), gradients, for: cell) + "\n").utf8))
    } catch {
      throw Failure("\(name): \(error)")
    }
  }

  /// The bytes of a file, or of standard input; of what never ends one more than a case may have.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= CaseFile.sizeLimit {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
