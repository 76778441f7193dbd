// What is computed from what in the unrolled graph: the order in which a gradient comes back.

import Formula
import Recurrence

/// Which nodes a quantity feeds, at which later steps.
final class Feeding {
  private let graph: StepGraph
  /// For each node those of its own step that are computed from it.
  private let within: [Set<Int>]
  /// For a node, those it feeds by the number of steps between.
  private var after: [Int: [Set<Int>]] = [:]
  /// For a node that is used as another one's value and nowhere else, or for a nameless term of a sum, that other one:
  /// their derivatives are one.
  private let copies: [Int: Int]

  init(_ graph: StepGraph) {
    self.graph = graph
    var uses: [Int: [Int]] = [:]
    for edge in graph.contributions { uses[edge.target, default: []].append(edge.source) }
    var within: [Set<Int>] = Array(repeating: [], count: graph.nodes.count)
    for node in graph.nodes.indices.reversed() {
      for source in uses[node] ?? [] { within[node].formUnion(within[source].union([source])) }
    }
    self.within = within
    let results = Set(graph.results)
    let named = Set(graph.named.values)
    copies = Dictionary(
      uniqueKeysWithValues: uses.compactMap { node, sources in
        guard sources.count == 1, !results.contains(node) else { return nil }
        switch graph.nodes[sources[0]].operation {
        case .affine(scale: 1, shift: 0): return (node, sources[0])
        case .add where !named.contains(node) && graph.nodes[node].shape == graph.nodes[sources[0]].shape:
          return (node, sources[0])
        default: return nil
        }
      })
  }

  /// The node whose derivative a node's is: itself, or the last of its copies.
  func standing(for node: Int) -> Int {
    var node = node
    while let copy = copies[node] { node = copy }
    return node
  }

  private func reached(from node: Int, after gap: Int) -> Set<Int> {
    var known = after[node] ?? [within[node]]
    while known.count <= gap {
      var next: Set<Int> = []
      let before = known.count == 1 ? known[0].union([node]) : known[known.count - 1]
      for (index, result) in graph.results.enumerated() where before.contains(result) && index < graph.previous.count {
        guard let previous = graph.previous[index] else { continue }
        next.formUnion(within[previous].union([previous]))
      }
      known.append(next)
    }
    after[node] = known
    return known[gap]
  }

  /// Whether a quantity of a step, or a parameter, is used on the way to another one of a step.
  func feeds(_ target: Target, at step: Int?, _ other: Target, at later: Int?) -> Bool {
    guard case .node(let node) = other, let later else { return false }
    switch target {
    case .parameter(let index):
      guard let start = graph.parameters[index] else { return false }
      return later >= 1 && (0..<later).contains { reached(from: start, after: $0).contains(node) }
    case .input(let index):
      guard let start = graph.inputs[index], let step, later >= step else { return false }
      return reached(from: start, after: later - step).contains(node)
    case .node(let start):
      guard let step, later >= step else { return false }
      return reached(from: start, after: later - step).contains(node)
    }
  }
}
