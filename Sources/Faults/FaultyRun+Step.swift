// The way back through one step of a run, with its mistakes.

import CellKit
import Recurrence

extension FaultyRun {
  /// Lets gradients flow back through one step; where a mistake is limited to one result's share, share by share.
  func flow(_ arriving: [Matrix], _ values: Entries, _ faults: [Fault], into adjoints: Entries) {
    guard faults.contains(where: { $0.result != nil && !$0.edges.isEmpty }) else {
      pass(arriving, values, faults, adjoints)
      return
    }
    sum.update(repeating: 0, count: plan.size)
    for share in arriving.indices {
      let own = arriving.indices.map { $0 == share ? arriving[$0] : .zeros(like: arriving[$0]) }
      pass(own, values, faults.filter { $0.result == nil || $0.edges.isEmpty || $0.result == share }, adjoints)
      for entry in 0..<plan.size { sum[entry] += adjoints[entry] }
    }
    adjoints.update(from: sum, count: plan.size)
  }

  private func pass(_ arriving: [Matrix], _ values: Entries, _ faults: [Fault], _ adjoints: Entries) {
    let graph = plan.graph
    if faults.contains(where: \.takesAnotherGradient) {
      // In one step with no other fault the gradients are the same each time.
      let isKept = steps == 1 && faults.count == 1
      if !isKept || !hasReference {
        pass(arriving, values, faults.filter { !$0.takesAnotherGradient }, adjoints)
        faulty.reference.update(from: adjoints, count: plan.size)
        hasReference = isKept
      }
    }
    adjoints.update(repeating: 0, count: plan.size)
    for (index, node) in graph.results.enumerated() {
      var factor = 1.0
      for fault in faults where fault.edges.isEmpty && (fault.result == index || fault.dividesEverything) {
        factor *= fault.factorOfArriving(batch: faulty.batch)
      }
      let target = adjoints + plan.offsets[node]
      for (entry, number) in arriving[index].elements.enumerated() { target[entry] += factor * number }
    }
    var wrong: [Contribution: (slip: Fault.Slip, standIn: Int?)] = [:]
    for fault in faults {
      for (index, edge) in fault.edges.enumerated() where wrong[edge] == nil {
        wrong[edge] = (fault.slip, fault.standIns.isEmpty ? nil : fault.standIns[index])
      }
    }
    plan.backward(
      values, adjoints,
      pull: { edge in
        guard let mistake = wrong[edge] else { return false }
        self.faulty(edge, mistake.slip.rewrite, standIn: mistake.standIn, values, adjoints)
        return true
      })
    for fault in faults where fault.slip == .passedOn {
      guard let state = fault.result, let node = graph.previous[state] else { continue }
      let gate = fault.standIns.first.map { values + plan.offsets[$0] }
      let target = adjoints + plan.offsets[node]
      for (entry, number) in arriving[state].elements.enumerated() { target[entry] += number * (gate?[entry] ?? 1) }
    }
  }
}

extension Fault {
  /// By what all that arrives at a result is multiplied, where the mistake is made with that and at no edge.
  fileprivate func factorOfArriving(batch: Int) -> Double {
    switch slip.rewrite {
    case _ where slip == .passedOn: 1
    case .nothing: 0
    case .scaled(let factor): factor(batch)
    default: 1
    }
  }
}
