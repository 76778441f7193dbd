// unroll reference

import ArgumentParser
import FoundationEssentials
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
    let url = URL(filePath: caseFile == "-" ? "/dev/stdin" : caseFile)
    guard let data = try? Data(contentsOf: url) else {
      throw Failure("`\(caseFile)` cannot be read; is the path right?")
    }
    do throws(CaseError) {
      let value = try CaseFile.read([UInt8](data), for: cell) { key in
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
}
