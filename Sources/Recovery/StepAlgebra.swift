// The right gradients of a step as sums of products, path by path, and everything that may stand in one by mistake.

import CellKit
import Diagnosis
import Faults
import Formula
import Recurrence

/// One step of a cell on some networks, as atoms and products of atoms.
struct StepAlgebra {
  let cell: Cell
  let draws: [Draw]
  private let tapes: [Tape]
  private(set) var atoms: [Atom] = []
  private var places: [String: Int] = [:]
  /// The atom of each node's value, where it has one.
  private(set) var valueAtoms: [Int: Int] = [:]

  /// - Parameter chosen: nodes whose values are given and not computed, on each network.
  init(_ cell: Cell, _ draws: [Draw], chosen: [Int: [Matrix]] = [:]) {
    (self.cell, self.draws) = (cell, draws)
    tapes = draws.enumerated().map { network, draw in
      let tape = Tape(cell, sizes: draw.sizes)
      tape.forward(Leaves(draw.value), chosen: chosen.mapValues { [$0[network]] })
      return tape
    }
    for node in cell.graph.nodes.indices where isQuantity(node) {
      _ = value(of: node)
      _ = slope(of: node)
    }
    for index in cell.quantities.results.indices { _ = upstream(index) }
  }

  /// Whether a node may be a factor: a vector of a sample that is computed or was a state.
  private func isQuantity(_ node: Int) -> Bool {
    switch cell.graph.nodes[node].operation {
    case .previous: return true
    case .function, .hadamard, .add, .subtract, .divide, .softmax, .slice, .affine, .maximum, .minimum:
      return cell.graph.named.values.contains(node) || isFunction(node)
    default: return false
    }
  }

  private func isFunction(_ node: Int) -> Bool {
    if case .function = cell.graph.nodes[node].operation { true } else { false }
  }

  // MARK: Atoms

  /// Adds an atom, or finds the one of the same name.
  mutating func add(_ atom: Atom) -> Int {
    if let known = places[atom.latex] { return known }
    places[atom.latex] = atoms.count
    atoms.append(atom)
    return atoms.count - 1
  }

  /// The value of a node.
  mutating func value(of node: Int) -> Int {
    if let known = valueAtoms[node] { return known }
    let latex = cell.display(of: node).latex
    let isSum = [.add, .subtract].contains(cell.graph.nodes[node].operation) || isAffine(node)
    let isNamed = cell.graph.named.values.contains(node)
    let atom = add(Atom(isSum && !isNamed ? "(\(latex))" : latex, tapes.map { $0.value(node, at: 1) }))
    valueAtoms[node] = atom
    return atom
  }

  private func isAffine(_ node: Int) -> Bool {
    if case .affine = cell.graph.nodes[node].operation { true } else { false }
  }

  /// The factors of a function's derivative by its value; nil where it is not told by the value.
  mutating func slope(of node: Int) -> [Int]? {
    guard case .function(let function) = cell.graph.nodes[node].operation else { return nil }
    let latex = cell.display(of: node).latex
    let values = tapes.map { $0.value(node, at: 1) }
    switch function {
    case .sigmoid:
      return [value(of: node), add(Atom("(1 - \(latex))", values.map { $0.map { 1 - $0 } }, base: latex))]
    case .tanh:
      return [add(Atom("(1 - {\(latex)}^{2})", values.map { $0.map { 1 - $0 * $0 } }, base: latex))]
    default: return nil
    }
  }

  /// What arrives at a result from outside.
  mutating func upstream(_ index: Int) -> Int {
    let name = cell.quantities.results[index].name
    return add(
      Atom("\\text{upstream.\(name.swift)}", draws.map { $0.value.upstream[index][0] ?? .notSet }))
  }

  /// Whether an atom is what arrives from outside.
  func isUpstream(_ atom: Int) -> Bool { atoms[atom].latex.hasPrefix("\\text{upstream.") }

  // MARK: Right gradients

  /// The right gradient at every node by one upstream, as sums of products; a node without an entry has none that is told
  /// so.
  ///
  /// - Parameter own: what the submission itself has for the gradient at a node, of which paths through a matrix are made.
  mutating func gradients(upstream index: Int, own: [Int: [Matrix]]) -> [Int: Formula] {
    gradients(upstream: index, own: own, stoppingBefore: nil).formulas
  }

  /// What reaches a node by element by one upstream, not through a matrix; nil where a part of it cannot be told.
  mutating func gradients(upstream index: Int, own: [Int: [Matrix]], onlyByElementInto node: Int) -> Formula? {
    let (formulas, opaque) = gradients(upstream: index, own: own, stoppingBefore: node)
    return opaque.contains(node) ? nil : formulas[node] ?? []
  }

