// Derivatives in a drawn network: of the loss and of nodes, total and immediate.

import CellKit
import Formula
import Recurrence

extension WorldOf {
  /// What a table says of a target at a step; nil where there is no such node.
  func read(_ target: Target, _ step: Int?, _ table: AdjointTableOf<Number>) -> Matrix? {
    let graph = context.cell.graph
    switch target {
    case .parameter(let index):
      guard let node = graph.parameters[index] else { return nil }
      return truth.sharedAdjoint(node, in: table)
    case .input(let index):
      guard let node = graph.inputs[index], let step, step >= 1, step <= truth.sizes.steps else { return nil }
      return truth.adjoint(node, at: step, in: table)
    case .node(let node):
      guard let step, step <= truth.sizes.steps else { return nil }
      if step >= 1 { return truth.adjoint(node, at: step, in: table) }
      guard step == 0, let index = graph.results.firstIndex(of: node), index < graph.previous.count else { return nil }
      guard let previous = graph.previous[index] else {
        return .allZero(value.initial[index].rows, value.initial[index].columns)
      }
      return truth.adjoint(previous, at: 1, in: table)
    }
  }

  /// The derivative of the loss, as a value lies.
  func gradient(loss: Int?, by target: Target, at step: Int?, isImmediate: Bool) -> Matrix? {
    let result: Matrix?
    if let loss {
      guard loss >= 1, loss <= steps else { return nil }
      if isImmediate {
        guard let step else { return nil }
        result = direct(loss, target, step)
      } else {
        result = read(target, step, table(ofLoss: loss))
      }
    } else if isImmediate {
      guard let step else { return nil }
      result = direct(step, target, step) ?? (step > steps ? read(target, step, totalTable) : nil)
    } else {
      result = read(target, step, totalTable)
    }
    guard let result else { return nil }
    return context.isFlipped(target) ? result.flipped : result
  }

  /// The loss's own derivative by what it is made of.
  func direct(_ loss: Int, _ target: Target, _ step: Int) -> Matrix? {
    guard loss >= 1, loss <= steps else { return nil }
    if case .node(let node) = target, loss == step, let seed = seeds(at: loss).first(where: { $0.node == node }) {
      return seed.gradient
    }
    guard case .node(let node) = target, step >= 0 else { return nil }
    let (rows, columns) = truth.extent(node)
    return .allZero(rows, columns)
  }

  /// What a derivative of a node holds.
  private func held(_ reach: Reach, from node: Int) -> Set<Int> {
    guard reach == .equation else { return [] }
    return context.heldNodes.subtracting([node])
  }

  func rows(of node: Int, at step: Int, _ reach: Reach) -> AdjointRows {
    let key = JacobianKey(of: node, step: step, reach: reach)
    if let rows = jacobians[key] { return rows }
    let (height, width) = truth.extent(node)
    var tables: [AdjointTableOf<Number>] = []
    let held = held(reach, from: node)
    for entry in 0..<height * width {
      var unit = [Number](repeating: .zero, count: height * width)
      unit[entry] = .one
      let seed = TapeOf<Number>.Seed(
        node: node, step: step, gradient: Matrix(rows: height, columns: width, elements: unit))
      tables.append(
        truth.adjoints(
          [seed], from: step, to: reach == .total ? 1 : step, held: held, crossesSteps: reach == .total))
    }
    effort.spend(Effort.ofPass * tables.count)
    let rows = AdjointRows(tables: tables)
    jacobians[key] = rows
    return rows
  }

  /// What a named node hands to another one directly.
  func flow(from source: Int, into node: Int, at step: Int, isFromNextStep: Bool, _ table: AdjointTableOf<Number>)
    -> Matrix
  {
    let at = isFromNextStep ? step + 1 : step
    let (rows, columns) = truth.extent(node)
    guard at <= truth.sizes.steps else { return .allZero(rows, columns) }
    effort.spend(Effort.ofPass)
    let seed = TapeOf<Number>.Seed(node: source, step: at, gradient: truth.adjoint(source, at: at, in: table))
    let arrived = truth.adjoints(
      [seed], from: at, to: at, held: context.sheetNodes.subtracting([source]), crossesSteps: false)
    guard isFromNextStep else { return truth.adjoint(node, at: at, in: arrived) }
    guard let index = context.cell.graph.results.firstIndex(of: node), index < context.cell.graph.previous.count,
      let previous = context.cell.graph.previous[index]
    else { return .allZero(rows, columns) }
    return truth.adjoint(previous, at: at, in: arrived)
  }

  /// Reads a pass that began at step `from`, for an immediate derivative within that step only.
  func read(_ target: Target, _ step: Int?, _ table: AdjointTableOf<Number>, from: Int, isImmediate: Bool) -> Matrix? {
    guard isImmediate, let step else { return read(target, step, table) }
    if step == from { return read(target, step, table) }
    guard step >= 0, step <= truth.sizes.steps else { return nil }
    guard case .node(let node) = target else { return read(target, step, table).map { .allZero($0.rows, $0.columns) } }
    let graph = context.cell.graph
    if step == from - 1, let index = graph.results.firstIndex(of: node), index < graph.previous.count,
      let previous = graph.previous[index]
    {
      return truth.adjoint(previous, at: from, in: table)
    }
    let (rows, columns) = truth.extent(node)
    return .allZero(rows, columns)
  }

  func jacobian(_ slope: Slope, _ environment: [Int]) -> Matrix? {
    guard case .node(let node) = slope.of else { return nil }
    let step = slope.ofTime.step(environment)
    let byStep = slope.byTime?.step(environment)
    if step == 0, byStep == 0, slope.of == slope.by {
      let count = truth.extent(node).rows * truth.extent(node).columns
      return .identity(count)
    }
    guard step >= 1, step <= truth.sizes.steps else { return nil }
    let rows = rows(of: node, at: step, slope.reach)
    var entries: [Number] = []
    var width = 0
    for table in rows.tables {
      guard let row = read(slope.by, byStep, table, from: step, isImmediate: slope.isImmediate) else { return nil }
      width = row.rows * row.columns
      entries += row.elements
    }
    let numerator = Matrix(rows: rows.tables.count, columns: width, elements: entries)
    return context.isDenominator ? numerator.flipped : numerator
  }

  func compose(_ slopes: [Slope], _ start: Matrix, _ environment: [Int]) -> Matrix? {
    var covector = start
    for slope in slopes {
      guard case .node(let node) = slope.of else { return nil }
      let step = slope.ofTime.step(environment)
      // The state before the first step is given: no parameter moves it.
      if step == 0, case .parameter(let index) = slope.by {
        return value.parameters[index].applying { _ in .zero }
      }
      guard step >= 1, step <= truth.sizes.steps else { return nil }
      let (height, width) = truth.extent(node)
      guard covector.rows * covector.columns == height * width else { return nil }
      let seed = TapeOf<Number>.Seed(
        node: node, step: step, gradient: Matrix(rows: height, columns: width, elements: covector.elements))
      effort.spend(Effort.ofPass)
      let table = truth.adjoints(
        [seed], from: step, to: slope.isImmediate ? step : 1, held: held(slope.reach, from: node),
        crossesSteps: !slope.isImmediate)
      guard
        let next = read(slope.by, slope.byTime?.step(environment), table, from: step, isImmediate: slope.isImmediate)
      else { return nil }
      covector = next
    }
    return covector
  }
}
