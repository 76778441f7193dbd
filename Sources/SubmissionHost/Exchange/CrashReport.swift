// Swift's own crash report on standard error, read for one message and one line of the learner's files.

/// What a program's standard error says of its end.
struct CrashReport: Equatable {
  /// Standard error up to the report.
  var textBefore: String
  /// What went wrong, one line; nil when nothing says so.
  var message: String?
  /// The innermost frame in a file of the learner.
  var place: SourcePlace?
  /// The function of that frame.
  var function: String?
  /// Whether the same frame stands many times on top: a function that calls itself without end.
  var isRecursion = false
  /// Whether memory was refused.
  var isOutOfMemory = false

  /// Reads the standard error of a call that crashed.
  ///
  /// - Parameter files: the names of the learner's files; frames elsewhere are ours or the library's.
  init(_ text: String, files: Set<String>) {
    var before: [Substring] = []
    var inReport = false
    var recursion = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("*** Signal ") || line.hasPrefix("*** Program crashed:") { inReport = true }
      if inReport {
        if line.hasPrefix("*** "), line.hasSuffix(" ***"), message == nil, !line.hasPrefix("*** Signal ") {
          message = Self.headline(line)
        }
        guard let frame = Self.frame(line, files) else { continue }
        if place == nil {
          place = frame.place
          function = frame.function
        } else if frame.place.file == place?.file && frame.function == function {
          recursion += 1
        }
      } else if let range = line.range(ofWord: "Fatal error: ") {
        let rest = String(line[range.upperBound...])
        // A bare "Fatal error" follows one that says what it is.
        message = message ?? rest
        if rest.hasPrefix("failed to allocate") || rest.hasPrefix("Could not allocate") { isOutOfMemory = true }
      } else if line.hasSuffix(": Fatal error") || line == "Fatal error" {
        continue
      } else {
        if line.hasPrefix("Could not allocate memory") { isOutOfMemory = true }
        before.append(line)
      }
    }
    while before.last?.isEmpty == true { before.removeLast() }
    textBefore = before.isEmpty ? "" : before.joined(separator: "\n") + "\n"
    isRecursion = recursion >= 5
  }

  /// `*** Swift runtime failure: arithmetic overflow ***` and `*** Program crashed: Illegal instruction at 0x… ***`.
  private static func headline(_ line: Substring) -> String? {
    var text = line.dropFirst(4).dropLast(4)
    for prefix in ["Swift runtime failure: ", "Program crashed: ", "Fatal error: "] where text.hasPrefix(prefix) {
      text = text.dropFirst(prefix.count)
    }
    if let at = text.range(ofWord: " at 0x") { text = text[..<at.lowerBound] }
    // A trap is how Swift stops; as a message it says nothing.
    return text.isEmpty || text == "Illegal instruction" ? nil : String(text)
  }

  /// `4 [ra] 0x… LSTM.backward(…) + 12 in program at /submission/Cell.swift:12:9`.
  private static func frame(_ line: Substring, _ files: Set<String>) -> (function: String, place: SourcePlace)? {
    guard let at = line.range(ofWord: " at /", last: true), let address = line.range(ofWord: "0x"),
      address.lowerBound < at.lowerBound
    else { return nil }
    let path = line[line.index(at.upperBound, offsetBy: -1)...]
    let parts = path.split(separator: "/").last?.split(separator: ":") ?? []
    guard parts.count >= 2, files.contains(String(parts[0])), let number = Int(parts[1]), number > 0 else { return nil }
    var function = line[address.upperBound..<at.lowerBound].drop { $0 != " " }.dropFirst()
    if let end = function.range(ofWord: " in ", last: true) { function = function[..<end.lowerBound] }
    if let end = function.range(ofWord: " + ", last: true) { function = function[..<end.lowerBound] }
    let column = parts.count > 2 ? Int(parts[2]) : nil
    return (String(function), SourcePlace(file: String(parts[0]), line: number, column: column))
  }
}

extension Substring {
  /// The first or the last place of a word, without Foundation's machinery of locales.
  package func range(ofWord word: String, last: Bool = false) -> Range<Index>? {
    var found: Range<Index>?
    var start = startIndex
    while let first = self[start...].utf8.firstIndex(of: word.utf8.first ?? 0) {
      if self[first...].utf8.starts(with: word.utf8) {
        found = first..<(utf8.index(first, offsetBy: word.utf8.count))
        if !last { return found }
      }
      start = utf8.index(after: first)
    }
    return found
  }
}
