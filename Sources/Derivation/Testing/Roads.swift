// The roads on which a gradient reaches a node: through each named quantity that uses it, and from the step's own loss.

import CellKit
import Formula
import Recurrence

/// A road into a node: from a named node of the same step, or of the next.
struct Road: Hashable {
  let from: Int
  /// Whether the node is used as what the step before left.
  let isFromNextStep: Bool
  let name: Name

  /// Its name where the node is written at a given step.
  func latex(at written: Time) -> String { name.latex(time: written.shifted(by: isFromNextStep ? 1 : 0).description) }
}

extension Context {
  /// The roads into a node that the graph has, whatever the numbers are.
  func roads(into node: Int) -> [Road] {
    let graph = cell.graph
    let state = graph.results.firstIndex(of: node).flatMap { $0 < graph.previous.count ? graph.previous[$0] : nil }
    var result: [Road] = []
    var seen: Set<Int> = []
    for (name, from) in graph.named.sorted(by: { $0.key.latex < $1.key.latex })
    where sheetNodes.contains(from) && seen.insert(from).inserted {
      var visited: Set<Int> = []
      var reached: Set<Int> = []
      func visit(_ index: Int) {
        guard visited.insert(index).inserted else { return }
        if index != from, index == node || index == state { reached.insert(index) }
        guard index == from || !sheetNodes.contains(index) else { return }
        for operand in graph.nodes[index].operands { visit(operand) }
      }
      visit(from)
      if reached.contains(node) {
        result.append(Road(from: from, isFromNextStep: false, name: shown(name)))
      }
      if let state, reached.contains(state) {
        result.append(Road(from: from, isFromNextStep: true, name: shown(name)))
      }
    }
    return result
  }

  /// The derivative of the loss that a learner's name stands for, at given steps.
  func gradientAlias(_ index: Int, _ times: [Moment]) -> (target: Target, at: Moment?)? {
    let definition = definitions.all[index]
    guard definition.compiled.count == 1,
      case .gradient(nil, let by, let at, false) = definition.compiled[0].term.operation
    else {
      return nil
    }
    guard let at else { return (by, nil) }
    guard definition.compiled[0].times.count == 1, let own = definition.compiled[0].times[0].slot, at.slot == own,
      at.second == nil,
      times.count == 1
    else {
      return nil
    }
    return (
      by,
      Moment(
        slot: times[0].slot, offset: times[0].offset + at.offset - definition.compiled[0].times[0].offset,
        second: times[0].second)
    )
  }
}

extension WorldOf {
  /// What each road contributes to a total derivative, as the derivative lies; empty where there are no roads.
  ///
  /// - Parameter written: the step of what it is differentiated by, as it is written.
  func roads(of term: Term, _ environment: [Int], at written: Time) -> [(name: String, value: Matrix)] {
    switch term.operation {
    case .gradient(nil, let by, let at?, false): return roads(into: by, at: at.step(environment), written)
    case .gradient(let loss?, let by, let at?, false):
      let (last, step) = (loss.step(environment), at.step(environment))
      guard last >= 1, last <= steps, case .node(let node) = by, step >= 1, step < last else { return [] }
      return roads(into: node, at: step, table(ofLoss: last), written).map {
        ($0, context.isFlipped(by) ? $1.flipped : $1)
      }
    case .defined(let index, let moments):
      guard let (target, at) = context.gradientAlias(index, moments), let at else { return [] }
      return roads(into: target, at: at.step(environment), written)
    case .jacobian(let slope):
      guard !slope.isImmediate, case .node(let of) = slope.of, case .node(let by) = slope.by, let at = slope.byTime
      else { return [] }
      let (last, step) = (slope.ofTime.step(environment), at.step(environment))
      guard last >= 1, last <= truth.sizes.steps, step >= 1, step < last || (step == last && of != by) else {
        return []
      }
      var names: [String] = []
      var columns: [[Matrix]] = []
      for table in rows(of: of, at: last, .total).tables {
        let parts = roads(into: by, at: step, table, written)
        names = parts.map(\.name)
        for (index, part) in parts.enumerated() {
          if columns.count <= index { columns.append([]) }
          columns[index].append(
            Matrix(rows: 1, columns: part.value.rows * part.value.columns, elements: part.value.elements))
        }
      }
      return zip(names, columns).compactMap { name, rows in
        guard let numerator = Matrix.onTop(rows) else { return nil }
        return (name, context.isDenominator ? numerator.flipped : numerator)
      }
    default: return []
    }
  }

  private func roads(into target: Target, at step: Int, _ written: Time) -> [(name: String, value: Matrix)] {
    guard case .node(let node) = target, step >= 1, step <= steps else { return [] }
    var result: [(name: String, value: Matrix)] = []
    if context.lossNodes.contains(node), let own = gradient(loss: step, by: target, at: step, isImmediate: true) {
      result.append((Expression.Symbol(context.lossName, times: [written]).latex, own))
    }
    return result
      + roads(into: node, at: step, totalTable, written).map { ($0, context.isFlipped(target) ? $1.flipped : $1) }
  }

  private func roads(
    into node: Int, at step: Int, _ table: AdjointTableOf<Number>, _ written: Time
  ) -> [(name: String, value: Matrix)] {
    context.roads(into: node).map { road in
      (road.latex(at: written), flow(from: road.from, into: node, at: step, isFromNextStep: road.isFromNextStep, table))
    }
  }
}
