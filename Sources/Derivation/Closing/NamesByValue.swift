// Names whose value is that of a derivative: a learner who writes `δ_t = …` states ∂L/∂z_t, whether it is said or not.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// The derivatives of the loss that the names of a text turn out to be.
struct NamesByValue {
  /// A name with what it is the derivative by.
  struct Found {
    /// The name, by its index among the definitions.
    let definition: Int
    /// What the derivative is by; several where one is another by its equation.
    let targets: [Target]
  }

  private(set) var all: [Found] = []

  /// - Parameters:
  ///   - session: the text under its own reading.
  ///   - known: names that the text itself says to be derivatives; nothing is to be found out about those.
  init(_ session: Session, known: Set<Int>) {
    let worlds = session.worlds.prefix(3)
    let graph = session.context.cell.graph
    let results = Set(graph.results)
    let named = Set(graph.named.values)
    let nodes: [Target] = graph.nodes.indices.filter { !graph.nodes[$0].operands.isEmpty || results.contains($0) }
      .sorted { named.contains($0) && !named.contains($1) }.map { .node($0) }
    let parameters: [Target] = session.context.cell.quantities.parameters.indices.map { .parameter($0) }
    for (index, definition) in session.context.definitions.all.enumerated()
    where !known.contains(index) && definition.timeCount <= 1 {
      let candidates = definition.timeCount == 0 ? parameters : nodes
      let values = worlds.map { world in
        (definition.timeCount == 0 ? [[]] : (1...world.steps).map { [$0] }).map { ($0, world.defined(index, $0)) }
      }
      // What has a value at one step only may equal anything there.
      guard values.allSatisfy({ $0.count { $0.1 != nil } >= (definition.timeCount == 0 ? 1 : 2) }),
        values.contains(where: { $0.contains { ($0.1?.largest ?? 0) > 0 } })
      else { continue }
      let targets = candidates.filter { target in
        zip(worlds, values).allSatisfy { world, list in
          list.allSatisfy { times, value in value.map { Self.agree($0, target, times, in: world) } ?? true }
        }
      }
      guard !session.effort.isExhausted else { return }
      if !targets.isEmpty { all.append(Found(definition: index, targets: targets)) }
    }
  }

  private static func agree(_ value: Matrix, _ target: Target, _ times: [Int], in world: World) -> Bool {
    world.effort.spend()
    guard
      let gradient = world.gradient(loss: nil, by: target, at: times.first, isImmediate: false),
      gradient.rows == value.rows, gradient.columns == value.columns,
      let difference = gradient.combined(value, { $0 - $1 })?.largest
    else { return false }
    return difference <= 1e-9 * max(gradient.largest, value.largest, 1e-12)
  }
}

extension Closing {
  /// What is told of the names that turned out to be derivatives.
  var foundByValue: [DerivationReport.Reading] {
    names.all.compactMap { found in
      let definition = session.context.definitions.all[found.definition]
      guard let target = found.targets.first, let clause = definition.clauses.first else { return nil }
      let line = clause.source.position(at: clause.range.lowerBound).line
      let name = session.context.shown(target, "t")
      return DerivationReport.Reading(
        line: line,
        text: Wording(
          "`\(definition.shown)` is `\\frac{\\partial L}{\\partial \(name)}` (found by its value)",
          "`\(definition.shown)` 就是 `\\frac{\\partial L}{\\partial \(name)}`（由取值得知）"))
    }
  }
}

extension Context {
  /// A quantity as a person writes it, also where no equation names it.
  func shown(_ target: Target, _ time: String?) -> String {
    switch target {
    case .parameter: return name(of: target).latex
    case .input: return name(of: target).latex(time: time)
    case .node(let node):
      let isNamed = cell.graph.named.values.contains(node)
      return isNamed
        ? name(of: target).latex(time: time) : cell.declaration.source.substring(cell.graph.nodes[node].range)
    }
  }
}
