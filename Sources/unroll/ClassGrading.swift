// unroll grade --class: options, and the way from a folder of submissions to lines, files and a gradebook.

import ArgumentParser
import Classroom
import FoundationEssentials
import Grading
import Reports
import Sheets

struct ClassOptions: ParsableArguments {
  @Option(name: .customLong("class"), help: ArgumentHelp("Grade every sub-folder of this folder.", valueName: "folder"))
  var folder: String?

  @Option(help: ArgumentHelp("How many submissions are graded at a time; as many as processors.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Leave alone what the gradebook has and what has not changed since.")
  var resume = false

  @Flag(help: "With --resume, try again also what is held for a person after three tries without a grade.")
  var retryHeld = false

  @Option(
    help: ArgumentHelp("Keep the grades in this SQLite file; gradebook.sqlite below --output.", valueName: "file"))
  var gradebook: String?

  @Option(help: ArgumentHelp("Grade only part i of n; the parts never overlap.", valueName: "i/n"))
  var shard: Shard?

  /// Refuses what makes no sense together.
  func check(output: String?, seed: UInt64?) throws {
    guard folder != nil else {
      let extra = [
        ("--jobs", jobs != nil), ("--resume", resume), ("--retry-held", retryHeld), ("--gradebook", gradebook != nil),
      ]
      if let (name, _) = (extra + [("--shard", shard != nil)]).first(where: \.1) {
        throw ValidationError("`\(name)` needs --class, the folder of the submissions")
      }
      return
    }
    if retryHeld, !resume { throw ValidationError("`--retry-held` needs --resume; without it everything is tried") }
    if let jobs, jobs < 1 { throw ValidationError("`--jobs \(jobs)`: at least one at a time") }
    if resume, gradebook == nil, output == nil {
      throw ValidationError("`--resume` needs the gradebook to go on with: give --gradebook or --output")
    }
    if shard != nil, seed == nil {
      throw ValidationError("`--shard` needs --seed, the same for all parts, or their grades could not be compared")
    }
  }

  /// The file of the gradebook; nil where none is kept.
  func gradebookPath(output: String?) -> String? { gradebook ?? output.map { "\($0)/gradebook.sqlite" } }
}

/// One run over a class.
struct ClassGrading {
  let options: ClassOptions
  let output: String?
  let seed: UInt64?
  let document: GradeDocument

  func run(_ members: ClassFolder, _ exercise: String, _ grader: Grader) async throws {
    let entries = members.entries.filter { options.shard?.contains($0.name) ?? true }
    if !members.others.isEmpty {
      let names = members.others.prefix(3).joined(separator: ", ") + (members.others.count > 3 ? " …" : "")
      Terminal.complain("no folders, and so not looked at: \(members.others.count) (\(TextReport.oneLine(names)))")
    }
    let files = try ClassFiles(folder: output, exercise: exercise, document: document)
    let gradebook = try Gradebook(at: options.gradebookPath(output: output))
    let known = options.resume ? try gradebook.lastSeed(exercise: exercise) : nil
    let seed = seed ?? known ?? UInt64.random(in: 1...999_999)
    let run = ClassRun(
      grader, gradebook: gradebook, reporting: files, seed: seed,
      jobs: options.jobs ?? ProcessInfo.processInfo.activeProcessorCount, resumes: options.resume,
      retriesHeld: options.retryHeld)
    let display = ClassDisplay(entries: entries, language: document.language)
    let work = Task { try await run.grade(entries) { display.tell($0) } }
    let interruption = Interruption { work.cancel() }
    let result = await work.result
    interruption.end()
    display.end()
    if case .failure(let error) = result {
      guard error is CancellationError else { throw error }
      let kept = options.gradebookPath(output: output).map { "; --resume with `\($0)` goes on" } ?? ""
      throw Failure("interrupted after \(display.done) of \(entries.count) submissions\(kept)")
    }
    try writeTables(entries, gradebook, files, display.summary, exercise)
    Terminal.write(Array(Workflow.harmless(display.summary.text(seed: seed)).utf8))
    let without = display.summary.ungraded + display.summary.held
    if without > 0 {
      throw Failure("\(without) of \(entries.count) submissions could not be graded; see their lines")
    }
    if display.summary.full < entries.count { throw ExitCode(1) }
  }

  /// `grades.csv` and `faults.csv`, read back from the gradebook line by line.
  private func writeTables(
    _ entries: [ClassFolder.Entry], _ gradebook: Gradebook, _ files: ClassFiles, _ summary: ClassSummary,
    _ exercise: String
  ) throws {
    guard output != nil else { return }
    let names = entries.map(\.name)
    let table = try GradeTable.csv(of: names, in: gradebook, exercise: exercise)
    try files.write(table: table, named: "grades.csv")
    try files.write(table: summary.csv, named: "faults.csv")
  }
}
