// The smallest network that shows a wrong equality to be wrong: sizes by residues, numbers by leaving out what is not needed.

import Formula
import Recurrence

/// Seeks numbers for which two members of a chain differ.
struct CounterexampleSearch {
  let session: Session
  let chain: ElaboratedChain
  let left: Int

  /// Where two sides differ, and what they are there.
  struct Difference {
    let environment: [Int]
    /// The entry at which they differ, row by row.
    let entry: Int
    /// Rows and columns of what is compared.
    let extent: (rows: Int, columns: Int)
    let left: Fraction
    let right: Fraction
  }

  /// Which values gates and states may have in an example.
  private enum Values {
    /// Those that they can have, never 0: at 0 a gate would hide a whole path, and a reader would miss it.
    case attainable
    /// Any, where none of the others shows the line to be wrong in numbers that can be told.
    case any
  }

  /// How many numbers that are not 0 a person can be asked to keep in the head.
  static let mostNumbers = 6

  private var a: Term { chain.terms[left]! }
  private var b: Term { chain.terms[left + 1]! }

  /// A counterexample; nil where none of few numbers is found.
  func find() -> Counterexample? {
    guard chain.terms[left] != nil, chain.terms[left + 1] != nil, !a.hasNorm, !b.hasNorm else { return nil }
    let third = session.effort.left / 3
    return session.effort.part(third) { find(.attainable) } ?? find(.any)
  }

  private func find(_ values: Values) -> Counterexample? {
    var best: (example: Counterexample, count: Int)?
    for size in 1...2 {
      for batch in 1...(session.reading.batch > 1 ? 2 : 1) {
        for steps in 1...4 where differs(size: size, batch: batch, steps: steps) {
          if let found = sought(values, size: size, batch: batch, steps: steps), found.count < best?.count ?? .max {
            best = found
          }
          // More steps would show it with no fewer numbers.
          if let best, best.count <= Self.mostNumbers { return best.example }
          guard !session.effort.isExhausted else { return nil }
        }
      }
    }
    return nil
  }

  /// Whether residues differ in a network of given sizes: then nearly all numbers show it.
  private func differs(size: Int, batch: Int, steps: Int) -> Bool {
    var letters = session.context.cell.declaration.sizes.mapValues { _ in size }
    letters["N"] = batch
    let world = ExactWorld(
      session.context, sizes: Sizes(letters, steps: steps + 2), steps: steps, seed: session.seed, stream: 2000,
      isLastOnly: session.reading.isLastOnly)
    for environment in chain.claimed(in: world) {
      guard let x = world.evaluate(a, environment), let y = world.evaluate(b, environment),
        let difference = x.combined(y, -)
      else { continue }
      if difference.elements.contains(where: { $0.isNumber && $0 != .zero }) { return true }
    }
    return false
  }

  private func sought(
    _ values: Values, size: Int, batch: Int, steps: Int
  ) -> (example: Counterexample, count: Int)? {
    let network = SmallNetwork(
      session.context, size: size, batch: batch, steps: steps, isLastOnly: session.reading.isLastOnly)
    var generator = SeededGenerator(seed: session.seed, stream: 2001)
    var best: (example: Counterexample, count: Int)?
    for attempt in 0..<8 {
      if attempt == 4, let best, best.count <= Self.mostNumbers { break }
      guard !session.effort.isExhausted else { break }
      var numbers = (0..<network.count).map { index in
        let few = Self.numbers(network.functions[index], values)
        return few[Int(generator.next() % UInt64(few.count))]
      }
      guard let start = difference(network, numbers) else { continue }
      simplify(&numbers, values, network, at: start.environment, &generator)
      // What is shown is worked out once more from nothing.
      guard let found = difference(network, numbers, at: start.environment) else { continue }
      let example = CounterexampleText(session: session, chain: chain, left: left, network: network)
        .example(numbers, found, size: size, batch: batch)
      if let example, example.count < best?.count ?? .max { best = example }
      if let best, best.count <= 3 { break }
    }
    return best
  }

  /// The numbers that are tried for a value, the simplest first.
  private static func numbers(_ function: Function?, _ values: Values) -> [Fraction] {
    let half = Fraction(1, over: 2)
    let chosen = values == .attainable ? function?.chosenValues : function?.anyValues
    return chosen ?? [.one, -.one, Fraction(2), Fraction(-2), half, -half]
  }

  /// Makes numbers 0 as long as the sides differ, then those that are left simpler.
  private func simplify(
    _ numbers: inout [Fraction], _ values: Values, _ network: SmallNetwork, at environment: [Int],
    _ generator: inout SeededGenerator
  ) {
    func mayBeZero(_ index: Int) -> Bool { values == .any || network.functions[index] == nil }
    func keep(_ index: Int, _ value: Fraction) -> Bool {
      let before = numbers[index]
      guard before != value else { return true }
      numbers[index] = value
      if difference(network, numbers, at: environment) != nil { return true }
      numbers[index] = before
      return false
    }
    // Whole parts first: most of a network has nothing to do with one line.
    for place in network.places.reversed() where place.range.allSatisfy(mayBeZero) {
      let before = numbers
      for index in place.range { numbers[index] = .zero }
      if difference(network, numbers, at: environment) == nil { numbers = before }
    }
    for index in (0..<network.count).shuffled(using: &generator)
    where numbers[index] != .zero && mayBeZero(index) {
      _ = keep(index, .zero)
    }
    for index in 0..<network.count where numbers[index] != .zero {
      for value in Self.numbers(network.functions[index], values) where value != .zero {
        if keep(index, value) || numbers[index] == value { break }
      }
    }
    if values == .attainable { quieten(&numbers, network, at: environment) }
  }

  /// Makes functions 0 that neither side depends on: at 0 both sides are what they were.
  private func quieten(_ numbers: inout [Fraction], _ network: SmallNetwork, at environment: [Int]) {
    guard let wanted = difference(network, numbers, at: environment) else { return }
    for place in network.places where place.isFunction {
      let before = numbers
      for index in place.range { numbers[index] = .zero }
      let found = difference(network, numbers, at: environment)
      if found?.left != wanted.left || found?.right != wanted.right { numbers = before }
    }
  }

  /// Where two sides differ with given numbers; nil where they do not, or something has no value that a person can read.
  private func difference(_ network: SmallNetwork, _ numbers: [Fraction], at environment: [Int]? = nil) -> Difference? {
    let world = network.world(numbers)
    session.effort.spend(network.places.count)
    for environment in environment.map({ [$0] }) ?? chain.claimed(in: world) {
      guard let x = world.evaluate(a, environment), let y = world.evaluate(b, environment),
        let difference = x.combined(y, -), difference.elements.allSatisfy(\.isNumber)
      else { continue }
      guard let entry = difference.elements.firstIndex(where: { $0 != .zero }) else { continue }
      func at(_ matrix: Grid<Fraction>) -> Fraction {
        let (row, column) = (entry / difference.columns, entry % difference.columns)
        return matrix.elements[
          (matrix.rows == 1 ? 0 : row) * matrix.columns + (matrix.columns == 1 ? 0 : column)]
      }
      return Difference(
        environment: environment, entry: entry, extent: (difference.rows, difference.columns), left: at(x), right: at(y)
      )
    }
    return nil
  }
}
