// Reverse mode against differences of the forward pass: two computations that share nothing but the equations.

import CellKit

extension Cell {
  /// How far the reverse-mode gradients are from fourth-order central differences, block by block.
  ///
  /// Every block is moved along a random direction d; the derivative of the loss ⟨upstream, outputs⟩ along d is compared
  /// with ⟨gradient, d⟩. The differences have an error of about 1e-10 themselves.
  /// - Returns: the blocks by name with their relative errors.
  public func differenceErrors(_ sizes: Sizes, seed: UInt64) -> [(name: String, error: Double)] {
    let value = randomCase(sizes, seed: seed)
    let recurrence = Recurrence(self, sizes: sizes)
    recurrence.forward(value)
    let gradients = recurrence.backward(value.upstream)
    var generator = SeededGenerator(seed: seed, stream: 77)

    func loss(_ moved: Case) -> Double {
      recurrence.forward(moved)
      var sum = 0.0
      for (steps, upstream) in zip(recurrence.outputs(), value.upstream) {
        for (output, weight) in zip(steps, upstream) { if let weight { sum += inner(output, weight) } }
      }
      return sum
    }
    func error(_ gradient: Matrix, _ move: (Matrix, Double) -> Case) -> Double {
      let direction = Matrix(
        rows: gradient.rows, columns: gradient.columns, elements: gradient.elements.map { _ in generator.normal() })
      let step = 2e-3
      func at(_ factor: Double) -> Double { loss(move(direction, factor * step)) }
      let measured = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
      let claimed = inner(gradient, direction)
      let scale = Swift.max(abs(measured), abs(claimed), 1e-6)
      return abs(measured - claimed) / scale
    }
    var errors: [(String, Double)] = []
    for (index, quantity) in quantities.parameters.enumerated() {
      errors.append(
        (
          quantity.swift,
          error(gradients.parameters[index]) { direction, factor in
            var moved = value
            moved.parameters[index] += factor * direction
            return moved
          }
        ))
    }
    for (index, quantity) in quantities.inputs.enumerated() {
      errors.append(
        (
          quantity.swift,
          error(gradients.inputs[index][0]) { direction, factor in
            var moved = value
            moved.inputs[index][0] += factor * direction
            return moved
          }
        ))
    }
    for (index, quantity) in quantities.states.enumerated() {
      errors.append(
        (
          "initial.\(quantity.swift)",
          error(gradients.initial[index]) { direction, factor in
            var moved = value
            moved.initial[index] += factor * direction
            return moved
          }
        ))
    }
    return errors
  }

  private func inner(_ left: Matrix, _ right: Matrix) -> Double {
    zip(left.elements, right.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
