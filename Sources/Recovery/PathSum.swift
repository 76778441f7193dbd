// Gradients that are sums over the paths through several matrices: which paths are there, and which others.

import CellKit
import Diagnosis
import Faults
import Formula
import Recurrence

/// Sums of a matrix times a gate's δ, with the δ's that the submission itself has.
struct PathSum {
  /// A term with its name and its numbers on each network.
  struct Term {
    let latex: String
    let values: [Matrix]
  }

  private let cell: Cell
  private let algebra: StepAlgebra
  private let own: [Int: [Matrix]]

  init(_ cell: Cell, _ algebra: StepAlgebra, _ own: [Int: [Matrix]]) {
    (self.cell, self.algebra, self.own) = (cell, algebra, own)
  }

  /// A gate with a matrix that leads from a vector into it.
  private struct Path {
    let matrix: String
    let gate: String
    /// The gate's part of the matrix and of δ, on each network.
    let matrices: [Matrix]
    let deltas: [Matrix]
  }

  private func paths(_ isWanted: (GateSum.Use) -> Bool) -> [Path] {
    cell.gateSums.flatMap { sum -> [Path] in
      guard let delta = own[sum.node] else { return [] }
      return sum.uses.filter { $0.product != nil && isWanted($0) }.flatMap { use in
        let name = cell.quantities.parameters[use.parameter].name.latex
        return sum.gates.map { gate in
          let label = gate.count > 1 ? "\(name)[\(cell.display(of: gate.node).latex)]" : name
          return Path(
            matrix: label, gate: cell.display(of: gate.node).latex,
            matrices: algebra.draws.map { $0.value.parameters[use.parameter].part(gate, of: cell.layout) },
            deltas: delta.map { $0.part(gate, of: cell.layout) })
        }
      }
    }
  }

  private func term(_ matrix: Path, turned: Bool = true, _ gate: Path) -> Term? {
    let isColumn = cell.layout == .columns
    var values: [Matrix] = []
    for (matrix, delta) in zip(matrix.matrices, gate.deltas) {
      let own = turned ? matrix.T : matrix
      guard isColumn ? own.columns == delta.rows : delta.columns == own.rows else { return nil }
      values.append(isColumn ? own * delta : delta * own)
    }
    let delta = "\\frac{\\partial L}{\\partial \(gate.gate)}"
    let factor = matrix.matrix + (turned ? "^\\top" : "")
    return Term(latex: isColumn ? "\(factor) \(delta)" : "\(delta) \(factor)", values: values)
  }

  /// A quantity where δ belongs.
  private func term(_ path: Path, _ atom: Atom) -> Term? {
    let isColumn = cell.layout == .columns
    var values: [Matrix] = []
    for (matrix, value) in zip(path.matrices, atom.values) {
      guard isColumn ? matrix.rows == value.rows : value.columns == matrix.columns else { return nil }
      values.append(isColumn ? matrix.T * value : value * matrix.T)
    }
    let factor = path.matrix + "^\\top"
    return Term(latex: isColumn ? "\(factor) \(atom.latex)" : "\(atom.latex) \(factor)", values: values)
  }

  /// The sums of the rows or columns of a matrix, used as a factor of each entry.
  private func diagonals(_ path: Path) -> [Term] {
    guard let first = path.matrices.first, first.rows == first.columns else { return [] }
    let delta = "\\frac{\\partial L}{\\partial \(path.gate)}"
    return [false, true].map { isByRow in
      let values = zip(path.matrices, path.deltas).map { matrix, delta in
        let ones = Matrix(rows: matrix.rows, columns: 1, repeating: 1)
        let sums = (isByRow ? matrix * ones : matrix.T * ones).elements
        return Matrix(rows: delta.rows, columns: delta.columns, elements: zip(sums, delta.elements).map { $0 * $1 })
      }
      let words = isByRow ? "\\sum_j [\(path.matrix)]_{ij}" : "\\sum_i [\(path.matrix)]_{ij}"
      return Term(latex: "(\(words)) \\odot \(delta)", values: values)
    }
  }

