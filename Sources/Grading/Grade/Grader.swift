// From a submission to a verdict: build, ask, judge.

import Diagnostics
import Recurrence
public import Sheets
public import SubmissionHost

/// Grades submissions of one exercise.
public struct Grader: Sendable {
  package let judge: Judge
  package let host: any Host

  /// Prepares to grade an exercise.
  ///
  /// - Parameter tasks: ids of the tasks to grade; nil for all.
  /// - Throws: a `GradingError` if the sheet cannot be graded.
  public init(_ sheet: Sheet, tasks: [String]? = nil, with workbench: Workbench) throws(GradingError) {
    self.init(try Judge(sheet, tasks: tasks), host: workbench)
  }

  /// Grades what a judge asks for, with programs of a host.
  package init(_ judge: Judge, host: any Host) { (self.judge, self.host) = (judge, host) }

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
    // A submission has its turn from its build to its last run.
    try await host.settle { attempt throws(GradingError) in
      var start = ContinuousClock.now
      let compiled = await compile(submission, attempt)
      var grades: [Grade] = []
      for seed in seeds {
        grades.append(try await grade(submission, named: name, seed: seed, compiled, attempt, since: start))
        start = .now
      }
      return grades
    }
  }

  /// What the compiler makes of a submission's cell; nil where nothing is asked of it.
  private func compile(_ submission: Submission, _ attempt: Attempt) async -> Compiled? {
    let ofCell = judge.cellFiles(of: submission)
    guard judge.asksForProgram, !ofCell.files.isEmpty else { return nil }
    return await host.compile(ofCell, judge.interface, declarations: nil, attempt)
  }

  private func grade(
    _ submission: Submission, named name: String, seed: UInt64, _ compiled: Compiled?, _ attempt: Attempt,
    since start: ContinuousClock.Instant
  ) async throws(GradingError) -> Grade {
    var printed = PrintedText()
    var warnings: [CompilerDiagnostic] = []
    var checks: [Check] = []
    var correspondences: [Correspondence] = []
    let code = judge.tasks.filter(\.kind.isCode)
    let (written, report, examined) = judge.gradeWritten(submission, seed: seed)
    let flows = judge.flowPlans.filter { $0.task.kind == .gradientFlow }
    let lost = judge.listing?.lost(in: judge.cellFiles(of: submission).files.map(\.text)) ?? []
    switch compiled {
    case nil:
      checks = judge.checks(withoutCode: code) + flows.flatMap { judge.checks(of: $0, finding: judge.noCode) }
    case .isolationFault(let reason): throw .isolation(reason: reason)
    case .unclear(let suspicion): throw .unclear(suspicion)
    case .refused(let diagnostics):
      checks = code.flatMap { task in
        judge.checks(of: task) { judge.compilerFinding($0, task, diagnostics, lost: lost) }
      }
      checks += flows.flatMap { judge.checks(of: $0, finding: .doesNotCompile(diagnostics)) }
    case .program(let caller, let found):
      warnings = found
      if !code.isEmpty {
        let judgement = try await judge.judge(caller, code, seed: seed, lost: lost)
        (checks, printed) = (judgement.checks, judgement.printed)
        correspondences = judge.correspondences(judgement.batches, checks, examined)
      }
      for plan in flows { checks += try await judge.flowChecks(plan, caller, seed: seed) }
    }
    for plan in judge.flowPlans where plan.task.kind == .remedy {
      checks += try await remedyChecks(plan, submission, attempt, seed: seed)
    }
    checks += written + judge.essayChecks(submission)
    // In the order of the sheet.
    checks = judge.tasks.flatMap { task in checks.filter { $0.task == task.id } }
    return Grade(
      exercise: judge.sheet.id, titles: judge.titles, submission: name, seed: seed, checks: checks,
      written: report, correspondences: correspondences, leftOut: submission.leftOut, warnings: warnings,
      printed: printed, caveats: host.gaps,
      seconds: (ContinuousClock.now - start) / .seconds(1), processorSeconds: attempt.processorSeconds)
  }

  /// The checks of a `remedy` task: the submission is built once more, with the remedy in the cell's place.
  private func remedyChecks(
    _ plan: FlowPlan, _ submission: Submission, _ attempt: Attempt, seed: UInt64
  ) async throws(GradingError) -> [Check] {
    guard submission.files.contains(where: { $0.name == Submission.remedyFile }) else {
      return judge.checks(of: plan, finding: .noCode(type: Submission.remedyType))
    }
    var own = judge.interface
    own.cellName = Submission.remedyType
    own.hasSequence = false
    switch await host.compile(submission, own, declarations: judge.interface, attempt) {
    case .isolationFault(let reason): throw .isolation(reason: reason)
    case .unclear(let suspicion): throw .unclear(suspicion)
    case .refused(let diagnostics): return judge.checks(of: plan, finding: .doesNotCompile(diagnostics))
    case .program(let caller, _): return try await judge.remedyChecks(plan, caller, seed: seed)
    }
  }
}
