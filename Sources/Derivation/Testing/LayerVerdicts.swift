// One written chain was tested once for each layer: the verdicts put together.

import Diagnostics

extension DerivationReport.Chain {
  /// The chain as its layers came out: each link as in the layer that has most to say against it.
  init(layers: [(layer: Int, chain: DerivationReport.Chain)]) {
    let first = layers[0].chain
    guard layers.count > 1 else {
      self = first
      return
    }
    // A chain that could not be read has one link, whatever was written.
    let count = layers.map(\.chain.links.count).min() ?? 0
    if let short = layers.first(where: { $0.chain.links.count == count }), first.links.count != count {
      self = short.chain
      return
    }
    var links: [DerivationReport.Link] = []
    for index in first.links.indices {
      let all = layers.map { ($0.layer, $0.chain.links[index]) }
      let worst = all.reduce(all[0]) { $0.1.verdict.weight >= $1.1.verdict.weight ? $0 : $1 }
      let isEverywhere = all.allSatisfy { $0.1.verdict == worst.1.verdict }
      links.append(isEverywhere ? worst.1 : worst.1.inLayer(worst.0))
    }
    var notes: [Wording] = []
    for note in layers.flatMap(\.chain.notes) where !notes.contains(note) { notes.append(note) }
    self.init(position: first.position, range: first.range, links: links, notes: notes)
  }
}

extension DerivationReport.Link {
  fileprivate func inLayer(_ layer: Int) -> DerivationReport.Link {
    DerivationReport.Link(
      read: read, verdict: verdict, reason: reason,
      text: Wording("in layer \(layer): \(text.english)", "在第 \(layer) 层：\(text.chinese)"),
      relativeError: relativeError, range: range, position: position, certainty: certainty,
      counterexample: counterexample)
  }
}

extension LinkVerdict {
  /// How much it says against a line.
  fileprivate var weight: Int {
    switch self {
    case .definition: 0
    case .holds: 1
    case .follows: 2
    case .undecided: 3
    case .doesNotHold: 4
    case .notUnderstood: 5
    }
  }
}
