// The sheets of a course as a list: text for a person, CSV and JSON for programs.

import CSV
public import Diagnostics

/// A line of the list of sheets.
public struct SheetSummary: Sendable, Hashable {
  /// A task of a sheet, as listed.
  public struct Task: Sendable, Hashable {
    /// What it is called in its sheet.
    public var id: String
    /// What a learner hands in, such as `backward`.
    public var kind: String
    /// What it is worth.
    public var points: Int
  }

  /// The sheet's id.
  public var id: String
  /// Its title in the language asked for.
  public var title: String
  /// What all tasks are worth together.
  public var points: Int
  /// About how long it takes, in minutes.
  public var minutes: Int?
  /// The ids of the sheets that come before it.
  public var needs: [String]
  /// Its tasks, in order.
  public var tasks: [Task]
  /// What a learner has reached in it; nil where nothing was begun.
  public var best: Progress.Best?
}

extension SheetSummary {
  /// What a list says of a sheet; the title is the English one where there is no translation.
  public init(_ sheet: Sheet, language: Language = .english) {
    id = sheet.id
    title = sheet.text(language)?.title ?? sheet.title
    points = sheet.points
    minutes = sheet.minutes
    needs = sheet.needs
    tasks = sheet.tasks.map { Task(id: $0.id, kind: $0.kind.rawValue, points: $0.points) }
  }
}

/// A list of sheets in the forms of `unroll list`.
public struct SheetList: Sendable {
  /// The lines, in order.
  public var summaries: [SheetSummary]
  /// The language of the words around them, in the list for a person.
  public var language: Language

  /// A list of sheets.
  public init(_ summaries: [SheetSummary], language: Language = .english) {
    self.summaries = summaries
    self.language = language
  }

  /// A list of a library's good sheets.
  public init(_ library: SheetLibrary, language: Language = .english, progress: Progress? = nil) {
    let summaries = library.sheets.map { sheet in
      var summary = SheetSummary(sheet, language: language)
      summary.best = progress?.best[sheet.id]
      return summary
    }
    self.init(summaries, language: language)
  }

  /// RFC 4180 with the header `id,title,points,minutes,needs,tasks`; ids in one field are parted by spaces.
  public var csv: String {
    let rows = summaries.map { sheet in
      [
        sheet.id, sheet.title, String(sheet.points), sheet.minutes.map(String.init) ?? "",
        sheet.needs.joined(separator: " "), sheet.tasks.map(\.id).joined(separator: " "),
      ]
    }
    return ([["id", "title", "points", "minutes", "needs", "tasks"]] + rows).map(CSV.row).joined()
  }

  /// A JSON array of objects with the keys of the CSV; `tasks` is an array of `{id, kind, points}`. Where the exercise was
  /// begun, `best` has the points that were reached.
  public var json: String {
    let objects = summaries.map { sheet in
      let tasks = sheet.tasks.map { task in
        "{\"id\": \(Self.jsonString(task.id)), \"kind\": \(Self.jsonString(task.kind)), \"points\": \(task.points)}"
      }
      let best = sheet.best.map { ",\n    \"best\": \($0.points)" } ?? ""
      return """
          {
            "id": \(Self.jsonString(sheet.id)),
            "title": \(Self.jsonString(sheet.title)),
            "points": \(sheet.points),
            "minutes": \(sheet.minutes.map(String.init) ?? "null"),
            "needs": [\(sheet.needs.map(Self.jsonString).joined(separator: ", "))],
            "tasks": [\(tasks.joined(separator: ", "))]\(best)
          }
        """
    }
    return objects.isEmpty ? "[]\n" : "[\n\(objects.joined(separator: ",\n"))\n]\n"
  }

  /// A table in columns: below each title what comes before the sheet, so that the list reads as a path.
  ///
  /// A title that does not fit the width goes on below.
  public func text(width: Int = 80) -> String {
    let words = Words(language)
    let header = ["ID", words.listHeader.points, words.listHeader.minutes]
    let rows = summaries.map { [$0.id, String($0.points), $0.minutes.map(String.init) ?? ""] }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].terminalWidth }.max() ?? 0 }
    let indentation = widths.reduce(0, +) + 2 * widths.count
    func lines(_ text: String) -> [String] {
      StyledText(text).lines(width: max(16, width - indentation), hasColor: false)
    }
    func columns(_ row: [String], _ below: [String]) -> String {
      // Numbers stand to the right.
      let cells = [row[0].padded(to: widths[0]), row[1].indented(to: widths[1]), row[2].indented(to: widths[2])]
      let margin = String(repeating: " ", count: indentation)
      return below.enumerated().map { index, line in
        (index == 0 ? cells.map { $0 + "  " }.joined() : margin) + line + "\n"
      }.joined()
    }
    let table = zip(rows, summaries).map { row, sheet in
      columns(
        row,
        lines(sheet.title) + (sheet.needs.isEmpty ? [] : lines(words.needs(sheet.needs)))
          + (sheet.best.map { lines(words.best($0)) } ?? []))
    }
    let total = words.total(
      sheets: summaries.count, points: summaries.reduce(0) { $0 + $1.points },
      minutes: summaries.map(\.minutes))
    return columns(header, [words.listHeader.title]) + table.joined() + (summaries.count > 1 ? "\n\(total)\n" : "")
  }

  private static func jsonString(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          json.unicodeScalars.append(scalar)
        }
      }
    }
    return json + "\""
  }
}

extension String {
  /// How many columns a terminal gives the text.
  var terminalWidth: Int { reduce(0) { $0 + $1.terminalWidth } }

  /// The text with spaces after it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - terminalWidth)) }

  /// The text with spaces before it up to a width.
  func indented(to width: Int) -> String { String(repeating: " ", count: max(0, width - terminalWidth)) + self }
}
