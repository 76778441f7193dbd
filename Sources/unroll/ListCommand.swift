// unroll list

import ArgumentParser
import Diagnostics
import Reports
import Sheets

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the exercises in the order in which they build on each other.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
  }

  @Option(help: "How to write the list.")
  var format = Format.text

  @Option(help: "The language of the titles.")
  var language = Language.preferred()

  @OptionGroup var course: CourseOptions

  func run() throws {
    let library = SheetLibrary(try course.contentRoot())
    // One bad sheet hides no other, and is not hidden itself.
    for broken in library.broken { Terminal.complain(Phrases(language).told(broken.diagnostics)) }
    let list = SheetList(library, language: language, progress: Progress(in: "."))
    let text =
      switch format {
      case .text: list.text(width: Terminal.width)
      case .json: list.json
      case .csv: list.csv
      }
    Terminal.write(Array(text.utf8))
    if library.sheets.isEmpty, !library.broken.isEmpty { throw ExitCode(2) }
  }
}
