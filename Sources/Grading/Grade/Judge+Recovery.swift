// The formula of what no known mistake explains: a second run, after the points are settled.

import CellKit
import Diagnosis
import Recovery
import Recurrence
import Sheets
import SubmissionHost
import Wire

extension Judge {
  /// What is to be asked of a step that is wrong in a way that no known mistake explains; nil where nothing is.
  ///
  /// - Parameters:
  ///   - kind: forward or backward.
  ///   - diagnoses: what has been explained.
  func recovery(
    _ task: Sheet.Task, _ kind: Call.Kind, _ evidence: [Evidence], _ diagnoses: [BlockAddress: Diagnosis]
  ) -> FollowUp? {
    guard task.namesMistakes, task.held.isEmpty else { return nil }
    // Formulas of gradients are made from right values.
    if kind == .backward, cell.outputPlaces.contains(where: evidence.isWrong) { return nil }
    let places = kind == .backward ? cell.gradientPlaces : cell.outputPlaces
    let open = places.filter { diagnoses[$0] == nil && evidence.isWrong($0) }
    guard !open.isEmpty else { return nil }
    let questions = StepQuestions(cell, seed: Self.recoverySeed)
    let cases = kind == .backward ? questions.cases : questions.draws.map(\.value)
    return FollowUp(
      purpose: .recovery(questions, evidence, blocks: Set(open), task: task), calls: cases.map { $0.call(kind, cell) },
      limits: .check, isRequired: false)
  }

  /// The networks are the same for all: what they show is a formula, and no points hang on them.
  static let recoverySeed: UInt64 = 1

  /// What the answers of a step say about its wrong blocks.
  func found(
    _ questions: StepQuestions, _ outcomes: [CallOutcome], _ evidence: [Evidence], _ blocks: Set<BlockAddress>
  ) -> [BlockAddress: Diagnosis] {
    var received: [Matrices] = []
    for outcome in outcomes {
      // A crash or two answers here change nothing.
      guard case .answered(let answer) = outcome else { return [:] }
      received.append(matrices(of: cell.outputPlaces + cell.gradientPlaces, in: answer, questions.draws[0]))
    }
    if blocks.allSatisfy(\.isOutput) {
      let found = ForwardRecovery(questions, received)?.findings(of: blocks) ?? [:]
      return found.mapValues { Diagnosis(fault: "recovered", cause: .recovered($0), path: [$0.of]) }
    }
    guard var recovery = StepRecovery(questions, received, evidence) else { return [:] }
    return recovery.findings(of: blocks).mapValues { finding in
      switch finding {
      case .formula(let recovered):
        return Diagnosis(fault: "recovered", cause: .recovered(recovered), path: [recovered.of])
      case .onlyWithSeveralSamples:
        return Diagnosis(fault: "onlyWithSeveralSamples", cause: .onlyWithSeveralSamples, path: [])
      case .notLinear: return Diagnosis(fault: "notLinear", cause: .notLinear, path: [])
      }
    }
  }
}

extension Explanation {
  /// Notes what was found of blocks that nothing has explained.
  mutating func add(_ found: [BlockAddress: Diagnosis], to task: Sheet.Task) {
    diagnoses[task.id, default: [:]].merge(found) { known, _ in known }
  }
}
