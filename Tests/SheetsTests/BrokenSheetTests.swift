// Broken sheets: each is refused at the right place, with a message that says what to do.

import Derivation
import Diagnostics
import Markdown
import Sheets
import Testing

/// A slip in the small sheet: what is replaced by what, `👉` where the finding must point, and words of its message.
struct Slip: Sendable, CustomTestStringConvertible {
  var name: String
  var old: String
  var new: String
  var message: String
  var testDescription: String { name }

  init(_ name: String, _ old: String, _ new: String, _ message: String) {
    (self.name, self.old, self.new, self.message) = (name, old, new, message)
  }
}

private let cellLines = """
  cell:
    name: Demo
    layout: columns
    sizes: {D: 3, H: 5, N: 10}
    input: {x: [D]}
    state: {h: [H]}
    parameters: {W: [H, D], U: [H, H], 'b_{hz}': [H]}

  """.split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(0) }.joined(separator: "\n")

private let slips: [Slip] = [
  Slip("no front matter", "---\nid: demo", "👉id: demo", "begins with a line `---`"),
  Slip("front matter without end", "---\n\n# A small sheet", "\n\n# A small sheet", "never ends"),
  Slip("no id", "---\nid: demo\n", "👉---\n", "no `id`"),
  Slip("no title", "---\nid: demo\ntitle: A small sheet\n", "👉---\nid: demo\n", "no `title`"),
  Slip("empty title", "title: A small sheet", "👉title:", "`title` is a text, not nothing"),
  Slip("bad id", "id: demo", "id: 👉Demo Sheet", "small letters, digits and hyphens"),
  Slip("unknown key", "minutes: 20", "👉minuts: 20", "did you mean `minutes`?"),
  Slip("unknown cell key", "  layout: columns", "  👉layuot: columns", "did you mean `layout`?"),
  Slip("unknown task key", "points: 20}", "points: 20, 👉gaols: []}", "did you mean `goals`?"),
  Slip("duplicate key", "minutes: 20", "👉minutes: 20\nminutes: 30", "`minutes` stands here twice"),
  Slip("words for no mistake", "minutes: 20", "minutes: 20\nfaults: 👉here", "`faults` is a mapping such as"),
  Slip("words that are none", "minutes: 20", "minutes: 20\nfaults: {a: 👉[b]}", "`a` is a text, not a list"),
  Slip("words on two lines", "minutes: 20", "minutes: 20\nfaults:\n  a: 👉|\n    b\n    c", "are one line"),
  Slip("words with open mathematics", "minutes: 20", "minutes: 20\nfaults: {a: 👉'$`h_t'}", "does not end"),
  Slip("minutes in words", "minutes: 20", "minutes: 👉twenty", "a whole number from 1 to 10000, not `twenty`"),
  Slip("minutes in quotes", "minutes: 20", "minutes: 👉\"20\"", "not the text “20”"),
  Slip("unknown layout", "layout: columns", "layout: 👉colums", "did you mean `columns`?"),
  Slip("a name without letters", "name: Demo", "name: 👉'--'", "a name of at most 40 characters"),
  Slip("taken type name", "name: Demo", "name: 👉Matrix", "taken by the interface"),
  Slip("taken type name in another spelling", "name: Demo", "name: 👉matrix", "`Matrix` is taken by the interface"),
  Slip(
    "derivation with an empty list", "goals: ['\\frac{\\partial L}{\\partial W}']", "goals: 👉[]", "`goals` is empty"),
  Slip("no sizes", "  sizes: {D: 3, H: 5, N: 10}\n", "", "`cell` has no `sizes`"),
  Slip("size of no letter", "{D: 3,", "{👉n_a: 4, D: 3,", "a size is one letter"),
  Slip(
    "layers with code", "  sizes: {D: 3", "  layers: 2\n  sizes: {D: 3",
    "which is about one layer, and the cell has `layers`"
  ),
  Slip("one layer", "  sizes: {D: 3", "  layers: 👉1\n  sizes: {D: 3", "a whole number from 2 to 4"),
  Slip(
    "error without its function", "kind: forward, points: 20}", "kind: compile, points: 20, errors: [👉{says: no}]}",
    "this error has no `in`"),
  Slip(
    "error as a text", "kind: forward, points: 20}", "kind: compile, points: 20, errors: [👉no such name]}",
    "an error is written `{says:"),
  Slip(
    "error in a function that is not asked for", "kind: forward, points: 20}",
    "kind: compile, points: 20, errors: [{says: 👉no, in: forwardThroughTime}]}", "where a task of kind sequence"),
  Slip("size zero", "{D: 3,", "{D: 👉0,", "a whole number from 1 to 1000"),
  Slip("size that is missing", "W: [H, D]", "W: [H, 👉K]", "`K` is not in `sizes` (it has D, H, N)"),
  Slip("bad axis", "W: [H, D]", "W: [H, 👉D*2]", "an axis is written `H`, `4H` or `H+D`"),
  Slip("batch as an axis", "{x: [D]}", "{x: [👉N, D]}", "counts the samples"),
  Slip("three axes", "W: [H, D]", "W: 👉[H, D, D]", "at most two"),
  Slip("axes without list", "{x: [D]}", "{x: 👉D}", "a list of axes"),
  Slip("braces without quotes", "'b_{hz}': [H]", "👉b_{hz}: [H]", "needs quotes here: write 'b_{hz}'"),
  Slip(
    "LaTeX without quotes", "['\\frac{\\partial L}{\\partial W}']", "[👉\\frac{a}{b}]",
    "needs quotes here: write '\\frac{a}{b}'"),
  Slip("LaTeX in double quotes", "['\\frac{\\partial L}{\\partial W}']", "[\"👉\\frac{a}{b}\"]", "write single quotes"),
  Slip("one name twice", "U: [H, H]", "👉h: [H, H]", "stands under `state` already"),
  Slip("symbol of digits", "U: [H, H]", "👉2U: [H, H]", "is no symbol"),
  Slip("no tasks", "tasks:\n", "tasks: 👉[]\nneeds:\n", "`tasks` is empty"),
  Slip(
    "task without points", "{id: forward, kind: forward, points: 20}", "👉{id: forward, kind: forward}", "no `points`"),
  Slip("unknown kind", "kind: backward", "kind: 👉backwards", "did you mean `backward`?"),
  Slip("task twice", "id: backward", "id: 👉forward", "stands here twice"),
  Slip("negative points", "points: 40", "points: 👉-1", "a whole number from 0 to 1000"),
  Slip("goals for code", "points: 20}", "points: 20, 👉goals: ['a']}", "belongs to tasks of kind derivation"),
  Slip("derivation without goals", "    goals: ['\\frac{\\partial L}{\\partial W}']\n", "", "a derivation has `goals`"),
  Slip("letters for code", "points: 20}", "points: 20, 👉between: {f: [0, 1]}}", "belongs to tasks of kind quantity"),
  Slip(
    "letters the wrong way round", "  - {id: essay,",
    "  - {id: q, kind: quantity, points: 1, answer: 'f', between: {f: 👉[0.9, 0.1]}}\n  - {id: essay,",
    "two numbers such as `[0.1, 10]`, the smaller one first, from -1000 to 1000, not `[0.9, 0.1]`"),
  Slip("blocks that are none", "points: 20}", "points: 20, blocks: 👉[]}", "not an empty list"),
  Slip(
    "letters with powers of ten", "  - {id: essay,",
    "  - {id: q, kind: quantity, points: 1, answer: 'f', between: {f: 👉[1e-3, 1]}}\n  - {id: essay,",
    "plain numbers with at most six decimals"),
  Slip("needs itself", "minutes: 20", "needs: [👉demo]", "cannot need itself"),
  Slip("tab", "  layout: columns", "👉\tlayout: columns", "indent it with spaces"),
  Slip("alias", "minutes: 20", "minutes: 👉*a", "aliases and tags are not read"),
  Slip("open bracket", "{x: [D]}", "👉{x: [D]", "is never closed by `}`"),
  Slip("open bracket above", "title: A small sheet", "title: 👉[A small sheet", "is never closed by `]`"),
  Slip("hyphen without space", "- {id: forward,", "👉-{id: forward,", "a space belongs behind this `-`"),
  Slip("mark that begins no text", "title: A", "title: 👉@A", "begins with “@” needs single quotes"),
  Slip("text behind quotes", "source: NNDL,", "source: 'NNDL' 👉more,", "nothing stands behind a closing quote"),
  Slip("line indented too far", "  name: Demo", "     name: Demo", "keys of one mapping are indented alike"),
  Slip("key that is a list", "minutes: 20", "? 👉[minutes]\n: 20", "a key is a text, not a list"),
  Slip("open quote", "['\\frac{\\partial L}{\\partial W}']", "[👉'\\frac{a}{b}]", "this quote is never closed"),
  Slip("deep brackets", "{x: [D]}", "[[[[[[[[[[[[👉[]]]]]]]]]]]]]", "nested deeper than 12"),
  Slip("colon in a text", "title: A small sheet", "title: A sheet👉: small", "needs quotes"),
  Slip("key without colon", "minutes: 20", "minutes 20", "a key is followed by `: `"),
  Slip("control character", "source: NNDL", "source: 👉\u{85}NNDL", "invisible control character"),
  Slip("unknown role", "```math forward", "👉```math foward", "did you mean `forward`?"),
  Slip("no equations", "```math forward", "```math", "the text has no equations"),
  Slip(
    "empty equations", "```math forward\nh_t = \\tanh(W x_t + U h_{t-1} + b_{hz})\n", "👉```math forward\n",
    "this block is empty"),
  Slip("equations without cell", cellLines, "", "the front matter has no `cell`"),
  Slip("formula without end", "> Take your time.", "👉$$\na = b", "never closed"),
  Slip("hint of another level", "## Hint\n", "👉### Hint\n", "write `## Hint`"),
  Slip("hints", "## Hint\n", "👉## Hints\n", "did you mean `## Hint`?"),
  Slip("for the teacher", "## For teachers", "👉## For the teacher", "did you mean `## For teachers`?"),
  Slip(
    "hidden equations", "## What to do", "## Hint: a cell\n\n👉```math forward\na = b\n```\n\n## What to do",
    "does not see them"),
  Slip("deep quotes", "> Take", "👉" + String(repeating: ">", count: 60) + " Take", "nested deeper than 40"),
]

