// The course as HTML pages that work without a network.

public import Diagnostics
import FoundationEssentials
import Glibc
import Markdown
public import Sheets

/// Writes the sheets of a library as pages, with an index, a style sheet and KaTeX beside them.
///
/// What is for teachers is left out; hints are folded; raw HTML in a sheet is dropped.
public struct CoursePages {
  /// Where Debian's libjs-katex puts KaTeX.
  public static let katexFolder = "/usr/share/javascript/katex"

  /// The library.
  public let library: SheetLibrary
  /// The languages of the pages; Chinese pages are made of the sheets that are translated.
  public let languages: [Language]
  /// The folder with katex.min.js, katex.min.css and fonts.
  public let katex: String
  /// What is drawn for a sheet beside its text, by id.
  public var figures: [String: [Language: PageFigure]] = [:]
  /// Two steps of each sheet's cell, by id.
  private let walks: [String: Walk]
  /// The graph of a sheet's cell as SVG, by id.
  private var drawings: [String: String] = [:]

  /// Pages of a library in some languages.
  public init(_ library: SheetLibrary, languages: [Language] = Language.allCases, katex: String = Self.katexFolder) {
    self.library = library
    let isTranslated = library.sheets.contains { $0.translation != nil }
    self.languages = Language.allCases.filter { languages.contains($0) && ($0 == .english || isTranslated) }
    self.katex = katex
    let walks = library.sheets.compactMap { sheet in sheet.cell.flatMap(Walk.init).map { (sheet.id, $0) } }
    self.walks = Dictionary(uniqueKeysWithValues: walks)
  }

