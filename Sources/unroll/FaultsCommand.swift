// unroll faults

import ArgumentParser
import Grading
import Reports
import Sheets

struct FaultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faults", abstract: "List the mistakes in a step's gradients that can be recognised.")

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Option(help: "The language of the list.")
  var language = Language.english

  @OptionGroup var course: CourseOptions

  func run() throws {
    let sheet = try course.sheet(exercise)
    guard let cell = sheet.cell else { throw Failure("the sheet of \(sheet.id) has no cell") }
    let phrases = Phrases(language)
    let lines = Diagnosis.catalogue(of: cell).map { "\($0.fault)\n    \(phrases.sentence($0))\n" }
    Terminal.write(Array(lines.joined().utf8))
    Terminal.complain("\(lines.count) mistakes")
  }
}
