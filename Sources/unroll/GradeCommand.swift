// unroll grade

import ArgumentParser
import Grading
import Reports
import Sheets

struct GradeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Check submissions of an exercise.",
    discussion:
      "A submission is a folder with Cell.swift, derivation.md or both, or one such file. Code runs in isolation.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Argument(help: "Folders or files with a learner's work.")
  var submissions: [String]

  @Option(help: "Repeats the random inputs of a report with this seed.")
  var seed: UInt64?

  @Option(name: .customLong("task"), help: ArgumentHelp("Check only this task; may be repeated.", valueName: "id"))
  var tasks: [String] = []

  @Option(help: "The language of the report.")
  var language = Language.english

  @Option(help: "How to write the report.")
  var format = Format.text

  @Option(help: ArgumentHelp("Write the report to this file.", valueName: "file"))
  var output: String?

  @Option(help: "How submissions are isolated; `limits` works without namespaces and protects less.")
  var isolation = IsolationMode.namespaces

  @OptionGroup var course: CourseOptions

  func validate() throws {
    if submissions.isEmpty {
      throw ValidationError("name at least one submission: a folder, a Swift file or a derivation.md")
    }
  }

  func run() async throws {
    let sheet = try course.sheet(exercise)
    // What cannot be read is told before anything is built.
    var taken: [(name: String, submission: Submission)] = []
    for path in submissions { taken.append((path, try Submission(at: path))) }
    let root = try course.contentRoot()
    let workbench = try await Installation.workbench(root, isolation)
    let grader = try Grader(sheet, tasks: tasks.isEmpty ? nil : tasks, with: workbench)
    let seed = seed ?? UInt64.random(in: 1...999_999)
    var grades: [Grade] = []
    for (name, submission) in taken {
      grades.append(try await grader.grade(submission, named: name, seed: seed))
    }
    try Output.write(Array(try report(grades).utf8), to: output)
    if !grades.allSatisfy(\.hasFullMarks) { throw ExitCode(1) }
  }

  private func report(_ grades: [Grade]) throws -> String {
    switch format {
    case .text:
      let text = TextReport(language, usesColour: output == nil && Terminal.hasColour)
      return grades.map(text.text).joined(separator: "\n")
    case .json:
      let items = try grades.map(JSONReport(language).text)
      return items.count == 1
        ? items[0] : "[\n" + items.map { String($0.dropLast()) }.joined(separator: ",\n") + "\n]\n"
    }
  }
}
