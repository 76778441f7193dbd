// A sheet as it is judged: its tasks, what each needs, and nothing of a submission.

import CellKit
package import Diagnosis
import Diagnostics
import Formula
import Hashing
import Markdown
package import Recurrence
import Sandbox
package import Sheets
package import SubmissionHost

/// A sheet prepared for judging: what a submission is asked, and what its answers are worth.
///
/// Three steps with values between them: `questions`, answers by anything that can call a cell, `judge`. It starts no
/// process, and whoever calls the cell knows nothing of what is right.
package struct Judge: Sendable {
  package let sheet: Sheet
  package let cell: Cell
  let interface: CellInterface
  package let tasks: [Sheet.Task]
  /// SHA-256 of the sheet in both languages, equations, points and all, and of the published calls that it names.
  package let exerciseHash: String
  package let diagnostician: Diagnostician
  let writtenWork: WrittenWork
  /// The published call of each task that names one.
  let published: [String: Draw]
  /// The blocks that are the same in all draws of a task.
  package let held: [String: [Draw.Held]]
  /// The listing that is handed out, where a task asks for its repair.
  let listing: Listing?
  let flowPlans: [FlowPlan]
  package let model: ModelJudge?

  /// Prepares to judge an exercise.
  ///
  /// - Parameter tasks: ids of the tasks to grade; nil for all.
  /// - Throws: a `GradingError` if the sheet cannot be graded.
  package init(_ sheet: Sheet, tasks: [String]? = nil) throws(GradingError) {
    let known = sheet.tasks.map(\.id)
    if let unknown = tasks?.first(where: { !known.contains($0) }) { throw .unknownTask(unknown, known: known) }
    let chosen = sheet.tasks.filter { tasks?.contains($0.id) ?? true }
    for task in chosen where !Self.isSupported(task.kind) {
      throw .unsupported(task: task.id, kind: task.kind.rawValue)
    }
    // Formulas of numbers and essays need no cell; that the other kinds have one is seen to when a sheet is read.
    let cell = sheet.cell ?? .empty(in: sheet.text.markdown.source)
    self.sheet = sheet
    self.cell = cell
    self.tasks = chosen
    var sum = SHA256()
    sum.add(sheet.text.markdown.source.text)
    // A translation has words of its own for mistakes, which a kept report would not have.
    if let translation = sheet.translation { sum.add(translation.markdown.source.text) }
    diagnostician = Diagnostician(cell: cell)
    do throws(DiagnosticList) {
      writtenWork = try WrittenWork(chosen, cell: cell)
      model = if let declared = sheet.model { try ModelJudge(declared, sheet: sheet) } else { nil }
    } catch {
      throw .badSheet(error)
    }
    if let model { sum.add(model.data.content) }
    if let task = sheet.tasks.first(where: { $0.kind == .compile }) {
      do { listing = try Listing(beside: sheet) } catch {
        let trouble = Diagnostic(
          "`Cell.swift` beside the sheet cannot be read", in: sheet.text.markdown.source, at: task.range)
        throw .badSheet(DiagnosticList([trouble]))
      }
    } else {
      listing = nil
    }
    if let listing { sum.add(listing.text) }
    var plans: [FlowPlan] = []
    for task in chosen where task.kind.isExperiment {
      do { plans.append(try FlowPlan(task, cell: cell)) } catch { throw .badSheet(error) }
    }
    flowPlans = plans
    interface = CellInterface(sheet, cell: cell)
    var published: [String: Draw] = [:]
    for task in chosen {
      guard let file = task.fixed else { continue }
      do { sum.add(try sheet.text(of: file).text) } catch { throw .badSheet(error) }
      do { published[task.id] = try .published(file, of: sheet, cell, isSequence: task.kind == .sequence) } catch {
        throw .badSheet(error)
      }
    }
    self.published = published
    exerciseHash = sum.hexadecimal()
    do { held = try Self.held(chosen, sheet, cell) } catch { throw .badSheet(error) }
  }

  private static func isSupported(_ kind: Sheet.Task.Kind) -> Bool {
    kind.isCode || kind.isExperiment || kind.isWritten || kind == .essay
  }
}

extension Judge {
  /// The titles of the exercise in the languages that its sheet has.
  var titles: [Language: String] {
    Dictionary(
      uniqueKeysWithValues: Language.allCases.compactMap { language in
        sheet.text(language).map { (language, $0.title) }
      })
  }

  /// Whether a task is about a program of the learner's.
  var asksForProgram: Bool { tasks.contains { $0.kind.isCode || $0.kind == .gradientFlow } }

  /// The files of a submission that make its cell: a remedy is a program of its own.
  func cellFiles(of submission: Submission) -> Submission {
    var ofCell = submission
    if flowPlans.contains(where: { $0.task.kind == .remedy }) {
      ofCell.files.removeAll { $0.name == Submission.remedyFile }
    }
    return ofCell
  }

  /// What is found of an experiment on a cell where there is no Swift file.
  var noCode: Finding { .noCode(type: cell.name) }

  /// The checks of tasks of code where there is no Swift file.
  func checks(withoutCode tasks: [Sheet.Task]) -> [Check] {
    tasks.flatMap { task in
      checks(of: task) { _ in .noCode(type: cell.name, conformingTo: model == nil ? "Cell" : "Model") }
    }
  }

  /// The checks of what a person grades.
  func essayChecks(_ submission: Submission) -> [Check] {
    tasks.filter { $0.kind == .essay }.flatMap { task in
      let text = submission.derivation.flatMap { file in
        EssayText.section(task.id, in: SourceText(name: file.name, text: file.text))
      }
      return checks(of: task) { _ in .manual(text: text) }
    }
  }
}
