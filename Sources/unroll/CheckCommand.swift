// unroll check

import ArgumentParser
import Authoring
import Diagnostics
import FoundationEssentials
import Glibc
import Grading
import Recurrence
import Reports
import Sandbox
import Sheets

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "For authors: is a sheet ready to be handed out?",
    discussion: """
      Each sheet is read; both languages must agree in headings, formulas and code; what they link to must be there; \
      its gradients are held against differences of its own forward pass; its goals must be derivatives that its cell has, \
      its answers and bounds must earn their own tasks, its values must be finite, and its cell must reach what it \
      requires; what it needs must be there; its starter must compile and earn nothing; its model solution, in `solutions` beside `exercises`, must get full marks; hints must be there. The ids under \
      `faults`, for which a sheet has words of its own, must be those of mistakes that are told by these names, in both \
      languages.
      """)

  @Argument(help: "Ids of exercises, or paths of sheets; all exercises without one.")
  var exercises: [String] = []

  @Option(help: "How many seeds the model solution is graded with.")
  var seeds = 3

  @Option(help: "The language in which a sheet that cannot be read is told of.")
  var language = Language.preferred()

  @Option(help: "How submissions are isolated.")
  var isolation = IsolationMode.namespaces

  @OptionGroup var course: CourseOptions

  func run() async throws {
    let root = try course.contentRoot()
    var sheets: [Sheet] = []
    var troubles = 0
    if exercises.isEmpty {
      let library = SheetLibrary(root)
      sheets = library.sheets
      for broken in library.broken { Terminal.complain(Phrases(language).told(broken.diagnostics)) }
      troubles = library.broken.count
    } else {
      for name in exercises { sheets.append(try course.sheet(name, in: language)) }
    }
    let library = SheetLibrary(root)
    let workbench = try await Installation.workbench(root, isolation)
    for sheet in sheets {
      let readiness = await Readiness(
        of: sheet, in: library, with: workbench, kitSources: try Installation.kitSources(root),
        solutions: Self.solutions(of: sheet), seeds: seeds)
      Terminal.write(Array("\(readiness.isReady ? "✓" : "✗") \(sheet.id)\n".utf8))
      for finding in readiness.findings {
        let mark = finding.status == .good ? "✓" : finding.status == .note ? "–" : "✗"
        Terminal.write(Array("  \(mark) \(finding.text)\n".utf8))
      }
      troubles += readiness.isReady ? 0 : 1
    }
    if troubles > 0 { throw ExitCode(1) }
  }

  /// The folder of model solutions beside the one of exercises; nil where there is none, as in an installation.
  private static func solutions(of sheet: Sheet) -> URL? {
    let folder = URL(filePath: sheet.file).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "solutions")
    return access(folder.path, R_OK) == 0 ? folder : nil
  }
}
