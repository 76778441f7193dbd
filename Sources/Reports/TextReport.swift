// A grade as a person reads it in a terminal.

import Diagnosis
public import Diagnostics
public import Grading
import Sheets
import SubmissionHost

/// Writes a grade as text.
public struct TextReport: Sendable {
  /// The language of the sentences.
  public let language: Language
  /// Whether colour may be used.
  public let usesColour: Bool

  /// A report in a language, with or without colour.
  public init(_ language: Language, usesColour: Bool = false) {
    self.language = language
    self.usesColour = usesColour
  }

  /// The report of one grade.
  public func text(of grade: Grade) -> String {
    let phrases = Phrases(language)
    var lines = [
      "\(grade.exercise)  \(grade.titles[language] ?? grade.titles[.english] ?? "")",
      "\(TextReport.oneLine(grade.submission))  (\(phrases.heading.seed) \(grade.seed))", "",
    ]
    var tasks: [String] = []
    for check in grade.checks where !tasks.contains(check.task) { tasks.append(check.task) }
    var isBuilt = true
    if let diagnostics = grade.checks.lazy.compactMap(Self.compilerErrors).first {
      isBuilt = false
      lines += diagnostics.prefix(Self.shownDiagnostics).map { Self.harmless($0.description) }
      if diagnostics.count > Self.shownDiagnostics {
        lines.append(phrases.further(diagnostics.count - Self.shownDiagnostics))
      }
      lines.append("")
    }
    for task in tasks {
      let checks = grade.checks.filter { $0.task == task }
      // Without a program every check of the code says the same, and it has been said.
      let isSilent = !isBuilt && checks.allSatisfy { Self.compilerErrors(of: $0) != nil }
      lines += Array(section(task, checks, phrases).prefix(isSilent ? 1 : .max))
    }
    lines.append("")
    let score = "\(Words.number(grade.score)) / \(Words.number(grade.maxScore))"
    lines.append("\(phrases.heading.score)  \(styled(score, grade.hasFullMarks ? .good : .bad))")
    if grade.manualPoints > 0 { lines.append("\(phrases.heading.manual): \(Words.number(grade.manualPoints))") }
    lines.append(grade.hasFullMarks ? phrases.allRight : phrases.again(grade.seed))
    if let written = grade.written { lines += derivation(written, phrases) }
    lines += correspondences(grade.correspondences, phrases)
    lines += notes(grade, phrases)
    return lines.joined(separator: "\n") + "\n"
  }

  /// One task: its points, and a line for each check that did not pass; equal findings share a line.
  private func section(_ task: String, _ checks: [Check], _ phrases: Phrases) -> [String] {
    let earned = checks.reduce(0) { $0 + $1.points }
    let possible = checks.reduce(0) { $0 + $1.maxPoints }
    let passed = checks.filter { $0.status == .passed }
    let isManual = checks.allSatisfy { $0.status == .manual }
    let mark = isManual ? "–" : passed.count == checks.count ? styled("✓", .good) : styled("✗", .bad)
    var lines = ["\(mark) \(task)  \(isManual ? "" : "\(Words.number(earned)) / ")\(Words.number(possible))"]
    lines += causes(checks, phrases)
    let plain = passed.filter { $0.requirement == nil && $0.finding == .agrees }
    if !plain.isEmpty { lines += titles(plain, sign: styled("✓", .good), phrases) }
    // What was measured is worth reading also where it is enough, and so are the wrong lines that a right one rests on.
    for group in Self.grouped(passed.filter { $0.requirement != nil || $0.finding != .agrees }) {
      lines += titles(group, sign: styled("✓", .good), phrases)
      lines.append("      \(Self.harmless(phrases.sentence(group[0])))")
    }
    var told: [(finding: Finding, checks: [Check])] = []
    var explained: Set<Diagnosis> = []
    for check in checks where check.status != .passed {
      // One block's numbers are enough for a mistake that has been named.
      if let diagnosis = check.diagnosis, !explained.insert(diagnosis).inserted { continue }
      if let index = told.firstIndex(where: { $0.finding == check.finding }) {
        told[index].checks.append(check)
      } else {
        told.append((check.finding, [check]))
      }
    }
    for group in told {
      let sign = group.checks[0].status == .manual || group.checks[0].status == .skipped ? "–" : "✗"
      let sentence = Self.harmless(phrases.sentence(group.checks[0]))
      // The task's own line has said its name.
      if !isManual { lines += titles(group.checks, sign: styled(sign, .bad), phrases) }
      lines.append("      \(sentence)")
      if case .manual(let text?) = group.finding {
        lines += Self.harmless(text).split(separator: "\n", omittingEmptySubsequences: false).map { "      | \($0)" }
      }
    }
    return lines
  }

