// What stands at the top of a learner's text: the layout of its derivatives.

import Diagnostics
import Recurrence

extension Paper {
  /// What stands between the two `---` at the top; only `layout` has an effect.
  static func frontMatter(_ source: SourceText) -> (start: Int, layout: JacobianLayout?, findings: [Diagnostic]) {
    guard source.line(1) == "---" else { return (0, nil, []) }
    var layout: JacobianLayout?
    var findings: [Diagnostic] = []
    var number = 2
    while number <= min(source.lineCount, 200) {
      let line = source.line(number)
      let range = source.offset(ofLine: number)..<(source.offset(ofLine: number) + line.utf8.count)
      if line == "---" || line == "..." { return (source.offset(ofLine: number + 1), layout, findings) }
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmed }
      if parts.count == 2, parts[0] == "layout" {
        let word = parts[1].filter { $0 != "\"" && $0 != "'" }
        if let value = JacobianLayout(rawValue: word) {
          layout = value
        } else {
          findings.append(
            Diagnostic("`\(parts[1])` is no layout; there are denominator, numerator and mixed", in: source, at: range))
        }
      }
      number += 1
    }
    return (0, nil, [Diagnostic("the front matter is never closed by `---`", in: source, at: 0..<3)])
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
