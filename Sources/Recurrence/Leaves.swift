// The numbers that a run begins with.

import CellKit
import Formula

/// The numbers of the leaves of a cell's graph over some steps.
package struct Leaves<Number: TapeNumber> {
  /// One matrix a parameter.
  package var parameters: [Number.Matrix]
  /// For each input, its matrix at the steps 1…T.
  package var inputs: [[Number.Matrix]]
  /// For each state, its matrix before the first step.
  package var initial: [Number.Matrix]

  package init(parameters: [Number.Matrix], inputs: [[Number.Matrix]], initial: [Number.Matrix]) {
    self.parameters = parameters
    self.inputs = inputs
    self.initial = initial
  }
}

extension Leaves<Double> {
  package init(_ value: Case) {
    self.init(parameters: value.parameters, inputs: value.inputs, initial: value.initial)
  }
}
