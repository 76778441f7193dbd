// Jacobians between quantities of an unrolled cell: total ones, and immediate ones with everything else held.

import CellKit
package import Formula

extension TapeOf<Double> {
  /// A quantity at a step: what a Jacobian is of, or by.
  package struct Point: Sendable, Hashable {
    /// The quantity.
    package var name: Name
    /// The step; 0 is the initial state.
    package var step: Int

    /// A quantity at a step.
    package init(_ name: Name, at step: Int) {
      self.name = name
      self.step = step
    }
  }

  /// The derivative ∂a/∂b for one sample, over every path of the unrolled graph from b to a.
  ///
  /// - Parameters:
  ///   - of: a named quantity at a step 1…T.
  ///   - by: a named quantity at a step 1…`of.step`, or a state at the step before one of these.
  ///   - holding: states of step `by.step` that are held although b reaches them, as h_k is when the map from the
  ///     whole state at k to the whole state at t is wanted.
  ///   - isImmediate: ∂⁺a/∂b (NNDL; Pascanu 2013): a's own equation with the pre-activations in it; gates, candidates
  ///     and states are held.
  /// - Returns: entry (i, j) is ∂a_i/∂b_j; nil where a name is unknown, a step is out of range, or N is not 1.
  package func jacobian(of a: Point, by b: Point, holding: Set<Name> = [], isImmediate: Bool = false) -> Matrix? {
    let graph = plan.graph
    let state = cell.quantities.states.firstIndex { $0.name == b.name }
    guard let source = graph.named[a.name], let target = graph.named[b.name], sizes.batch == 1,
      (1...sizes.steps).contains(a.step), ((isImmediate ? a.step - 1 : 0)...a.step).contains(b.step),
      b.step > 0 || state != nil
    else { return nil }
    // The state before a step is a leaf of it.
    let isBefore = isImmediate ? b.step < a.step : b.step == 0
    let leaf = isBefore ? state.flatMap { graph.previous[$0] } : target
    let step = isBefore ? b.step + 1 : b.step
    var held = isImmediate ? graph.heldNodes() : []
    held.remove(source)
    let zeros = holding.filter { $0 != b.name }.compactMap { graph.named[$0] }.map { ($0, [b.step: plan.zeros($0)]) }
    let rows = (0..<plan.extents[source].count).map { component -> [Double] in
      guard let leaf else { return [Double](repeating: 0, count: plan.extents[target].count) }
      var unit = plan.zeros(source)
      unit[component / unit.columns, component % unit.columns] = 1
      let table = adjoints(
        [Seed(node: source, step: a.step, gradient: unit)], from: a.step, to: step, held: held,
        crossesSteps: !isImmediate, overrides: Dictionary(uniqueKeysWithValues: zeros))
      return adjoint(leaf, at: step, in: table).elements
    }
    return Matrix(rows: rows.count, columns: plan.extents[target].count, elements: Array(rows.joined()))
  }
}
