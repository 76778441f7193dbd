// Whether a sheet can be handed out: everything that its author should know, found at once.

import CellKit
import Diagnostics
public import FoundationEssentials
import Grading
import Markdown
import Recurrence
public import Sheets
public import SubmissionHost

/// What was found about a sheet.
public struct Readiness: Sendable {
  /// One thing that was looked at.
  public struct Finding: Sendable, Hashable {
    /// How it came out.
    public enum Status: Sendable, Hashable {
      case good
      /// Nothing is wrong, but something could not be looked at.
      case note
      case trouble
    }

    /// How it came out.
    public let status: Status
    /// What was found, as one line.
    public let text: String
  }

  /// The findings in the order in which they were made.
  public private(set) var findings: [Finding] = []

  /// Whether the sheet can be handed out.
  public var isReady: Bool { findings.allSatisfy { $0.status != .trouble } }

  /// The largest error of differences that counts as agreement: they are that inexact themselves.
  private static let differenceTolerance = 1e-7

  /// Looks at a sheet.
  ///
  /// - Parameters:
  ///   - library: the course that it belongs to, for what it links to.
  ///   - kitSources: the folder that holds the sources of `CellKit`.
  ///   - solutions: the folder of model solutions, one folder each; nil where there are none, as in an installation.
  ///   - seeds: how many seeds the model solution is graded with.
  public init(
    of sheet: Sheet, in library: SheetLibrary, with workbench: Workbench, kitSources: URL, solutions: URL?, seeds: Int
  ) async {
    let hints = sheet.hints.count
    tell(hints > 0, "\(hints) hints", "no `## Hint` section")
    tell(sheet.points == 100, "100 points", "the tasks have \(sheet.points) points in total, not 100")
    checkTexts(sheet, library)
    checkGradients(sheet)
    await checkSolvability(sheet, library, seeds: max(1, seeds))
    checkOwnWords(sheet)
    do {
      let grader = try Grader(sheet, with: workbench)
      try await checkStarter(sheet, grader, kitSources)
      try await checkSolution(sheet, grader, solutions, seeds: max(1, seeds))
    } catch {
      note(.trouble, "\(error)")
    }
  }

  private mutating func note(_ status: Finding.Status, _ text: String) {
    let finding = Finding(status: status, text: text)
    // What keeps a task from being solved keeps submissions from being graded.
    if !findings.contains(finding) { findings.append(finding) }
  }

  private mutating func tell(_ holds: Bool, _ good: String, _ bad: String) {
    note(holds ? .good : .trouble, holds ? good : bad)
  }

  // MARK: Text

  private mutating func checkTexts(_ sheet: Sheet, _ library: SheetLibrary) {
    if sheet.translation == nil {
      note(.note, "no sheet.zh.md beside it")
    } else {
      let differences = LanguageAgreement.differences(sheet)
      for difference in differences { note(.trouble, difference) }
      if differences.isEmpty { note(.good, "both languages agree in headings, formulas and code") }
    }
    for text in [sheet.text, sheet.translation].compactMap({ $0 }) {
      for block in text.markdown.blocks.flattened {
        // In Chinese a mark of emphasis between punctuation and a letter closes nothing, and is shown as it stands.
        for case .text(let words) in block.inlines.flattened where words.contains("**") {
          let line = text.markdown.source.position(at: block.range.lowerBound).line
          note(.trouble, "\(text.markdown.source.name):\(line): `**` is shown as it stands; move punctuation out of it")
        }
      }
    }
    let (count, broken) = Reference.check(sheet, in: library)
    for reference in broken { note(.trouble, reference) }
    if count > 0, broken.isEmpty { note(.good, "\(count) links and commands lead somewhere") }
  }

  private mutating func checkGradients(_ sheet: Sheet) {
    guard let cell = sheet.cell else { return }
    var letters = cell.declaration.sizes
    letters["N"] = letters["N"] ?? 2
    // A model's loss wants words and masks; numbers drawn for its step would be none.
    let errors = sheet.model?.differenceErrors(seed: 1) ?? cell.differenceErrors(Sizes(letters, steps: 3), seed: 1)
    let wrong = errors.filter { !($0.error < Self.differenceTolerance) }
    let worst = wrong.first { $0.error.isNaN } ?? wrong.max { $0.error < $1.error }
    tell(
      wrong.isEmpty, "gradients agree with differences",
      worst?.error.isNaN == true
        ? "the values or the gradient with respect to \(worst?.name ?? "?") are no finite numbers for drawn inputs"
        : "the gradient with respect to \(worst?.name ?? "?") is off by \(worst?.error ?? 0)")
  }

