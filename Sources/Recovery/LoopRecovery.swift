// At which step, and in which gates, the way back through a sequence goes wrong.

import CellKit
package import Diagnosis
import Faults
import Formula
package import Recurrence

/// Sequences of one sample whose inputs are longer than all gates together.
///
/// The gradient by an input is a matrix times the gradients at the gates of its step. Where the matrix has full rank, these
/// are read off: each step by itself, whatever was carried to it.
package struct LoopQuestions: Sendable {
  let cell: Cell
  /// One that decides and one that confirms, of other sizes and another length.
  package let draws: [Draw]

  /// - Parameter seed: what the networks follow from.
  package init(_ cell: Cell, seed: UInt64) {
    self.cell = cell
    draws = (0..<2).map { network in
      var letters: [String: Int] = [:]
      for quantity in cell.quantities.all {
        let (rows, columns) = quantity.shape.storage(cell.layout)
        for letter in rows.letters.union(columns.letters) { letters[letter] = 20 + 5 * network }
      }
      for quantity in cell.quantities.states {
        let (rows, columns) = quantity.shape.storage(cell.layout)
        for letter in rows.letters.union(columns.letters) { letters[letter] = 2 + network }
      }
      letters["N"] = 1
      return Draw(cell, sizes: Sizes(letters, steps: 4 + network), seed: seed, stream: 740 + UInt64(network))
    }
  }
}

/// Reads the gates of every step off the gradients by the inputs.
package struct LoopRecovery {
  private let cell: Cell
  private let draws: [Draw]
  private let received: [Matrices]

  /// - Parameter received: the answers to the questions, in their order.
  package init?(_ questions: LoopQuestions, _ received: [Matrices]) {
    guard received.count == questions.draws.count else { return nil }
    (cell, draws, self.received) = (questions.cell, questions.draws, received)
  }

  /// Where the way back first goes wrong; nil where it does not, or where the answers do not tell.
  package func located() -> Located? {
    var found: Set<Located> = []
    var places: [Set<Located.Step>] = []
    for network in draws.indices {
      guard let (step, gates, right) = firstWrong(network) else { return nil }
      let count = draws[network].sizes.steps
      places.append(step == 1 ? [.first, .beforeLast(count - 1)] : [.beforeLast(count - step)])
      found.insert(Located(step: .first, wrong: gates, right: right))
    }
    // The same gates at the same place of sequences of different lengths.
    let shared = places.dropFirst().reduce(places[0]) { $0.intersection($1) }
    guard found.count == 1, let one = found.first, let step = shared.first else { return nil }
    return Located(step: step, wrong: one.wrong, right: one.right)
  }

  /// The last step of one network at which a gate differs, and which do.
  private func firstWrong(_ network: Int) -> (step: Int, wrong: [String], right: [String])? {
    for index in cell.quantities.inputs.indices {
      let sums = cell.gateSums.compactMap { sum in
        sum.uses.lazy.compactMap { use in matrix(use, of: index, network).map { (sum: sum, matrix: $0) } }.first
      }
      guard !sums.isEmpty, let steps = received[network][.input(index)] else { continue }
      let matrices = sums.map(\.matrix)
      let right = rightGradients(network, sums.map(\.sum.node))
      guard steps.count == right.count else { return nil }
      for step in steps.indices.reversed() {
        let gradient = cell.layout == .columns ? steps[step].T : steps[step]
        guard let own = gates(gradient, matrices) else { return nil }
        var (wrong, agreeing): ([String], [String]) = ([], [])
        for (place, entry) in sums.enumerated() {
          let mine = cell.layout == .columns ? own[place].T : own[place]
          for gate in entry.sum.gates {
            let isRight = StepAnswers.agree(
              mine.part(gate, of: cell.layout), right[step][place].part(gate, of: cell.layout))
            let name = cell.display(of: gate.node).latex
            if isRight { agreeing.append(name) } else { wrong.append(name) }
          }
        }
        if !wrong.isEmpty { return (step + 1, wrong, agreeing) }
      }
      return nil
    }
    return nil
  }

  /// The part of a parameter that multiplies an input, as if samples were rows; nil where the parameter is not used with it.
  private func matrix(_ use: GateSum.Use, of input: Int, _ network: Int) -> Matrix? {
    guard use.product != nil, let vector = use.vector, let node = cell.graph.inputs[input] else { return nil }
    let parameter = draws[network].value.parameters[use.parameter]
    let rows = cell.layout == .columns ? parameter.T : parameter
    if vector == node { return rows }
    let operands = cell.graph.nodes[vector].operands
    guard cell.graph.nodes[vector].operation == .join, operands.count(where: { $0 == node }) == 1,
      let place = operands.firstIndex(of: node)
    else { return nil }
    // Of [h; x] the rows of x.
    let tape = Tape(cell, sizes: draws[network].sizes)
    func height(_ node: Int) -> Int {
      let extent = tape.extent(node)
      return cell.layout == .columns ? extent.rows : extent.columns
    }
    let first = operands[..<place].reduce(0) { $0 + height($1) }
    return rows[rows: first..<first + height(node)]
  }

  /// The right gradients at some nodes, by step.
  private func rightGradients(_ network: Int, _ nodes: [Int]) -> [[Matrix]] {
    let draw = draws[network]
    let tape = Tape(cell, sizes: draw.sizes)
    tape.forward(draw.value)
    let table = tape.adjoints(of: draw)
    return (1...draw.sizes.steps).map { step in nodes.map { tape.adjoint($0, at: step, in: table) } }
  }

  /// The gradients at the sums, as rows, from the gradient by an input; nil where it is not made of them.
  private func gates(_ gradient: Matrix, _ matrices: [Matrix]) -> [Matrix]? {
    let width = gradient.columns
    guard gradient.rows == 1, matrices.allSatisfy({ $0.rows == width }) else { return nil }
    let all = matrices.dropFirst().reduce(matrices[0]) { .beside($0, $1) }
    guard all.columns <= width, let own = Self.solve(all.T * all, (gradient * all).elements) else { return nil }
    let row = Matrix(rows: 1, columns: all.columns, elements: own)
    guard StepAnswers.agree(row * all.T, gradient) else { return nil }
    var first = 0
    return matrices.map { matrix in
      defer { first += matrix.columns }
      return Matrix(rows: 1, columns: matrix.columns, elements: Array(own[first..<first + matrix.columns]))
    }
  }

  /// The solution of a small system, by elimination with pivots; nil where it has none.
  private static func solve(_ matrix: Matrix, _ right: [Double]) -> [Double]? {
    let count = right.count
    var rows = (0..<count).map { row in (0..<count).map { matrix[row, $0] } + [right[row]] }
    for column in 0..<count {
      guard let pivot = (column..<count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        abs(rows[pivot][column]) > 1e-12
      else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for place in column...count { rows[row][place] -= factor * rows[column][place] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
