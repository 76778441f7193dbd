// Formulas that stand where none is read, such as in code: listed, so that nothing is lost in silence.

import Diagnostics

/// What a learner's text has in places that are not read as mathematics.
struct PassedOver {
  private let source: SourceText
  private(set) var findings: [Diagnostic] = []
  /// Where code stands; a span in it belongs to the code.
  private var code: [Range<Int>] = []

  /// - Parameters:
  ///   - blocks: the blocks of the text.
  ///   - hidden: every span that was taken for mathematics before the text was parsed.
  ///   - math: the spans that are mathematics after all.
  init(_ source: SourceText, _ blocks: [Block], hidden: [MathSpan], math: [MathSpan]) {
    self.source = source
    blocks.forEach { visit($0) }
    let read = Set(math.map(\.range))
    for span in hidden
    where !read.contains(span.range) && Self.isFormula(span.latex) && !code.contains(where: { $0.overlaps(span.range) })
    {
      note("this formula stands in HTML, in a link or in code and was passed over; write it in the text", span.range)
    }
    findings.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  private mutating func visit(_ block: Block) {
    switch block.kind {
    case .quote(let inner): inner.forEach { visit($0) }
    case .list(_, _, let items): items.joined().forEach { visit($0) }
    case .paragraph(let parts), .heading(_, let parts):
      if parts.contains(where: { Self.holdsFormula($0) }) {
        note("a formula between single backticks is code and was passed over; write it between dollars", block.range)
      }
    case .code(let info, let excerpt):
      code.append(block.range)
      guard Self.isFormula(excerpt.text) else { return }
      let first = block.range.lowerBound
      let isFenced = source.substring(first..<block.range.upperBound).first.map { "`~".contains($0) } ?? false
      if isFenced {
        let mark = info.isEmpty ? "```" : "```\(info)"
        note("this block is code and was passed over; begin it with ```math in the place of \(mark)", block.range)
      } else {
        note(
          "these lines are indented by four spaces, which makes them code, and were passed over; begin them at the margin or write ```math above them",
          block.range)
      }
    default: break
    }
  }

  private static func holdsFormula(_ part: Inline) -> Bool {
    switch part {
    case .code(let text): isFormula(text)
    case .emphasis(let inner), .strong(let inner), .link(_, let inner), .image(_, let inner):
      inner.contains { holdsFormula($0) }
    default: false
    }
  }

  /// Whether a text is an equation in LaTeX.
  private static func isFormula(_ text: String) -> Bool {
    guard text.contains("=") || text.contains("\\le") || text.contains("\\ge") else { return false }
    return ["\\frac", "\\partial", "\\sum", "\\prod", "\\odot", "\\delta", "\\top", "\\tanh", "\\sigma", "_t", "_{t"]
      .contains { text.contains($0) }
  }

  private mutating func note(_ message: Message, _ range: Range<Int>) {
    let line = source.position(at: range.lowerBound).line
    let end = min(range.upperBound, source.offset(ofLine: line) + source.line(line).utf8.count)
    findings.append(
      Diagnostic(message, in: source, at: range.lowerBound..<max(range.lowerBound, end), severity: .note))
  }
}
