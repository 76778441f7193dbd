// From a submission to a verdict: build, run, compare, score.

import CellKit
public import Diagnostics
import Formula
import Recurrence
public import Sheets

/// Why there is no verdict. None of these is the learner's fault, and none takes points.
public enum GradingError: Error, Sendable, CustomStringConvertible {
  /// The sheet has no cell to grade.
  case noCell(exercise: String)
  /// A task of a kind that cannot be graded.
  case unsupported(task: String, kind: String)
  /// A goal, a limit or an answer of the sheet cannot be read.
  case badSheet(DiagnosticList)
  /// `--task` names a task that the sheet does not have.
  case unknownTask(String, known: [String])
  /// The isolation could not be set up, or broke.
  case isolation(reason: String)

  public var description: String {
    switch self {
    case .noCell(let exercise): "the sheet of \(exercise) has no cell, so there is no code to grade"
    case .badSheet(let diagnostics): "\(diagnostics)"
    case .unsupported(let task, let kind):
      "the task `\(task)` is of the kind \(kind), which this version of unroll does not grade"
    case .unknownTask(let task, let known):
      "there is no task `\(task)`; the sheet has \(known.map { "`\($0)`" }.joined(separator: ", "))"
    case .isolation(let reason): "the submission could not be run in isolation: \(reason)"
    }
  }
}

