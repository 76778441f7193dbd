// A sheet's own words for mistakes: what is said in the place of the words that every sheet has.

public import Diagnostics
import Markdown

extension Sheet {
  /// What a sheet says of a mistake, in one language.
  public struct FaultWords: Sendable, Hashable {
    /// The mistake, as `unroll faults` prints it, such as `dropped:c<tanhct`.
    public let id: String
    /// One sentence; mathematics stands in it as in the sheet's prose: `` $`h_t`$ ``.
    public let text: String
    /// Where the id stands.
    public let range: Range<Int>

    /// The sentence with its mathematics as a person reads it in a terminal.
    public var line: String {
      let parts = text.components(between: Self.opening, and: Self.closing)
      return parts.map { $0.isInside ? MathText.line($0.text) : $0.text }.joined()
    }

    static let opening = "$`"
    static let closing = "`$"
  }

  /// The sheet's own words for a mistake, by language; empty where it has none.
  public func words(forFault id: String) -> [Language: String] {
    var words: [Language: String] = [:]
    for text in [text, translation].compactMap(\.self) {
      if let own = text.faultWords.first(where: { $0.id == id }) { words[text.language] = own.line }
    }
    return words
  }
}

extension FieldReader {
  /// `faults:` and below it lines such as `'dropped:c<tanhct': words for this mistake`.
  mutating func faultWords(_ entry: FrontMatterEntry?) -> [Sheet.FaultWords] {
    guard let entry, let entries = entries(entry, example: "{'dropped:c<tanhct': words for this mistake}") else {
      return []
    }
    return entries.compactMap { item in
      guard let text = text(item) else { return nil }
      if text.contains(where: \.isNewline) {
        report("the words for a mistake are one line; `>-` in the place of `|` joins them", place(item))
        return nil
      }
      let marks = [Sheet.FaultWords.opening, Sheet.FaultWords.closing].map { text.ranges(of: $0).count }
      if marks[0] != marks[1] {
        report("mathematics in these words does not end; it stands between $` and `$, as in the text", place(item))
        return nil
      }
      return Sheet.FaultWords(id: item.key, text: text, range: item.keyRange)
    }
  }
}

extension String {
  /// The text cut at marks, and whether a part stands between two of them.
  fileprivate func components(between opening: String, and closing: String) -> [(text: String, isInside: Bool)] {
    var parts: [(text: String, isInside: Bool)] = []
    var rest = self[...]
    while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
      parts.append((String(rest[..<start.lowerBound]), false))
      parts.append((String(rest[start.upperBound..<end.lowerBound]), true))
      rest = rest[end.upperBound...]
    }
    return parts + [(String(rest), false)]
  }
}
