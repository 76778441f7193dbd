// The checks of a task of code: what all draws say about each block.

package import CellKit
package import Diagnosis
import Recurrence
package import Sheets
package import SubmissionHost

extension Judge {
  /// The checks of a task, each with its share of the points.
  package func checks(
    of task: Sheet.Task, _ explanation: Explanation = Explanation(), inPublished trouble: TaskBlock? = nil,
    _ finding: (CheckSubject) -> Finding
  ) -> [Check] {
    if let model, task.kind == .model { return model.checks(of: task) { _ in (finding(.whole), nil) } }
    var blocks = blocks(of: task)
    if let fixed = task.fixed {
      let title = fixed.title + (trouble.map { ": " + $0.title } ?? "")
      blocks.append(TaskBlock(id: "fixed", title: title, subject: .whole))
    }
    return zip(blocks, shares(of: task.points, among: blocks.count)).map { item, points in
      let finding = finding(item.subject)
      let (diagnosis, share) = finding == .agrees ? (nil, nil) : explanation.told(task, item.subject.address)
      return Check(
        task: task.id, id: item.id.isEmpty ? task.id : "\(task.id).\(item.id)", title: item.title, finding: finding,
        diagnosis: diagnosis?.told(by: sheet), maxPoints: points, followThrough: share)
    }
  }

  /// What all draws of a task say about one block: the first trouble, or that they agree.
  package func finding(_ batch: Batch, _ block: BlockAddress) -> Finding {
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
  package func trouble(inPublished batch: Batch) -> (block: TaskBlock, finding: Finding)? {
    for item in blocks(of: batch.task) {
      guard let address = item.subject.address else { continue }
      let finding = finding(batch, address)
      if finding != .agrees { return (item, finding) }
    }
    return nil
  }

  /// A block's values in an answer, one a step.
  package func values(of block: BlockAddress, in answer: Answer, _ draw: Draw) -> [BlockValue] {
    let quantities = cell.quantities
    func each(_ steps: [[String: BlockValue]], _ quantity: Quantity) -> [BlockValue] {
      steps.map { $0[quantity.swift] ?? .notSet }
    }
    switch block {
    case .output(let index): return each(answer.outputs, quantities.results[index])
    case .input(let index): return each(answer.inputGradients, quantities.inputs[index])
    case .previous(let index): return each(answer.stateGradients, quantities.states[index])
    case .parameter(let index): return each([answer.parameterGradients], quantities.parameters[index])
    }
  }

  /// What the reference has for a block, one matrix a step.
  package func expected(_ block: BlockAddress, _ draw: Draw) -> [Matrix] {
    switch block {
    case .output(let index): draw.outputs[index]
    case .input(let index): draw.gradients.inputs[index]
    case .previous(let index): [draw.gradients.initial[index]]
    case .parameter(let index): [draw.gradients.parameters[index]]
    }
  }

  /// The first thing wrong with a block in one draw.
  private func trouble(_ block: BlockAddress, _ answer: Answer, _ draw: Draw) -> Finding? {
    Comparison.trouble(
      expected: expected(block, draw), received: values(of: block, in: answer, draw), isBackward: !block.isOutput,
      at: { draw.place(step: $0) })
  }
}
