// unroll faults

import ArgumentParser
import Authoring
import Diagnosis
import Diagnostics
import Grading
import Reports
import Sheets

struct FaultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faults", abstract: "List the mistakes that can be recognised, or how well they are.",
    discussion: """
      Without --table, the mistakes of one exercise with their ids and words; a sheet may have words of its own for \
      some, under `faults: {id: words}` in the front matter of sheet.md and of sheet.zh.md. With --table, each mistake of \
      the exercises named, or of all, is made by itself and looked for: how many there are, change nothing, are rejected, \
      are named (by a name with the same numbers), have others that show just so, and are called by another's name.
      """)

  @Argument(help: "Ids of exercises, or paths of sheets; all exercises for --table without one.")
  var exercises: [String] = []

  @Flag(help: "How many mistakes of each kind are rejected and named, and how long that takes.")
  var table = false

  @Flag(help: "With --table, a line for each operator, and the mistakes that are not named.")
  var details = false

  @Option(help: "With --table, what the draws follow from.")
  var seed: UInt64 = 1

  @Option(help: "The language of the list.")
  var language = Language.preferred()

  @OptionGroup var course: CourseOptions

  func validate() throws {
    if !table, exercises.count != 1 { throw ValidationError("name one exercise, or use --table") }
  }

  func run() throws {
    if table { return try writeTables() }
    let sheet = try course.sheet(exercises[0], in: language)
    guard let cell = sheet.cell else { throw Failure("the sheet of \(sheet.id) has no cell") }
    let phrases = Phrases(language)
    let mistakes = Diagnosis.catalogue(of: cell, hasSequence: sheet.hasSequence)
    let lines = mistakes.map { "\($0.fault)\n    \(phrases.sentence($0.told(by: sheet)))\n" }
    Terminal.write(Array(lines.joined().utf8))
    for finding in OwnWords.unknown(in: sheet, among: mistakes) {
      Terminal.complain(phrases.told(DiagnosticList([finding])))
    }
    Terminal.complain("\(lines.count) mistakes")
  }

  /// How many diagnoses of each kind are timed.
  private static let timed = 10

  private func writeTables() throws {
    var sheets: [Sheet] = []
    if exercises.isEmpty {
      sheets = SheetLibrary(try course.contentRoot()).sheets.filter { $0.cell != nil && $0.asksForCode }
    } else {
      for name in exercises { sheets.append(try course.sheet(name, in: language)) }
    }
    write(["exercise", "where", "faults", "silent", "rejected", "named", "ties", "other", "ms (median, most)"])
    for sheet in sheets {
      guard let cell = sheet.cell else { throw Failure("the sheet of \(sheet.id) has no cell") }
      let table = FaultTable(cell, hasSequence: sheet.hasSequence, seed: seed, timed: Self.timed)
      var kinds: [String] = []
      for row in table.rows where !kinds.contains(row.kind) { kinds.append(row.kind) }
      let times = table.seconds.sorted()
      for (index, kind) in kinds.enumerated() {
        let rows = table.rows.filter { $0.kind == kind }
        let milliseconds =
          index == 0 && !times.isEmpty ? "\(Self.rounded(times[times.count / 2])), \(Self.rounded(times.last!))" : ""
        write([sheet.id, kind] + Self.counts(rows) + [milliseconds])
        if details { for row in rows { write(["", "  \(row.slip)"] + Self.counts([row]) + [""]) } }
      }
      if details { for id in table.missed { Terminal.write(Array("    not named: \(id)\n".utf8)) } }
    }
  }

  private static func counts(_ rows: [FaultTable.Row]) -> [String] {
    [\FaultTable.Row.enumerated, \.silent, \.rejected, \.named, \.ties, \.misnamed].map { path in
      String(rows.reduce(0) { $0 + $1[keyPath: path] })
    }
  }

  private static func rounded(_ seconds: Double) -> String { "\((seconds * 10_000).rounded() / 10)" }

  private func write(_ cells: [String]) {
    let widths = [16, 26, 7, 7, 9, 7, 6, 6, 0]
    let line = zip(cells, widths).map { $0 + String(repeating: " ", count: max(1, $1 - $0.count)) }.joined()
    Terminal.write(Array((line + "\n").utf8))
  }
}
