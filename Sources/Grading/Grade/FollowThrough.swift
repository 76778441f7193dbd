// A way back that is right for the learner's own, wrong way forward.
//
// Where the mistake forward is known, the gradients of the cell with that mistake are the measure. Where it is not, one
// step of the learner's forward is differentiated by differences of the fourth order, along a direction for each block.
//
// A forward must not earn by being trivial. Nothing follows through
// - for a block whose gradient is zero;
// - where the known mistake takes away more than a third of the derivatives on the way to the block (a σ, a product),
//   for then there was less to do;
// - where the mistake is not known, unless each output is nearer to the right one than to nothing (a relative error
//   of 1/2 at most), depends on every input, state and parameter that it should, and bends where it should bend.
// So a constant, a zero, a copy of the old state, or one tanh of everything earn nothing.

import CellKit
import Diagnosis
import Faults
import Recurrence
import Sheets

extension Judge {
  /// Finds the blocks of a task that fit the learner's own forward, where the mistake in it is known.
  ///
  /// - Returns: the blocks in question where it is not known; nil where there is nothing to be asked.
  func follow(
    _ task: Sheet.Task, _ evidence: [Evidence], _ models: [Diagnostician.Model], _ explanation: inout Explanation
  ) -> Set<BlockAddress>? {
    let right = evidence.map(\.draw.right)
    func isWrong(_ block: BlockAddress) -> Bool {
      zip(evidence, right).contains {
        Matcher.error($0.received[block], $1[block]) > Comparison.tolerance
      }
    }
    guard task.followThroughShare > 0, cell.outputPlaces.contains(where: isWrong) else { return nil }
    let open = Set(cell.gradientPlaces.filter(isWrong))
    guard !open.isEmpty else { return nil }
    guard let model = models.first else { return open }
    let own = evidence.map {
      FaultyRun(model.wrong.cell, sizes: $0.draw.sizes, $0.draw.value).gradients().byPlace
    }
    let fitting = open.filter { block in
      zip(evidence, own).allSatisfy { one, own in
        guard let gradient = own[block], gradient.contains(where: { $0.elements.contains { $0 != 0 } }) else {
          return false
        }
        return Matcher.error(one.received[block], gradient) <= Comparison.tolerance
      }
    }
    explanation.follow(
      task, fitting: fitting,
      simpler: fitting.filter { model.wrong.cell.derivativeCount($0) * 3 < cell.derivativeCount($0) * 2 })
    return nil
  }
}

extension Explanation {
  /// Notes the blocks of a task that fit the learner's own forward; those with less to do than asked for earn nothing.
  mutating func follow(_ task: Sheet.Task, fitting: Set<BlockAddress>, simpler: Set<BlockAddress> = []) {
    for block in fitting {
      var diagnosis = Diagnosis(fault: "ownForward", cause: .ownForward, path: [])
      if simpler.contains(block) {
        diagnosis.detail = "simpler"
      } else {
        shares[task.id, default: [:]][block] = task.followThroughShare
      }
      diagnoses[task.id, default: [:]][block] = diagnosis
    }
  }
}

extension Sheet.Task {
  /// The share of the points that a gradient earns for fitting its own forward: the sheet's, or one half.
  fileprivate var followThroughShare: Double { followThrough ?? 0.5 }
}

extension Cell {
  /// How many derivatives stand on the way from the results to a block: of functions and products, not of sums.
  fileprivate func derivativeCount(_ place: BlockAddress) -> Int {
    switch place {
    case .output: 0
    case .input(let index): derivativeCount(into: .input(index))
    case .previous(let index): derivativeCount(into: .previous(index))
    case .parameter(let index): derivativeCount(into: .parameter(index))
    }
  }
}
