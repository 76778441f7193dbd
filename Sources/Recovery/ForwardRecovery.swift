// What a submission computes on the way forward through one step, found from its outputs.

import CellKit
package import Diagnosis
import Faults
import Formula
import Recurrence

/// Reads the outputs of one step: by which formula each comes from the gates and from the outputs before it.
package struct ForwardRecovery {
  private let cell: Cell
  private let draws: [Draw]
  private let received: [Matrices]

  /// - Parameter received: the outputs on each network of the questions.
  package init?(_ questions: StepQuestions, _ received: [Matrices]) {
    guard received.count == questions.draws.count else { return nil }
    (cell, draws, self.received) = (questions.cell, questions.draws, received)
  }

  /// What was found of the wrong outputs.
  package func findings(of wrong: Set<BlockAddress>) -> [BlockAddress: Recovered] {
    var findings: [BlockAddress: Recovered] = [:]
    // An output is judged by the submission's own values of those that it is made from.
    var chosen: [Int: [Matrix]] = [:]
    var earlier: [Int: Recovered] = [:]
    let order = cell.quantities.results.indices.sorted { cell.graph.results[$0] < cell.graph.results[$1] }
    for index in order {
      let node = cell.graph.results[index]
      guard let own = outputs(index) else { return findings }
      var algebra = StepAlgebra(cell, draws, chosen: chosen)
      let isRight = StepAnswers.agree(own, algebra.values(of: node))
      if isRight {
        // Right for what it is made from: whose mistake it shows.
        if wrong.contains(.output(index)) {
          findings[.output(index)] = earlier.filter { reaches(node, from: $0.key) }.max { $0.key < $1.key }?.value
        }
      } else if let text = formula(node, own, &algebra) {
        let found = Recovered(of: cell.quantities.results[index].name.latex(time: "t"), computed: text)
        earlier[node] = found
        if wrong.contains(.output(index)) { findings[.output(index)] = found }
      }
      chosen[node] = own
    }
    return findings
  }

  private func outputs(_ index: Int) -> [Matrix]? {
    let found = received.compactMap { $0[.output(index)]?.first }
    guard found.count == draws.count, found.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else { return nil }
    let fits = zip(found, draws).allSatisfy { StepAnswers.fit($0, $1.outputs[index][0]) }
    return fits ? found : nil
  }

  /// Whether a node is made from another.
  private func reaches(_ node: Int, from other: Int) -> Bool {
    node == other || cell.graph.nodes[node].operands.contains { $0 >= other && reaches($0, from: other) }
  }

  private func formula(_ node: Int, _ own: [Matrix], _ algebra: inout StepAlgebra) -> String? {
    if cell.graph.nodes[node].operation == .softmax {
      return softmax(cell.graph.nodes[node].operands[0], own, algebra)
    }
    let right = algebra.products(of: node)
    // The function of each gate on what belongs to another.
    for sum in cell.gateSums {
      for gate in sum.gates { algebra.addFunctions(of: gate.node) }
    }
    let itself = algebra.value(of: node)
    let atoms = algebra.atoms.enumerated().map { place, atom in
      // Neither what is sought nor what arrives later.
      place == itself || algebra.isUpstream(place) || algebra.isAfter(place, node) ? Atom(atom.latex, []) : atom
    }
    return FormulaSearch(atoms, target: own, right: right).find()?.latex(atoms)
  }

  /// Chains of functions that people write for a softmax.
  private func softmax(_ argument: Int, _ own: [Matrix], _ algebra: StepAlgebra) -> String? {
    let latex = cell.display(of: argument).latex
    func softmax(_ values: Matrix) -> Matrix {
      let most = values.elements.max() ?? 0
      let powers = values.map { exp($0 - most) }
      return powers * (1 / powers.elements.reduce(0, +))
    }
    let chains: [(String, (Matrix) -> Matrix)] = [
      (latex, { $0 }),
      ("\\exp(\(latex))", { $0.map { exp($0) } }),
      ("\\sigma(\(latex))", { $0.map { 1 / (1 + exp(-$0)) } }),
      ("\\mathrm{softmax}(\\mathrm{softmax}(\(latex)))", { softmax(softmax($0)) }),
      ("\\mathrm{softmax}(-\(latex))", { softmax(-$0) }),
      ("\\log \\mathrm{softmax}(\(latex))", { softmax($0).map { log($0) } }),
      ("\\exp(\(latex)) / \\sum \(latex)", { values in values.map { exp($0) } * (1 / values.elements.reduce(0, +)) }),
      ("\(latex) / \\sum \(latex)", { $0 * (1 / $0.elements.reduce(0, +)) }),
      ("\\tanh(\(latex))", { $0.map { tanh($0) } }),
    ]
    let values = algebra.values(of: argument)
    return chains.first { StepAnswers.agree(values.map($0.1), own) }?.0
  }
}

extension StepAlgebra {
  /// A node's value as a sum of products of what it is made from.
  mutating func products(of node: Int) -> Formula {
    let operands = cell.graph.nodes[node].operands
    switch cell.graph.nodes[node].operation {
    case .add: return term(operands[0]) + term(operands[1])
    case .subtract: return term(operands[0]) + term(operands[1]).map { Product(-$0.coefficient, $0.factors) }
    case .hadamard: return [Product(operands.flatMap { factors($0) })]
    default: return []
    }
  }

  private mutating func term(_ node: Int) -> Formula {
    let isNamed = cell.graph.named.values.contains(node)
    switch cell.graph.nodes[node].operation {
    case .add where !isNamed, .subtract where !isNamed, .hadamard where !isNamed: return products(of: node)
    default: return [Product([value(of: node)])]
    }
  }

  private mutating func factors(_ node: Int) -> [Int] {
    let isNamed = cell.graph.named.values.contains(node)
    if case .hadamard = cell.graph.nodes[node].operation, !isNamed {
      return cell.graph.nodes[node].operands.flatMap { factors($0) }
    }
    return [value(of: node)]
  }

  /// The functions that gates have, of the argument of a gate.
  mutating func addFunctions(of node: Int) {
    let latex = cell.display(of: node).latex
    let values = values(of: node)
    _ = add(Atom(latex, values))
    _ = add(Atom("\\sigma(\(latex))", values.map { $0.map { 1 / (1 + exp(-$0)) } }))
    _ = add(Atom("\\tanh(\(latex))", values.map { $0.map { tanh($0) } }))
  }

  /// Whether an atom is the value of a node that is computed from another, by their order.
  func isAfter(_ atom: Int, _ node: Int) -> Bool {
    valueAtoms.contains { $0.value == atom && $0.key > node && depends($0.key, on: node) }
  }

  private func depends(_ node: Int, on other: Int) -> Bool {
    node == other || cell.graph.nodes[node].operands.contains { $0 >= other && depends($0, on: other) }
  }
}
