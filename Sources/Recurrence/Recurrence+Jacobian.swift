// Jacobians between quantities of an unrolled cell: total ones, and immediate ones with everything else held.

public import CellKit
public import Formula

extension Recurrence {
  /// A quantity at a step: what a Jacobian is of, or by.
  public struct Point: Sendable, Hashable {
    /// The quantity.
    public var name: Name
    /// The step; 0 is the initial state.
    public var step: Int

    /// A quantity at a step.
    public init(_ name: Name, at step: Int) {
      self.name = name
      self.step = step
    }
  }

  /// The total derivative ∂a/∂b after `forward`, over every path of the unrolled graph from b to a, for one sample.
  ///
  /// - Parameters:
  ///   - of: a named quantity at a step 1…T.
  ///   - by: a named quantity at a step 1…`of.step`, or a state at 0.
  ///   - holding: states of step `by.step` that are held although b reaches them, as h_k is when the map from the
  ///     whole state at k to the whole state at t is wanted.
  /// - Returns: entry (i, j) is ∂a_i/∂b_j; nil where a name is unknown, a step is out of range, or N is not 1.
  public func jacobian(of a: Point, by b: Point, holding: Set<Name> = []) -> Matrix? {
    derivative(of: a, by: b) { step, block in
      guard step == b.step else { return }
      for name in holding where name != b.name {
        guard let node = self.plan.graph.named[name] else { continue }
        (block + self.plan.offsets[node]).update(repeating: 0, count: self.plan.extents[node].count)
      }
    }
  }

  /// The immediate derivative ∂⁺a_t/∂b (NNDL; Pascanu 2013): a's own equation with the pre-activations in it; gates,
  /// candidates and states are held.
  ///
  /// - Parameters:
  ///   - of: a named quantity at a step 1…T.
  ///   - by: a named quantity at the same step, or a state at the step before.
  /// - Returns: entry (i, j) is ∂⁺a_i/∂b_j; nil where a name is unknown, a step is out of range, or N is not 1.
  public func immediateJacobian(of a: Point, by b: Point) -> Matrix? {
    guard b.step == a.step || b.step == a.step - 1, let source = plan.graph.named[a.name] else { return nil }
    var held = plan.graph.heldNodes()
    held.remove(source)
    guard let target = b.step == a.step ? plan.graph.named[b.name] : previous(b.name) else {
      // A name that the equation cannot reach in this step.
      guard plan.graph.named[b.name] != nil, sizes.batch == 1 else { return nil }
      let (rows, columns) = (plan.extents[source].count, plan.extents[plan.graph.named[b.name]!].count)
      return .zeros(rows, columns)
    }
    return rows(from: source, at: a.step) { block in
      self.plan.backward(self.values(a.step), block, held: held)
      return Array(
        UnsafeBufferPointer(start: block + self.plan.offsets[target], count: self.plan.extents[target].count))
    }
  }

  private func previous(_ name: Name) -> Int? {
    guard let index = cell.quantities.states.firstIndex(where: { $0.name == name }) else { return nil }
    return plan.graph.previous[index]
  }

  private func derivative(of a: Point, by b: Point, atEachStep visit: (Int, Entries) -> Void) -> Matrix? {
    let graph = plan.graph
    let stateIndex = cell.quantities.states.firstIndex { $0.name == b.name }
    guard let source = graph.named[a.name], let target = graph.named[b.name], (1...sizes.steps).contains(a.step),
      (0...a.step).contains(b.step), b.step > 0 || stateIndex != nil
    else { return nil }
    return rows(from: source, at: a.step) { block in
      var step = a.step
      while true {
        if step == b.step { visit(step, block) }
        if step > b.step || (step == b.step && step > 0) { self.plan.backward(self.values(step), block, held: []) }
        if step == b.step {
          return Array(
            UnsafeBufferPointer(start: block + self.plan.offsets[target], count: self.plan.extents[target].count))
        }
        let carried = graph.previous.map { node in
          node.map {
            Array(UnsafeBufferPointer(start: block + self.plan.offsets[$0], count: self.plan.extents[$0].count))
          }
        }
        block.update(repeating: 0, count: self.plan.size)
        step -= 1
        for (index, entries) in carried.enumerated() {
          guard let entries else { continue }
          (block + self.plan.offsets[graph.results[index]]).update(from: entries, count: entries.count)
        }
      }
    }
  }

  /// One row a component of the source: its adjoint is set to 1, and `flow` returns what reaches the target.
  private func rows(from source: Int, at step: Int, _ flow: (Entries) -> [Double]) -> Matrix? {
    guard sizes.batch == 1 else { return nil }
    let block = Entries.allocate(capacity: max(1, plan.size))
    defer { block.deallocate() }
    var entries: [Double] = []
    let count = plan.extents[source].count
    var width = 0
    for component in 0..<count {
      block.initialize(repeating: 0, count: plan.size)
      block[plan.offsets[source] + component] = 1
      let row = flow(block)
      width = row.count
      entries += row
    }
    return Matrix(rows: count, columns: width, elements: entries)
  }
}
