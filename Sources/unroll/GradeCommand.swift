// unroll grade

import ArgumentParser
import Classroom
import FoundationEssentials
import Grading
import Reports
import Sheets
import SubmissionHost

struct GradeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Check submissions of an exercise.",
    discussion: """
      Without a submission it is the folder of the exercise's name, or the one you stand in; in such a folder the \
      exercise need not be named either.
      A submission is a folder with Cell.swift, derivation.md or both, or one such file; without a derivation.md the only \
      other .md file with displayed mathematics is the derivation. Code runs in isolation.
      With --class every sub-folder is a submission: a line each on standard output, then what was wrong most often; \
      a report each, grades.csv and the gradebook below --output.
      """)

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String?

  @Argument(help: "Folders or files with a learner's work.")
  var submissions: [String] = []

  @OptionGroup var classOptions: ClassOptions

  @Option(help: "How to write the report.")
  var format = ReportFormat.text

  @Option(help: "When learners see the checks on Gradescope; what does not compile or stops they see at once.")
  var visibility = GradescopeReport.Visibility.visible

  @Option(
    help: ArgumentHelp("Write the report to this file; with --class, the reports to this folder.", valueName: "path"))
  var output: String?

  @OptionGroup var checking: CheckingOptions

  func validate() throws {
    if exercise == nil, classOptions.folder != nil {
      throw ValidationError("name the exercise of the class: unroll grade EXERCISE --class FOLDER")
    }
    if !submissions.isEmpty, classOptions.folder != nil {
      throw ValidationError("give either submissions or --class, not both")
    }
    if format == .gradescope, submissions.count > 1 {
      throw ValidationError("`--format gradescope` takes one submission, for results.json is about one")
    }
    try classOptions.check(output: output, seed: checking.seed)
  }

  func run() async throws {
    let exercise = try self.exercise ?? Work.exercise(of: ".", in: checking.course)
    let sheet = try checking.course.sheet(exercise, in: checking.language)
    let document = GradeDocument(format, language: checking.language, visibility: visibility)
    if let folder = classOptions.folder {
      // What cannot be read is told before anything is built.
      let members = try ClassFolder(at: folder)
      let grader = try await checking.grader(of: sheet)
      try await ClassGrading(options: classOptions, output: output, seed: checking.seed, document: document)
        .run(members, sheet.id, grader)
      return
    }
    let named = try !submissions.isEmpty ? submissions : [self.exercise == nil ? "." : Work.folder(for: sheet.id)]
    let taken = try named.map { path in
      let submission = Result { () throws(IntakeError) in try Submission(at: path) }
      // Two formats have a place for a refusal, and their readers ask for a document in any case.
      if case .failure(let error) = submission, !error.isTheLearners || (format != .junit && format != .gradescope) {
        throw error
      }
      return (path, submission)
    }
    let grader = try await checking.grader(of: sheet)
    let seed = checking.chosenSeed
    var results: [ClassResult] = []
    for (name, submission) in taken {
      switch submission {
      case .success(let submission):
        do throws(GradingError) {
          results.append(.graded(try await grader.grade(submission, named: name, seed: seed)))
        } catch {
          // What the machine could not do for one submission costs no other one its grade.
          guard let fault = error.machineFault else { throw error }
          let reason = Phrases(checking.language).reason(fault)
          results.append(.ungraded(submission: name, reason: reason))
        }
      case .failure(let error): results.append(.refused(submission: name, reason: "\(error)"))
      }
    }
    for result in results { Workflow.annotate(result, in: checking.language) }
    let text = try document.text(
      of: results, exercise: sheet.id, usesColour: output == nil && Terminal.hasColour)
    // Of a submission that is not graded Gradescope is told nothing, and an earlier result stays.
    if !text.isEmpty { try Output.write(Array((output == nil ? Workflow.harmless(text) : text).utf8), to: output) }
    for (path, result) in zip(named, results) { keep(result, of: sheet, at: path) }
    let ungraded = results.filter { if case .ungraded = $0 { true } else { false } }
    if case .ungraded(let name, let reason)? = ungraded.first {
      let others = ungraded.count > 1 ? " (and \(ungraded.count - 1) more)" : ""
      throw Failure("not graded: \(name)\(others): \(reason)")
    }
    let isFull = results.allSatisfy { if case .graded(let grade) = $0 { grade.hasFullMarks } else { false } }
    if !isFull { throw ExitCode(1) }
  }

  /// Notes a grade of the whole exercise in a folder that `unroll start` made, and says what comes next.
  private func keep(_ result: ClassResult, of sheet: Sheet, at folder: String) {
    guard case .graded(let grade) = result, checking.tasks.isEmpty else { return }
    do {
      guard try Progress.record(grade.score, of: grade.maxScore, in: sheet.id, at: folder) else { return }
    } catch {
      Terminal.complain("unroll: the grade could not be kept in \(folder)/\(Progress.folder): \(error)")
    }
    guard grade.hasFullMarks, format == .text, output == nil, let root = try? checking.course.contentRoot() else {
      return
    }
    let beside = URL(filePath: folder).standardizedFileURL.deletingLastPathComponent().path
    Terminal.complain(NextCommand.advice(Progress(in: beside), SheetLibrary(root), checking.language))
  }
}
