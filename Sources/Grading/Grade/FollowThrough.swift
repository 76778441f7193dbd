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

extension Grader {
  /// The share of a task's points that a gradient earns for fitting its own forward, where the sheet names none.
  package static let followThroughShare = 0.5

  /// Finds the blocks of a task that fit the learner's own forward.
  ///
  /// - Parameter differences: asked where no known mistake explains the outputs: which of some blocks agree with
  ///   differences of the learner's forward; nil where that cannot be asked.
  func follow(
    _ task: Sheet.Task, _ evidence: [Evidence], _ models: [Diagnostician.Model], _ explanation: inout Explanation,
    differences: ((Set<Place>) async -> Set<Place>)?
  ) async {
    let share = task.followThrough ?? Self.followThroughShare
    let right = evidence.map(\.draw.right)
    func isWrong(_ place: Place) -> Bool {
      zip(evidence, right).contains {
        Matcher.error($0.received[place], $1[place]) > Comparison.tolerance
      }
    }
    guard share > 0, cell.outputPlaces.contains(where: isWrong) else { return }
    let open = Set(cell.gradientPlaces.filter(isWrong))
    guard !open.isEmpty else { return }
    var fitting: Set<Place> = []
    var simpler: Set<Place> = []
    if let model = models.first {
      let own = evidence.map {
        FaultyRun(model.wrong.cell, sizes: $0.draw.sizes, $0.draw.value).gradients().byPlace
      }
      fitting = open.filter { place in
        zip(evidence, own).allSatisfy { one, own in
          guard let gradient = own[place], gradient.contains(where: { $0.elements.contains { $0 != 0 } }) else {
            return false
          }
          return Matcher.error(one.received[place], gradient) <= Comparison.tolerance
        }
      }
      simpler = fitting.filter { model.wrong.cell.derivativeCount($0) * 3 < cell.derivativeCount($0) * 2 }
    } else if let differences {
      fitting = await differences(open)
    }
    for place in fitting {
      var diagnosis = Diagnosis(fault: "ownForward", cause: .ownForward, path: [])
      if simpler.contains(place) {
        diagnosis.detail = "simpler"
      } else {
        explanation.shares[task.id, default: [:]][place] = share
      }
      explanation.diagnoses[task.id, default: [:]][place] = diagnosis
    }
  }
}

extension Cell {
  /// How many derivatives stand on the way from the results to a block: of functions and products, not of sums.
  fileprivate func derivativeCount(_ place: Place) -> Int {
    switch place {
    case .output: 0
    case .input(let index): derivativeCount(into: .input(index))
    case .previous(let index): derivativeCount(into: .previous(index))
    case .parameter(let index): derivativeCount(into: .parameter(index))
    }
  }
}
