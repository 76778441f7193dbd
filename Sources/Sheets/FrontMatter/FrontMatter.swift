// What the front matter of a sheet says.

import Diagnostics
import Recurrence

/// The front matter of sheet.md.
struct FrontMatter {
  var id: String
  /// Where the id stands.
  var idRange: Range<Int>
  var title: String
  var source: String?
  var cell: CellDeclaration?
  var model: ModelDeclaration?
  var tasks: [Sheet.Task]
  /// The ids of the sheets that come before, and where they stand.
  var needs: [(id: String, range: Range<Int>)]
  var minutes: Int?
  /// The sheet's own words for mistakes.
  var faultWords: [Sheet.FaultWords]

  private static let keys = ["id", "title", "source", "cell", "model", "tasks", "needs", "minutes", "faults"]

  /// Reads front matter; everything that is wrong with it is thrown at once.
  init(_ source: SourceText, _ range: Range<Int>) throws(DiagnosticList) {
    let entries = try FrontMatterReader.read(source, range)
    var reader = FieldReader(source)
    let fields = reader.fields(entries, known: Self.keys, of: "the front matter")
    for (key, example) in [("id", "id: nndl-6-4"), ("title", "title: Gradients of the LSTM")] where fields[key] == nil {
      reader.report("the front matter has no `\(key)`; write it as in `\(example)`", 0..<3)
    }
    if fields["tasks"] == nil {
      reader.report(
        "the front matter has no `tasks`; write `tasks:` and below it `  - {id: forward, kind: forward, points: 20}`",
        0..<3)
    }
    id = reader.identifier(fields["id"]) ?? ""
    idRange = fields["id"]?.value.range ?? 0..<3
    title = reader.text(fields["title"]) ?? ""
    self.source = reader.text(fields["source"])
    minutes = reader.integer(fields["minutes"], in: 1...10_000)
    needs = []
    if let entry = fields["needs"] {
      if case .list(let values) = entry.value.content {
        for value in values {
          let item = FrontMatterEntry(key: "needs", keyRange: value.range, value: value)
          guard let need = reader.identifier(item) else { continue }
          if need == id {
            reader.report("a sheet cannot need itself", value.range)
          } else if needs.contains(where: { $0.id == need }) {
            reader.report("`\(need)` stands here twice; keep one of them", value.range)
          } else {
            needs.append((need, value.range))
          }
        }
      } else {
        reader.reportType(entry, "a list of ids such as `[rnn-step]`")
      }
    }
    cell = fields["cell"].flatMap { reader.cell($0) }
    tasks = fields["tasks"].map { reader.tasks($0) } ?? []
    if fields["cell"] == nil, let task = tasks.first(where: { $0.kind.needsCell }) {
      reader.report("the task `\(task.id)` is about a cell, and the front matter has no `cell`", task.range)
    }
    if cell?.layers != nil {
      for task in tasks where !task.kind.goesWithLayers {
        reader.report(
          "the task `\(task.id)` is of kind `\(task.kind.rawValue)`, which is about one layer, and the cell has `layers`; "
            + "with layers go derivation, quantity and essay: put it into a sheet of its own, or take `layers` out",
          task.range)
      }
    }
    faultWords = reader.faultWords(fields["faults"])
    if let entry = fields["faults"], fields["cell"] == nil {
      reader.report("mistakes are those of a cell, and the front matter has no `cell`", entry.keyRange)
    }
    if let entry = fields["model"] {
      model = reader.model(entry, sizes: Set(cell?.sizes.keys.map { $0 } ?? []))
      if fields["cell"] == nil { reader.report("a model is built around a cell; declare `cell` too", entry.keyRange) }
    }
    reader.checkModelTasks(tasks, hasModel: fields["model"] != nil)
    guard reader.findings.isEmpty else {
      throw DiagnosticList(reader.findings.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }
  }

  /// The words of a translation's front matter, which holds nothing else.
  static func translated(
    _ source: SourceText, _ range: Range<Int>
  ) throws(DiagnosticList) -> (title: String, source: String?, faultWords: [Sheet.FaultWords]) {
    let entries = try FrontMatterReader.read(source, range)
    var reader = FieldReader(source)
    for entry in entries where !["title", "source", "faults"].contains(entry.key) {
      reader.report(
        "a translation's front matter holds `title`, `source` and `faults` only; `\(entry.key.clipped)` is read from "
          + "sheet.md",
        entry.keyRange)
    }
    let title = entries.first { $0.key == "title" }
    if title == nil { reader.report("the front matter has no `title`; write the translated title there", 0..<3) }
    let words = (
      reader.text(title) ?? "", reader.text(entries.first { $0.key == "source" }),
      reader.faultWords(entries.first { $0.key == "faults" })
    )
    guard reader.findings.isEmpty else { throw DiagnosticList(reader.findings) }
    return words
  }
}
