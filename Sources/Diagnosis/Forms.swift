// Matrices that are right but for their form: the sign, a factor, the mean, turned over, another's place, precision.

import CellKit
import Faults
package import Recurrence

extension Matcher {
  /// What form explains a block of a cell that no mistake does.
  package func form(of place: BlockAddress, _ evidence: [Evidence], cell: Cell) -> Diagnosis? {
    let sizes = evidence.map(\.draw.sizes)
    let hasTime = sizes.contains { $0.steps > 1 }
    return form(of: place, sizes) { cell.name(of: $0, hasTime: hasTime) }
  }

  /// What form explains a block that no mistake does.
  ///
  /// - Parameters:
  ///   - sizes: those of each draw.
  ///   - name: the name of a block: in LaTeX, and as reports and ids have it.
  package func form(
    of place: BlockAddress, _ sizes: [Sizes], name named: (BlockAddress) -> (latex: String, swift: String)
  ) -> Diagnosis? {
    let hasTime = sizes.contains { $0.steps > 1 }
    let name = named(place)
    func made(_ cause: Diagnosis.Cause, _ word: String, path: [String] = []) -> Diagnosis {
      Diagnosis(fault: "\(word):\(name.swift)", cause: cause, path: [name.latex] + path)
    }
    if imprecise.contains(place) { return made(.singlePrecision, "singlePrecision") }
    func all(_ test: ([Matrix], [Matrix], Sizes) -> Bool) -> Bool {
      sizes.indices.allSatisfy { index in
        guard let received = received[index][place], let expected = right[index][place] else { return false }
        return test(received, expected, sizes[index])
      }
    }
    func isMultiple(_ factor: @escaping (Sizes) -> Double) -> Bool {
      all { received, expected, sizes in agrees(received, expected.map { factor(sizes) * $0 }) }
    }
    if all({ received, _, _ in received.allSatisfy { $0.elements.allSatisfy { $0 == 0 } } }) {
      return made(.zeros, "zeros")
    }
    if all({ received, expected, sizes in agrees(received.map { $0.added(to: expected[0], sizes.batch) }, expected) }) {
      return made(.notSummed, "notSummed")
    }
    if let limit = entryLimit(of: place) { return made(.clippedEntries(limit), "clippedEntries") }
    if let limit = normLimit(of: place) { return made(.clippedNorm(limit), "clippedNorm") }
    if all({ received, expected, _ in
      received.allSatisfy { $0.rows > 1 && $0.columns > 1 } && agrees(received, expected.map(\.T))
    }) {
      var turned = made(.transposed, "transposed")
      // In some draws a matrix may be square by chance.
      let isSquare = all { received, _, _ in received.allSatisfy { $0.rows == $0.columns } }
      turned.detail = isSquare ? "square" : ""
      return turned
    }
    for factor in [-1, 2, 0.5, -2] where isMultiple({ _ in factor }) {
      return made(.multiple(factor), "multiple(\(factor))")
    }
    if isMultiple({ 1 / Double($0.batch) }) {
      if case .parameter = place { return made(.slip(.meanOverBatch), "mean") }
      return made(.slip(.dividedByBatch), "divided")
    }
    if hasTime, isMultiple({ 1 / Double($0.steps) }) { return made(.time(.meanOverSteps), "meanOverSteps") }
    if hasTime, isMultiple({ 1 / Double($0.steps * $0.batch) }) {
      return made(.slip(.meanOverBatch), "meanOverBatchAndSteps")
    }
    for other in places where other != place {
      if sizes.indices.allSatisfy({ agrees(received[$0][place], right[$0][other]) }) {
        var another = made(.anotherBlock, "another", path: [named(other).latex])
        let isSwapped = sizes.indices.allSatisfy { agrees(received[$0][other], right[$0][place]) }
        another.detail = isSwapped ? "swapped" : ""
        return another
      }
    }
    return nil
  }
}

extension Matcher {
  /// The size beyond which no entry of a block goes, where that is all that is wrong with it.
  ///
  /// At least three entries over all draws must stand at it: one that is wrong by itself could be the largest by chance.
  private func entryLimit(of place: BlockAddress) -> Double? {
    let pairs = zip(received, right).flatMap { received, right in zip(received[place] ?? [], right[place] ?? []) }
    let limit = pairs.flatMap(\.0.elements).reduce(0) { Swift.max($0, abs($1)) }
    guard limit > 0, pairs.allSatisfy({ $0.rows == $1.rows && $0.columns == $1.columns }) else { return nil }
    let cut = pairs.map { _, right in right.map { Swift.min(Swift.max($0, -limit), limit) } }
    let count = pairs.reduce(0) { sum, pair in sum + pair.1.elements.count { abs($0) > limit } }
    guard count >= 3, agrees(pairs.map(\.0), cut) else { return nil }
    return limit
  }

  /// The norm to which a block is scaled down where it is larger, if that is all that is wrong with it.
  private func normLimit(of place: BlockAddress) -> Double? {
    func norm(_ matrix: Matrix) -> Double { matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let pairs = zip(received, right).flatMap { received, right in zip(received[place] ?? [], right[place] ?? []) }
    let limit = pairs.map { norm($0.0) }.max() ?? 0
    guard limit > 0, pairs.allSatisfy({ $0.rows == $1.rows && $0.columns == $1.columns }) else { return nil }
    let cut = pairs.map { _, right in Swift.min(1, limit / Swift.max(norm(right), limit)) * right }
    // Two blocks of one norm, which is not theirs.
    guard pairs.count(where: { norm($0.1) > limit * (1 + tolerance) }) >= 2, agrees(pairs.map(\.0), cut) else {
      return nil
    }
    return limit
  }
}

extension Matrix {
  /// The samples added up, where the block has one column, or row, a sample in the place of a single one.
  fileprivate func added(to expected: Matrix, _ batch: Int) -> Matrix {
    if expected.columns == 1, rows == expected.rows, columns == batch, batch > 1 { return sumOverColumns() }
    if expected.rows == 1, columns == expected.columns, rows == batch, batch > 1 { return sumOverRows() }
    return self
  }
}
