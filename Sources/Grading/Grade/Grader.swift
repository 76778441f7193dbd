// From a submission to a verdict: build, run, compare, score.

import CellKit
package import Diagnosis
import Diagnostics
import Formula
import Hashing
import Markdown
package import Recurrence
import Sandbox
public import Sheets
public import SubmissionHost

/// Grades submissions of one exercise.
public struct Grader: Sendable {
  package let workbench: Workbench
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
  private let listing: Listing?
  private let flowPlans: [FlowPlan]
  package let model: ModelGrader?

  /// Prepares to grade an exercise.
  ///
  /// - Parameter tasks: ids of the tasks to grade; nil for all.
  /// - Throws: a `GradingError` if the sheet cannot be graded.
  public init(_ sheet: Sheet, tasks: [String]? = nil, with workbench: Workbench) throws(GradingError) {
    let known = sheet.tasks.map(\.id)
    if let unknown = tasks?.first(where: { !known.contains($0) }) { throw .unknownTask(unknown, known: known) }
    let chosen = sheet.tasks.filter { tasks?.contains($0.id) ?? true }
    for task in chosen where !Self.isSupported(task.kind) {
      throw .unsupported(task: task.id, kind: task.kind.rawValue)
    }
    // Formulas of numbers and essays need no cell; that the other kinds have one is seen to when a sheet is read.
    let cell = sheet.cell ?? .empty(in: sheet.text.markdown.source)
    self.workbench = workbench
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
      model = if let declared = sheet.model { try ModelGrader(declared, sheet: sheet) } else { nil }
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

  /// Grades one submission.
  ///
  /// - Parameters:
  ///   - name: the submission as the person who grades names it.
  ///   - seed: what the draws follow from.
  public func grade(_ submission: Submission, named name: String, seed: UInt64) async throws(GradingError) -> Grade {
    guard let grade = try await grades(submission, named: name, seeds: [seed]).first else {
      throw .isolation(reason: "the submission was not graded")
    }
    return grade
  }

  /// Grades one submission with several seeds, compiled once.
  public func grades(
    _ submission: Submission, named name: String, seeds: [UInt64]
  ) async throws(GradingError) -> [Grade] {
    try await turn { () throws(GradingError) in
      try await workbench.settled { attempt throws(GradingError) in
        var start = ContinuousClock.now
        let outcome = await build(submission, attempt)
        var grades: [Grade] = []
        for seed in seeds {
          grades.append(try await grade(submission, named: name, seed: seed, outcome: outcome, attempt, since: start))
          start = .now
        }
        return grades
      }
    }
  }

  /// A submission has its turn from its build to its last run.
  private func turn<Result>(_ work: () async throws(GradingError) -> Result) async throws(GradingError) -> Result {
    try await workbench.turn(fault: { GradingError.isolation(reason: $0) }, work)
  }

  /// The files of a submission that make its cell: a remedy is a program of its own.
  private func cellFiles(of submission: Submission) -> Submission {
    var ofCell = submission
    if flowPlans.contains(where: { $0.task.kind == .remedy }) {
      ofCell.files.removeAll { $0.name == Submission.remedyFile }
    }
    return ofCell
  }

  /// What the compiler makes of a submission's cell; nil where nothing is asked of it.
  private func build(_ submission: Submission, _ attempt: Attempt) async -> BuildOutcome? {
    let ofCell = cellFiles(of: submission)
    let isAskedFor = tasks.contains { $0.kind.isCode || $0.kind == .gradientFlow }
    guard isAskedFor, !ofCell.files.isEmpty else { return nil }
    return await workbench.build(ofCell, interface: interface, attempt: attempt)
  }

  private func grade(
    _ submission: Submission, named name: String, seed: UInt64, outcome: BuildOutcome?,
    _ attempt: Attempt, since start: ContinuousClock.Instant
  ) async throws(GradingError) -> Grade {
    var printed = PrintedText()
    var warnings: [CompilerDiagnostic] = []
    let code = tasks.filter { $0.kind.isCode }
    var checks: [Check] = []
    var correspondences: [Correspondence] = []
    let (written, report, examined) = gradeWritten(submission, seed: seed)
    let flows = flowPlans.filter { $0.task.kind == .gradientFlow }
    let remedies = flowPlans.filter { $0.task.kind == .remedy }
    let lost = listing?.lost(in: cellFiles(of: submission).files.map(\.text)) ?? []
    switch outcome {
    case nil:
      checks = code.flatMap { task in
        self.checks(of: task) { _ in .noCode(type: cell.name, conformingTo: model == nil ? "Cell" : "Model") }
      }
      checks += flows.flatMap { self.checks(of: $0, finding: .noCode(type: cell.name)) }
    case .isolationFault(let reason): throw .isolation(reason: reason)
    case .unclear(let suspicion): throw .unclear(suspicion)
    case .doesNotCompile(let diagnostics):
      checks = code.flatMap { task in self.checks(of: task) { compilerFinding($0, task, diagnostics, lost: lost) } }
      checks += flows.flatMap { self.checks(of: $0, finding: .doesNotCompile(diagnostics)) }
    case .built(let program):
      warnings = program.warnings
      if let model, !code.isEmpty {
        (checks, printed) = try await model.run(program, code, seed: seed, with: workbench)
      } else if !code.isEmpty {
        let run = try await run(program, code, seed: seed, lost: lost)
        (checks, printed) = (run.checks, run.printed)
        correspondences = self.correspondences(run.batches, checks, examined)
      }
      for plan in flows { checks += try await flowChecks(plan, program, seed: seed) }
    }
    for plan in remedies { checks += try await remedyChecks(plan, submission, attempt, seed: seed) }
    checks += written
    for task in tasks where task.kind == .essay {
      let text = submission.derivation.flatMap { file in
        EssayText.section(task.id, in: SourceText(name: file.name, text: file.text))
      }
      checks += self.checks(of: task) { _ in .manual(text: text) }
    }
    // In the order of the sheet.
    checks = tasks.flatMap { task in checks.filter { $0.task == task.id } }
    return Grade(
      exercise: sheet.id,
      titles: Dictionary(
        uniqueKeysWithValues: Language.allCases.compactMap { language in
          sheet.text(language).map { (language, $0.title) }
        }),
      submission: name, seed: seed, checks: checks,
      written: report, correspondences: correspondences, leftOut: submission.leftOut, warnings: warnings,
      printed: printed, caveats: workbench.sandbox.mode.gaps,
      seconds: (ContinuousClock.now - start) / .seconds(1), processorSeconds: attempt.processorSeconds)
  }
}
