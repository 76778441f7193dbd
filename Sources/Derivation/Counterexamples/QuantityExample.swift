// The smallest numbers for which a learner's formula is not the sheet's.

import Formula
import Markdown

extension QuantityChecker {
  /// The smallest numbers, of those that the letters are drawn from, for which two formulas differ; nil where none of the small
  /// ones do.
  ///
  /// - Parameter known: names with their formulas, in the order of the text.
  func smallestExample(
    _ own: Expression, _ known: [(latex: String, value: Expression)]
  ) -> (numbers: [String: Double], own: Double, wanted: Double)? {
    let letters = self.letters.sorted { $0.key < $1.key }
    guard !letters.isEmpty else { return nil }
    for sum in 0...6 {
      for indices in Self.indices(letters.map(\.value.count), sum: sum) {
        var numbers: [String: Double] = [:]
        for (letter, index) in zip(letters, indices) { numbers[letter.key] = letter.value.number(index) }
        var values = numbers
        var arithmetic = Arithmetic(Set(numbers.keys))
        for (latex, tree) in known { values[latex] = try? arithmetic.value(tree, values) }
        guard let own = try? arithmetic.value(own, values), let wanted = try? arithmetic.value(answer, values),
          own.isFinite, wanted.isFinite, abs(own - wanted) > 1e-9 * max(abs(own), abs(wanted))
        else { continue }
        return (numbers, own, wanted)
      }
    }
    return nil
  }

  /// All choices of an index for each count that add up to a sum; not more than a few hundred.
  private static func indices(_ counts: [Int], sum: Int) -> [[Int]] {
    guard let first = counts.first else { return sum == 0 ? [[]] : [] }
    var result: [[Int]] = []
    for index in 0...min(sum, first - 1) {
      guard result.count < 300 else { break }
      result += indices(Array(counts.dropFirst()), sum: sum - index).map { [index] + $0 }
    }
    return result
  }
}