  private mutating func checkSolvability(_ sheet: Sheet, _ library: SheetLibrary, seeds: Int) async {
    do {
      let solvability = Solvability(sheet: sheet, seeds: (1...UInt64(seeds)).map { $0 })
      let troubles = try await solvability.troubles(in: library)
      for trouble in troubles { note(.trouble, trouble) }
      if troubles.isEmpty { note(.good, "goals, answers and requirements can be met") }
    } catch {
      note(.trouble, "\(error)")
    }
  }

  private mutating func checkOwnWords(_ sheet: Sheet) {
    let count = sheet.text.faultWords.count
    let troubles = OwnWords.troubles(of: sheet)
    for trouble in troubles { note(.trouble, trouble) }
    if count > 0, troubles.isEmpty { note(.good, "\(count) mistakes have words of the sheet's own") }
  }

  // MARK: Submissions

  private mutating func checkStarter(_ sheet: Sheet, _ grader: Grader, _ kitSources: URL) async throws {
    let files = try Starter(sheet, kitSources: kitSources).files
    let code = files.filter { ["Cell.swift", Submission.remedyFile].contains($0.name) }
    let start = Submission(files: code, derivation: files.first { $0.name == "derivation.md" })
    guard !start.files.isEmpty || start.derivation != nil else { return }
    let grade = try await grader.grade(start, named: "starter", seed: 1)
    let said = grade.checks.lazy.compactMap { check -> [CompilerDiagnostic]? in
      guard case .doesNotCompile(let diagnostics) = check.finding else { return nil }
      return diagnostics.filter { $0.severity == .error }
    }.first
    let listed = sheet.tasks.filter { $0.kind == .compile }.flatMap(\.errors)
    if !listed.isEmpty {
      let unheard = listed.filter { error in !(said ?? []).contains(where: error.isSaid(by:)) }
      let unlisted = (said ?? []).filter { diagnostic in !listed.contains { $0.isSaid(by: diagnostic) } }
      for error in unheard { note(.trouble, "the compiler does not say of the listing: \(error.message.text)") }
      for diagnostic in unlisted {
        note(
          .trouble,
          "the compiler says of the listing what the sheet does not list: \(diagnostic.message) (\(diagnostic.identifier))"
        )
      }
      if unheard.isEmpty, unlisted.isEmpty { note(.good, "the listing has the errors that the sheet lists") }
    } else if !code.isEmpty {
      tell(said == nil, "the starter compiles", "the starter does not compile")
    }
    tell(grade.score == 0, "the starter earns nothing", "the starter earns \(grade.score) points")
  }

  private mutating func checkSolution(_ sheet: Sheet, _ grader: Grader, _ solutions: URL?, seeds: Int) async throws {
    guard let solutions else {
      note(.note, "no model solution here")
      return
    }
    let folder = solutions.appending(path: sheet.id)
    guard FileManager.default.fileExists(atPath: folder.path) else {
      note(.trouble, "no model solution at \(folder.path)")
      return
    }
    let solution = try Submission(at: folder.path)
    for grade in try await grader.grades(solution, named: folder.path, seeds: (1...UInt64(seeds)).map { $0 }) {
      let failed = grade.checks.filter { $0.status != .passed && $0.status != .manual }.map(\.id)
      let essays = grade.checks.filter { $0.status == .manual && $0.essay == nil }.map(\.id)
      if !failed.isEmpty {
        note(.trouble, "the model solution fails \(failed.joined(separator: ", ")) with seed \(grade.seed)")
        return
      }
      if !essays.isEmpty {
        note(.trouble, "the model solution has no text for \(essays.joined(separator: ", "))")
        return
      }
    }
    note(.good, "the model solution gets full marks with \(seeds) \(seeds == 1 ? "seed" : "seeds")")
  }
}
