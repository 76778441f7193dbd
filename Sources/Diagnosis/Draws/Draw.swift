// Fresh inputs for a check, and what the reference makes of them.

import CellKit
import Formula
package import Recurrence

/// One draw: sizes, numbers, and the reference's values and gradients for them.
package struct Draw: Sendable {
  package let sizes: Sizes
  package let value: Case
  package let outputs: Outputs
  package let gradients: Gradients
  /// The blocks that are not drawn, each with its number.
  private let held: [(name: String, value: Double)]
  /// The same as words, such as `bf = 0`.
  package var heldNames: [String] { held.map { "\($0.name) = \($0.value)" } }

  /// A case with values from elsewhere.
  package init(sizes: Sizes, value: Case, outputs: Outputs, gradients: Gradients) {
    (self.sizes, self.value, self.outputs, self.gradients) = (sizes, value, outputs, gradients)
    held = []
  }

  /// Random values, with a number of the sheet's in some blocks.
  package init(_ cell: Cell, sizes: Sizes, seed: UInt64, stream: UInt64, held: [Held] = []) {
    var value = cell.randomCase(sizes, seed: seed, stream: stream)
    for one in held { value.fill(one.block, with: one.value) }
    self.init(
      cell, sizes: sizes, value,
      held: held.map { ($0.block.nameInCall(of: cell, isSequence: sizes.steps > 1), $0.value) })
  }

  /// A case, and what the reference makes of it.
  package init(_ cell: Cell, sizes: Sizes, _ value: Case, held: [(name: String, value: Double)] = []) {
    self.sizes = sizes
    self.value = value
    self.held = held
    let recurrence = Recurrence(cell, sizes: sizes)
    recurrence.forward(value)
    outputs = recurrence.outputs()
    gradients = recurrence.backward(value.upstream)
  }

  /// The same with other parameters.
  package func withOtherParameters(_ cell: Cell, seed: UInt64) -> Draw {
    var other = value
    other.parameters = cell.randomCase(sizes, seed: seed, stream: 90).parameters
    return Draw(cell, sizes: sizes, other)
  }

  /// Several draws for a seed; no two axes of one draw are equally long, so that a transpose cannot hide.
  ///
  /// The first has the sheet's own sizes where those differ, the others smaller ones of their own.
  package static func several(_ cell: Cell, seed: UInt64, hasTime: Bool, held: [Held] = []) -> [Draw] {
    var letters = Set(
      cell.quantities.all.flatMap { quantity in
        let (rows, columns) = quantity.shape.storage(cell.layout)
        return rows.letters.union(columns.letters)
      })
    letters.insert("N")
    return (0..<3).map { (index: UInt64) in
      var generator = SeededGenerator(seed: seed, stream: 100 + index)
      var pool = Array(2..<(4 + letters.count)).shuffled(using: &generator)
      var chosen: [String: Int] = [:]
      for letter in letters.sorted() { chosen[letter] = pool.removeLast() }
      let own = cell.declaration.sizes.filter { letters.contains($0.key) }
      if index == 0, own.count == letters.count, Set(own.values).count == letters.count { chosen = own }
      var steps = 1
      if hasTime {
        steps = 3
        while chosen.values.contains(steps) { steps += 1 }
      }
      return Draw(
        cell, sizes: Sizes(chosen, steps: steps), seed: seed, stream: 1 + index + (hasTime ? 50 : 0), held: held)
    }
  }

  /// The sizes as a person is told them, with the step where there is one.
  package func place(step: Int?) -> DrawPlace {
    var letters = sizes.letters
    if sizes.steps > 1 { letters["T"] = sizes.steps }
    return DrawPlace(
      sizes: letters, step: step, zero: held.filter { $0.value == 0 }.map { $0.name },
      set: held.filter { $0.value != 0 }.map { .init(block: $0.name, value: $0.value) })
  }

  /// A block that is not drawn, and what all of its entries are.
  package struct Held: Sendable {
    package let block: BlockAddress
    package let value: Double

    package init(block: BlockAddress, value: Double) { (self.block, self.value) = (block, value) }
  }
}

extension BlockAddress {
  /// Every block of a call by the name that a sheet and its learner use.
  package static func ofCall(_ cell: Cell, isSequence: Bool) -> [(name: String, block: BlockAddress)] {
    let quantities = cell.quantities
    let blocks =
      quantities.inputs.indices.map(BlockAddress.input) + quantities.states.indices.map(BlockAddress.previous)
      + quantities.parameters.indices.map(BlockAddress.parameter)
      + quantities.results.indices.map(BlockAddress.output)
    return blocks.map { ($0.nameInCall(of: cell, isSequence: isSequence), $0) }
  }

  /// Its name in a call, such as `previous.c` or `upstream.h`.
  package func nameInCall(of cell: Cell, isSequence: Bool) -> String {
    let quantities = cell.quantities
    return switch self {
    case .input(let index): quantities.inputs[index].swift
    case .previous(let index): (isSequence ? "initial." : "previous.") + quantities.states[index].swift
    case .parameter(let index): quantities.parameters[index].swift
    case .output(let index): "upstream." + quantities.results[index].swift
    }
  }
}

extension Case {
  /// Makes all entries of a block one number.
  fileprivate mutating func fill(_ block: BlockAddress, with number: Double) {
    func filled(_ matrix: Matrix) -> Matrix { matrix.map { _ in number } }
    switch block {
    case .input(let index): inputs[index] = inputs[index].map(filled)
    case .previous(let index): initial[index] = filled(initial[index])
    case .parameter(let index): parameters[index] = filled(parameters[index])
    case .output(let index): upstream[index] = upstream[index].map { $0.map(filled) }
    }
  }
}
