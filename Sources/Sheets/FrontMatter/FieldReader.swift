// Reads the fields of front matter one by one and collects everything that is wrong with them.

import Diagnostics
import Markdown

/// Turns values of front matter into what they should be; what is wrong is noted, and the reading goes on.
struct FieldReader {
  let source: SourceText
  private(set) var findings: [Diagnostic] = []

  init(_ source: SourceText) {
    self.source = source
  }

  mutating func report(_ message: Message, _ range: Range<Int>) {
    findings.append(Diagnostic(message, in: source, at: range))
  }

  // MARK: - Mappings

  /// The entries of a mapping by key, those not known reported by name.
  mutating func fields(
    _ entries: [FrontMatterEntry], known: [String], of what: Message
  ) -> [String: FrontMatterEntry] {
    var fields: [String: FrontMatterEntry] = [:]
    for entry in entries {
      if known.contains(entry.key) {
        fields[entry.key] = entry
      } else {
        let isNear = !nearMatches(to: entry.key, among: known).isEmpty
        let all = known.map { "`\($0)`" }.joined(separator: ", ")
        let list: Message = isNear ? suggestion(for: entry.key, among: known) : "; known are \(all)"
        report("\(what) has no key `\(entry.key.clipped)`\(list)", entry.keyRange)
      }
    }
    return fields
  }

  /// The entries of a value that must be a mapping.
  mutating func entries(_ entry: FrontMatterEntry, example: String) -> [FrontMatterEntry]? {
    guard case .mapping(let entries) = entry.value.content else {
      reportType(entry, "a mapping such as `\(example)`")
      return nil
    }
    return entries
  }

  // MARK: - Scalars

  /// A text that is not empty.
  mutating func text(_ entry: FrontMatterEntry?) -> String? {
    guard let entry else { return nil }
    guard case .text(let text, _) = entry.value.content, !text.trimmed.isEmpty else {
      reportType(entry, "a text")
      return nil
    }
    return text.trimmed
  }

  /// A text as a piece of the sheet, so that what is said about it points into it.
  mutating func excerpt(_ entry: FrontMatterEntry?) -> SourceExcerpt? {
    guard let entry else { return nil }
    return excerpt(entry.value, key: entry.key)
  }

  private mutating func excerpt(_ value: FrontMatterValue, key: String) -> SourceExcerpt? {
    guard case .text(let text, let isQuoted) = value.content, !text.trimmed.isEmpty else {
      report("`\(key)` holds texts, \(value.contrast)", value.range)
      return nil
    }
    return SourceExcerpt(source, lines: [(value.range.lowerBound + (isQuoted ? 1 : 0), text)])
  }

  /// A list of texts as pieces of the sheet.
  mutating func excerpts(_ entry: FrontMatterEntry?) -> [SourceExcerpt] {
    guard let entry else { return [] }
    guard case .list(let values) = entry.value.content else {
      reportType(entry, "a list such as `['\\frac{\\partial L}{\\partial W}']`")
      return []
    }
    return values.compactMap { excerpt($0, key: entry.key) }
  }

  /// A whole number in a range.
  mutating func integer(_ entry: FrontMatterEntry?, in range: ClosedRange<Int>) -> Int? {
    guard let entry else { return nil }
    guard case .text(let text, isQuoted: false) = entry.value.content, let number = Int(text), range.contains(number)
    else {
      reportType(entry, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// A finite number.
  mutating func number(_ entry: FrontMatterEntry?, in range: ClosedRange<Double>? = nil) -> Double? {
    guard let entry else { return nil }
    guard case .text(let text, isQuoted: false) = entry.value.content, let number = Double(text), number.isFinite,
      range?.contains(number) ?? true
    else {
      reportType(entry, range.map { "a number \($0.words)" } ?? "a number")
      return nil
    }
    return number
  }

  /// `true` or `false`.
  mutating func flag(_ entry: FrontMatterEntry?) -> Bool? {
    guard let entry else { return nil }
    switch entry.value.content {
    case .text("true", isQuoted: false): return true
    case .text("false", isQuoted: false): return false
    default:
      reportType(entry, "`true` or `false`")
      return nil
    }
  }

  /// One of the words that name the cases of a type.
  mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ entry: FrontMatterEntry?) -> Word? {
    guard let entry else { return nil }
    let known = Word.allCases.map(\.rawValue)
    if case .text(let text, _) = entry.value.content {
      if let word = Word(rawValue: text) { return word }
      let list = known.map { "`\($0)`" }.joined(separator: ", ")
      report(
        "`\(entry.key)` is one of \(list), \(entry.value.contrast)\(suggestion(for: text, among: known))",
        entry.value.range)
    } else {
      reportType(entry, "one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
    return nil
  }

  /// Notes that a value is not what its key wants.
  ///
  /// - Parameter contrast: says what stands there, where its kind alone would not tell what is wrong.
  mutating func reportType(_ entry: FrontMatterEntry, _ wanted: Message, _ contrast: Message? = nil) {
    report("`\(entry.key.clipped)` is \(wanted), \(contrast ?? entry.value.contrast)", place(entry))
  }

  /// Where to point at in an entry: its value, or its key where there is no value.
  func place(_ entry: FrontMatterEntry) -> Range<Int> {
    entry.value.isEmpty ? entry.keyRange : entry.value.range
  }
}

extension ClosedRange<Double> {
  /// The range as the end of `a number`; bounds that no number of a sheet comes near are not told.
  var words: Message {
    func plain(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
    let (lower, upper) = (plain(lowerBound), plain(upperBound))
    return switch (lowerBound == 1e-300, upperBound == 1e300) {
    case (true, _): "above 0 and up to \(upper)"
    case (_, true): "of \(lower) or more"
    default: "from \(lower) to \(upper)"
    }
  }
}
