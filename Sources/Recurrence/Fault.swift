// The mistakes that can be made on the way back through a step, read off its graph.
//
// The reverse pass is a list of contributions. A fault is one operator applied to one edge of the list, or to all
// edges of one kind ("every σ′"). No author lists mistakes: the equations do.

import Diagnostics
import Formula

/// A mistake in the reverse pass of one step: what was done, and at which edges.
public struct Fault: Sendable, Hashable {
  /// What was done with the contribution of an edge.
  public enum Slip: String, Sendable, Hashable, CaseIterable {
    // Any edge.
    case dropped, negated, doubled
    // Of several like edges into one value, all but one dropped.
    case onlyOnePath
    // By element: a product's other factor left out, or the operand itself in its place.
    case factorMissing, ownValue
    // Functions: no derivative, or a wrong one.
    case derivativeMissing, derivativeOfValue, derivativeOfInput, otherDerivative, derivativeFirstHalf
    case derivativeSecondHalf
    // Products of matrices.
    case notTransposed
    // Another value in the place of an operand: this step's state for the last one's and the reverse; one factor of a
    // product for the whole.
    case presentForPrevious, previousForPresent, firstFactorOnly, secondFactorOnly
    // Values shared by the batch.
    case meanOverBatch, firstSampleOnly
  }

  /// What was done.
  public let slip: Slip
  /// At which edges of the graph's list.
  public let edges: [Contribution]
  /// The edge that was kept, where all others of its kind were dropped.
  public let kept: Contribution?

  init(slip: Slip, edges: [Contribution], kept: Contribution? = nil) {
    self.slip = slip
    self.edges = edges
    self.kept = kept
  }

  /// A name that stays the same as long as the sheet's equations do, such as `dropped:h>c`.
  public func id(in cell: Cell) -> String {
    let paths = edges.map {
      [cell.display(of: $0.target).swift, cell.display(of: $0.source).swift].joined(separator: "<")
    }
    return "\(slip.rawValue):\(paths.joined(separator: "+"))"
  }
}

/// How a node is told to a person.
public struct NodeDisplay: Sendable, Hashable {
  /// As LaTeX.
  public let latex: String
  /// As one word, for stable ids.
  public let swift: String
}

extension Cell {
  /// Every fault of the reverse pass: each operator at each edge that it fits, and at each orbit of like edges.
  public var faults: [Fault] {
    var faults: [Fault] = []
    for edge in graph.contributions {
      for slip in slips(at: edge) { faults.append(Fault(slip: slip, edges: [edge])) }
    }
    // An orbit: edges of one kind of operation into one kind of target.
    var orbits: [String: [Contribution]] = [:]
    for edge in graph.contributions { orbits[kind(of: edge), default: []].append(edge) }
    for (_, edges) in orbits.sorted(by: { $0.key < $1.key }) where edges.count > 1 {
      for slip in slips(at: edges[0]) where edges.allSatisfy({ slips(at: $0).contains(slip) }) {
        faults.append(Fault(slip: slip, edges: edges))
      }
      for (_, like) in Dictionary(grouping: edges, by: \.target).sorted(by: { $0.key < $1.key }) where like.count > 2 {
        for kept in like {
          faults.append(Fault(slip: .onlyOnePath, edges: like.filter { $0 != kept }, kept: kept))
        }
      }
    }
    return faults
  }

  private func kind(of edge: Contribution) -> String {
    let target: String
    switch graph.nodes[edge.target].operation {
    case .parameter: target = "parameter"
    case .input(let index): target = "input \(index)"
    case .previous(let index): target = "previous \(index)"
    default: target = "value"
    }
    return "\(graph.nodes[edge.source].operation) \(edge.operand) \(target)"
  }

  /// The operators that fit an edge.
  private func slips(at edge: Contribution) -> [Fault.Slip] {
    var slips: [Fault.Slip] = [.dropped, .negated, .doubled]
    let node = graph.nodes[edge.source]
    switch node.operation {
    case .hadamard:
      slips += [.factorMissing, .ownValue] + replacements(of: node.operands[1 - edge.operand])
    case .product(let leftTransposed, let rightTransposed):
      let other = graph.nodes[node.operands[1 - edge.operand]]
      if case .matrix(let rows, let columns) = other.shape.axes, rows == columns, !leftTransposed, !rightTransposed {
        slips.append(.notTransposed)
      }
      slips += replacements(of: node.operands[1 - edge.operand])
    case .function(.sigmoid), .function(.tanh):
      slips += [
        .derivativeMissing, .derivativeOfValue, .derivativeOfInput, .otherDerivative, .derivativeFirstHalf,
        .derivativeSecondHalf,
      ]
    case .function, .softmax: slips.append(.derivativeMissing)
    case .spread where graph.nodes[edge.source].shape.isBatched && !graph.nodes[edge.target].shape.isBatched:
      slips += [.meanOverBatch, .firstSampleOnly]
    default: break
    }
    return slips
  }

  private func replacements(of node: Int) -> [Fault.Slip] {
    switch graph.nodes[node].operation {
    case .previous: return [.presentForPrevious]
    case .hadamard: return [.firstFactorOnly, .secondFactorOnly]
    default:
      guard let state = graph.results.prefix(quantities.states.count).firstIndex(of: node),
        graph.previous[state] != nil
      else { return [] }
      return [.previousForPresent]
    }
  }

  // MARK: Words

  /// The path of an edge, from its target up to the quantity in whose equation it stands: `c_t`, `\tanh(c_t)`, `h_t`.
  public func display(of edge: Contribution) -> [NodeDisplay] {
    var path = [display(of: edge.target), display(of: edge.source)]
    if let owner = owner(of: edge.source), owner != edge.source { path.append(display(of: owner)) }
    var seen: Set<String> = []
    return path.filter { seen.insert($0.latex).inserted }
  }

  /// A node as its name, or as the words of the sheet.
  public func display(of node: Int) -> NodeDisplay {
    if let name = graph.named.first(where: { $0.value == node })?.key {
      return NodeDisplay(latex: name.latex(time: "t"), swift: name.swift)
    }
    switch graph.nodes[node].operation {
    case .parameter(let index):
      let name = quantities.parameters[index].name
      return NodeDisplay(latex: name.latex, swift: name.swift)
    case .input(let index):
      let name = quantities.inputs[index].name
      return NodeDisplay(latex: name.latex(time: "t"), swift: name.swift)
    case .previous(let index):
      let name = quantities.states[index].name
      return NodeDisplay(latex: name.latex(time: "t-1"), swift: "\(name.swift)Previous")
    case .spread:
      let value = display(of: graph.nodes[node].operands[0])
      return NodeDisplay(latex: value.latex, swift: value.swift + "Spread")
    default:
      let text = declaration.source.substring(graph.nodes[node].range)
      return NodeDisplay(latex: text, swift: text.filter { $0.isLetter || $0.isNumber })
    }
  }

  /// The other operand of an edge's product.
  public func otherOperand(of edge: Contribution) -> NodeDisplay? {
    let operands = graph.nodes[edge.source].operands
    return operands.count == 2 ? display(of: operands[1 - edge.operand]) : nil
  }

  /// The named node in whose equation a node stands: the first one above it.
  private func owner(of node: Int) -> Int? {
    let named = Set(graph.named.values)
    if named.contains(node) { return node }
    var above: [Int] = [node]
    var seen: Set<Int> = [node]
    while let next = above.popLast() {
      for (index, candidate) in graph.nodes.enumerated() where candidate.operands.contains(next) {
        if named.contains(index) { return index }
        if seen.insert(index).inserted { above.append(index) }
      }
    }
    return nil
  }
}
