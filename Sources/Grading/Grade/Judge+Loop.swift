// Where a loop back goes wrong that no known mistake explains: a second run, after the points are settled.

import CellKit
import Diagnosis
import Recovery
import Recurrence
import Sheets
import SubmissionHost
import Wire

extension Judge {
  /// What is to be asked of a loop whose gradients are wrong in a way that no known mistake explains; nil where nothing is.
  ///
  /// - Parameters:
  ///   - diagnoses: what has been explained.
  ///   - step: what the step by itself answered, where it was asked.
  func loopRecovery(
    _ task: Sheet.Task, _ evidence: [Evidence], _ diagnoses: [BlockAddress: Diagnosis], step: [Evidence]
  ) -> FollowUp? {
    // A wrong step is the mistake to tell; a wrong way forward too.
    guard task.namesMistakes, task.held.isEmpty, !cell.outputPlaces.contains(where: evidence.isWrong),
      !cell.gradientPlaces.contains(where: step.isWrong)
    else { return nil }
    let open = cell.gradientPlaces.filter { diagnoses[$0] == nil && evidence.isWrong($0) }
    guard !open.isEmpty else { return nil }
    let questions = LoopQuestions(cell, seed: Self.recoverySeed)
    return FollowUp(
      purpose: .loop(questions, blocks: Set(open), task: task),
      calls: questions.draws.map { $0.value.call(.backwardThroughTime, cell) }, limits: .check, isRequired: false)
  }

  /// What the answers of a loop say about its wrong blocks.
  func located(
    _ questions: LoopQuestions, _ outcomes: [CallOutcome], _ blocks: Set<BlockAddress>
  ) -> [BlockAddress: Diagnosis] {
    var received: [Matrices] = []
    for (outcome, draw) in zip(outcomes, questions.draws) {
      // A crash or two answers here change nothing.
      guard case .answered(let answer) = outcome else { return [:] }
      received.append(matrices(of: cell.gradientPlaces, in: answer, draw))
    }
    guard let located = LoopRecovery(questions, received)?.located() else { return [:] }
    let diagnosis = Diagnosis(fault: "located", cause: .located(located), path: [])
    return Dictionary(uniqueKeysWithValues: blocks.map { ($0, diagnosis) })
  }
}
