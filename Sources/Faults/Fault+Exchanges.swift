// Faults of several edges at once: one road of many, and factors in each other's place.

import Formula
import Recurrence

extension Cell {
  /// Of all the edges into a state of the step before, of whatever kind, one alone.
  var onlyRoads: [Fault] {
    graph.previous.compactMap(\.self).flatMap { node -> [Fault] in
      let into = graph.contributions.filter { $0.target == node }
      guard into.count > 2, Set(into.map(kind)).count > 1 else { return [] }
      return into.map { kept in Fault(slip: .onlyOnePath, edges: into.filter { $0 != kept }, kept: kept) }
    }
  }

  /// Two products by element with each other's factor: i where f belongs and the reverse.
  var exchanges: [Fault] {
    let edges = graph.contributions.filter { edge in
      guard graph.nodes[edge.source].operation == .hadamard,
        case .function = graph.nodes[edge.target].operation
      else { return false }
      return true
    }
    let complements = graph.contributions.filter { edge in
      graph.nodes[edge.source].operation == .hadamard && graph.nodes[edge.target].isComplement
    }
    // What a gate keeps and what it writes: h_{t-1} where the candidate belongs and the reverse.
    let ofOneGate = edges.flatMap { own in
      complements.compactMap { other -> Fault? in
        guard graph.nodes[other.target].operands == [own.target] else { return nil }
        let (a, b) = (otherNode(of: own), otherNode(of: other))
        guard a != b, graph.nodes[a].shape == graph.nodes[b].shape else { return nil }
        return Fault(slip: .factorsExchanged, edges: [own, other], standIns: [b, a])
      }
    }
    return ofOneGate
      + edges.indices.flatMap { first in
        edges[(first + 1)...].compactMap { second -> Fault? in
          let (a, b) = (otherNode(of: edges[first]), otherNode(of: second))
          guard a != b, edges[first].target != second.target, graph.nodes[a].shape == graph.nodes[b].shape else {
            return nil
          }
          return Fault(slip: .factorsExchanged, edges: [edges[first], second], standIns: [b, a])
        }
      }
  }
}
