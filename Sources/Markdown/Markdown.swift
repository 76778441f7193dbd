// A Markdown text, read: its blocks, and every piece of mathematics in it with its place in the file.

public import Diagnostics

/// A Markdown text that has been read through cmark.
public struct Markdown: Sendable, Hashable {
  /// How deep quotes and lists may be nested.
  static let depthLimit = 40

  /// The text.
  public let source: SourceText
  /// Its blocks, in order.
  public let blocks: [Block]
  /// Every piece of mathematics, in the order of the text.
  public let math: [MathSpan]
  /// What does not stop the reading, such as a `$$` that is never closed.
  public let findings: [Diagnostic]

  /// Reads a text from an offset on.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - start: Where the Markdown begins, such as after the front matter.
  ///   - readsLatex: Whether `\[…\]`, `\(…\)`, LaTeX's own environments and its fences are mathematics, as learners
  ///     write them; then formulas that stand where none is read are among the findings.
  /// - Throws: A diagnostic where quotes and lists are nested deeper than 40.
  public init(_ source: SourceText, from start: Int = 0, readsLatex: Bool = false) throws(DiagnosticList) {
    let scanner = MathScanner(source, from: start, readsLatex: readsLatex)
    let tree = MarkdownTree(source, scanner)
    let copy = try tree.copyOut(depthLimit: Self.depthLimit)
    self.source = source
    blocks = copy.blocks
    math = copy.math.sorted { $0.range.lowerBound < $1.range.lowerBound }
    let passedOver =
      readsLatex ? PassedOver(source, copy.blocks, hidden: scanner.spans, math: copy.math).findings : []
    findings = scanner.findings + passedOver
  }

  /// Each of the text's blocks as HTML, without raw HTML.
  ///
  /// - Parameters:
  ///   - destination: Says where a link, or an image if its second argument is true, leads on the page.
  ///   - page: Says where code in a line leads, such as the id of another sheet; nil where it leads nowhere.
  package static func html(
    _ source: SourceText, from start: Int, destination: (String, Bool) -> String = { own, _ in own },
    page: (String) -> String? = { _ in nil }
  ) -> [BlockHTML] {
    MarkdownTree(source, MathScanner(source, from: start)).html(destination: destination, page: page)
  }
}
