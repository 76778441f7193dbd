// What a submission is asked about one step, so that its answers come apart by upstream, and the answers in order.

import CellKit
package import Diagnosis
package import Recurrence

/// Networks of one sample, each asked about with no upstream, with each one alone, with all, and with all of them doubled.
///
/// A gradient is linear in the upstream. So what comes from one is what is there with it alone, less what is there with
/// none; a sum of paths comes apart into its terms.
package struct StepQuestions: Sendable {
  let cell: Cell
  /// Two that decide, of the same sizes, and one that confirms, of others.
  package let draws: [Draw]

  /// - Parameter seed: what the networks follow from.
  package init(_ cell: Cell, seed: UInt64) {
    self.cell = cell
    draws = (0..<3).map { network in
      var letters: [String: Int] = [:]
      // No two axes are equally long, so that a vector is not taken for one of another axis.
      var length = network == 2 ? 3 : 4
      for letter in Self.letters(of: cell) {
        letters[letter] = length
        length += 1
      }
      letters["N"] = 1
      return Draw(cell, sizes: Sizes(letters, steps: 1), seed: seed, stream: 700 + UInt64(network))
    }
  }

  /// The letters of the axes, those of the states first.
  private static func letters(of cell: Cell) -> [String] {
    var found: [String] = []
    for quantity in cell.quantities.states + cell.quantities.all {
      let (rows, columns) = quantity.shape.storage(cell.layout)
      for letter in (rows.letters.union(columns.letters)).sorted() where letter != "N" && !found.contains(letter) {
        found.append(letter)
      }
    }
    return found
  }

  /// The upstreams of one network's questions: none, each alone, all, all doubled.
  private func upstreams(_ draw: Draw) -> [[[Matrix?]]] {
    let all = draw.value.upstream
    func scaled(_ factor: (Int) -> Double) -> [[Matrix?]] {
      all.indices.map { index in all[index].map { $0.map { $0 * factor(index) } } }
    }
    return [scaled { _ in 0 }] + all.indices.map { one in scaled { $0 == one ? 1 : 0 } }
      + [scaled { _ in 1 }, scaled { _ in 2 }]
  }

  /// The steps that are asked for, network by network.
  package var cases: [Case] {
    draws.flatMap { draw in
      upstreams(draw).map { upstream in
        var value = draw.value
        value.upstream = upstream
        return value
      }
    }
  }
}

/// What a submission answered, apart by upstream.
struct StepAnswers {
  /// The part of a gradient that comes from the upstream of a result; `constant` is there with no upstream at all.
  enum Part: Hashable {
    case constant
    case upstream(Int)
  }

  let draws: [Draw]
  let results: Int
  /// By network, then by question.
  private let answers: [[Matrices]]

  /// - Parameter answers: what was received, in the order of the questions.
  init?(_ questions: StepQuestions, _ answers: [Matrices]) {
    draws = questions.draws
    results = questions.cell.quantities.results.count
    let each = results + 3
    guard answers.count == draws.count * each else { return nil }
    self.answers = draws.indices.map { Array(answers[$0 * each..<($0 + 1) * each]) }
  }

  /// The outputs of a network.
  func output(_ index: Int) -> [Matrix]? { collect { $0[0][.output(index)]?.first } }

  /// A block with every upstream there, on each network.
  func whole(_ block: BlockAddress) -> [Matrix]? { collect { $0[self.results + 1][block]?.first } }

  /// A part of a block on each network.
  func part(_ part: Part, of block: BlockAddress) -> [Matrix]? {
    collect { answers in
      guard let none = answers[0][block]?.first else { return nil }
      switch part {
      case .constant: return none
      case .upstream(let index):
        guard let one = answers[1 + index][block]?.first, Self.fit(one, none) else { return nil }
        return one - none
      }
    }
  }

  /// Whether a block is linear in the upstream, as every gradient is.
  func isLinear(_ block: BlockAddress) -> Bool {
    answers.allSatisfy { answers in
      let all = answers.compactMap { $0[block]?.first }
      guard all.count == results + 3, all.allSatisfy({ Self.fit($0, all[0]) }) else { return true }
      let parts = (1...results).map { all[$0] - all[0] }
      let sum = parts.reduce(all[0], +)
      let doubled = all[results + 2] - all[0]
      let single = all[results + 1] - all[0]
      return Self.agree(sum, all[results + 1]) && Self.agree(doubled, single * 2)
    }
  }

  private func collect(_ body: ([Matrices]) -> Matrix?) -> [Matrix]? {
    let found = answers.compactMap(body)
    return found.count == answers.count && found.allSatisfy { $0.elements.allSatisfy(\.isFinite) } ? found : nil
  }

  static func fit(_ one: Matrix, _ other: Matrix) -> Bool { one.rows == other.rows && one.columns == other.columns }

  /// Whether two matrices are one, but for rounding.
  static func agree(_ one: Matrix, _ other: Matrix) -> Bool {
    guard fit(one, other) else { return false }
    let size = other.elements.reduce(1e-12) { max($0, abs($1)) }
    return zip(one.elements, other.elements).allSatisfy { abs($0 - $1) <= 1e-8 * size }
  }

  static func agree(_ one: [Matrix], _ other: [Matrix]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { agree($0, $1) }
  }
}
