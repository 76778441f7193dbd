// What explains the wrong blocks of every task of code: the answers of all calls taken together.

import CellKit
package import Diagnosis
import Recurrence
package import Sheets
import SubmissionHost
import Wire

/// What explains the wrong blocks of every task.
package struct Explanation {
  /// By the id of a task, then by block.
  package var diagnoses: [String: [BlockAddress: Diagnosis]] = [:]
  /// The gradients that are right for the learner's own forward, and the share of the points that they earn.
  var shares: [String: [BlockAddress: Double]] = [:]

  /// What is told of a block that is wrong.
  package func told(_ task: Sheet.Task, _ block: BlockAddress?) -> (diagnosis: Diagnosis?, share: Double?) {
    guard let block else { return (nil, nil) }
    return (task.namesMistakes ? diagnoses[task.id]?[block] : nil, shares[task.id]?[block])
  }
}

extension Judge {
  /// Explains what is wrong in the answers: the way forward first, then a step back, then the loops.
  ///
  /// - Returns: also what is to be asked of a forward pass that no known mistake explains.
  func explanation(of batches: [Batch]) -> (Explanation, [FollowUp]) {
    var explanation = Explanation()
    var followUps: [FollowUp] = []
    var step = Diagnostician.Result()
    var stepEvidence: [Evidence] = []
    // The way forward by what is not drawn: several tasks may ask for the same.
    var ahead: [[String]: (received: [Matrices], result: Diagnostician.Result)] = [:]
    func forward(_ evidence: [Evidence]) -> Diagnostician.Result {
      let key = evidence.first?.draw.heldNames ?? []
      let received = evidence.map { one in one.received.filter { cell.outputPlaces.contains($0.key) } }
      if let known = ahead[key], known.received == received { return known.result }
      let result = diagnostician.diagnoseForward(evidence)
      ahead[key] = (received, result)
      return result
    }
    for batch in batches where batch.role == .ordinary {
      guard let evidence = evidence(batch) else { continue }
      switch batch.kind {
      case .forward:
        let found = forward(evidence).diagnoses
        explanation.diagnoses[batch.task.id] = found
        if let recovery = recovery(batch.task, .forward, evidence, found) { followUps.append(recovery) }
      case .backward:
        let models = forward(evidence).models
        var found = diagnostician.diagnose(evidence, models: models)
        found.models = models
        if batch.task.held.isEmpty { (step, stepEvidence) = (found, evidence) }
        explanation.diagnoses[batch.task.id] = found.diagnoses
        if let recovery = recovery(batch.task, .backward, evidence, found.diagnoses) { followUps.append(recovery) }
        let open = follow(batch.task, evidence, models, &explanation)
        if let open, let test = DifferenceTest(cell, evidence, open) {
          let calls = test.cases.map { $0.call(.forward, cell) }
          followUps.append(
            FollowUp(
              purpose: .differences(test, task: batch.task), calls: calls, limits: .check, isRequired: false))
        }
      case .backwardThroughTime:
        if step.models.isEmpty, let first = ahead[[]]?.result { step.models = first.models }
        let found = diagnostician.diagnoseSequence(evidence, step: step)
        explanation.diagnoses[batch.task.id] = found.diagnoses
        if let loop = loopRecovery(batch.task, evidence, found.diagnoses, step: stepEvidence) { followUps.append(loop) }
        _ = follow(batch.task, evidence, found.models, &explanation)
      case .forwardThroughTime:
        // Told by the call there and back, which has the same outputs; by itself where that one has no answer.
        let hasWhole = batches.contains {
          $0.role == .ordinary && $0.task.id == batch.task.id && $0.kind == .backwardThroughTime
            && self.evidence($0) != nil
        }
        guard !hasWhole else { continue }
        explanation.diagnoses[batch.task.id] = diagnostician.diagnoseSequence(evidence, step: step).diagnoses
          .filter { cell.outputPlaces.contains($0.key) }
      default: continue
      }
    }
    for batch in batches where batch.role == .vanishing && batch.kind == .backwardThroughTime {
      let ordinary = batches.first {
        $0.role == .ordinary && $0.task.id == batch.task.id && $0.kind == batch.kind
      }
      guard let vanishing = evidence(batch)?.first, let evidence = ordinary.flatMap(evidence) else { continue }
      // What is wrong with a block at ordinary sizes is told by these.
      let found = diagnostician.diagnoseVanished(vanishing).filter { place, _ in
        evidence.allSatisfy { Matcher.error($0.received[place], $0.draw.right[place]) <= Comparison.tolerance }
      }
      explanation.diagnoses[batch.task.id, default: [:]].merge(found) { known, _ in known }
    }
    return (explanation, followUps)
  }

  /// What the calls of a task answered; nil where one of them has no answer, or two.
  private func evidence(_ batch: Batch) -> [Evidence]? {
    var evidence: [Evidence] = []
    let isAhead = batch.kind == .forward || batch.kind == .forwardThroughTime
    let blocks = cell.outputPlaces + (isAhead ? [] : cell.gradientPlaces)
    for (draw, outcome) in zip(batch.draws, batch.outcomes) {
      guard case .answered(let answer) = outcome else { return nil }
      evidence.append(Evidence(draw: draw, received: matrices(of: blocks, in: answer, draw)))
    }
    return evidence
  }

  /// The blocks of an answer that are finite matrices at every step.
  func matrices(of blocks: [BlockAddress], in answer: Answer, _ draw: Draw) -> Matrices {
    var received: Matrices = [:]
    for block in blocks {
      let matrices = values(of: block, in: answer, draw).map { value -> Matrix? in
        if case .matrix(let matrix) = value { return matrix } else { return nil }
      }
      let whole = matrices.compactMap(\.self)
      if whole.count == matrices.count { received[block] = whole }
    }
    return received
  }
}

extension [Evidence] {
  /// Whether a block is wrong on one of the draws.
  func isWrong(_ block: BlockAddress) -> Bool {
    contains { Matcher.error($0.received[block], $0.draw.right[block]) > Comparison.tolerance }
  }
}
