// GitHub's workflow commands: findings shown beside the lines they are about, and text that is none of them.

import Derivation
public import Diagnostics
public import Grading
import SubmissionHost

/// Writes what was found as annotations of a GitHub workflow.
public struct WorkflowAnnotations: Sendable {
  /// The language of the messages.
  public let language: Language
  /// The folder of the checkout, to which paths are made relative.
  public let workspace: String?

  /// Annotations in a language.
  public init(_ language: Language, workspace: String? = nil) {
    self.language = language
    self.workspace = workspace
  }

  private struct Note: Hashable {
    var file: String
    var line: Int?
    var column: Int?
    var message: String
  }

  /// One line for each different finding, `::error file=…,line=…,col=…,title=…::message`.
  ///
  /// - Parameter path: where the submission is; nil where its name says it.
  public func lines(of grade: Grade, at path: String? = nil) -> [String] {
    let phrases = Phrases(language)
    var found: [(note: Note, titles: [String])] = []
    func add(_ note: Note, _ title: String) {
      if let index = found.firstIndex(where: { $0.note == note }) {
        found[index].titles.append(title)
      } else {
        found.append((note, [title]))
      }
    }
    for check in grade.checks where check.status == .failed || check.status == .error {
      if case .doesNotCompile(let diagnostics) = check.finding {
        for diagnostic in diagnostics where diagnostic.severity == .error {
          let place = diagnostic.place
          let text = ([diagnostic.message] + diagnostic.notes).joined(separator: "\n")
          add(Note(file: place?.file ?? "", line: place?.line, column: place?.column, message: text), check.task)
        }
        continue
      }
      let place = check.place
      let file = place?.file ?? Self.customaryFile(check.finding)
      let text = check.diagnosis.map { phrases.sentence($0) } ?? phrases.sentence(check)
      add(Note(file: file, line: place?.line, column: place?.column, message: text), check.id)
    }
    for chain in grade.written?.chains ?? [] {
      for link in chain.links where link.verdict == .doesNotHold || link.verdict == .notUnderstood {
        let text = "\(phrases.verdict(link.verdict)): \(phrases.told(link.text))"
        let (line, column) = (link.position.line, link.position.column)
        add(
          Note(file: grade.written?.source.name ?? "derivation.md", line: line, column: column, message: text),
          "derivation")
      }
    }
    return found.map { command($0.note, titles: $0.titles, submission: path ?? grade.submission) }
  }

  /// The file that a finding without a place is about, as far as it is known.
  private static func customaryFile(_ finding: Finding) -> String {
    switch finding {
    case .notEarned, .credited, .noDerivation, .unclearDerivation: "derivation.md"
    default: "Cell.swift"
    }
  }

  /// The annotation of a submission that could not be graded.
  public func line(refused reason: String, submission: String) -> String {
    "::error title=\(Self.property("unroll"))::\(Self.data("\(submission): \(reason)"))"
  }

  private func command(_ finding: Note, titles: [String], submission: String) -> String {
    var seen: Set<String> = []
    let distinct = titles.filter { seen.insert($0).inserted }
    let shown = distinct.prefix(3).joined(separator: " ") + (distinct.count > 3 ? " …" : "")
    var properties = ["file=\(Self.property(path(of: finding.file, in: submission)))"]
    if let line = finding.line { properties.append("line=\(line)") }
    if let column = finding.column { properties.append("col=\(column)") }
    properties.append("title=\(Self.property(shown))")
    return "::error \(properties.joined(separator: ","))::\(Self.data(finding.message))"
  }

  /// A submission's file as a path below the checkout.
  private func path(of file: String, in submission: String) -> String {
    var path = submission
    while path.hasSuffix("/") { path.removeLast() }
    if let workspace, path.hasPrefix(workspace + "/") { path = String(path.dropFirst(workspace.count + 1)) }
    while path.hasPrefix("./") { path = String(path.dropFirst(2)) }
    // A submission may be a single file.
    if file.isEmpty || path.hasSuffix(".swift") || path.hasSuffix(".md") { return path }
    return path == "." || path.isEmpty ? file : "\(path)/\(file)"
  }

  /// The message of a command, in which a line end would begin another command.
  static func data(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }

  /// The value of a property, which a colon or a comma would end.
  static func property(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  private static func replacing(_ text: String, _ code: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in TextReport.harmless(text).unicodeScalars {
      if let code = code(scalar) { result += code } else { result.unicodeScalars.append(scalar) }
    }
    return defused(result)
  }

  /// Text of a report in which nothing is a command: a submission's own words must not steer the workflow.
  ///
  /// A command is `::` at the beginning of a line, or in its older form `##[` anywhere.
  public static func defused(_ text: String) -> String {
    var result = ""
    var isAtStart = true
    var rest = Substring(text)
    while let first = rest.first {
      if isAtStart, rest.hasPrefix("::") {
        result += "\u{200B}"
      } else if rest.hasPrefix("##[") {
        result += "##\u{200B}["
        rest = rest.dropFirst(3)
        isAtStart = false
        continue
      }
      result.append(first)
      isAtStart = first.isNewline || (isAtStart && first.isWhitespace)
      rest = rest.dropFirst()
    }
    return result
  }
}
