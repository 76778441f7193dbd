// Fresh inputs for a check, and what the reference makes of them.

import CellKit
import Formula
import Recurrence

/// One draw: sizes, numbers, and the reference's values and gradients for them.
struct Draw: Sendable {
  let sizes: Sizes
  let value: Case
  let outputs: Outputs
  let gradients: Gradients

  init(_ cell: Cell, sizes: Sizes, seed: UInt64, stream: UInt64) {
    self.sizes = sizes
    value = cell.randomCase(sizes, seed: seed, stream: stream)
    let recurrence = Recurrence(cell, sizes: sizes)
    recurrence.forward(value)
    outputs = recurrence.outputs()
    gradients = recurrence.backward(value.upstream)
  }

  /// Several draws for a seed; no two axes of one draw are equally long, so that a transpose cannot hide.
  ///
  /// The first has the sheet's own sizes where those differ, the others smaller ones of their own.
  static func several(_ cell: Cell, seed: UInt64, hasTime: Bool) -> [Draw] {
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
      return Draw(cell, sizes: Sizes(chosen, steps: steps), seed: seed, stream: 1 + index + (hasTime ? 50 : 0))
    }
  }

  /// The sizes as a person is told them, with the step where there is one.
  func place(step: Int?) -> DrawPlace {
    var letters = sizes.letters
    if sizes.steps > 1 { letters["T"] = sizes.steps }
    return DrawPlace(sizes: letters, step: step)
  }
}

extension Case {
  /// The call that asks a submission for the same.
  func call(_ kind: Call.Kind, _ cell: Cell) -> Call {
    func named(_ quantities: [Quantity], _ matrices: [Matrix]) -> [String: Matrix] {
      Dictionary(uniqueKeysWithValues: zip(quantities.map(\.swift), matrices))
    }
    let quantities = cell.quantities
    let steps = (0..<self.steps).map { step in named(quantities.inputs, self.inputs.map { $0[step] }) }
    let previous = named(quantities.states, initial)
    let blocks = named(quantities.parameters, parameters)
    let arriving = (0..<self.steps).map { step in
      Dictionary(
        uniqueKeysWithValues: zip(quantities.results, self.upstream).compactMap { quantity, list in
          list[step].map { (quantity.swift, $0) }
        })
    }
    switch kind {
    case .forward: return .forward(input: steps[0], previous: previous, parameters: blocks)
    case .backward:
      return .backward(input: steps[0], previous: previous, parameters: blocks, upstream: arriving[0])
    case .forwardThroughTime: return .forwardThroughTime(inputs: steps, initial: previous, parameters: blocks)
    case .backwardThroughTime:
      return .backwardThroughTime(inputs: steps, initial: previous, parameters: blocks, upstream: arriving)
    case .flow: return .flow(inputs: steps, initial: previous, parameters: blocks, upstream: arriving)
    }
  }
}