extension Diagnostic {
  /// The finding in Chinese, where that is told in English in part or as a whole; code is the same in every language.
  var untranslated: String? {
    let chinese = wording.chinese
    let words = chinese.replacing(/```[a-z ]*/, with: "").replacing(/`[^`]*`|'[^']*'|“[^”]*”/, with: "")
    let isChinese = !words.contains(/[A-Za-z]{2,}[,;]? [a-z]{2,}/) && words.contains { !$0.isASCII }
    return isChinese ? nil : chinese
  }
}

@Suite struct BrokenSheetTests {
  @Test(arguments: slips) func points(_ slip: Slip) throws {
    #expect(Fixture.sheet.contains(slip.old))
    let marked = Fixture.sheet.replacing(slip.old, with: slip.new, maxReplacements: 1)
    let pieces = marked.split(separator: "👉", maxSplits: 1, omittingEmptySubsequences: false)
    let source = SourceText(name: "sheet.md", text: pieces.joined())
    let error = #expect(throws: DiagnosticList.self) { try Sheet(source) }
    let findings = error?.diagnostics ?? []
    let finding = findings.first { $0.message.contains(slip.message) }
    #expect(finding != nil, "\(error?.description ?? "")")
    if pieces.count == 2, let finding {
      #expect(finding.position == source.position(at: pieces[0].utf8.count), "\(finding)")
    }
    for finding in findings {
      #expect(finding.untranslated == nil)
      #expect(
        finding.message.first?.isUppercase == false && !finding.message.hasSuffix(".") && !finding.message.contains("!")
      )
    }
  }

