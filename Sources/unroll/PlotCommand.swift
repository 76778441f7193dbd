// unroll plot

import ArgumentParser
import FoundationEssentials
import Glibc
import GradientFlow
import Grading
import Recurrence
import Sheets

struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Show how the gradient flows back through a cell.",
    discussion: """
      Random networks are drawn, each parameter from U(-1/√H, 1/√H); a loss stands at the last step; the table has the \
      norm of its gradient by every state at every step. Without an exercise: the plain, the residual, the LSTM and the \
      GRU cell.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, svg, png, terminal
  }

  @Argument(help: "Ids of exercises, or paths of sheets.")
  var exercises: [String] = []

  @Option(
    name: .customLong("submission"),
    help: ArgumentHelp(
      "Also this submission's cell, run in isolation; EXERCISE=PATH where it is not clear whose it is.",
      valueName: "path"))
  var submissions: [String] = []

  @Option(
    name: .customLong("quantity"),
    help: ArgumentHelp("Only the gradient by this state, such as h or c.", valueName: "state"))
  var quantities: [String] = []

  @Option(help: "The size of every state; 32, or 16 with a submission.")
  var hidden: Int?

  @Option(help: "The number of steps.")
  var steps = 100

  @Option(help: "The number of samples; 8, or 4 with a submission.")
  var batch: Int?

  @Option(help: "How many networks are drawn.")
  var seeds = 20

  @Option(help: "The seed of the first network.")
  var seed: UInt64 = 1

  @Option(help: "How to write the curves.")
  var format = Format.csv

  @Option(help: ArgumentHelp("Write to this file.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Also write every network as a case for `unroll reference`.", valueName: "folder"))
  var saveCases: String?

  @Option(help: "How submissions are isolated.")
  var isolation = IsolationMode.namespaces

  @OptionGroup var course: CourseOptions

  func validate() throws {
    for (name, value, limit) in [
      ("--steps", steps, 10_000), ("--seeds", seeds, 10_000), ("--hidden", hidden ?? 1, 2_048),
      ("--batch", batch ?? 1, 2_048),
    ]
    where !(1...limit).contains(value) {
      throw ValidationError("\(name) is from 1 to \(limit), not \(value)")
    }
  }

  static let defaultExercises = ["rnn-step", "nndl-6-3", "nndl-6-4", "nndl-6-5"]

  func run() async throws {
    var sheets: [Sheet] = []
    for name in exercises.isEmpty ? Self.defaultExercises : exercises {
      let sheet = try course.sheet(name)
      guard sheet.cell != nil else { throw Failure("the sheet of \(sheet.id) has no cell to plot") }
      sheets.append(sheet)
    }
    let base = submissions.isEmpty ? Experiment() : Experiment.forSubmissions
    let experiment = Experiment(
      hidden: hidden ?? base.hidden, steps: steps, batch: batch ?? base.batch, seeds: seeds, firstSeed: seed)
    try checkQuantities(sheets)
    let owned = try submissions.map { try owner(of: $0, among: sheets) }

    var table = FlowTable()
    let wanted = quantities.isEmpty ? nil : quantities
    let reference = ReferenceRunner(threads: ProcessInfo.processInfo.activeProcessorCount)
    for sheet in sheets {
      guard let cell = sheet.cell else { continue }
      try await table.add(
        experiment, on: cell, named: name(of: sheet, among: sheets), quantities: wanted, with: reference)
      if let saveCases { try save(experiment, cell, name(of: sheet, among: sheets), in: saveCases) }
    }
    if !owned.isEmpty {
      let workbench = try await Installation.workbench(try course.contentRoot(), isolation)
      for (sheet, path) in owned {
        guard let cell = sheet.cell else { continue }
        let runner = try await SubmissionRunner(try Submission(at: path), of: sheet, with: workbench)
        let label = "\(name(of: sheet, among: sheets)) (\(path))"
        try await table.add(experiment, on: cell, named: label, quantities: wanted, with: runner)
      }
    }
    for note in table.notes { Terminal.complain(note) }
    try await write(table)
  }

  private func write(_ table: FlowTable) async throws {
    let picture: Gnuplot.Format
    switch format {
    case .csv: return try Output.write(Array(table.csv.utf8), to: output)
    case .svg: picture = .svg
    case .png: picture = .png
    case .terminal: picture = .terminal
    }
    if format == .png, output == nil, isatty(1) != 0 {
      throw Failure("a PNG does not belong on a terminal; use --output")
    }
    try Output.write(try await Gnuplot().draw(table, format: picture, width: Terminal.width), to: output)
  }

  /// The name of a cell in the table: that of its type, with the exercise where two have one type.
  private func name(of sheet: Sheet, among sheets: [Sheet]) -> String {
    let cell = sheet.cell?.name ?? sheet.id
    return sheets.filter { $0.cell?.name == cell }.count == 1 ? cell : "\(cell) \(sheet.id)"
  }

  private func checkQuantities(_ sheets: [Sheet]) throws {
    let known = Set(sheets.flatMap { $0.cell?.quantities.states.map(\.swift) ?? [] })
    for quantity in quantities where !known.contains(quantity) {
      throw Failure("no cell here has a state `\(quantity)`; there are \(known.sorted().joined(separator: ", "))")
    }
  }

  /// Whose cell a submission is: as EXERCISE=PATH says, the only exercise, or the only one whose type it declares.
  private func owner(of argument: String, among sheets: [Sheet]) throws -> (Sheet, String) {
    if let sign = argument.firstIndex(of: "="), let sheet = sheets.first(where: { $0.id == argument[..<sign] }) {
      return (sheet, String(argument[argument.index(after: sign)...]))
    }
    if sheets.count == 1 { return (sheets[0], argument) }
    let text = try Submission(at: argument).files.map(\.text).joined(separator: "\n")
    let fitting = sheets.filter { sheet in text.contains("struct \(sheet.cell?.name ?? ""):") }
    guard fitting.count == 1 else {
      throw Failure("it is not clear which exercise `\(argument)` belongs to; write --submission EXERCISE=\(argument)")
    }
    return (fitting[0], argument)
  }

  /// Writes each network of an experiment to a file of its own.
  private func save(_ experiment: Experiment, _ cell: Cell, _ name: String, in folder: String) throws {
    do {
      try FileManager.default.createDirectory(at: URL(filePath: folder), withIntermediateDirectories: true)
    } catch { throw Failure("`\(folder)` cannot be made: \(String(cString: strerror(errno)))") }
    for seed in experiment.networkSeeds {
      let text = CaseFile.text(of: experiment.network(of: cell, seed: seed), for: cell) + "\n"
      let file = "\(name)-\(Experiment.variant)-\(seed).json".map { $0 == "/" || $0 == " " ? "-" : String($0) }.joined()
      try Output.write(Array(text.utf8), to: "\(folder)/\(file)")
    }
  }
}
