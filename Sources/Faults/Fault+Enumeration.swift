// Every fault of a step: each operator at each edge that it fits, at each orbit of like edges, at each result.

import Formula
public import Recurrence

/// What can be done at an edge, and which node is then taken for the right one.
struct FaultChoice: Hashable {
  let slip: Fault.Slip
  var standIn: Int?
}

extension Cell {
  /// Every fault of the reverse pass of one step.
  public var faults: [Fault] {
    let roads = Roads(graph)
    let choices = Dictionary(
      graph.contributions.map { ($0, self.choices(at: $0, roads)) }, uniquingKeysWith: { first, _ in first })
    var faults: [Fault] = []
    func add(_ choice: FaultChoice, _ edges: [Contribution], result: Int? = nil) {
      let standIns = choice.standIn.map { [Int](repeating: $0, count: edges.count) } ?? []
      faults.append(Fault(slip: choice.slip, edges: edges, standIns: standIns, result: result))
    }
    for edge in graph.contributions { for choice in choices[edge] ?? [] { add(choice, [edge]) } }
    faults += resultFaults + exchanges + extraPaths + partExchanges
    faults.append(Fault(slip: .dividedByBatch, edges: []))
    faults += onlyRoads
    let reach = reach
    for edge in graph.contributions {
      // A mistake with one share of what has come together: the sum was not taken as a whole.
      for result in graph.results.indices where isMixed(edge, result, reach) {
        add(FaultChoice(slip: .dropped), [edge], result: result)
        if choices[edge]?.contains(FaultChoice(slip: .derivativeMissing)) == true {
          add(FaultChoice(slip: .derivativeMissing), [edge], result: result)
        }
      }
    }
    // An orbit: edges of one kind of operation into one kind of target.
    var orbits: [String: [Contribution]] = [:]
    for edge in graph.contributions { orbits[kind(of: edge), default: []].append(edge) }
    for (_, edges) in orbits.sorted(by: { $0.key < $1.key }) where edges.count > 1 {
      for choice in choices[edges[0]] ?? []
      where choice.slip != .otherGradient && choice.slip != .otherGradientToo
        && edges.allSatisfy({ choices[$0]?.contains(choice) == true })
      {
        add(choice, edges)
      }
      for (_, like) in Dictionary(grouping: edges, by: \.target).sorted(by: { $0.key < $1.key }) where like.count > 2 {
        for kept in like {
          faults.append(Fault(slip: .onlyOnePath, edges: like.filter { $0 != kept }, kept: kept))
        }
        guard like.count > 3 else { continue }
        for first in like.indices {
          for second in like[(first + 1)...] {
            faults.append(Fault(slip: .overwritten, edges: [like[first], second]))
          }
        }
      }
    }
    let activations = graph.contributions.filter(isActivation)
    if Set(activations.map { graph.nodes[$0.source].operation }).count > 1 {
      for slip in [Fault.Slip.derivativeMissing, .dividedByBatch] {
        faults.append(Fault(slip: slip, edges: activations))
      }
    }
    return faults.withDistinctIds(in: self)
  }

  /// The faults of a step at one end of time alone: what a loop does wrong with its first or last round.
  public var endFaults: [Fault] {
    graph.contributions.flatMap { edge in
      let dropped = Fault.End.allCases.map { Fault(slip: .dropped, edges: [edge]).limited(to: $0) }
      // The gradient by the initial state, without the matrix that the loop has at the other steps.
      guard graph.previous.contains(edge.target), squareFactor(of: edge) else { return dropped }
      return dropped + [Fault(slip: .factorMissing, edges: [edge]).limited(to: .first)]
    }.withDistinctIds(in: self)
  }

  /// Whether an edge goes back through a function that makes a quantity of its own, such as a gate.
  private func isActivation(_ edge: Contribution) -> Bool {
    guard case .function = graph.nodes[edge.source].operation else { return false }
    return graph.named.values.contains(edge.source)
  }

  func kind(of edge: Contribution) -> String {
    let target: String
    switch graph.nodes[edge.target].operation {
    case .parameter: target = "parameter"
    case .input(let index): target = "input \(index)"
    case .previous(let index): target = "previous \(index)"
    default: target = "value"
    }
    return "\(graph.nodes[edge.source].operation) \(edge.operand) \(target)"
  }

  // MARK: Faults without an edge

  /// What arrives from outside the step, left out or wrong.
  private var resultFaults: [Fault] {
    graph.results.indices.flatMap { result in
      [Fault.Slip.dropped, .negated, .doubled].map { Fault(slip: $0, edges: [], result: result) }
    }
  }

  /// What arrives at a state goes on to the state before, although no equation says so.
  private var extraPaths: [Fault] {
    quantities.states.indices.flatMap { state -> [Fault] in
      guard let previous = graph.previous[state] else { return [] }
      let gates = quantityNodes.filter { node in
        guard case .function = graph.nodes[node].operation else { return false }
        return graph.nodes[node].shape == graph.nodes[previous].shape
      }
      return [Fault(slip: .passedOn, edges: [], result: state)]
        + gates.map { Fault(slip: .passedOn, edges: [], standIns: [$0], result: state) }
    }
  }

  /// Whether an edge carries the share of a result beside that of another.
  private func isMixed(_ edge: Contribution, _ result: Int, _ reach: [Int: Set<Int>]) -> Bool {
    guard graph.results.count > 1, reach[graph.results[result]]?.contains(edge.source) == true else { return false }
    return graph.results.contains { $0 != graph.results[result] && reach[$0]?.contains(edge.source) == true }
  }

  /// For each result every node that it is computed from, itself included.
  var reach: [Int: Set<Int>] {
    var reach: [Int: Set<Int>] = [:]
    for result in graph.results {
      var seen: Set<Int> = [result]
      var open = [result]
      while let node = open.popLast() {
        for operand in graph.nodes[node].operands where seen.insert(operand).inserted { open.append(operand) }
      }
      reach[result] = seen
    }
    return reach
  }

  /// The rows of the table that fit an edge.
  private func choices(at edge: Contribution, _ roads: Roads) -> [FaultChoice] {
    let site = EdgeSite(cell: self, roads: roads, edge: edge)
    return Fault.Slip.all.flatMap { slip -> [FaultChoice] in
      switch slip.fit {
      case .edges(let fits): fits(site) ? [FaultChoice(slip: slip)] : []
      case .standIns(let nodes): nodes(site).map { FaultChoice(slip: slip, standIn: $0) }
      case .listed: []
      }
    }
  }
}
