// unroll render

import ArgumentParser
import Authoring
import Diagnostics
import Foundation
import GradientFlow
import Grading
import Pages
import Reports
import Sheets

struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Write the sheets as web pages that work without a network.",
    discussion:
      "The experiments of a sheet are run on its own equations and drawn by gnuplot, the graphs of the cells by Graphviz, where those are installed."
  )

  @Option(help: ArgumentHelp("The folder to write; made by an earlier render, empty or new.", valueName: "folder"))
  var output = "site"

  @Option(help: "Only this language.")
  var language: Language?

  @Option(help: ArgumentHelp("Where KaTeX lies.", valueName: "folder"))
  var katex = CoursePages.katexFolder

  @OptionGroup var course: CourseOptions

  func run() async throws {
    let library = SheetLibrary(try course.contentRoot())
    for broken in library.broken { Terminal.complain(Phrases(language ?? .english).told(broken.diagnostics)) }
    var pages = CoursePages(library, languages: language.map { [$0] } ?? Language.allCases, katex: katex)
    pages.figures = await figures(library)
    do { try await pages.drawGraphs() } catch { Terminal.complain("the pages have no drawings of the cells: \(error)") }
    let index = try pages.write(to: output)
    Terminal.complain("open \(index)")
    if !library.broken.isEmpty { throw ExitCode(2) }
  }

  /// The experiments of each sheet, drawn; what cannot be drawn is told and left out.
  private func figures(_ library: SheetLibrary) async -> [String: [Language: PageFigure]] {
    guard library.sheets.contains(where: { $0.tasks.contains { $0.kind.isExperiment } }) else { return [:] }
    let gnuplot: Gnuplot
    do { gnuplot = try Gnuplot() } catch {
      Terminal.complain("the pages have no plots, for gnuplot is not installed; install gnuplot-nox")
      return [:]
    }
    var figures: [String: [Language: PageFigure]] = [:]
    let runner = ReferenceRunner(threads: ProcessInfo.processInfo.activeProcessorCount)
    for sheet in library.sheets {
      do {
        guard let figure = try await SheetFigure(sheet, with: runner) else { continue }
        for language in Language.allCases {
          figures[sheet.id, default: [:]][language] = try await figure.drawn(language, by: gnuplot)
        }
      } catch { Terminal.complain("\(sheet.id): the page has no plot: \(error)") }
    }
    return figures
  }
}
