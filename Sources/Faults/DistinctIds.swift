// Ids of faults are made of the sheet's words; where the words of two faults are the same, something more tells them apart.

import Recurrence

/// A mistake with an id that follows from the sheet's equations.
protocol IdentifiedFault {
  /// What stands at the end of its id; empty for most.
  var distinction: String { get set }
  /// Its id, made of a word for each node.
  func id(in cell: Cell, _ word: (Int) -> String) -> String
}

extension ForwardFault: IdentifiedFault {}
extension Fault: IdentifiedFault {}

extension Array where Element: IdentifiedFault {
  /// The same faults, no two of them with one id; an id that is unique stays as it is.
  ///
  /// - Parameter difference: what may tell a fault from those that are called the same; where that is not enough they
  ///   are numbered.
  func withDistinctIds(in cell: Cell, _ difference: (Element) -> String? = { _ in nil }) -> [Element] {
    var result = self
    var taken: [String: Int] = [:]
    let words = cell.graph.nodes.indices.map { cell.display(of: $0).swift }
    let ids = map { $0.id(in: cell) { words[$0] } }
    for id in ids { taken[id, default: 0] += 1 }
    for (index, id) in ids.enumerated() where taken[id, default: 0] > 1 {
      guard let difference = difference(self[index]), taken[id + difference] == nil else { continue }
      result[index].distinction = difference
    }
    var seen: Set<String> = []
    for index in result.indices {
      let own = result[index].distinction
      var number = 1
      while !seen.insert(ids[index] + result[index].distinction).inserted {
        number += 1
        result[index].distinction = "\(own)#\(number)"
      }
    }
    return result
  }
}
