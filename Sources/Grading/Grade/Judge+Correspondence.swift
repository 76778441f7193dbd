// Derivation and code linked: the learner's equations on the code's inputs, held against the code's answers.

import CellKit
import Derivation
import Diagnosis
import Diagnostics
import Recurrence
import Sheets
import SubmissionHost
import Wire

/// Whether two values of one gradient are the same, different, or too close to tell.
private enum Likeness {
  case same, different, unclear

  /// Rounding makes less than this of two ways to write the same.
  private static let clearly = 1e-7

  init(_ left: [Matrix], _ right: [Matrix]) {
    let steps = zip(left, right).map(Likeness.init)
    self = steps.contains(.different) ? .different : steps.contains(.unclear) ? .unclear : .same
  }

  init(_ left: Matrix, _ right: Matrix) {
    guard left.rows == right.rows, left.columns == right.columns else {
      self = .different
      return
    }
    let error = Comparison.difference(expected: left, received: right).relativeError
    self = error <= Comparison.tolerance ? .same : error > Self.clearly ? .different : .unclear
  }

  /// The steps, from 1, at which two lists differ.
  static func parting(_ left: [Matrix], _ right: [Matrix]) -> [Int] {
    zip(left, right).enumerated().filter { Likeness($0.element.0, $0.element.1) == .different }.map { $0.offset + 1 }
  }
}

extension Judge {
  /// How every gradient of the code stands to the derivation: what is worth telling, in the order of the sheet.
  ///
  /// - Parameters:
  ///   - batches: the calls of every task of code, with their answers.
  ///   - checks: what was found about them.
  ///   - written: the derivation; nil where there is none to be linked.
  package func correspondences(_ batches: [Batch], _ checks: [Check], _ written: WrittenWork.Examined?)
    -> [Correspondence]
  {
    guard let written else { return [] }
    let calls = batches.filter(\.isGradientCall)
    let isCodeWrong = checks.contains { check in
      check.finding.isWrongValue && calls.contains { $0.task.id == check.task }
    }
    let isDerivationWrong = written.report.chains.contains { $0.links.contains { $0.verdict == .doesNotHold } }
    guard !calls.isEmpty, isCodeWrong || isDerivationWrong,
      let equations = written.checker.equations(of: written.text, examined: written.report)
    else { return [] }
    return calls.flatMap { correspondences($0, equations) }
  }

  private func correspondences(_ batch: Batch, _ equations: WrittenEquations) -> [Correspondence] {
    var evaluated: [Int: WrittenGradients] = [:]
    func written(_ index: Int) -> WrittenGradients {
      if let known = evaluated[index] { return known }
      let draw = batch.draws[index]
      let found = equations.gradients(on: draw.value, sizes: draw.sizes, isStep: batch.kind == .backward)
      evaluated[index] = found
      return found
    }
    return blocks(of: batch.task).compactMap { item in
      guard let address = item.subject.address, let block = address.written else { return nil }
      // The numbers that the finding is about, or the first ones where the code is right.
      var chosen: (index: Int, code: [Matrix])?
      var isRight = true
      for (index, outcome) in batch.outcomes.enumerated() where isRight {
        guard case .answered(let answer) = outcome,
          let code = matrices(values(of: address, in: answer, batch.draws[index]))
        else { return nil }
        isRight = Likeness(expected(address, batch.draws[index]), code) == .same
        if chosen == nil || !isRight { chosen = (index, code) }
      }
      guard let (index, code) = chosen else { return nil }
      let right = expected(address, batch.draws[index])
      return correspondence(item, batch.task, written(index), block, code: code, right: right)
    }
  }

  private func matrices(_ values: [BlockValue]) -> [Matrix]? {
    let matrices = values.compactMap { value -> Matrix? in
      if case .matrix(let matrix) = value { matrix } else { nil }
    }
    return matrices.count == values.count ? matrices : nil
  }

  private func correspondence(
    _ item: TaskBlock, _ task: Sheet.Task, _ written: WrittenGradients, _ block: WrittenGradients.Block,
    code: [Matrix], right: [Matrix]
  ) -> Correspondence? {
    func told(_ verdict: Correspondence.Verdict) -> Correspondence {
      Correspondence(task: task.id, check: "\(task.id).\(item.id)", title: item.title, verdict: verdict)
    }
    let codeIsRight = Likeness(right, code)
    guard !written.isExhausted else { return codeIsRight == .different ? told(.tooMuchWork) : nil }
    guard let entry = written.entries[block] else {
      // A text that has not come to any gradient yet needs no list of what it lacks.
      return codeIsRight == .different && !written.entries.isEmpty ? told(.notStated) : nil
    }
    guard let own = entry.values, own.count == right.count else { return nil }
    let derivationIsRight = Likeness(right, own)
    let verdict: Correspondence.Verdict
    let parting: [Int]
    switch (derivationIsRight, codeIsRight) {
    case (.same, .different): (verdict, parting) = (.codeDiffers, Likeness.parting(right, code))
    case (.different, .same): (verdict, parting) = (.derivationDiffers, Likeness.parting(right, own))
    case (.different, .different):
      switch Likeness(own, code) {
      case .same: (verdict, parting) = (.sameMistake, Likeness.parting(right, code))
      case .different: (verdict, parting) = (.bothDiffer, Likeness.parting(own, code))
      case .unclear: return nil
      }
    default: return nil
    }
    // A line that the check found right, or could not judge, is not to be blamed.
    if derivationIsRight == .different, entry.isDoubtful || entry.roots.isEmpty { return nil }
    var result = told(verdict)
    result.line = entry.line
    result.roots = derivationIsRight == .different ? entry.roots : []
    result.stepCount = right.count
    result.steps = right.count > 1 ? parting : []
    result.assumed = entry.assumed
    return result
  }
}

extension Judge.Batch {
  /// Whether it asks for gradients of ordinary numbers, in a task whose mistakes may be named.
  fileprivate var isGradientCall: Bool {
    role == .ordinary && (kind == .backward || kind == .backwardThroughTime) && task.namesMistakes
  }
}

extension BlockAddress {
  /// The block as a derivation knows it; nil for what is no gradient.
  fileprivate var written: WrittenGradients.Block? {
    switch self {
    case .input(let index): .input(index)
    case .previous(let index): .initial(index)
    case .parameter(let index): .parameter(index)
    case .output: nil
    }
  }
}

extension Finding {
  /// Whether there is a value, and another one than there should be.
  fileprivate var isWrongValue: Bool {
    switch self {
    case .differs, .wrongShape: true
    default: false
    }
  }
}
