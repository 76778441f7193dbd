// unroll show

import ArgumentParser
import Diagnostics
import Sheets

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a sheet in the terminal.")

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Option(help: "The language of the sheet.")
  var language: Language?

  @Option(help: ArgumentHelp("Show this hint, counted from 1.", valueName: "number"))
  var hint: Int?

  @OptionGroup var course: CourseOptions

  func run() throws {
    var language = language ?? .preferred()
    let sheet = try course.sheet(exercise, in: language)
    // Only a language that was asked for is insisted on.
    if self.language == nil, sheet.text(language) == nil { language = .english }
    let terminal = TerminalText(width: Terminal.width, hasColor: Terminal.hasColour, name: exercise)
    guard sheet.text(language) != nil else {
      throw Failure("`\(sheet.id)` has no sheet in this language yet; it has one in English")
    }
    if let hint {
      guard let text = terminal.hint(hint, of: sheet, language: language) else {
        let count = sheet.text(language)?.hints.count ?? 0
        throw Failure(
          count == 0
            ? "`\(sheet.id)` has no hints"
            : "`\(sheet.id)` has \(count) hints, counted from 1; there is no hint \(hint)")
      }
      Terminal.write(Array(text.utf8))
    } else if let text = terminal.text(sheet, language: language) {
      Terminal.write(Array(text.utf8))
    }
  }
}