  private mutating func gradients(
    upstream index: Int, own: [Int: [Matrix]], stoppingBefore vector: Int?
  ) -> (formulas: [Int: Formula], opaque: Set<Int>) {
    let graph = cell.graph
    var formulas: [Int: Formula] = [graph.results[index]: [Product([upstream(index)])]]
    var opaque: Set<Int> = []
    for edge in graph.contributions where formulas[edge.source] != nil || opaque.contains(edge.source) {
      if edge.target == vector, case .product = graph.nodes[edge.source].operation { continue }
      guard !opaque.contains(edge.source), let above = formulas[edge.source],
        let step = local(edge, above, own)
      else {
        opaque.insert(edge.target)
        continue
      }
      formulas[edge.target, default: []] += step
    }
    for node in opaque { formulas[node] = nil }
    return (formulas, opaque)
  }

  /// What an edge hands on of a gradient.
  private mutating func local(_ edge: Contribution, _ above: Formula, _ own: [Int: [Matrix]]) -> Formula? {
    let node = cell.graph.nodes[edge.source]
    func times(_ coefficient: Double, _ factors: [Int] = [], over divisors: [Int] = []) -> Formula {
      above.map {
        Product($0.coefficient * coefficient, $0.factors + factors, over: $0.divisors + divisors)
      }
    }
    switch node.operation {
    case .add, .stop: return times(1)
    case .spread:
      return cell.graph.nodes[edge.target].shape == node.shape || draws.allSatisfy(isSingle) ? times(1) : nil
    case .subtract: return times(edge.operand == 0 ? 1 : -1)
    case .affine(let scale, _): return times(scale)
    case .hadamard: return times(1, [value(of: node.operands[1 - edge.operand])])
    case .function: return slope(of: edge.source).map { times(1, $0) }
    case .product: return path(edge, above, own).map { [Product([$0])] }
    default: return nil
    }
  }

  private func isSingle(_ draw: Draw) -> Bool { draw.sizes.batch == 1 }

  /// The gradient that a product hands to its vector, as an atom of its own: the matrix, transposed, times the gradient.
  private mutating func path(_ edge: Contribution, _ above: Formula, _ own: [Int: [Matrix]]) -> Int? {
    let node = cell.graph.nodes[edge.source]
    guard case .product(let isLeftTurned, let isRightTurned) = node.operation, !isLeftTurned, !isRightTurned,
      let matrix = cell.parameter(at: node.operands[1 - edge.operand])
    else { return nil }
    let sum = cell.displayOfSum(above: edge).latex
    let matrices = tapes.map { $0.value(node.operands[1 - edge.operand], at: 1) }
    let gradients = draws.indices.map { network -> Matrix in
      if let own = own[edge.source]?[network] { return own }
      let value = tapes[network].value(edge.source, at: 1)
      let count = value.elements.count
      return Matrix(rows: value.rows, columns: value.columns, elements: above.sum(atoms, on: network, count: count))
    }
    let values = zip(matrices, gradients).map { edge.operand == 0 ? $1 * $0.T : $0.T * $1 }
    let text =
      edge.operand == 0
      ? "\\frac{\\partial L}{\\partial \(sum)} \(matrix)^\\top"
      : "\(matrix)^\\top \\frac{\\partial L}{\\partial \(sum)}"
    return add(Atom("(\(text))", values))
  }

  /// The right gradient at a node with every upstream, on each network.
  func rightGradient(at node: Int) -> [Matrix] {
    zip(tapes, draws).map { tape, draw in tape.adjoint(node, at: 1, in: tape.adjoints(of: draw)) }
  }

  /// The value of a node on each network.
  func values(of node: Int) -> [Matrix] { tapes.map { $0.value(node, at: 1) } }
}

extension Tape {
  /// The adjoints of every node from the upstreams of a draw.
  func adjoints(of draw: Draw) -> AdjointTable {
    let seeds = cell.graph.results.enumerated().flatMap { index, result in
      draw.value.upstream[index].enumerated().compactMap { step, gradient in
        gradient.map { Seed(node: result, step: step + 1, gradient: $0) }
      }
    }
    return adjoints(seeds, from: draw.sizes.steps)
  }
}

extension Cell {
  /// The name of the parameter that a node is; nil for others.
  func parameter(at node: Int) -> String? {
    guard case .parameter(let index) = graph.nodes[node].operation else { return nil }
    return quantities.parameters[index].name.latex
  }
}
