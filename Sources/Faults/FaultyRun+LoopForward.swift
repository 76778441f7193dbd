// What a loop forward with a mistake feeds into its steps, and what it hands out.

import CellKit
import Recurrence

extension ForwardTimeFault {
  /// What a step is given.
  func fed(
    _ value: Case, _ step: TimeFault.Step, _ state: [Matrix], _ graph: StepGraph
  ) -> (inputs: [Matrix], state: [Matrix]) {
    var (at, entering) = (step.index, state)
    switch slip.rewrite {
    case .input(let other): at = other(step)
    case .state(let change):
      for index in state.indices where self.state == nil || self.state == index {
        entering[index] = change(state[index], value.initial[index], step)
      }
    case .otherStateHandedOn:
      if let index = self.state, let other = graph.results.firstIndex(where: { $0 == standIn }) {
        entering[index] = state[other]
      }
    case .statesExchanged: entering = state.reversed()
    case .output, .outputsBeforeStep, .otherHandedOn: break
    }
    return (value.inputs.map { $0[at] }, entering)
  }

  /// The list of outputs as the mistake hands it out.
  func handedOut(_ list: [Matrix], initial: Matrix?) -> [Matrix] {
    switch slip.rewrite {
    case .output(let other): list.indices.map { list[other(TimeFault.Step(index: $0, count: list.count))] }
    case .outputsBeforeStep: initial.map { [$0] + list.dropLast() } ?? list
    default: list
    }
  }
}
