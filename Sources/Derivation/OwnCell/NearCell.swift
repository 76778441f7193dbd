// In what a text's cell differs from the sheet's, where one change makes it the same.

import Diagnostics
import Formula
import Recurrence

/// The one change that would make two cells the same.
struct NearCell {
  let own: Cell
  let sheet: Cell

  /// What is different; nil where no single change explains it.
  var difference: Wording? {
    for (index, equation) in sheet.equations.enumerated() {
      var found: Wording?
      equation.right.eachVariant({ Self.changes(of: $0) }) { variant in
        guard found == nil else { return true }
        var equations = sheet.equations
        equations[index] = ForwardEquation(
          left: equation.left, leftRanges: equation.leftRanges, right: variant, range: equation.range,
          source: equation.source)
        guard let changed = try? sheet.replacingEquations(equations, vocabulary: sheet.vocabulary),
          let match = CellMatch.all(own: own, sheet: changed).first,
          MatchedNetworks(own: own, sheet: changed, match, seed: 3) != nil
        else { return false }
        let (before, after) = (equation.latex(equation.right), equation.latex(variant))
        found = Wording("`\(before)` there would be `\(after)` here", "题中的 `\(before)` 在这里成了 `\(after)`")
        return true
      }
      if let found { return found }
    }
    return nil
  }

  /// One thing left out: a function, an addend, a factor.
  private static func changes(of tree: Expression) -> [Expression] {
    switch tree.kind {
    case .call(_, 0, let arguments) where arguments.count == 1: [arguments[0]]
    case .sum(let left, let right), .hadamard(let left, let right): [left, right]
    case .difference(let left, _): [left]
    default: []
    }
  }
}

extension ForwardEquation {
  fileprivate func latex(_ right: Expression) -> String {
    left.map(\.latex).joined(separator: ", ") + " = " + right.latex
  }
}
