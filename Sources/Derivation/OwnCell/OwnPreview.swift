// What a person is told of how a text was read: the first lines of the report.

import Diagnostics
import Formula
import Recurrence

/// Says how the names of a text were taken.
struct OwnPreview {
  private let own: Cell
  private let sheet: Cell
  private let equations: OwnEquations
  private let source: SourceText

  init(_ own: Cell, _ sheet: Cell, _ equations: OwnEquations, _ source: SourceText) {
    self.own = own
    self.sheet = sheet
    self.equations = equations
    self.source = source
  }

  /// The lines that state the cell, such as `lines 1 to 8`.
  private var place: Wording {
    let lines = equations.starts.map { source.position(at: $0).line }.sorted()
    guard let first = lines.first, let last = lines.last else { return Wording("", "") }
    return first == last
      ? Wording("line \(first)", "第 \(first) 行") : Wording("lines \(first) to \(last)", "第 \(first) 至 \(last) 行")
  }

  private var orientation: Wording {
    own.layout == sheet.layout
      ? Wording("", "")
      : own.layout == .rows
        ? Wording("; you write in rows", "；你按行书写") : Wording("; you write in columns", "；你按列书写")
  }

  // MARK: The sheet's cell

  /// - Parameters:
  ///   - cell: the text's cell with every argument named, to which the match belongs.
  ///   - images: what the sheet's names are in the text.
  ///   - nodes: what stands in the place of each node of the sheet.
  func like(
    _ match: CellMatch, _ cell: Cell, _ images: [Name: [Name]], _ nodes: [Name: (node: Int, isNegated: Bool)]
  ) -> [DerivationReport.Reading] {
    func timed(_ name: Name) -> String { name.latex(time: "t") }
    var pairs: [(own: String, sheet: String)] = []
    for (sheetName, names) in images.sorted(by: { $0.key.latex < $1.key.latex }) {
      guard let name = names.first, name != sheetName, sheet.vocabulary.roles[sheetName] == .timed,
        nodes[sheetName]?.isNegated != true
      else { continue }
      pairs.append((timed(name), timed(sheetName)))
    }
    let exchanged = match.exchanged(cell, sheet)
    for item in exchanged where !item.isPart && !item.isNegated { pairs.append((item.own.latex, item.sheet.latex)) }
    var notes: [Wording] = []
    let list = Self.list(pairs.map { "`\($0.own)` is `\($0.sheet)`" }, pairs.map { "`\($0.own)` 即 `\($0.sheet)`" })
    notes.append(
      equations.starts.isEmpty
        ? Wording(
          "the cell is read as this sheet's: \(list.english)\(orientation.english)",
          "单元按本题的单元理解：\(list.chinese)\(orientation.chinese)")
        : Wording(
          "your cell (\(place.english)) is this sheet's: \(list.english)\(orientation.english)",
          "你的单元（\(place.chinese)）就是本题的单元：\(list.chinese)\(orientation.chinese)"))
    notes += negations(match, cell, exchanged.filter(\.isNegated).map { ($0.own, $0.sheet) }, images)
    let parts = exchanged.filter(\.isPart).map { ($0.own.latex, $0.sheet.latex) }
    if !parts.isEmpty {
      let list = Self.list(parts.map { "`\($0.1)` is in `\($0.0)`" }, parts.map { "`\($0.1)` 在 `\($0.0)` 中" })
      notes.append(Wording(english: list.english, chinese: list.chinese))
    }
    let absent = match.left(out: sheet).map { "`\($0.latex)`" }.joined(separator: ", ")
    if !absent.isEmpty {
      notes.append(Wording("you leave out \(absent), which is 0 then", "你省略了 \(absent)，即取 0"))
    }
    for (name, shift) in equations.shifts.sorted(by: { $0.key.latex < $1.key.latex }) {
      guard let image = images.first(where: { $0.value == [name] })?.key else { continue }
      let there = image.latex(time: Time.present.shifted(by: shift).description)
      notes.append(Wording("your `\(timed(name))` is `\(there)` of the sheet", "你的 `\(timed(name))` 是题中的 `\(there)`"))
    }
    if !equations.completed.isEmpty {
      notes.append(Wording("what you do not state is taken from the sheet", "没有写出的部分按题中的方程理解"))
    }
    return notes.map { DerivationReport.Reading(line: line, text: $0) }
  }

  /// The first line that states the cell.
  private var line: Int { equations.starts.map { source.position(at: $0).line }.min() ?? 1 }

  private func negations(
    _ match: CellMatch, _ cell: Cell, _ parameters: [(own: Name, sheet: Name)], _ images: [Name: [Name]]
  ) -> [Wording] {
    let gates = match.negated.compactMap { node in
      cell.graph.named.first { $0.value == node && equations.arguments[$0.key] == nil }?.key
    }
    return gates.sorted { $0.latex < $1.latex }.map { gate in
      let other = images.first { $0.value == [gate] }?.key
      let list = parameters.map { "`\($0.own.latex)` = `-\($0.sheet.latex)`" }.joined(separator: ", ")
      let name = other.map { "`1 - \($0.latex(time: "t"))`" } ?? "1 - …"
      return Wording(
        "your gate `\(gate.latex(time: "t"))` is \(name) of the sheet; \(list)",
        "你的门 `\(gate.latex(time: "t"))` 是题中的 \(name)；\(list)")
    }
  }

  private static func list(_ english: [String], _ chinese: [String]) -> Wording {
    english.isEmpty
      ? Wording("in the sheet's letters", "使用题中的字母")
      : Wording(english: english.joined(separator: ", "), chinese: chinese.joined(separator: "，"))
  }

  // MARK: Another cell

  /// - Parameter isAmbiguous: whether it is the sheet's cell in more than one way.
  func unlike(isAmbiguous: Bool) -> DerivationReport.Reading {
    DerivationReport.Reading(line: line, text: isAmbiguous ? ambiguous : other)
  }

  private var ambiguous: Wording {
    Wording(
      "your cell (\(place.english)) is the sheet's in more than one way: say which of your names is which, as in `V := U`; until then no goals are counted",
      "你的单元（\(place.chinese)）与本题的单元有不止一种对应方式：请写明哪个名字是哪个，例如 `V := U`；在此之前不计目标")
  }

  private var other: Wording {
    let why = NearCell(own: own, sheet: sheet).difference
    return Wording(
      "your cell (\(place.english)) is not this sheet's\(why.map { ": " + $0.english } ?? ""); your lines are judged on your cell and earn no goals",
      "你的单元（\(place.chinese)）不是本题的单元\(why.map { "：" + $0.chinese } ?? "")；各行按你的单元检验，不计入目标")
  }
}
