// What a submission is asked by the tasks of code: calls, made from the sheet and a seed.

package import Diagnosis
import Recovery
import Recurrence
package import Sheets
package import SubmissionHost
import Wire

/// What a program is asked, as a value: the calls, and what they are for.
package struct Questions: Sendable {
  /// Whom the calls are for.
  enum Subject: Sendable {
    case cell([Judge.Batch])
    case model(ModelJudge.Questions)
  }

  /// The tasks that the answers decide.
  let tasks: [Sheet.Task]
  /// The functions of the listing that the submission no longer has.
  let lost: Set<Listing.Function>
  let subject: Subject
  /// The calls, in the order of their answers.
  package let calls: [Call]
}

/// Further questions, to which the answers to the first have led: a second run with limits of its own.
package struct FollowUp: Sendable {
  enum Purpose: Sendable {
    /// Which gradients fit a forward pass that no known mistake explains.
    case differences(DifferenceTest, task: Sheet.Task)
    /// What a step computes that no known mistake explains, forward or back.
    case recovery(StepQuestions, [Evidence], blocks: Set<BlockAddress>, task: Sheet.Task)
    /// Where a loop goes wrong that no known mistake explains.
    case loop(LoopQuestions, blocks: Set<BlockAddress>, task: Sheet.Task)
    /// What a model has learned.
    case training(ModelJudge.Training)
  }

  let purpose: Purpose
  /// The calls, in the order of their answers.
  package let calls: [Call]
  /// What each may use.
  package let limits: CallLimits
  /// Whether there is no verdict without answers; otherwise they can only raise it, and none is an answer, too.
  package let isRequired: Bool
}

extension Judge {
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

  /// What a submission is asked by some tasks of code.
  ///
  /// - Parameter lost: the functions of the listing that the submission no longer has.
  package func questions(
    of tasks: [Sheet.Task], seed: UInt64, lost: Set<Listing.Function> = []
  ) -> Questions {
    if let model {
      let questions = model.questions(of: tasks, seed: seed)
      return Questions(
        tasks: tasks, lost: lost, subject: .model(questions), calls: questions.batches.flatMap(\.calls))
    }
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
    return Questions(
      tasks: tasks, lost: lost, subject: .cell(batches),
      calls: batches.flatMap { batch in batch.draws.map { $0.value.call(batch.kind, cell) } })
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
