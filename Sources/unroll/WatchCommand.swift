// unroll watch

import ArgumentParser
import Classroom
import Grading
import Reports
import Sheets
import SubmissionHost

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Check your work every time you save it, until Ctrl-C.",
    discussion: "The inputs stay the same from save to save; a new start draws new ones.")

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Argument(
    help: "The folder or file with your work; otherwise the folder of the exercise's name, or the one you stand in.")
  var folder: String?

  @OptionGroup var checking: CheckingOptions

  func run() async throws {
    let sheet = try checking.course.sheet(exercise, in: checking.language)
    // A folder that is not there is a slip, and would be waited for without end; all else may be put right meanwhile.
    let folder = try self.folder ?? Work.folder(for: sheet.id)
    let present = Result { () throws(IntakeError) in try Submission(at: folder) }
    if case .failure(let error) = present, !error.isTheLearners { throw error }
    let grader = try await checking.grader(of: sheet)
    let seed = checking.chosenSeed
    let work = Task { try await watch(folder, grader, seed) }
    let interruption = Interruption { work.cancel() }
    let result = await work.result
    interruption.end()
    if case .failure(let error) = result, !(error is CancellationError) { throw error }
    if Terminal.isOutput { Terminal.write(Array("\n".utf8)) }
  }

  /// Grades whenever something was saved, until the task is cancelled.
  private func watch(_ folder: String, _ grader: Grader, _ seed: UInt64) async throws {
    let watcher = SaveWatcher(folder)
    let phrases = Phrases(checking.language)
    var graded: (hash: String, grade: Grade)?
    while true {
      switch try await watcher.next() {
      case .failure(let error):
        show("\(error)\n")
        graded = nil
      case .success(let submission):
        // Saved once more without a change.
        if submission.hash == graded?.hash { continue }
        let grade: Grade
        do {
          grade = try await grader.grade(submission, named: folder, seed: seed)
        } catch {
          // Ended by Ctrl-C, which is no fault.
          try Task.checkCancellation()
          guard let fault = error.machineFault else { throw error }
          show(phrases.notGraded(fault) + "\n\n" + phrases.waiting + "\n")
          continue
        }
        let changes = phrases.changes(from: graded?.grade, to: grade).map { $0 + "\n" }.joined()
        let report = TextReport(checking.language, usesColour: Terminal.hasColour).text(of: grade)
        show(report + (changes.isEmpty ? "" : "\n" + changes) + "\n" + phrases.waiting + "\n")
        graded = (submission.hash, grade)
      }
    }
  }

  /// Takes the place of what was shown last; where there is no screen to clear, stands below it.
  private func show(_ text: String) {
    Terminal.write(Array(((Terminal.isOutput ? "\u{1B}[H\u{1B}[2J\u{1B}[3J" : "") + text).utf8))
  }
}
