// From the files of a sheet to a sheet, or to everything that is wrong with it.

public import Diagnostics
import Markdown
import Recurrence

extension Sheet {
  /// Reads the sheet at a path, and its translation `sheet.zh.md` beside it where there is one.
  ///
  /// - Parameters:
  ///   - path: The path of sheet.md.
  ///   - folder: The name of its folder, which its id must equal; nil where the sheet stands outside the course.
  /// - Throws: Everything that is wrong, with file, line and column.
  public init(path: String, folder: String? = nil) throws(DiagnosticList) {
    let source = try SourceFile.read(path)
    var chinese: SourceText?
    let suffix = "sheet.md"
    if path == suffix || path.hasSuffix("/" + suffix) {
      let translation = path.dropLast(suffix.count) + "sheet.zh.md"
      if SourceFile.kind(String(translation)) != .nothing { chinese = try SourceFile.read(String(translation)) }
    }
    try self.init(source, translation: chinese, path: path, folder: folder)
  }

  /// Reads a sheet from its text.
  public init(
    _ source: SourceText, translation: SourceText? = nil, path: String? = nil, folder: String? = nil
  ) throws(DiagnosticList) {
    let parts = try FrontMatterReader.split(source)
    var findings: [Diagnostic] = []
    var front: FrontMatter?
    var text: SheetText?
    // Front matter and text are read both, so that their slips are told at once.
    do { front = try FrontMatter(source, parts.yaml) } catch { findings += error.diagnostics }
    do {
      text = try SheetText(source, from: parts.body, title: front?.title ?? "", language: .english)
    } catch {
      findings += error.diagnostics
    }
    if let front, let folder, front.id != folder {
      findings.append(
        Diagnostic(
          "the id is `\(front.id)` and the folder is called `\(folder)`; they must be equal", in: source,
          at: front.idRange))
    }
    if let text {
      findings += Self.roleFindings(text, hasCell: front.map { $0.cell != nil }, hasModel: front?.model != nil)
    }
    // The equations are read before the translation is compared with them: a mistake in them is told where it is.
    var declared: (cell: Cell?, model: SheetModel?)
    if findings.isEmpty, let front, let text {
      do { declared = try Self.declared(front, text) } catch { findings += error.diagnostics }
    }
    let isSound = findings.isEmpty
    var chinese: SheetText?
    if let translation {
      do {
        let parts = try FrontMatterReader.split(translation)
        let words = try FrontMatter.translated(translation, parts.yaml)
        var other = try SheetText(translation, from: parts.body, title: words.title, language: .chinese)
        (other.source, other.faultWords) = (words.source, words.faultWords)
        if let text, isSound { findings += Self.differences(text, other) }
        chinese = other
      } catch {
        findings += error.diagnostics
      }
    }
    guard findings.isEmpty, let front, var text else { throw DiagnosticList(findings) }
    id = front.id
    forward = Self.excerpts("forward", text)
    (cell, model) = declared
    tasks = front.tasks
    needs = front.needs.map(\.id)
    needRanges = front.needs.map(\.range)
    minutes = front.minutes
    file = path ?? source.name
    (text.source, text.faultWords) = (front.source, front.faultWords)
    self.text = text
    self.translation = chinese
  }

  private static func excerpts(_ role: String, _ text: SheetText) -> [SourceExcerpt] {
    text.markdown.math.filter { $0.role == role }.map(\.excerpt)
  }

  /// The cell that the front matter declares, with the text's equations, and the model around it.
  private static func declared(
    _ front: FrontMatter, _ text: SheetText
  ) throws(DiagnosticList) -> (cell: Cell?, model: SheetModel?) {
    guard let declaration = front.cell else { return (nil, nil) }
    let cell = try Cell(declaration, forward: excerpts("forward", text))
    _ = try cell.stacked()
    guard let model = front.model else { return (cell, nil) }
    return (cell, try SheetModel(model, cell: cell, start: excerpts("start", text)))
  }