  /// Whatever slips of the hand make of front matter, no word about it is in English alone.
  @Test func everySlipOfTheHandIsToldInChinese() throws {
    let sheet = Array(Fixture.sheet)
    let end = try #require(Fixture.sheet.firstRange(of: "---\n\n# A"))
    let count = Fixture.sheet.distance(from: Fixture.sheet.startIndex, to: end.lowerBound)
    let marks = Array("[]{}:,-?&*!|>'\"%@#\n\t ")
    var slips: [[Character]] = []
    for index in stride(from: 4, to: count, by: 3) {
      let (before, after) = (Array(sheet[..<index]), Array(sheet[index...]))
      slips.append(before + [marks[index / 3 % marks.count]] + after)
      slips.append(before + Array(after.dropFirst(1 + index % 4)))
    }
    var kinds: Set<String> = []
    for slip in slips {
      do { _ = try Fixture.read(String(slip)) } catch let error as DiagnosticList {
        for finding in error.diagnostics {
          kinds.insert(finding.wording.kind)
          #expect(finding.untranslated == nil, "\(finding)")
        }
      }
    }
    #expect(kinds.count > 25)
  }

  @Test func headline() throws {
    let text = Fixture.sheet.replacing("layout: columns", with: "layout: colums")
    let error = #expect(throws: DiagnosticList.self) { try Fixture.read(text) }
    #expect(
      error?.diagnostics.first?.headline
        == "sheet.md:8:11: error: `layout` is one of `columns`, `rows`, not `colums`; did you mean `columns`?")
  }

  @Test func severalAtOnce() throws {
    let text = Fixture.sheet.replacing("minutes: 20", with: "minuts: 20").replacing("points: 40", with: "points: many")
      .replacing("## Hint\n", with: "## Hints\n")
    let error = #expect(throws: DiagnosticList.self) { try Fixture.read(text) }
    #expect(error?.diagnostics.map(\.position.line) == [5, 15, 46])
  }

  @Test func manyAliasesCostNothing() throws {
    var lines = ["---", "a0: &a0 [x, x]"]
    for index in 1..<60 { lines.append("a\(index): &a\(index) [*a\(index - 1), *a\(index - 1)]") }
    lines.append("? *a59\n: x\n---\n")
    let error = #expect(throws: DiagnosticList.self) { try Fixture.read(lines.joined(separator: "\n")) }
    #expect(error?.diagnostics.first?.message.contains("aliases") == true)
  }

  @Test func largeFrontMatter() throws {
    let text = "---\n" + String(repeating: "a: b\n", count: 20_000) + "---\n"
    let error = #expect(throws: DiagnosticList.self) { try Fixture.read(text) }
    #expect(error?.diagnostics.first?.message.contains("longer than 64 KiB") == true)
  }

  @Test func translationThatDiffers() throws {
    func message(_ translation: String) throws -> String? {
      let error = #expect(throws: DiagnosticList.self) { try Fixture.read(translation: translation) }
      #expect(error?.diagnostics.compactMap(\.untranslated) == [])
      return error?.diagnostics.first?.headline
    }
    let good = Fixture.translation
    #expect(try Fixture.read(translation: good).translation?.title == "一道小题")
    #expect(
      try message(good.replacing("h_t = \\tanh", with: "h_t =  \\tanh"))
        == "sheet.zh.md:11:7: error: this block of mathematics differs from sheet.md:27; they must be equal, byte for byte"
    )
    #expect(
      try message(good.replacing("## 提示\n", with: "## 其他\n"))?.contains("number of hints is 1 here and 2") == true)
    #expect(
      try message(good.replacing("title:", with: "points: 3\ntitle:"))?.contains(
        "holds `title`, `source` and `faults` only")
        == true)
    #expect(try message(good.replacing("## 给教师", with: "## 给老师"))?.contains("did you mean `## 给教师`?") == true)
  }

  @Test func everyPrefixIsReadOrRefused() throws {
    // A file that is cut off anywhere must never stop the program.
    let bytes = Array(Fixture.sheet.utf8)
    for end in 0..<bytes.count {
      let text = String(decoding: bytes[..<end], as: UTF8.self)
      _ = try? Sheet(SourceText(name: "sheet.md", text: text))
      let rest = String(decoding: bytes[end...], as: UTF8.self)
      _ = try? Markdown(SourceText(name: "sheet.md", text: rest))
    }
  }
}
