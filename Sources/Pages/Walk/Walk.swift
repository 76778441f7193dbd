// Two steps of a cell in numbers, forward and back, for a page on which they can be followed one by one.

package import CellKit
import Diagnostics
import Formula
package import Recurrence

/// A cell run over two steps: each named quantity with its value, and each adjoint with the terms it is the sum of.
///
/// Every size is 1, so that a quantity is a number and an arrow has a number as its local factor; what goes through a
/// softmax has two entries, because one entry would always be 1. All numbers that are drawn have one decimal.
package struct Walk {
  /// A quantity at a step; a state before the first step stands at step 0.
  package struct Place: Hashable {
    package let node: Int
    package let step: Int
  }

  /// From a quantity to one whose equation uses it.
  package struct Arrow: Hashable {
    package let tail: Place
    package let head: Place
  }

  /// One term of an adjoint.
  package struct Term {
    package let arrow: Arrow
    /// ∂⁺head/∂tail where both are numbers.
    package let factor: Double?
    /// What it comes to: the adjoint of the head, taken back along the arrow.
    package let value: Matrix
  }

  /// An adjoint as the sum that it is.
  package struct Adjoint {
    package let place: Place
    /// The loss's own gradient with respect to the quantity; nil where the loss does not depend on it directly.
    package let own: Matrix?
    package let terms: [Term]
    package let value: Matrix
  }

  /// How many steps are shown.
  package static let steps = 2
  /// How many quantities a step has at most: more are not to be followed.
  private static let limit = 20

  package let cell: Cell
  /// The quantities with their values, in an order in which they can be computed.
  package let values: [(place: Place, value: Matrix)]
  /// The adjoints, in an order in which they can be computed.
  package let adjoints: [Adjoint]
  package let arrows: [Arrow]
  /// The numbers that it was run on.
  package let numbers: Case
  /// The sizes of all letters.
  package let sizes: Sizes
  /// The quantity whose first entries, added up over the steps, are the loss.
  package let observed: Int

  /// Runs a cell over two steps.
  ///
  /// - Returns: nil for a cell with more quantities than can be followed.
  package init?(_ cell: Cell) {
    let graph = cell.graph
    let computed = Set(graph.named.values).union(graph.results)
    let leaves = Set((graph.inputs + graph.previous).compactMap(\.self))
    guard computed.count + leaves.count <= Self.limit else { return nil }
    let shown = computed.union(leaves)
    let quantities = cell.quantities
    observed = quantities.outputs.isEmpty ? 0 : quantities.states.count
    self.cell = cell
    sizes = Self.sizes(of: cell)
    numbers = Self.numbers(cell, sizes, observed: observed)
    let tape = Tape(cell, sizes: sizes, numbers)

    var values: [(place: Place, value: Matrix)] = []
    for (state, node) in graph.previous.enumerated() where node != nil {
      values.append((Place(node: graph.results[state], step: 0), numbers.initial[state]))
    }
    for step in 1...Self.steps {
      for node in shown.sorted() where graph.previous.allSatisfy({ $0 != node }) {
        values.append((Place(node: node, step: step), tape.value(node, at: step)))
      }
    }
    self.values = values
    adjoints = Self.adjoints(tape, numbers, values, shown: shown)
    arrows = adjoints.flatMap { $0.terms.map(\.arrow) }
  }

  /// The adjoints of all places, from the last to the first, each the sum of what came back along its arrows.
  private static func adjoints(
    _ tape: Tape, _ numbers: Case, _ values: [(place: Place, value: Matrix)], shown: Set<Int>
  ) -> [Adjoint] {
    let graph = tape.cell.graph
    var terms: [Place: [Term]] = [:]
    var adjoints: [Adjoint] = []
    for (head, value) in values.reversed() {
      let result = graph.results.firstIndex(of: head.node)
      let own = head.step == 0 ? nil : result.flatMap { numbers.upstream[$0][head.step - 1] }
      let arrived = terms[head] ?? []
      let adjoint = arrived.reduce(own ?? .zeros(like: value)) { $0 + $1.value }
      adjoints.append(Adjoint(place: head, own: own, terms: arrived, value: adjoint))
      guard head.step > 0 else { continue }
      func back(_ gradient: Matrix) -> AdjointTable {
        tape.adjoints(
          [Tape.Seed(node: head.node, step: head.step, gradient: gradient)], from: head.step, to: head.step,
          held: shown.subtracting([head.node]), crossesSteps: false)
      }
      let total = back(adjoint)
      let unit = value.elements.count == 1 ? back(Matrix([[1]])) : nil
      for node in sources(of: head.node, in: graph, upTo: shown) {
        let factor = unit.map { tape.adjoint(node, at: head.step, in: $0).elements }
        let arrow = Arrow(tail: place(node, head.step, in: graph), head: head)
        terms[arrow.tail, default: []].append(
          Term(
            arrow: arrow, factor: factor?.count == 1 ? factor?[0] : nil,
            value: tape.adjoint(node, at: head.step, in: total)))
      }
    }
    return adjoints
  }

  /// Where a node of a step stands: the states of the step before are those that were computed there.
  private static func place(_ node: Int, _ step: Int, in graph: StepGraph) -> Place {
    guard case .previous(let state) = graph.nodes[node].operation else { return Place(node: node, step: step) }
    return Place(node: graph.results[state], step: step - 1)
  }

  /// The shown quantities that a quantity's equation uses, in the order of the graph.
  private static func sources(of head: Int, in graph: StepGraph, upTo shown: Set<Int>) -> [Int] {
    var found: Set<Int> = []
    var open = graph.nodes[head].operands
    while let node = open.popLast() {
      if shown.contains(node) { found.insert(node) } else { open += graph.nodes[node].operands }
    }
    return found.sorted()
  }

  private static func sizes(of cell: Cell) -> Sizes {
    var letters = cell.declaration.sizes.mapValues { _ in 1 }
    letters["N"] = 1
    for node in cell.graph.nodes where node.operation == .softmax {
      guard case .vector(let length) = node.shape.axes else { continue }
      for letter in length.letters { letters[letter] = 2 }
    }
    return Sizes(letters, steps: steps)
  }

  /// Numbers of one decimal, none of them 0.
  private static func numbers(_ cell: Cell, _ sizes: Sizes, observed: Int) -> Case {
    func round(_ matrix: Matrix) -> Matrix {
      let elements = matrix.elements.map { number in
        let rounded = (number * 10).rounded() / 10
        return rounded == 0 ? 0.1 : rounded
      }
      return Matrix(rows: matrix.rows, columns: matrix.columns, elements: elements)
    }
    let drawn = cell.randomCase(sizes, seed: 6)
    let upstream = cell.quantities.results.indices.map { index in
      drawn.upstream[index].map { drawn -> Matrix? in
        guard index == observed, let drawn else { return nil }
        return Matrix(
          rows: drawn.rows, columns: drawn.columns, elements: drawn.elements.indices.map { $0 == 0 ? 1 : 0 })
      }
    }
    return Case(
      parameters: drawn.parameters.map(round), inputs: drawn.inputs.map { $0.map(round) },
      initial: drawn.initial.map(round), upstream: upstream)
  }

  /// The name of a quantity at a step, as LaTeX.
  func latex(_ place: Place) -> String {
    let time = String(place.step)
    let named = cell.graph.named.filter { $0.value == place.node }.map(\.key)
    let declared = cell.quantities.results.map(\.name).first { named.contains($0) }
    if let name = declared ?? named.min(by: { $0.latex < $1.latex }) { return name.latex(time: time) }
    if case .input(let index) = cell.graph.nodes[place.node].operation {
      return cell.quantities.inputs[index].name.latex(time: time)
    }
    return cell.quantities.results[cell.graph.results.firstIndex(of: place.node) ?? 0].name.latex(time: time)
  }

  /// The equation of the sheet that computes a quantity; nil for what is given.
  func equation(of place: Place) -> String? {
    guard place.step > 0 else { return nil }
    let names = Set(cell.graph.named.filter { $0.value == place.node }.map(\.key))
    return cell.equations.first { equation in equation.left.contains { names.contains($0.name) } }
      .map { $0.source.substring($0.range) }
  }
}
