// unroll plot

import Diagnostics
import ArgumentParser
import FoundationEssentials
import Glibc
import GradientFlow
import Grading
import Recurrence
import Reports
import Sandbox
import Sheets
import SubmissionHost

struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Show how the gradient flows back through a cell.",
    discussion: """
      Random networks are drawn; a loss stands at the last step; the table has the norm of its gradient by every state at \
      every step, over all networks, and what theory says. Without an exercise: the plain, the residual, the LSTM and the \
      GRU cell.

      A VARIANT is made of these parts, joined by `+`, as in `--variant gaussian:1.2+forget:1`:

      \(Variant.grammar.map { "  " + $0.form.padded(to: 30) + $0.meaning }.joined(separator: "\n"))
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

  @Option(
    name: .customLong("variant"),
    help: ArgumentHelp("How networks are drawn and run; each variant is a series.", valueName: "variant"))
  var variants: [String] = []

  @Option(help: "The size of every state; 32, or 16 with a submission.")
  var hidden: Int?

  @Option(help: "The number of steps.")
  var steps = 100

  @Option(help: "The number of samples; 8, or 4 with a submission.")
  var batch: Int?

  @Option(
    name: .customLong("size"),
    help: ArgumentHelp("Another size than the sheet's, such as D=16.", valueName: "letter=number"))
  var otherSizes: [String] = []

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
    var experiment = Experiment(
      hidden: hidden ?? base.hidden, steps: steps, batch: batch ?? base.batch, seeds: seeds, firstSeed: seed)
    experiment.otherSizes = try readSizes(sheets)
    let experiments = try readVariants().map { variant in
      var one = experiment
      one.variant = variant
      return one
    }
    try checkQuantities(sheets)
    let owned = try submissions.map { try owner(of: $0, among: sheets) }
    let plan = (sheets: sheets, experiments: experiments, owned: owned)
    let progress = PlotProgress(networks: (sheets.count + owned.count) * experiments.count * seeds)
    let work = Task { await curves(plan.sheets, plan.experiments, plan.owned, progress) }
    let interruption = Interruption { work.cancel() }
    let (table, failure) = await work.value
    interruption.end()
    progress.end()
    for note in table.notes { Terminal.complain(note) }
    if let fault = (failure as? GradingError)?.machineFault {
      throw Failure("no curve of the submission, which is not its author's fault: \(Phrases(.english).reason(fault))")
    }
    if let failure, !(failure is CancellationError) { throw failure }
    if failure != nil {
      // Whole curves only: what is written is a table that can be read.
      if format == .csv, !table.rows.isEmpty { try Output.write(Array(table.csv.utf8), to: output) }
      let curves = table.rows.filter { $0.step == 0 }.count
      let fate = table.rows.isEmpty ? "nothing is written" : format == .csv ? "they are written" : "nothing is drawn"
      throw Failure("interrupted after \(curves) curves; \(fate)")
    }
    guard !table.rows.isEmpty else { throw Failure("no variant fits any of the cells") }
    try await write(table)
  }

  /// Runs everything; what was finished is there even where something failed.
  private func curves(
    _ sheets: [Sheet], _ experiments: [Experiment], _ owned: [(Sheet, String)], _ progress: PlotProgress
  ) async -> (FlowTable, (any Error)?) {
    var table = FlowTable()
    let wanted = quantities.isEmpty ? nil : quantities
    do {
      let reference = ReferenceRunner(threads: ProcessInfo.processInfo.activeProcessorCount)
      for sheet in sheets {
        guard let cell = sheet.cell else { continue }
        let label = name(of: sheet, among: sheets)
        for experiment in experiments {
          do {
            progress.begin("\(label), \(experiment.variant.name)")
            try await table.add(
              experiment, on: cell, named: label, quantities: wanted, with: reference, finished: progress.advance)
            if let saveCases { try save(experiment, try experiment.cell(for: cell), label, in: saveCases) }
          } catch let misfit as Experiment.DoesNotApply {
            table.note("\(label), \(experiment.variant.name): left out, for \(misfit)")
          }
        }
      }
      guard !owned.isEmpty else { return (table, nil) }
      let workbench = try await Installation.workbench(try course.contentRoot(), isolation)
      for (sheet, path) in owned {
        guard let cell = sheet.cell else { continue }
        let runner = try await SubmissionRunner(try Submission(at: path), of: sheet, with: workbench)
        let label = "\(name(of: sheet, among: sheets)) (\(path))"
        for experiment in experiments {
          guard !experiment.variant.changesTheCell else {
            table.note("\(label), \(experiment.variant.name): left out, for it changes what the submission has written")
            continue
          }
          do {
            progress.begin("\(label), \(experiment.variant.name)")
            try await table.add(
              experiment, on: cell, named: label, quantities: wanted, with: runner, finished: progress.advance)
          } catch let misfit as Experiment.DoesNotApply {
            table.note("\(label), \(experiment.variant.name): left out, for \(misfit)")
          }
        }
      }
      return (table, nil)
    } catch {
      // Ended by Ctrl-C, which breaks off a run of the submission as well.
      return (table, Task.isCancelled ? CancellationError() : error)
    }
  }

  private func readVariants() throws -> [Variant] {
    var read: [Variant] = []
    for text in variants.isEmpty ? [Variant.uniform.name] : variants {
      let variant: Variant
      do { variant = try Variant(text) } catch { throw Failure("--variant: \(error)") }
      if !read.contains(variant) { read.append(variant) }
    }
    return read
  }

  private func readSizes(_ sheets: [Sheet]) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    let known = Set(sheets.flatMap { sheet in sheet.cell.map { Array($0.declaration.sizes.keys) } ?? [] })
    for text in otherSizes {
      let pieces = text.split(separator: "=", omittingEmptySubsequences: false)
      guard pieces.count == 2, let number = Int(pieces[1]), (1...2_048).contains(number) else {
        throw Failure("--size is a letter and a number from 1 to 2048, as in D=16, not `\(text)`")
      }
      guard known.contains(String(pieces[0])) else {
        throw Failure("no cell here has a size `\(pieces[0])`; there are \(known.sorted().joined(separator: ", "))")
      }
      sizes[String(pieces[0])] = number
    }
    return sizes
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

  /// The name of a cell in the table: its own, with the exercise where two have one name.
  private func name(of sheet: Sheet, among sheets: [Sheet]) -> String {
    let cell = sheet.cell?.title ?? sheet.id
    return sheets.filter { $0.cell?.title == cell }.count == 1 ? cell : "\(cell) \(sheet.id)"
  }

  private func checkQuantities(_ sheets: [Sheet]) throws {
    let known = Set(sheets.flatMap { $0.cell?.quantities.states.map(\.swift) ?? [] }).union([FlowTable.jacobian])
    for quantity in quantities where !known.contains(quantity) {
      throw Failure("no cell here has a quantity `\(quantity)`; there are \(known.sorted().joined(separator: ", "))")
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
      let file = "\(name)-\(experiment.variant.name)-\(seed).json".map { $0 == "/" || $0 == " " ? "-" : String($0) }
        .joined()
      try Output.write(Array(text.utf8), to: "\(folder)/\(file)")
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
