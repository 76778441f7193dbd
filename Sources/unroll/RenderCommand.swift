// unroll render

import ArgumentParser
import Sheets

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Write the sheets as web pages that work without a network.")

  @Option(help: ArgumentHelp("The folder to write; made by an earlier render, empty or new.", valueName: "folder"))
  var output = "site"

  @Option(help: "Only this language.")
  var language: Language?

  @Option(help: ArgumentHelp("Where KaTeX lies.", valueName: "folder"))
  var katex = CoursePages.katexFolder

  @OptionGroup var course: CourseOptions

  func run() throws {
    let library = SheetLibrary(try course.contentRoot())
    for broken in library.broken { Terminal.complain("\(broken.diagnostics)") }
    let pages = CoursePages(library, languages: language.map { [$0] } ?? Language.allCases, katex: katex)
    let index = try pages.write(to: output)
    Terminal.complain("open \(index)")
    if !library.broken.isEmpty { throw ExitCode(2) }
  }
}
