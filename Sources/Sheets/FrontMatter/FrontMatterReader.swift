// The only file that knows Yams: front matter in, values with their places out.

import Diagnostics
import Markdown
import Yams

/// Splits front matter from a text and reads it.
enum FrontMatterReader {
  /// How long front matter may be, in bytes.
  static let sizeLimit = 64 * 1024

  /// Where front matter and text stand in a sheet, as UTF-8 offsets.
  struct Parts {
    /// The YAML between the two lines `---`.
    var yaml: Range<Int>
    /// Where the text begins.
    var body: Int
  }

  /// Finds the two lines `---`.
  static func split(_ source: SourceText) throws(DiagnosticList) -> Parts {
    func isMark(_ line: Int) -> Bool { source.line(line).trimmed == "---" }
    guard isMark(1) else {
      throw DiagnosticList([
        Diagnostic(
          "a sheet begins with a line `---`, then its front matter, then another line `---`", in: source,
          at: 0..<source.line(1).utf8.count)
      ])
    }
    var line = 2
    while line <= source.lineCount, !isMark(line) { line += 1 }
    guard line <= source.lineCount else {
      throw DiagnosticList([
        Diagnostic("the front matter never ends: write a second line `---` below it", in: source, at: 0..<3)
      ])
    }
    let parts = Parts(
      yaml: source.offset(ofLine: 2)..<source.offset(ofLine: line), body: source.offset(ofLine: line + 1))
    guard parts.yaml.count <= sizeLimit else {
      throw DiagnosticList([
        Diagnostic(
          "the front matter is longer than \(sizeLimit / 1024) KiB; is the second line `---` missing?", in: source,
          at: 0..<3)
      ])
    }
    return parts
  }

  /// Reads the front matter of a sheet as one mapping.
  static func read(_ source: SourceText, _ range: Range<Int>) throws(DiagnosticList) -> [FrontMatterEntry] {
    let yaml = source.substring(range)
    if let here = foreignLineBreak(source, range) {
      throw DiagnosticList([
        Diagnostic("an invisible control character stands here; delete it", in: source, at: here..<(here + 1))
      ])
    }
    let scan = FrontMatterScan(source, range)
    guard scan.findings.isEmpty else { throw DiagnosticList(scan.findings) }
    let firstLine = source.position(at: range.lowerBound).line
    func offset(_ mark: Mark?) -> Int {
      guard let mark else { return range.lowerBound }
      let line = source.line(firstLine + mark.line - 1)
      let before = line.unicodeScalars.prefix(max(0, mark.column - 1))
      return source.offset(ofLine: firstLine + mark.line - 1) + String(before).utf8.count
    }
    do {
      let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
      // Between the two lines there may be nothing but comments.
      guard let root = try parser.singleRoot() else { return [] }
      let converter = Converter(source: source, offset: offset)
      let value = try converter.value(root)
      guard case .mapping(let entries) = value.content else {
        throw DiagnosticList([
          Diagnostic("front matter is lines such as `id: my-sheet`, \(value.contrast)", in: source, at: value.range)
        ])
      }
      return entries
    } catch let error as DiagnosticList {
      throw error
    } catch {
      let (message, mark) = explanation(of: error)
      let lower = min(offset(mark), range.upperBound)
      throw DiagnosticList([Diagnostic(message, in: source, at: lower..<lower)])
    }
  }

  /// The first control character, or line break that YAML counts and editors do not.
  private static func foreignLineBreak(_ source: SourceText, _ range: Range<Int>) -> Int? {
    var offset = range.lowerBound
    var isAfterReturn = false
    for scalar in source.substring(range).unicodeScalars {
      if isAfterReturn, scalar != "\n" { return offset - 1 }
      isAfterReturn = scalar == "\r"
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: break
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: return offset
      default: break
      }
      offset += UTF8.width(scalar)
    }
    return nil
  }

  /// What Yams says, with what to do about the slips that are common.
  private static func explanation(of error: any Error) -> (Message, Mark?) {
    switch error as? YamlError {
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "`\($0)`" }.joined(separator: ", ")
      return ("\(keys) stands here twice; keep one of them", context.mark)
    case .scanner(_, let problem, let mark, _) where problem.contains("mapping values are not allowed"):
      return ("a `: ` stands inside this text or its indentation is off; a text with `: ` needs quotes", mark)
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let misfits = ["could not find expected ':'", "did not find expected key", "did not find expected '-' indicator"]
      if let context, misfits.contains(problem) {
        return (
          "this line does not fit the lines above it, from line \(context.mark.line + 1) on: a key is followed by `: `, "
            + "keys of one mapping are indented alike, and nothing stands behind a closing quote or bracket", mark
        )
      }
      // What YAML's reader says is a kind of its own.
      return (
        "this cannot be read as YAML: \(Message(stringLiteral: problem)); check quotes, brackets and indentation", mark
      )
    case .reader(let problem, _, _, _):
      return ("this cannot be read as YAML: \(Message(stringLiteral: problem))", nil)
    default: return ("this cannot be read as YAML: \(error)", nil)
    }
  }

  /// Makes values of Yams' nodes; their depth is bounded by the scan and by libyaml.
  private struct Converter {
    let source: SourceText
    let offset: (Mark?) -> Int

    /// - Throws: `DiagnosticList` where a key is no text.
    func value(_ node: Node) throws -> FrontMatterValue {
      let start = offset(node.mark)
      switch node {
      case .scalar(let scalar):
        let isQuoted = scalar.style != .plain
        let length = scalar.string.utf8.count
        var range = start..<min(source.count, start + length + (isQuoted ? 2 : 0))
        // Escapes and folded lines make a text shorter or longer than what stands in the file.
        if range.upperBound > source.offset(ofLine: source.position(at: start).line + 1) { range = start..<(start + 1) }
        return FrontMatterValue(content: .text(scalar.string, isQuoted: isQuoted), range: range)
      case .sequence(let sequence):
        return FrontMatterValue(content: .list(try sequence.map(value)), range: start..<(start + 1))
      case .mapping(let mapping):
        let entries = try mapping.map { key, node in
          let key = try value(key)
          guard case .text(let name, _) = key.content else {
            throw DiagnosticList([Diagnostic("a key is a text, \(key.contrast)", in: source, at: key.range)])
          }
          return FrontMatterEntry(key: name, keyRange: key.range, value: try value(node))
        }
        return FrontMatterValue(content: .mapping(entries), range: start..<(start + 1))
      case .alias:
        return FrontMatterValue(content: .text("", isQuoted: false), range: start..<start)
      }
    }
  }
}