  /// The right terms into a node; nil where one of them cannot be told.
  func terms(into node: Int) -> [Term]? {
    var terms: [Term] = []
    for path in paths({ $0.vector == node }) {
      guard let term = term(path, path) else { return nil }
      terms.append(term)
    }
    let edges = cell.graph.contributions.filter { $0.target == node }
    let others = edges.filter {
      if case .product = cell.graph.nodes[$0.source].operation { return false } else { return true }
    }
    guard
      edges.count - others.count
        == cell.gateSums.flatMap(\.uses).count(where: { $0.vector == node && $0.product != nil })
    else { return nil }
    guard !others.isEmpty else { return terms }
    // What does not come through a matrix: by element, upstream by upstream.
    for index in cell.quantities.results.indices {
      var own = algebra
      guard let formula = own.gradients(upstream: index, own: self.own, onlyByElementInto: node) else { return nil }
      for product in formula {
        let values = algebra.draws.indices.map { network -> Matrix in
          let like = algebra.draws[network].value.initial.first ?? .notSet
          let elements = product.value(own.atoms, on: network) ?? []
          return elements.count == like.elements.count
            ? Matrix(rows: like.rows, columns: like.columns, elements: elements) : .notSet
        }
        terms.append(Term(latex: [product].latex(own.atoms), values: values))
      }
    }
    return terms
  }

  func agree(_ terms: [Term], _ received: [Matrix]) -> Bool {
    guard let sum = sum(terms, received) else { return false }
    return StepAnswers.agree(sum, received)
  }

  private func sum(_ terms: [Term], _ received: [Matrix]) -> [Matrix]? {
    guard terms.allSatisfy({ zip($0.values, received).allSatisfy(StepAnswers.fit) }) else { return nil }
    return received.indices.map { network in
      terms.reduce(Matrix.zeros(like: received[network])) { $0 + $1.values[network] }
    }
  }

  /// The terms that give what was received: some of the right ones, and up to two others.
  func find(_ received: [Matrix], _ right: [Term]) -> String? {
    guard right.count <= 8, sum(right, received) != nil else { return nil }
    let all = paths { _ in true }
    var pool: [Term] = []
    for matrix in all {
      for gate in all {
        pool += [term(matrix, gate), term(matrix, turned: false, gate)].compactMap(\.self)
      }
      pool += diagonals(matrix)
    }
    let quantities = algebra.atoms.filter { !$0.latex.contains("\\partial L") }
    for path in all {
      pool += quantities.compactMap { term(path, $0) }
      pool.append(Term(latex: "\\frac{\\partial L}{\\partial \(path.gate)}", values: path.deltas))
    }
    var seen: Set<String> = []
    pool = pool.filter { term in
      zip(term.values, received).allSatisfy(StepAnswers.fit) && seen.insert(term.latex).inserted
    }
    var best: (changes: Int, text: String)?
    for mask in 0..<(1 << right.count) {
      let kept = right.indices.filter { mask >> $0 & 1 == 1 }.map { right[$0] }
      let dropped = right.count - kept.count
      guard let sum = sum(kept, received) else { continue }
      let rest = zip(received, sum).map { $0 - $1 }
      func note(_ added: [(Term, Double)]) {
        let changes = max(dropped, added.count)
        guard changes < best?.changes ?? .max else { return }
        var text = kept.map(\.latex).joined(separator: " + ")
        for (term, sign) in added {
          text += text.isEmpty ? (sign < 0 ? "-" : "") : sign < 0 ? " - " : " + "
          text += sign == 2 ? "2 " : ""
          text += term.latex
        }
        best = (changes, text.isEmpty ? "0" : text)
      }
      if StepAnswers.agree(sum, received) { note([]) }
      for (index, one) in pool.enumerated() {
        for sign in [1.0, -1, 2] {
          let left = zip(rest, one.values).map { $0 - $1 * sign }
          if isNothing(left, beside: received) { note([(one, sign)]) }
          guard dropped <= 2, best?.changes ?? .max > 2 else { continue }
          for other in pool[index...] where isNothing(zip(left, other.values).map { $0 - $1 }, beside: received) {
            note([(one, sign), (other, 1)])
          }
        }
      }
    }
    return best?.text
  }

  private func isNothing(_ matrices: [Matrix], beside received: [Matrix]) -> Bool {
    zip(matrices, received).allSatisfy { matrix, received in
      let size = received.elements.reduce(1e-12) { max($0, abs($1)) }
      return matrix.elements.allSatisfy { abs($0) <= 1e-8 * size }
    }
  }
}