/// Grades submissions of one exercise.
public struct Grader: Sendable {
  let workbench: Workbench
  let sheet: Sheet
  let cell: Cell
  let interface: CellInterface
  let tasks: [Sheet.Task]
  /// SHA-256 of the sheet, equations, points and all, and of the published calls that it names.
  let exerciseHash: String
  let diagnostician: Diagnostician
  private let writtenWork: WrittenWork
  /// The published call of each task that names one.
  private let published: [String: Draw]
  /// The blocks that are zero in the draws of a task.
  private let zeroed: [String: [Draw.Block]]
  private let flowPlans: [FlowPlan]
  private let model: ModelGrader?

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
    guard let cell = sheet.cell else { throw .noCell(exercise: sheet.id) }
    self.workbench = workbench
    self.sheet = sheet
    self.cell = cell
    self.tasks = chosen
    var sum = SHA256()
    sum.add(sheet.text.markdown.source.text)
    diagnostician = Diagnostician(cell: cell)
    do throws(DiagnosticList) {
      writtenWork = try WrittenWork(chosen, cell: cell)
      model = if let declared = sheet.model { try ModelGrader(declared, sheet: sheet) } else { nil }
    } catch {
      throw .badSheet(error)
    }
    if let model { sum.add(model.data.content) }
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
    do { zeroed = try Self.zeroed(chosen, sheet, cell) } catch { throw .badSheet(error) }
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
    try await grade(submission, named: name, seed: seed, outcome: build(submission))
  }

  /// Grades one submission with several seeds, compiled once.
  public func grades(
    _ submission: Submission, named name: String, seeds: [UInt64]
  ) async throws(GradingError) -> [Grade] {
    let outcome = await build(submission)
    var grades: [Grade] = []
    for seed in seeds { grades.append(try await grade(submission, named: name, seed: seed, outcome: outcome)) }
    return grades
  }

  /// The files of a submission that make its cell: a remedy is a program of its own.
  private func cellFiles(of submission: Submission) -> Submission {
    var ofCell = submission
    if flowPlans.contains(where: { $0.task.kind == .remedy }) {
      ofCell.files.removeAll { $0.name == Self.remedyFile }
    }
    return ofCell
  }

  /// What the compiler makes of a submission's cell; nil where nothing is asked of it.
  private func build(_ submission: Submission) async -> BuildOutcome? {
    let ofCell = cellFiles(of: submission)
    let isAskedFor = tasks.contains { $0.kind.isCode || $0.kind == .gradientFlow }
    guard isAskedFor, !ofCell.files.isEmpty else { return nil }
    return await workbench.build(ofCell, interface: interface)
  }

  private func grade(
    _ submission: Submission, named name: String, seed: UInt64, outcome: BuildOutcome?
  ) async throws(GradingError) -> Grade {
    let clock = ContinuousClock()
    let start = clock.now
    var printed = PrintedText()
    var warnings: [CompilerDiagnostic] = []
    let code = tasks.filter { $0.kind.isCode }
    var checks: [Check] = []
    var correspondences: [Correspondence] = []
    let (written, report, examined) = gradeWritten(submission, seed: seed)
    let flows = flowPlans.filter { $0.task.kind == .gradientFlow }
    let remedies = flowPlans.filter { $0.task.kind == .remedy }
    switch outcome {
    case nil:
      checks = code.flatMap { task in
        self.checks(of: task) { _ in .noCode(type: cell.name, conformingTo: model == nil ? "Cell" : "Model") }
      }
      checks += flows.flatMap { self.checks(of: $0, finding: .noCode(type: cell.name)) }
    case .isolationFault(let reason): throw .isolation(reason: reason)
    case .doesNotCompile(let diagnostics):
      checks = code.flatMap { task in self.checks(of: task) { compilerFinding($0, task, diagnostics) } }
      checks += flows.flatMap { self.checks(of: $0, finding: .doesNotCompile(diagnostics)) }
    case .built(let program):
      warnings = program.warnings
      if let model, !code.isEmpty {
        (checks, printed) = try await model.run(program, code, seed: seed, with: workbench)
      } else if !code.isEmpty {
        let run = try await run(program, code, seed: seed)
        (checks, printed) = (run.checks, run.printed)
        correspondences = self.correspondences(run.batches, checks, examined)
      }
      for plan in flows { checks += try await flowChecks(plan, program, seed: seed) }
    }
    for plan in remedies { checks += try await remedyChecks(plan, submission, seed: seed) }
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
      seconds: (clock.now - start) / .seconds(1))
  }

  // MARK: Writing

  /// The checks of the written tasks, and what the report tells of the text.
  private func gradeWritten(
    _ submission: Submission, seed: UInt64
  ) -> ([Check], WrittenReport?, WrittenWork.Examined?) {
    let written = tasks.filter(\.kind.isWritten)
    guard !written.isEmpty else { return ([], nil, nil) }
    var findings: [String: [Finding]] = [:]
    var report: WrittenReport?
    var examined: WrittenWork.Examined?
    if let file = submission.derivation {
      let text = SourceText(name: file.name, text: file.text)
      (findings, report, examined) = writtenWork.grade(text, tasks: written, seed: seed)
    }
    let checks = written.flatMap { task in
      let items = writtenWork.items(of: task)
      let found = findings[task.id] ?? items.map { _ in .noDerivation }
      return zip(zip(items, found), shares(of: task.points, among: items.count)).map { pair, points in
        Check(
          task: task.id, id: pair.0.id.isEmpty ? task.id : "\(task.id).\(pair.0.id)",
          title: pair.0.latex == task.id ? task.id : MathText.line(pair.0.latex), finding: pair.1, diagnosis: nil,
          maxPoints: points)
      }
    }
    return (checks, report, examined)
  }

  // MARK: Running

  /// What tells the draws of one task from those of another.
  private struct DrawKind: Hashable {
    let hasTime: Bool
    let zero: [String]

    init(_ task: Sheet.Task) { (hasTime, zero) = (task.kind == .sequence, task.zero.map(\.name)) }
  }

  /// The calls of one task, one a draw.
  struct Batch {
    enum Role {
      case ordinary, published, vanishing, listing
    }

    let task: Sheet.Task
    let kind: Call.Kind
    let draws: [Draw]
    /// What sets its draws apart from the ordinary ones.
    var role = Role.ordinary
    var outcomes: [CallOutcome] = []

    /// The first call that has no answer.
    var failure: CallFailure? {
      for case .failed(let failure) in outcomes { return failure }
      return nil
    }
  }

  /// Makes the calls of every task, and turns what became of them into checks.
  private func run(_ program: BuiltProgram, _ tasks: [Sheet.Task], seed: UInt64) async throws(GradingError) -> (
    checks: [Check], printed: PrintedText, batches: [Batch]
  ) {
    // Tasks that ask for the same draws share them.
    var drawn: [DrawKind: [Draw]] = [:]
    for task in tasks where drawn[DrawKind(task)] == nil {
      drawn[DrawKind(task)] = Draw.several(
        cell, seed: seed, hasTime: task.kind == .sequence, zero: zeroed[task.id] ?? [])
    }
    // The way forward is asked for by itself, so that a crash on the way back does not cost its points.
    var batches = tasks.flatMap { task -> [Batch] in
      let draws = drawn[DrawKind(task)] ?? []
      switch task.kind {
      case .forward: return [Batch(task: task, kind: .forward, draws: draws)]
      case .backward: return [Batch(task: task, kind: .backward, draws: draws)]
      case .sequence:
        return [
          Batch(task: task, kind: .forwardThroughTime, draws: draws),
          Batch(task: task, kind: .backwardThroughTime, draws: draws),
        ]
      default: return []
      }
    }
    batches += tasks.compactMap { task in
      published[task.id].map {
        Batch(task: task, kind: task.kind.publishedCall, draws: [$0], role: .published)
      }
    }
    // Apart from the others, so that a mistake is told by ordinary numbers first.
    for task in tasks where task.kind == .sequence {
      guard let letters = drawn[DrawKind(task)]?.last?.sizes.letters, task.zero.isEmpty else { continue }
      guard let draw = Draw.vanishing(cell, seed: seed, letters: letters) else { continue }
      batches.append(Batch(task: task, kind: .forwardThroughTime, draws: [draw], role: .vanishing))
      batches.append(Batch(task: task, kind: .backwardThroughTime, draws: [draw], role: .vanishing))
    }
    batches += tasks.filter { $0.kind == .compile }.flatMap { listingBatches($0, seed: seed) }
    let calls = batches.flatMap { batch in batch.draws.map { $0.value.call(batch.kind, cell) } }
    let report = await workbench.run(program, calls)
    var outcomes = report.outcomes[...]
    for index in batches.indices {
      batches[index].outcomes = Array(outcomes.prefix(batches[index].draws.count))
      outcomes = outcomes.dropFirst(batches[index].draws.count)
      if case .isolationFault(let reason)? = batches[index].failure { throw .isolation(reason: reason) }
    }
    // What stops at a `todo` prints only the line that the finding has already.
    let printed =
      zip(report.printed, report.outcomes).first { text, outcome in
        if case .failed(.notWritten) = outcome { return !text.output.isEmpty }
        return text != PrintedText()
      }?.0 ?? PrintedText()
    let forwardFailure = batches.first { $0.task.kind == .forward }?.failure
    let explanation = await explanation(of: batches, program)
    let checks = tasks.flatMap { task -> [Check] in
      func playing(_ role: Batch.Role) -> [Batch] { batches.filter { $0.task.id == task.id && $0.role == role } }
      let own = playing(.ordinary)
      if task.kind == .compile { return self.checks(of: task) { listingFinding($0, playing(.listing)) } }
      guard let ahead = own.first, let back = own.last else { return [] }
      if task.kind == .backward, forwardFailure != nil, let needed = tasks.first(where: { $0.kind == .forward }) {
        return self.checks(of: task) { _ in .skipped(needs: needed.id) }
      }
      let fixed = playing(.published).first.flatMap(trouble)
      return self.checks(of: task, explanation, inPublished: fixed?.block) { block in
        if case .whole = block { return fixed?.finding ?? .agrees }
        let finding = finding(block.isOutput ? ahead : back, block)
        guard finding == .agrees, let ahead = playing(.vanishing).first, let back = playing(.vanishing).last else {
          return finding
        }
        return self.finding(block.isOutput ? ahead : back, block)
      }
    }
    return (checks, printed, batches)
  }

  // MARK: Checks

  /// The checks of a task, each with its share of the points.
  private func checks(
    of task: Sheet.Task, _ explanation: Explanation = Explanation(), inPublished trouble: TaskBlock? = nil,
    _ finding: (AnswerBlock) -> Finding
  ) -> [Check] {
    if let model, task.kind == .model { return model.checks(of: task) { _ in (finding(.whole), nil) } }
    var blocks = blocks(of: task)
    if let fixed = task.fixed {
      let title = fixed.title + (trouble.map { ": " + $0.title } ?? "")
      blocks.append(TaskBlock(id: "fixed", title: title, block: .whole))
    }
    return zip(blocks, shares(of: task.points, among: blocks.count)).map { item, points in
      let finding = finding(item.block)
      let (diagnosis, share) = finding == .agrees ? (nil, nil) : explanation.told(task, item.block)
      return Check(
        task: task.id, id: item.id.isEmpty ? task.id : "\(task.id).\(item.id)", title: item.title, finding: finding,
        diagnosis: diagnosis, maxPoints: points, followThrough: share)
    }
  }

  /// What all draws of a task say about one block: the first trouble, or that they agree.
  private func finding(_ batch: Batch, _ block: AnswerBlock) -> Finding {
    if let failure = batch.failure { return .noAnswer(failure) }
    for (draw, outcome) in zip(batch.draws, batch.outcomes) {
      switch outcome {
      case .failed(let failure): return .noAnswer(failure)
      case .unsteady(let first, let second):
        let isBlockUnsteady = values(of: block, in: first, draw) != values(of: block, in: second, draw)
        if isBlockUnsteady { return .unsteady(at: draw.place(step: nil)) }
        if let finding = trouble(block, first, draw) { return finding }
      case .answered(let answer):
        if let finding = trouble(block, answer, draw) { return finding }
      }
    }
    return .agrees
  }

  /// The first block of a published call that is not as published, and what is wrong with it.
  private func trouble(inPublished batch: Batch) -> (block: TaskBlock, finding: Finding)? {
    for item in blocks(of: batch.task) {
      let finding = finding(batch, item.block)
      if finding != .agrees { return (item, finding) }
    }
    return nil
  }

  /// A block's values in an answer, one a step.
  func values(of block: AnswerBlock, in answer: Answer, _ draw: Draw) -> [BlockValue] {
    let quantities = cell.quantities
    func each(_ steps: [[String: BlockValue]], _ quantity: Quantity) -> [BlockValue] {
      steps.map { $0[quantity.swift] ?? .notSet }
    }
    switch block {
    case .output(let index): return each(answer.outputs, quantities.results[index])
    case .input(let index): return each(answer.inputGradients, quantities.inputs[index])
    case .initial(let index): return each(answer.stateGradients, quantities.states[index])
    case .parameter(let index): return each([answer.parameterGradients], quantities.parameters[index])
    case .compilerError, .whole: return []
    }
  }

  /// What the reference has for a block, one matrix a step.
  func expected(_ block: AnswerBlock, _ draw: Draw) -> [Matrix] {
    switch block {
    case .output(let index): draw.outputs[index]
    case .input(let index): draw.gradients.inputs[index]
    case .initial(let index): [draw.gradients.initial[index]]
    case .parameter(let index): [draw.gradients.parameters[index]]
    case .compilerError, .whole: []
    }
  }

  /// The first thing wrong with a block in one draw.
  private func trouble(_ block: AnswerBlock, _ answer: Answer, _ draw: Draw) -> Finding? {
    Comparison.trouble(
      expected: expected(block, draw), received: values(of: block, in: answer, draw), isBackward: !block.isOutput,
      at: { draw.place(step: $0) })
  }
}

extension Sheet.Task.Kind {
  /// What a published call asks of a submission; a sequence is asked for both ways at once.
  fileprivate var publishedCall: Call.Kind {
    switch self {
    case .forward: .forward
    case .backward: .backward
    default: .backwardThroughTime
    }
  }
}
