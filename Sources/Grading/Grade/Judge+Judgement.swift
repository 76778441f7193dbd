// What the answers are worth: from questions and answers to checks, with further questions where these leave one open.

import Diagnosis
package import Sheets
package import SubmissionHost

/// What came of some questions and their answers.
package struct Judgement: Sendable {
  /// The checks of the tasks that were asked about.
  package internal(set) var checks: [Check]
  /// What the learner's code printed first.
  package internal(set) var printed: PrintedText
  /// What is still to be asked.
  package let followUps: [FollowUp]
  let questions: Questions
  /// The calls of a cell with their answers.
  let batches: [Judge.Batch]
  var explanation: Explanation
}

extension Judge {
  /// Judges the answers to all calls of some questions.
  package func judge(_ questions: Questions, _ answers: RunReport) -> Judgement {
    switch questions.subject {
    case .model(let asked):
      guard let model else { preconditionFailure("questions to a model, and the sheet has none") }
      let (checks, trainings) = model.judge(asked, questions.tasks, answers.outcomes)
      let followUps = trainings.map { training in
        FollowUp(
          purpose: .training(training), calls: [training.call], limits: training.limits, isRequired: true)
      }
      return Judgement(
        checks: checks, printed: answers.firstPrinted, followUps: followUps, questions: questions, batches: [],
        explanation: Explanation())
    case .cell(var batches):
      var outcomes = answers.outcomes[...]
      for index in batches.indices {
        batches[index].outcomes = Array(outcomes.prefix(batches[index].draws.count))
        outcomes = outcomes.dropFirst(batches[index].draws.count)
      }
      let (explanation, followUps) = explanation(of: batches)
      return Judgement(
        checks: checks(questions, batches, explanation), printed: answers.firstPrinted, followUps: followUps,
        questions: questions, batches: batches, explanation: explanation)
    }
  }

  /// The same once one of its further questions has been answered.
  package func judge(_ followUp: FollowUp, _ answers: RunReport, after judgement: Judgement) -> Judgement {
    var judgement = judgement
    switch followUp.purpose {
    case .differences(let test, let task):
      judgement.explanation.follow(task, fitting: test.fitting(answers.outcomes))
      judgement.checks = checks(judgement.questions, judgement.batches, judgement.explanation)
    case .recovery(let questions, let evidence, let blocks, let task):
      judgement.explanation.add(found(questions, answers.outcomes, evidence, blocks), to: task)
      judgement.checks = checks(judgement.questions, judgement.batches, judgement.explanation)
    case .loop(let questions, let blocks, let task):
      judgement.explanation.add(located(questions, answers.outcomes, blocks), to: task)
      judgement.checks = checks(judgement.questions, judgement.batches, judgement.explanation)
    case .training(let training):
      guard let model else { preconditionFailure("a training, and the sheet has no model") }
      let finding = model.finding(of: training, answers.outcomes)
      judgement.checks += model.checks(of: training.task) { _ in (finding, nil) }
      if judgement.printed == PrintedText() { judgement.printed = answers.firstPrinted }
    }
    return judgement
  }

  /// Asks a program and judges its answers until nothing is left to ask.
  ///
  /// - Throws: where the isolation broke or the machine may be at fault.
  package func judge(
    _ caller: some CellCaller, _ tasks: [Sheet.Task], seed: UInt64, lost: Set<Listing.Function> = []
  ) async throws(GradingError) -> Judgement {
    let questions = questions(of: tasks, seed: seed, lost: lost)
    var judgement = judge(questions, try await caller.answers(questions.calls))
    for followUp in judgement.followUps {
      let answers: RunReport
      if followUp.isRequired {
        answers = try await caller.answers(followUp.calls, limits: followUp.limits)
      } else {
        answers = await caller.run(followUp.calls, limits: followUp.limits)
      }
      judgement = judge(followUp, answers, after: judgement)
    }
    return judgement
  }

  /// The checks of the tasks of a cell.
  private func checks(_ questions: Questions, _ batches: [Batch], _ explanation: Explanation) -> [Check] {
    let tasks = questions.tasks
    let forwardFailure = batches.first { $0.task.kind == .forward }?.failure
    let gone = wrong(questions.lost, batches)
    return tasks.flatMap { task -> [Check] in
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
      return self.checks(of: task, explanation, inPublished: fixed?.block) { subject in
        guard case .block(let block) = subject else {
          // Published values can be learned by heart; they count where something is right on other numbers, too.
          let isAnyRight = blocks(of: task).contains { item in
            item.subject.address.map { self.finding($0.isOutput ? ahead : back, $0) == .agrees } ?? false
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
  }
}