  /// Checks with one finding together.
  private static func grouped(_ checks: [Check]) -> [[Check]] {
    var groups: [[Check]] = []
    for check in checks {
      if let index = groups.firstIndex(where: { $0[0].finding == check.finding }) {
        groups[index].append(check)
      } else {
        groups.append([check])
      }
    }
    return groups
  }

  /// The mistakes that explain wrong blocks, before anything else: a number that differs teaches nothing.
  private func causes(_ checks: [Check], _ phrases: Phrases) -> [String] {
    var told: [(diagnosis: Diagnosis, checks: [Check])] = []
    for check in checks {
      guard let diagnosis = check.diagnosis else { continue }
      if let index = told.firstIndex(where: { $0.diagnosis == diagnosis }) {
        told[index].checks.append(check)
      } else {
        told.append((diagnosis, [check]))
      }
    }
    return told.flatMap { cause in
      ["  \(styled("→", .bad)) \(Self.harmless(phrases.sentence(cause.diagnosis) + phrases.onset(cause.checks)))"]
        + titles(cause.checks, sign: "  " + phrases.explains, phrases)
        + ["    \(phrases.nextLook(cause.diagnosis))"] + followThrough(cause.checks, phrases)
    }
  }

  /// What gradients earn that are right for the learner's own forward.
  private func followThrough(_ checks: [Check], _ phrases: Phrases) -> [String] {
    let earned = checks.reduce(0) { $0 + ($1.followThrough == nil ? 0 : $1.points) }
    let possible = checks.reduce(0) { $0 + ($1.followThrough == nil ? 0 : $1.maxPoints) }
    guard earned > 0 else { return [] }
    return ["    \(phrases.followThrough(Words.number(earned), of: Words.number(possible)))"]
  }

  /// The compiler's errors, where a check failed for them.
  private static func compilerErrors(of check: Check) -> [CompilerDiagnostic]? {
    guard case .doesNotCompile(let diagnostics) = check.finding else { return nil }
    return diagnostics.filter { $0.severity == .error }
  }

  /// Errors behind the first few mostly follow from them.
  private static let shownDiagnostics = 5
  /// Lines of the learner's own output that are shown.
  private static let shownLines = 20

  /// The titles of some checks behind a sign, in lines of readable length.
  private func titles(_ checks: [Check], sign: String, _ phrases: Phrases) -> [String] {
    titles(checks.map { phrases.title($0) }, sign: sign)
  }

  func titles(_ titles: [String], sign: String) -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0
    for title in titles {
      let length = title.reduce(0) { $0 + $1.terminalWidth }
      if !line.isEmpty, width + 2 + length > 74 {
        lines.append(line)
        (line, width) = ("", 0)
      }
      line += (line.isEmpty ? "" : "  ") + title
      width += (width == 0 ? 0 : 2) + length
    }
    lines.append(line)
    return lines.enumerated().map { "  \($0.offset == 0 ? sign : " ") \($0.element)" }
  }

  private func notes(_ grade: Grade, _ phrases: Phrases) -> [String] {
    var lines: [String] = []
    if !grade.warnings.isEmpty { lines += [""] + grade.warnings.map { Self.harmless($0.description) } }
    // What `unroll start` put there itself is no news.
    let leftOut = grade.leftOut.filter { !["CellKit", "Interface.swift", "Package.swift"].contains($0.name) }
    if !leftOut.isEmpty {
      let names = leftOut.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
      lines += ["", phrases.leftOut(TextReport.oneLine(names))]
    }
    let printed = [grade.printed.output, grade.printed.error].filter { !$0.isEmpty }
    if !printed.isEmpty {
      lines += ["", phrases.printedHeading]
      let shown = printed.flatMap { $0.split(separator: "\n") }
      lines += shown.prefix(Self.shownLines).map { "  | \(Self.harmless($0))" }
      if grade.printed.isCut || shown.count > Self.shownLines { lines.append("  \(phrases.cutNote)") }
    }
    if grade.processorSeconds > 0 { lines += ["", phrases.processorTime(grade.processorSeconds)] }
    for caveat in grade.caveats { lines.append(phrases.caveat(caveat)) }
    return lines
  }

  // MARK: Letters

  private enum Style: String {
    case good = "32"
    case bad = "31"
  }

  private func styled(_ text: String, _ style: Style) -> String {
    usesColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A submission's words in a line of ours.
  public static func oneLine(_ text: String) -> String {
    harmless(text).map { $0.isNewline ? "\\n" : $0 == "\t" ? " " : String($0) }.joined()
  }

  /// Control characters of a submission, an escape sequence above all, must not steer the reader's terminal.
  package static func harmless(_ text: some StringProtocol) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
        // What turns the direction of reading makes one text look like another.
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return String(text) }
    return text.unicodeScalars.map { isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }
}
