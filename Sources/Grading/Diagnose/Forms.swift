// Matrices that are right but for their form: the sign, a factor, the mean, turned over, another's place, precision.

import CellKit
import Recurrence

extension Matcher {
  /// What form explains a block that no mistake does.
  func form(of place: Place, _ evidence: [Evidence], cell: Cell) -> Diagnosis? {
    let hasTime = evidence.contains { $0.draw.sizes.steps > 1 }
    let name = cell.name(of: place, hasTime: hasTime)
    func made(_ cause: Diagnosis.Cause, _ word: String, path: [String] = []) -> Diagnosis {
      Diagnosis(fault: "\(word):\(name.swift)", cause: cause, path: [name.latex] + path)
    }
    if imprecise.contains(place) { return made(.singlePrecision, "singlePrecision") }
    let draws = evidence.map(\.draw)
    func all(_ test: ([Matrix], [Matrix], Draw) -> Bool) -> Bool {
      draws.indices.allSatisfy { index in
        guard let received = received[index][place], let expected = right[index][place] else { return false }
        return test(received, expected, draws[index])
      }
    }
    func isMultiple(_ factor: @escaping (Draw) -> Double) -> Bool {
      all { received, expected, draw in agrees(received, expected.map { factor(draw) * $0 }) }
    }
    if all({ received, _, _ in received.allSatisfy { $0.elements.allSatisfy { $0 == 0 } } }) {
      return made(.zeros, "zeros")
    }
    if all({ received, expected, _ in
      received.allSatisfy { $0.rows != $0.columns } && agrees(received, expected.map(\.T))
    }) {
      return made(.transposed, "transposed")
    }
    for factor in [-1, 2, 0.5, -2] where isMultiple({ _ in factor }) {
      return made(.multiple(factor), "multiple(\(factor))")
    }
    if isMultiple({ 1 / Double($0.sizes.batch) }) { return made(.slip(.meanOverBatch), "mean") }
    if hasTime, isMultiple({ 1 / Double($0.sizes.steps) }) { return made(.time(.meanOverSteps), "meanOverSteps") }
    if hasTime, isMultiple({ 1 / Double($0.sizes.steps * $0.sizes.batch) }) {
      return made(.slip(.meanOverBatch), "meanOverBatchAndSteps")
    }
    for other in places where other != place {
      if draws.indices.allSatisfy({ agrees(received[$0][place], right[$0][other]) }) {
        return made(.anotherBlock, "another", path: [cell.name(of: other, hasTime: hasTime).latex])
      }
    }
    return nil
  }
}
