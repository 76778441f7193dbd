// unroll check

import ArgumentParser
import FoundationEssentials
import Glibc
import Grading
import Recurrence
import Sheets

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "For authors: is a sheet ready to be handed out?",
    discussion: """
      Each sheet is read; its gradients are held against differences of its own forward pass; its starter must compile and \
      must not pass; its model solution, in `solutions` beside `exercises`, must get full marks; hints must be there.
      """)

  @Argument(help: "Ids of exercises, or paths of sheets; all exercises without one.")
  var exercises: [String] = []

  @Option(help: "How many seeds the model solution is graded with.")
  var seeds = 3

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
      for broken in library.broken { Terminal.complain("\(broken.diagnostics)") }
      troubles = library.broken.count
    } else {
      for name in exercises { sheets.append(try course.sheet(name)) }
    }
    let workbench = try await Installation.workbench(root, isolation)
    for sheet in sheets {
      let findings = try await check(sheet, root, workbench)
      let isReady = findings.allSatisfy { !$0.isTrouble }
      Terminal.write(Array("\(isReady ? "✓" : "✗") \(sheet.id)\n".utf8))
      for finding in findings {
        Terminal.write(Array("  \(finding.isTrouble ? "✗" : "✓") \(finding.text)\n".utf8))
      }
      troubles += isReady ? 0 : 1
    }
    if troubles > 0 { throw ExitCode(1) }
  }

  private struct Finding {
    let isTrouble: Bool
    let text: String
  }

  /// The largest error of differences that counts as agreement: they are that inexact themselves.
  private static let differenceTolerance = 1e-7

  private func check(_ sheet: Sheet, _ root: ContentRoot, _ workbench: Workbench) async throws -> [Finding] {
    var findings: [Finding] = []
    func tell(_ holds: Bool, _ good: String, _ bad: String) {
      findings.append(Finding(isTrouble: !holds, text: holds ? good : bad))
    }
    let hints = sheet.hints.count
    tell(hints > 0, "\(hints) hints", "no `## Hint` section")
    tell(sheet.points == 100, "100 points", "the tasks have \(sheet.points) points in total, not 100")
    if let cell = sheet.cell {
      var letters = cell.declaration.sizes
      letters["N"] = letters["N"] ?? 2
      let errors = cell.differenceErrors(Sizes(letters, steps: 3), seed: 1)
      let worst = errors.max { $0.error < $1.error }
      let isRight = errors.allSatisfy { $0.error < Self.differenceTolerance }
      tell(
        isRight, "gradients agree with differences",
        "the gradient by \(worst?.name ?? "?") is off by \(worst?.error ?? 0)")
    }
    guard sheet.asksForCode else { return findings }
    let grader = try Grader(sheet, with: workbench)
    let starter = try Starter(sheet, kitSources: try Installation.kitSources(root))
    let start = Submission(files: starter.files.filter { ["Cell.swift", Grader.remedyFile].contains($0.name) })
    let begun = try await grader.grade(start, named: "starter", seed: 1)
    let compiles = !begun.checks.contains { $0.verdict == "doesNotCompile" }
    tell(
      compiles && !begun.hasFullMarks, "the starter compiles and does not pass",
      compiles ? "the starter passes" : "the starter does not compile")
    let folder = URL(filePath: sheet.file).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "solutions/\(sheet.id)")
    guard access(folder.path, R_OK) == 0 else {
      tell(false, "", "no model solution at \(folder.path)")
      return findings
    }
    let solution = try Submission(at: folder.path)
    for seed in 1...UInt64(max(1, seeds)) {
      let grade = try await grader.grade(solution, named: folder.path, seed: seed)
      guard grade.hasFullMarks else {
        let failed = grade.checks.filter { $0.status != .passed && $0.status != .manual }.map(\.id)
        tell(false, "", "the model solution fails \(failed.joined(separator: ", ")) with seed \(seed)")
        return findings
      }
    }
    tell(true, "the model solution gets full marks with \(max(1, seeds)) seeds", "")
    return findings
  }
}
