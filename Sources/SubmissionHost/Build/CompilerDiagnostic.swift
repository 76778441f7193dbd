// What the compiler says of a learner's files, and what its words about our own files mean for the learner.

import Diagnostics

/// One error or warning of the compiler in a learner's file.
public struct CompilerDiagnostic: Sendable, Equatable, CustomStringConvertible {
  /// Whether it stops the build.
  public enum Severity: String, Sendable { case error, warning }

  /// Whether it stops the build.
  public var severity: Severity = .error
  /// Where, or nil when it is about the submission as a whole.
  public var place: SourcePlace?
  /// What is wrong.
  public var message: String
  /// The compiler's own identifier of what is wrong, as `cannot_find_in_scope`; empty where it gives none.
  public var identifier = ""
  /// What the compiler adds, a line each.
  public var notes: [String] = []
  /// The line of the learner's file at the place.
  public var line: String?
  /// Whether the compiler named no file.
  package var isAboutNoFile = false

  /// The way compilers print it.
  public var description: String {
    let position = place.map { "\($0.file):\($0.line):\($0.column ?? 1): " } ?? ""
    var lines = ["\(position)\(severity.rawValue): \(message)"]
    if let line, let column = place?.column { lines += Self.marked(line, column) }
    return (lines + notes.map { "  note: \($0)" }).joined(separator: "\n")
  }

  /// As much of a line as is readable, and a caret under one of its columns, which count bytes.
  private static func marked(_ line: String, _ column: Int) -> [String] {
    let before = String(decoding: line.utf8.prefix(column - 1), as: UTF8.self)
    guard before.count <= longestLine else { return [] }
    let padding = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: $0.terminalWidth) }.joined()
    return ["    \(line.prefix(longestLine))", "    \(padding)^"]
  }

  private static let longestLine = 160

  /// The word of the learner's file that it is about; nil where its line does not show one.
  public var word: String? {
    guard let line, let column = place?.column, column >= 1, column <= line.utf8.count else { return nil }
    let rest = String(decoding: line.utf8.dropFirst(column - 1), as: UTF8.self)
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return word.isEmpty ? nil : String(word)
  }

  /// The diagnostic with the line that it is about, and with what is mostly meant where that line is written as in Python.
  func quoting(_ files: [Submission.File]) -> CompilerDiagnostic {
    guard let place, let file = files.first(where: { $0.name == place.file }) else { return self }
    let lines = file.text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard lines.indices.contains(place.line - 1) else { return self }
    var quoted = self
    let line = String(lines[place.line - 1])
    quoted.line = line
    if let note = Habit.note(line, column: place.column ?? 1, before: lines.prefix(place.line - 1)) {
      quoted.notes = [note]
    }
    return quoted
  }
}

/// Reads the compiler's standard error.
struct CompilerOutput {
  private(set) var diagnostics: [CompilerDiagnostic] = []
  /// An error about no file at all where no file has one: the kit or the toolchain is at fault, not the learner.
  private(set) var fault: String?

  private static let mostLines = 100
  private static let longestMessage = 400

  private enum Kind: String { case error, warning, note }

  /// - Parameters:
  ///   - submitted: the learner's files.
  ///   - interface: the interface they were compiled against.
  init(_ text: String, of submitted: [Submission.File], interface: CellInterface) {
    let files = submitted.map(\.name)
    var own: [CompilerDiagnostic] = []
    var foreign: [CompilerDiagnostic] = []
    var lastWasOwn = true
    var count = 0
    for line in text.split(separator: "\n") {
      guard let (place, kind, said) = Self.parse(line) else { continue }
      let (words, identifier) = Self.identified(said)
      // A flood is read as far as anybody would, and no longer than a person's patience.
      count += 1
      if count > Self.mostLines { break }
      let message =
        words.utf8.count > Self.longestMessage
        ? String(decoding: words.utf8.prefix(Self.longestMessage), as: UTF8.self) + "…" : words
      if kind == .note {
        if Self.emptyNotes.contains(identifier) { continue }
        // A note has no weight of its own: it belongs to what stands before it.
        let note = files.contains(place.file) ? "\(place.file):\(place.line): \(message)" : message
        if lastWasOwn, !own.isEmpty {
          own[own.count - 1].notes.append(note)
        } else if !foreign.isEmpty {
          if files.contains(place.file), foreign[foreign.count - 1].place == nil {
            foreign[foreign.count - 1].place = place
          }
          foreign[foreign.count - 1].notes.append(message)
        }
        continue
      }
      lastWasOwn = files.contains(place.file)
      let severity: CompilerDiagnostic.Severity = kind == .error ? .error : .warning
      if lastWasOwn {
        own.append(
          CompilerDiagnostic(severity: severity, place: place, message: message, identifier: identifier))
      } else {
        var diagnostic = CompilerDiagnostic(severity: severity, message: message, identifier: identifier)
        diagnostic.isAboutNoFile = place.file.isEmpty
        foreign.append(diagnostic)
      }
    }
    if let first = foreign.first(where: { $0.severity == .error }), first.isAboutNoFile,
      !own.contains(where: { $0.severity == .error })
    {
      fault = first.message
    }
    diagnostics = Self.condensed(own, foreign, files: files, interface).map { $0.quoting(submitted) }
  }

