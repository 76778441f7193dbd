// The calls that a submission is asked, and what became of them.

package import Diagnosis
import Recurrence
package import Sheets
package import SubmissionHost

extension Grader {
  /// What tells the draws of one task from those of another.
  private struct DrawKind: Hashable {
    let hasTime: Bool
    let held: [String: Double]

    init(_ task: Sheet.Task) {
      hasTime = task.kind == .sequence
      held = Dictionary(task.held.map { ($0.block.name, $0.value) }) { $1 }
    }
  }

  /// The calls of one task, one a draw.
  package struct Batch {
    enum Role {
      case ordinary, published, vanishing, listing
    }

    package let task: Sheet.Task
    package let kind: Call.Kind
    package let draws: [Draw]
    /// What sets its draws apart from the ordinary ones.
    var role = Role.ordinary
    var outcomes: [CallOutcome] = []

    /// The first call that has no answer.
    package var failure: CallFailure? {
      for case .failed(let failure) in outcomes { return failure }
      return nil
    }
  }

  /// Makes the calls of every task, and turns what became of them into checks.
  ///
  /// - Parameter lost: the functions of the listing that the submission no longer has.
  package func run(
    _ program: BuiltProgram, _ tasks: [Sheet.Task], seed: UInt64, lost: Set<Listing.Function> = []
  ) async throws(GradingError) -> (checks: [Check], printed: PrintedText, batches: [Batch]) {
    // Tasks that ask for the same draws share them.
    var drawn: [DrawKind: [Draw]] = [:]
    for task in tasks where drawn[DrawKind(task)] == nil {
      drawn[DrawKind(task)] = Draw.several(
        cell, seed: seed, hasTime: task.kind == .sequence, held: held[task.id] ?? [])
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
      guard let letters = drawn[DrawKind(task)]?.last?.sizes.letters, task.held.isEmpty else { continue }
      guard let draw = Draw.vanishing(cell, seed: seed, letters: letters) else { continue }
      batches.append(Batch(task: task, kind: .forwardThroughTime, draws: [draw], role: .vanishing))
      batches.append(Batch(task: task, kind: .backwardThroughTime, draws: [draw], role: .vanishing))
    }
    if let task = sheet.tasks.first(where: { $0.kind == .compile }), tasks.contains(task) || !lost.isEmpty {
      batches += listingBatches(task, seed: seed)
    }
    let calls = batches.flatMap { batch in batch.draws.map { $0.value.call(batch.kind, cell) } }
    let report = try await workbench.answers(program, calls)
    var outcomes = report.outcomes[...]
    for index in batches.indices {
      batches[index].outcomes = Array(outcomes.prefix(batches[index].draws.count))
      outcomes = outcomes.dropFirst(batches[index].draws.count)
    }
    // What stops at a `todo` prints only the line that the finding has already.
    let printed =
      zip(report.printed, report.outcomes).first { text, outcome in
        if case .failed(.notWritten) = outcome { return !text.output.isEmpty }
        return text != PrintedText()
      }?.0 ?? PrintedText()
    let forwardFailure = batches.first { $0.task.kind == .forward }?.failure
    let gone = wrong(lost, batches)
    let explanation = await explanation(of: batches, program)
    let checks = tasks.flatMap { task -> [Check] in
      func playing(_ role: Batch.Role) -> [Batch] { batches.filter { $0.task.id == task.id && $0.role == role } }
      let own = playing(.ordinary)
      if task.kind == .compile { return self.checks(of: task) { listingFinding($0, playing(.listing), lost: gone) } }
      if let function = task.function(among: gone) {
        return self.checks(of: task) { _ in .removed(function: function.rawValue) }
      }
      guard let ahead = own.first, let back = own.last else { return [] }
      if task.kind == .backward, forwardFailure != nil, let needed = tasks.first(where: { $0.kind == .forward }) {
        return self.checks(of: task) { _ in .skipped(needs: needed.id) }
      }
      let fixed = playing(.published).first.flatMap(trouble)
      return self.checks(of: task, explanation, inPublished: fixed?.block) { block in
        if case .whole = block {
          // Published values can be learned by heart; they count where something is right on other numbers, too.
          let isAnyRight = blocks(of: task).contains {
            self.finding($0.block.isOutput ? ahead : back, $0.block) == .agrees
          }
          return fixed?.finding ?? (isAnyRight ? .agrees : .skipped(needs: task.id))
        }
        let finding = finding(block.isOutput ? ahead : back, block)
        guard finding == .agrees, let ahead = playing(.vanishing).first, let back = playing(.vanishing).last else {
          return finding
        }
        return self.finding(block.isOutput ? ahead : back, block)
      }
    }
    return (checks, printed, batches)
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