  /// Why pages cannot be written.
  public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String
  }

  /// Draws the graph of every sheet's cell, where Graphviz is installed.
  ///
  /// - Throws: a `Graphviz.Failure`; the pages can be written without drawings.
  public mutating func drawGraphs() async throws {
    for (id, walk) in walks { drawings[id] = try await Graphviz.svg(walk.graphviz) }
  }

  /// Writes all pages.
  ///
  /// - Parameter folder: A folder that is missing, empty, or was written by an earlier call.
  /// - Returns: The path of the index.
  /// - Throws: `Refusal` where the folder holds anything else, where KaTeX is missing, or where a file cannot be written.
  public func write(to folder: String) throws -> String {
    guard let first = languages.first else {
      throw Refusal(description: "no sheet is translated; render the English pages instead")
    }
    var output = try PageFolder(folder)
    let templates = try PageTemplates()
    var pages: [(name: String, text: String)] = []
    for language in languages {
      pages.append((file("index", language), index(language, templates)))
      for sheet in library.sheets {
        guard let text = sheet.text(language) else { continue }
        let (page, images) = page(sheet, text, templates)
        pages.append((file(sheet.id, language), page))
        for image in images { try output.copy(image.source, to: image.name) }
        if let figure = figures[sheet.id]?[language] {
          try output.write(figure.svg, to: Self.figureFile(sheet, language))
        }
      }
    }
    try copyKaTeX(to: &output)
    try output.write(PageAssets.styleSheet, to: "unroll.css")
    try output.write(PageScript.text, to: "unroll.js")
    for page in pages { try output.write(page.text, to: page.name) }
    try output.finish()
    return output.path + "/" + file("index", first)
  }

  private func copyKaTeX(to output: inout PageFolder) throws {
    for name in ["katex.min.js", "katex.min.css"] {
      let path = katex + "/" + name
      guard SourceFile.kind(path) == .file else {
        throw Refusal(
          description: "there is no \(path); install libjs-katex (apt-get install libjs-katex) or give KaTeX's folder")
      }
      try output.copy(path, to: "katex/" + name)
    }
    let fonts = (SourceFile.names(in: katex + "/fonts") ?? []).filter { $0.hasSuffix(".woff2") }
    guard !fonts.isEmpty else {
      throw Refusal(description: "there are no fonts in \(katex)/fonts; install fonts-katex or give KaTeX's folder")
    }
    try output.write(PageAssets.katexLicense, to: "katex/LICENSE.txt")
    for font in fonts { try output.copy("\(katex)/fonts/\(font)", to: "katex/fonts/\(font)") }
  }

  // MARK: - Pages

  private static func figureFile(_ sheet: Sheet, _ language: Language) -> String {
    "\(sheet.id)/gradient-flow\(language == .english ? "" : ".\(language.rawValue)").svg"
  }

  private func file(_ name: String, _ language: Language) -> String {
    language == .english ? "\(name).html" : "\(name).\(language.rawValue).html"
  }

  /// The page of a sheet in a language, or in English where the pages have no other.
  private func link(to sheet: Sheet, _ language: Language) -> [String: Any] {
    let text = languages.contains(language) ? sheet.text(language) : nil
    return ["file": file(sheet.id, text == nil ? .english : language), "title": text?.title ?? sheet.title]
  }

  private func frame(_ title: String, _ name: String, _ language: Language, isTranslated: Bool) -> [String: Any] {
    let words = Words(language)
    var values: [String: Any] = [
      "language": words.htmlLanguage, "title": title, "skipWord": words.skipWord, "courseWord": words.courseWord,
      "languageWord": words.languageWord, "copyWord": words.copyWord, "copiedWord": words.copiedWord,
    ]
    let other = language == .english ? Language.chinese : .english
    if isTranslated, languages.contains(other) {
      let there = Words(other)
      values["other"] = ["file": file(name, other), "language": there.htmlLanguage, "word": there.languageName]
    }
    return values
  }

  private func facts(_ sheet: Sheet, _ words: Words) -> [String] {
    // No line ends between a number and what it counts.
    let counts = [words.points(sheet.points), sheet.minutes.map { words.minutes($0) }].compactMap {
      $0?.replacing(" ", with: "\u{A0}")
    }
    return [sheet.source(words.language).map { words.source($0) }].compactMap { $0 } + counts
  }

  /// The links to the sheets that come before one; a broken one has no page to link to.
  private func needs(_ sheet: Sheet, _ language: Language) -> [String: Any]? {
    let found = sheet.needs.compactMap { id in library.sheets.first { $0.id == id } }
    guard !found.isEmpty else { return nil }
    let words = Words(language)
    let links = found.enumerated().map { index, need in
      link(to: need, language).merging(["separator": index == found.count - 1 ? "" : words.separator]) { own, _ in own }
    }
    return ["links": links]
  }

  private func index(_ language: Language, _ templates: PageTemplates) -> String {
    let words = Words(language)
    var values = frame(words.courseTitle, "index", language, isTranslated: languages.count > 1)
    values["introduction"] = words.courseIntroduction
    values["needsWord"] = words.needsWord
    values["searchWord"] = words.searchWord
    if library.sheets.count > 1 {
      values["total"] = words.total(
        sheets: library.sheets.count, points: library.sheets.reduce(0) { $0 + $1.points },
        minutes: library.sheets.map(\.minutes))
    }
    values["sheets"] = library.sheets.map { sheet in
      var item = link(to: sheet, language)
      item["id"] = sheet.id
      item["facts"] = facts(sheet, words)
      item["needs"] = needs(sheet, language)
      item["words"] = (sheet.text(language) ?? sheet.text(.english))?.headings.joined(separator: " · ")
      item["foreign"] = language != .english && sheet.text(language) == nil
      return item
    }
    return templates.page("index", values)
  }

  private func page(
    _ sheet: Sheet, _ text: SheetText, _ templates: PageTemplates
  ) -> (page: String, images: [(source: String, name: String)]) {
    let language = text.language
    let words = Words(language)
    var values = frame(text.title, sheet.id, language, isTranslated: sheet.translation != nil)
    values["home"] = ["file": file("index", language), "word": words.homeWord]
    values["id"] = sheet.id
    values["facts"] = facts(sheet, words)
    values["needsWord"] = words.needsWord
    values["needs"] = needs(sheet, language)
    (values["taskWord"], values["kindWord"], values["pointsWord"]) = (words.taskWord, words.kindWord, words.pointsWord)
    values["tasks"] = sheet.tasks.map {
      ["id": $0.id, "kind": words.kind($0.kind), "points": $0.points] as [String: Any]
    }
    var images: [(source: String, name: String)] = []
    let blocks = Markdown.html(text.markdown.source, from: text.start) { destination, isImage in
      destinationOnPage(destination, isImage: isImage, of: sheet, language, &images)
    } page: { code in
      guard code != sheet.id, let other = library.sheets.first(where: { $0.id == code }) else { return nil }
      return link(to: other, language)["file"] as? String
    }
    values["walk"] = walks[sheet.id]?.page(words, drawing: drawings[sheet.id])
    if let figure = figures[sheet.id]?[language] {
      values["figure"] = [
        "summary": words.figureWord, "file": Self.figureFile(sheet, language), "alternative": figure.alternative,
        "caption": figure.caption, "again": words.drawAgain, "command": figure.command.brokenBetweenWords,
      ]
    }
    var hints = 0
    values["sections"] = text.sections.filter { $0.kind != .teachers }.map { section in
      var item: [String: Any] = ["html": blocks[section.indices].map(\.html).joined()]
      if section.kind == .hint {
        // Folded and before the hints: a sheet asks for a guess first.
        if hints == 0 { for key in ["walk", "figure"] { item[key] = values.removeValue(forKey: key) } }
        hints += 1
        let title = words.hint(hints, of: text.hints.count) + (section.title.map { words.colon + $0 } ?? "")
        item["hint"] = ["id": "hint-\(hints)", "summary": title, "html": item["html"] ?? ""]
      }
      return item
    }
    values["contents"] = contents(text, blocks, words)
    if let position = library.sheets.firstIndex(where: { $0.id == sheet.id }) {
      var steps: [String: Any] = [:]
      if position > 0 { steps["previous"] = link(to: library.sheets[position - 1], language) }
      if position + 1 < library.sheets.count { steps["next"] = link(to: library.sheets[position + 1], language) }
      if !steps.isEmpty { values["steps"] = steps.merging(["label": words.neighboursWord]) { own, _ in own } }
    }
    return (templates.page("sheet", values), images)
  }

  /// The links to the headings that everybody sees, and to the first hint; nil where there are fewer than three.
  private func contents(_ text: SheetText, _ blocks: [BlockHTML], _ words: Words) -> [String: Any]? {
    var headings = text.body.flatMap { $0.indices }.compactMap { blocks[$0].heading }.filter { $0.level == 2 }
      .map { ["id": $0.id, "html": $0.html] }
    if !text.hints.isEmpty { headings.append(["id": "hint-1", "html": words.hintsWord]) }
    return headings.count < 3 ? nil : ["word": words.contentsWord, "headings": headings]
  }

  /// Where a link or an image of a sheet leads once it stands on a page.
  private func destinationOnPage(
    _ destination: String, isImage: Bool, of sheet: Sheet, _ language: Language,
    _ images: inout [(source: String, name: String)]
  ) -> String {
    let parts = destination.split(separator: "/").map(String.init)
    if parts.count == 3, parts[0] == "..", parts[2].hasPrefix("sheet."), parts[2].contains(".md"),
      let target = library.sheets.first(where: { $0.id == parts[1] })
    {
      return link(to: target, language)["file"] as? String ?? destination
    }
    // An image beside the sheet goes along.
    guard isImage, parts.count == 1, !destination.hasPrefix("/"), !destination.hasPrefix("."),
      !destination.contains(":")
    else { return destination }
    let folder = sheet.file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let source = (folder.isEmpty ? "." : folder) + "/" + destination
    guard SourceFile.kind(source) == .file else { return destination }
    let name = "\(sheet.id)/\(destination)"
    if !images.contains(where: { $0.name == name }) { images.append((source, name)) }
    return name
  }
}