  /// `Cell.swift:3:9: error: cannot find 'y' in scope`.
  private static func parse(_ line: Substring) -> (SourcePlace, Kind, String)? {
    for kind in [Kind.error, .warning, .note] {
      guard let marker = line.range(ofWord: ": \(kind.rawValue): ") else { continue }
      let parts = line[..<marker.lowerBound].split(separator: ":")
      let message = String(line[marker.upperBound...])
      guard parts.count >= 3, let column = Int(parts[parts.count - 1]), let number = Int(parts[parts.count - 2]) else {
        // `<unknown>:0: error: …` and the driver's own words have no place.
        return (SourcePlace(file: "", line: 0), kind, message)
      }
      let file = parts.dropLast(2).joined(separator: ":").split(separator: "/").last.map(String.init) ?? ""
      return (SourcePlace(file: file, line: number, column: column), kind, message)
    }
    return nil
  }

  /// What stands before the identifier that `-debug-diagnostic-names` puts behind the words, and the identifier.
  private static func identified(_ message: String) -> (words: String, identifier: String) {
    guard let match = message.firstMatch(of: #/ \[(\w+)\](?<group>(?: \[#[^\]]*\])?)$/#) else { return (message, "") }
    return (String(message[..<match.range.lowerBound] + match.group), String(match.1))
  }

  // The identifiers are those of lib/AST and include/swift/AST/Diagnostics*.def in the compiler's sources.

  /// Notes that say nothing that the error does not.
  private static let emptyNotes: Set = [
    "availability_marked_unavailable", "found_candidate", "found_candidate_type", "missing_witnesses_general",
  ]
  private static let topLevel: Set = ["illegal_top_level_expr", "illegal_top_level_stmt"]
  private static let secondMain: Set = ["attr_ApplicationMain_multiple", "attr_ApplicationMain_script_mode"]
  private static let unknownName: Set = ["cannot_find_in_scope", "cannot_find_type_in_scope"]
  private static let lacksConformance: Set = [
    "type_does_not_conform_decl_owner", "type_does_not_conform_in_decl_ref",
    "type_does_not_conform_anyobject_decl_owner", "type_does_not_conform",
  ]
  private static let redeclaration = "invalid_redecl"

  /// The names and types that a message quotes, in their order: they are the learner's words, not the compiler's.
  private static func quoted(_ message: String) -> [Substring] {
    message.split(separator: "'", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map(\.element)
  }

  /// Replaces what the compiler says in its own terms, or of files that the learner never sees, by one clear error each.
  private static func condensed(
    _ own: [CompilerDiagnostic], _ foreign: [CompilerDiagnostic], files: [String], _ interface: CellInterface
  ) -> [CompilerDiagnostic] {
    // A name of the interface declared anew makes every use of it an error as well; only the cause is told.
    if let clash = own.first(where: {
      $0.identifier == redeclaration && !$0.notes.contains(where: { $0.contains(".swift:") })
    }) {
      var clash = clash
      let name = quoted(clash.message).first ?? "State"
      clash.message = "the name `\(name)` belongs to the interface; give yours another"
      clash.notes = []
      return [clash]
    }
    var result: [CompilerDiagnostic] = []
    var hasTopLevel = false
    for var diagnostic in own {
      if topLevel.contains(diagnostic.identifier) {
        // One for the first: every further line would say the same.
        if hasTopLevel { continue }
        hasTopLevel = true
        diagnostic.message =
          "code outside a function is not run here; move it into a function of \(interface.cellName), or take it out"
        diagnostic.notes = []
      } else if secondMain.contains(diagnostic.identifier) {
        diagnostic.message = "unroll brings the main of the program; take @main out"
        diagnostic.notes = []
      } else if diagnostic.identifier == "type_does_not_conform",
        quoted(diagnostic.message).first == interface.cellName[...]
      {
        let missing = interface.requirements.filter { requirement in
          diagnostic.notes.contains { quoted($0).first == requirement.name[...] }
        }
        if !missing.isEmpty {
          // A conformance is refused once for each of the two protocols; the function is missing once.
          diagnostic.message =
            "`\(interface.cellName)` lacks " + missing.map { "`\($0.declaration)`" }.joined(separator: " and ")
          diagnostic.notes = ["a function of another name or with other types does not count"]
        }
      }
      if !result.contains(where: { $0.message == diagnostic.message && $0.place == diagnostic.place }) {
        result.append(diagnostic)
      }
    }
    if result.contains(where: { $0.severity == .error }) { return result }
    for diagnostic in foreign where diagnostic.severity == .error {
      result.append(translated(diagnostic, files: files, interface))
      // Further ones in generated code follow from the first.
      break
    }
    return result
  }

  /// An error in generated code, in words about the submission.
  private static func translated(
    _ diagnostic: CompilerDiagnostic, files: [String], _ interface: CellInterface
  ) -> CompilerDiagnostic {
    let name = interface.cellName
    let proto = interface.protocolName
    let shown = files.count == 1 ? files[0] : "the submission"
    var result = diagnostic
    let words = quoted(diagnostic.message)
    if unknownName.contains(diagnostic.identifier), words.first == name[...] {
      result.message = "no `struct \(name): \(proto)` in \(shown)"
      result.notes = []
    } else if lacksConformance.contains(diagnostic.identifier), words.contains(name[...]) {
      result.message = "`\(name)` is not declared as a cell: write `struct \(name): \(proto)`"
      result.notes = []
    } else if secondMain.contains(diagnostic.identifier) {
      result.message = "unroll brings the main of the program; take @main out"
    } else if diagnostic.identifier == redeclaration, let name = words.first {
      result.message = "the name `\(name)` belongs to the interface; give yours another"
    } else {
      result.message = "the interface does not compile beside \(shown): \(diagnostic.message)"
    }
    return result
  }
}
