// The text of a sheet in one language, cut into what everybody sees, hints, and what is for teachers.

public import Diagnostics
public import Markdown

/// The text of a sheet in one language.
public struct SheetText: Sendable, Hashable {
  /// A part of a text that belongs together.
  public struct Section: Sendable, Hashable {
    /// Who sees it, and when.
    public enum Kind: Sendable, Hashable {
      /// Everybody.
      case body
      /// Whoever opens it; hints are opened one at a time.
      case hint
      /// Teachers only; never part of what a learner is shown.
      case teachers
    }

    /// Who sees it, and when.
    public let kind: Kind
    /// What its heading says beyond “Hint”, such as `the memory` in `## Hint: the memory`; nil for the body.
    public let title: String?
    /// Its blocks; of a hint without the heading.
    public let blocks: [Block]
    /// Which of the text's blocks they are.
    package let indices: Range<Int>
  }

  /// The language.
  public let language: Language
  /// The title.
  public let title: String
  /// Where the exercise comes from; nil where the sheet does not say it in this language.
  public internal(set) var source: String?
  /// Its own words for mistakes.
  public internal(set) var faultWords: [Sheet.FaultWords] = []
  /// The text as it was read.
  public let markdown: Markdown
  /// Its sections in the order of the text.
  public let sections: [Section]
  /// Where the Markdown begins, after the front matter.
  package let start: Int

  /// The hints, in order.
  public var hints: [Section] { sections.filter { $0.kind == .hint } }
  /// What everybody sees.
  public var body: [Section] { sections.filter { $0.kind == .body } }
  /// What the headings say that everybody sees.
  package var headings: [String] {
    body.flatMap(\.blocks).compactMap { block in
      guard case .heading(_, let parts) = block.kind else { return nil }
      return parts.plainText.trimmed
    }
  }
  /// What a good answer shows, for teachers.
  public var teachers: [Section] { sections.filter { $0.kind == .teachers } }

  /// Reads the text of a sheet after its front matter.
  ///
  /// - Throws: Diagnostics for headings that look like a hint or a teachers' section and are none, as what stands
  ///   below them would be shown to everybody, and for mathematics that is never closed.
  init(_ source: SourceText, from start: Int, title: String, language: Language) throws(DiagnosticList) {
    markdown = try Markdown(source, from: start)
    var findings = markdown.findings
    var sections: [Section] = []
    var kind = Section.Kind.body
    var heading: String?
    var first = 0
    let blocks = markdown.blocks
    if case .heading(level: 1, let parts)? = blocks.first?.kind, parts.plainText.trimmed == title {
      // The title is shown from the front matter.
      first = 1
    }
    func close(at end: Int) {
      guard first < end || kind != .body else { return }
      let part = Section(kind: kind, title: heading, blocks: Array(blocks[first..<end]), indices: first..<end)
      sections.append(part)
    }
    for index in first..<blocks.count {
      guard case .heading(let level, let parts) = blocks[index].kind else { continue }
      let text = parts.plainText.trimmed
      let (meaning, rest) = Self.meaning(of: text)
      if meaning != .body, level != 2 {
        findings.append(
          Diagnostic(
            "this heading has level \(level); write `## \(text.clipped)`, so that the section is not shown to everybody",
            in: source, at: blocks[index].range))
      } else if meaning == .body, let right = Self.slip(in: text) {
        findings.append(
          Diagnostic(
            "`\(text.clipped)` would be shown to everybody; did you mean `## \(right)`?", in: source,
            at: blocks[index].range))
      }
      guard level <= 2 else { continue }
      close(at: index)
      kind = meaning
      heading = rest
      first = meaning == .hint ? index + 1 : index
    }
    close(at: blocks.count)
    guard findings.isEmpty else { throw DiagnosticList(findings) }
    self.sections = sections
    self.title = title
    self.language = language
    self.start = start
  }

  /// What the heading of a section says about who sees it, and what else it says.
  private static func meaning(of text: String) -> (Section.Kind, String?) {
    if text.lowercased() == "for teachers" || text == "给教师" { return (.teachers, nil) }
    for word in ["Hint", "提示"] where text.hasPrefix(word) {
      let rest = text.dropFirst(word.count)
      if rest.isEmpty { return (.hint, nil) }
      if let first = rest.first, first.isWhitespace || first.isNumber || ":：.（(".contains(first) {
        // `Hint 2: the memory` has a number of its own, which is not part of what it says.
        let unnumbered = rest.drop(while: \.isWhitespace).drop(while: \.isNumber)
        let title = unnumbered.drop { $0.isWhitespace || ":：.".contains($0) }
        return (.hint, title.isEmpty ? nil : String(title))
      }
    }
    return (.body, nil)
  }

  /// What a heading was probably meant to be that comes close to one of the special ones.
  private static func slip(in text: String) -> String? {
    let lower = text.lowercased()
    if lower.contains("teacher") || text.contains("教师") || text.contains("老师") {
      return lower.contains("teacher") ? "For teachers" : "给教师"
    }
    let isHint = lower == "hints" || lower == "hint" || lower.hasPrefix("hint ") || lower.hasPrefix("hint:")
    return isHint ? "Hint" : nil
  }
}
