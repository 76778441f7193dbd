// What a written task asks for, without its answer.

import Diagnostics

extension Sheet.Task {
  /// The name that a `quantity` task gives its formula, where it gives one.
  package var quantityName: String? {
    guard let text = answer?.text, let sign = text.firstIndex(of: "=") else { return nil }
    return String(text[..<sign]).trimmingSuffix { $0 == " " }
  }

  /// What a `bound` task asks to be bounded: the left side alone, for the right one is the answer.
  package var boundedQuantity: String? {
    guard let text = limit?.text else { return nil }
    let signs = ["\\le", "\\ge", "<", ">", "≤", "≥"]
    var left = ""
    var rest = text[...]
    // `\left` begins like `\le` and is none.
    while let first = rest.first, rest.hasPrefix("\\left") || !signs.contains(where: rest.hasPrefix) {
      left.append(first)
      rest = rest.dropFirst()
    }
    return left.trimmingSuffix { $0 == " " }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