  /// What is wrong with the roles of a text's mathematics.
  private static func roleFindings(_ text: SheetText, hasCell: Bool?, hasModel: Bool) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let source = text.markdown.source
    let forward = text.markdown.math.filter { $0.role == "forward" }
    for span in text.markdown.math {
      guard let role = span.role, role != "forward" else { continue }
      // How the states of a model begin.
      if role == "start", hasModel { continue }
      let nearest = suggestion(for: role, among: ["forward"])
      findings.append(
        Diagnostic(
          "`\(role.clipped)` is no role of a math block; write ```math forward for the cell's equations, or ```math alone\(nearest)",
          in: source, at: span.range.lowerBound..<source.endOfLine(at: span.range.lowerBound)))
    }
    if hasCell == true, forward.isEmpty {
      findings.append(
        Diagnostic(
          "the front matter declares a cell and the text has no equations for it; write them in a block ```math forward",
          in: source, at: text.start..<text.start))
    }
    for span in forward {
      let place = span.range.lowerBound..<source.endOfLine(at: span.range.lowerBound)
      if hasCell == false {
        findings.append(
          Diagnostic("these equations belong to a cell, and the front matter has no `cell`", in: source, at: place))
      } else if span.latex.trimmed.isEmpty {
        findings.append(Diagnostic("this block is empty; write the cell's equations in it", in: source, at: place))
      }
      let section = text.sections.first { section in
        section.blocks.contains {
          $0.range.lowerBound <= span.range.lowerBound && span.range.upperBound <= $0.range.upperBound
        }
      }
      if let section, section.kind != .body {
        findings.append(
          Diagnostic(
            "the cell's equations stand where a reader does not see them; write them in the body", in: source, at: place
          ))
      }
    }
    return findings
  }

  /// Where a translation says something else in mathematics, or has other hints.
  private static func differences(_ text: SheetText, _ translation: SheetText) -> [Diagnostic] {
    let source = translation.markdown.source
    let here = translation.markdown.math.filter { $0.form == .display }
    let there = text.markdown.math.filter { $0.form == .display }
    var findings: [Diagnostic] = []
    for (own, other) in zip(here, there) where own.role != other.role || own.latex != other.latex {
      let line = text.markdown.source.position(at: other.range.lowerBound).line
      findings.append(
        Diagnostic(
          "this block of mathematics differs from \(text.markdown.source.name):\(line); they must be equal, byte for byte",
          in: source, at: own.firstDifference(from: other, in: source)))
      break
    }
    if findings.isEmpty, here.count != there.count {
      let end = here.count > there.count ? here[there.count].range.lowerBound : source.count
      findings.append(
        Diagnostic(
          "the number of mathematical blocks is \(here.count) here and \(there.count) in \(text.markdown.source.name); "
            + "they must be the same", in: source, at: end..<end))
    }
    if translation.hints.count != text.hints.count {
      findings.append(
        Diagnostic(
          "the number of hints is \(translation.hints.count) here and \(text.hints.count) in \(text.markdown.source.name); "
            + "write as many `## 提示`", in: source, at: translation.start..<translation.start))
    }
    return findings
  }
}

extension MathSpan {
  /// Where in its file this block begins to differ from another one.
  fileprivate func firstDifference(from other: MathSpan, in source: SourceText) -> Range<Int> {
    guard role == other.role else { return range.lowerBound..<source.endOfLine(at: range.lowerBound) }
    let same = zip(latex.utf8, other.latex.utf8).prefix { $0 == $1 }.count
    let here = excerpt.sourceOffset(of: min(same, latex.utf8.count))
    return here..<here
  }
}

extension SourceText {
  /// The offset at which the line of an offset ends.
  fileprivate func endOfLine(at offset: Int) -> Int {
    let number = position(at: offset).line
    return self.offset(ofLine: number) + line(number).utf8.count
  }
}
