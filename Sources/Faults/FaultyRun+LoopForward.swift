// What a loop forward with a mistake feeds into its steps, and what it hands out.

import CellKit
import Recurrence

extension FaultyRun {
  /// What a step is given.
  static func fed(
    _ value: Case, _ step: Int, _ state: [Matrix], _ loop: ForwardTimeFault?, _ graph: StepGraph
  ) -> (inputs: [Matrix], state: [Matrix]) {
    var at = step
    switch loop?.slip {
    case .inputsReversed: at = value.steps - 1 - step
    case .inputsOneEarlier: at = max(0, step - 1)
    case .inputsOneLater: at = min(value.steps - 1, step + 1)
    case .firstInputOnly: at = 0
    default: break
    }
    if loop?.slip == .statesExchanged { return (value.inputs.map { $0[at] }, state.reversed()) }
    let entering = state.indices.map { index -> Matrix in
      guard let loop, loop.state == nil || loop.state == index else { return state[index] }
      switch loop.slip {
      case .statesNotPassed: return value.initial[index]
      case .statesZeroEachStep: return .zeros(like: state[index])
      case .initialIgnored where step == 0: return .zeros(like: state[index])
      case .otherStateHandedOn:
        return graph.results.firstIndex { $0 == loop.standIn }.map { state[$0] } ?? state[index]
      default: return state[index]
      }
    }
    return (value.inputs.map { $0[at] }, entering)
  }

  /// The list of outputs as the mistake hands it out.
  static func handedOut(_ list: [Matrix], initial: Matrix?, _ loop: ForwardTimeFault?) -> [Matrix] {
    let last = list.count - 1
    switch loop?.slip {
    case .outputsReversed: return list.reversed()
    case .outputsOneEarlier: return list.indices.map { list[max(0, $0 - 1)] }
    case .outputsOneLater: return list.indices.map { list[min(last, $0 + 1)] }
    case .outputsBeforeStep: return initial.map { [$0] + list.dropLast() } ?? list
    case .lastOutputOnly: return list.map { _ in list[last] }
    default: return list
    }
  }
}
