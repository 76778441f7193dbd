// Whatever cannot be read is said with its place, in one message and exit code 2; nothing traps.

import Foundation
import TestSupport
import Testing

/// One thing that is broken, and words that its message must have.
private struct Broken: Sendable, CustomTestStringConvertible {
  enum Input: Sendable {
    /// The sheet of `rnn-step` with one text replaced by another.
    case sheet(String, String)
    /// A sheet from its bytes.
    case bytes([UInt8])
    /// The case below with one text replaced by another.
    case value(String, String)
    /// A case from its text.
    case text(String)
    /// A derivation of so many bytes, or with something else in its place.
    case derivation(String)
    /// The arguments alone.
    case arguments([String])
  }

  let input: Input
  let says: String
  var testDescription: String { says }

  init(_ input: Input, _ says: String) { (self.input, self.says) = (input, says) }
}

private let good = """
  {"parameters": {"Wx": [[1, 2], [3, 4]], "Wh": [[1, 0], [0, 1]], "b": [[0, 0]]},
   "inputs": {"x": [[[1, 2]], [[3, 4]]]}, "initial": {"h": [[0, 0]]}, "upstream": {"h": [[[1, 1]], [[1, 1]]]}}
  """

private let solution = "solutions/rnn-step"

private let broken: [Broken] = [
  // Sheets.
  Broken(.bytes([]), "sheet.md:1:1: error: a sheet begins with a line `---`"),
  Broken(.bytes([UInt8](repeating: 0, count: 5000)), "sheet.md:1:1: error: a byte 0 stands here"),
  Broken(.bytes(Array("---\nid: ".utf8) + [0xFF, 0xFE]), "sheet.md:2:5: error: the text is not UTF-8"),
  Broken(.bytes([0xFF, 0xFE, 0x2D, 0, 0x2D, 0]), "sheet.md:1:"),
  Broken(.sheet("\\tanh", "\\arsinh"), "sheet.md:34:7: error: `\\arsinh` is not part"),
  Broken(.sheet("W_h + b", "W_q + b"), "sheet.md:33:25: error: `W_q` is neither declared nor defined"),
  Broken(.sheet("x_t W_x", "W_x x_t"), "sheet.md:33:7: error: D×H times 1×D: H columns do not meet 1 rows"),
  Broken(.sheet("a_t = x_t W_x", "a_t = h_t W_h + x_t W_x"), "depends on itself within one step"),
  Broken(.sheet("h_t = \\tanh(a_t)", "h_t = a_t\nh_t = a_t"), "sheet.md:35:1: error: `h_t` is defined twice"),
  Broken(.sheet("h_t = \\tanh(a_t)", "q_t = \\tanh(a_t)"), "no equation defines `h_t`"),
  Broken(.sheet("h_{t-1} W_h", "h_{t+1} W_h"), "speak of the steps t and t-1 only"),
  Broken(.sheet("\\tanh(a_t)", "\\tanh(a_t"), "sheet.md:34:12: error: this `(` is never closed"),
  Broken(
    .sheet("\\tanh(a_t)", String(repeating: "(", count: 20_000) + "a_t" + String(repeating: ")", count: 20_000)),
    "nested more than 200 deep"),
  Broken(.sheet("D: 3", "D: 99999999999999999999"), "a whole number from 1 to 1000"),
  Broken(.sheet("points: 30", "points: 1e400"), "a whole number from 0 to 1000, not `1e400`"),
  Broken(.sheet("points: 30", "points: -30"), "a whole number from 0 to 1000, not `-30`"),
  Broken(.sheet("kind: forward", "kind: foward"), "not `foward`"),
  Broken(.sheet("id: rnn-step", "id: ../../etc"), "sheet.md:2:5: error: `../../etc` is no id"),
  Broken(.sheet("  name: RNN", "\tname: RNN"), "a tab indents this line"),
  Broken(.sheet("name: RNN", "name: &a RNN"), "anchors, aliases and tags are not read"),
  Broken(.sheet("---\n\n# One step", "\n\n# One step"), "the front matter never ends"),
  Broken(.sheet("title: One", "title: \u{7}One"), "an invisible control character"),
  Broken(
    .sheet("a_t = x_t W_x + h_{t-1} W_h + b\nh_t = \\tanh(a_t)\n", ""), "sheet.md:32:1: error: this block is empty"),
  Broken(.sheet("tasks:", "tasks:" + String(repeating: " ", count: 70_000)), "longer than 64 KiB"),
  Broken(.sheet("W_h: [H, H]", "W_h: [H, H, H]"), "`W_h` has 3 axes"),
  Broken(.sheet("W_h: [H, H]", "W_h: [0H, H]"), "not `0H`"),
  Broken(.sheet("W_h: [H, H]", "W_h: [99999999999999999999H, H]"), "an axis is written"),
  Broken(.sheet("W_h: [H, H]", "W_h: [K, H]"), "the size `K` is not in `sizes`"),
  Broken(.sheet("b: [H]}", "b: [H], b: [H]}"), "`b` stands here twice"),
  Broken(.sheet("b: [H]}", "h: [H]}"), "`h` stands under `state` already"),
  // Cases.
  Broken(.text("{"), "case.json: case: is not valid JSON"),
  Broken(.text(""), "is not valid JSON"),
  Broken(.text(String(repeating: "[", count: 100_000)), "is not valid JSON"),
  Broken(.text("\0\0"), "is not valid JSON"),
  Broken(.text("null"), "is not what belongs here"),
  Broken(.text("[]"), "is not what belongs here"),
  Broken(.text("{}"), "parameters.Wx: is missing"),
  Broken(.value("[[1, 2], [3, 4]]", "[[1e999, 2], [3, 4]]"), "case.json"),
  Broken(.value("[[1, 2], [3, 4]]", "[[NaN, 2], [3, 4]]"), "is not valid JSON"),
  Broken(.value("[[1, 2], [3, 4]]", "[[\"x\", 2], [3, 4]]"), "parameters.Wx[0][0]: is not what belongs here"),
  Broken(.value("[[1, 2], [3, 4]]", "[[1, 2], [3]]"), "parameters.Wx[1]: has 1 entries where the first row has 2"),
  Broken(.value("[[1, 2], [3, 4]]", "[]"), "parameters.Wx: is empty"),
  Broken(.value("[[1, 2], [3, 4]]", "[[], []]"), "parameters.Wx: is empty"),
  Broken(.value("[[1, 0], [0, 1]]", "[[1, 0]]"), "parameters.Wh: is 1×2, but H×H is 2×2 here"),
  Broken(.value("\"initial\": {\"h\": [[0, 0]]}", "\"initial\": {}"), "initial.h: is missing"),
  Broken(.value("{\"x\": [[[1, 2]], [[3, 4]]]}", "{\"x\": []}"), "inputs.x: has no steps"),
  Broken(.value("{\"x\": [[[1, 2]], [[3, 4]]]}", "{\"x\": [[1, 2]]}"), "inputs.x[0][0]: is not what belongs here"),
  Broken(.value("[[3, 4]]]}", "[[3, 4], [5, 6]]]}"), "inputs.x[1]: is 2×2, but N×D is 1×2 here"),
  Broken(.value("{\"h\": [[[1, 1]], [[1, 1]]]}", "{\"h\": [[[1, 1]]]}"), "upstream.h: has 1 steps"),
  Broken(.value("{\"h\": [[[1, 1]], [[1, 1]]]}", "{\"h\": [[[1]], [[1]]]}"), "upstream.h[0]: is 1×1"),
  // Derivations.
  Broken(.derivation(String(repeating: "> ", count: 40_000)), "“derivation.md” is too large; there may be 65536 bytes"),
  Broken(.arguments(["grade", "rnn-bptt", "/dev/zero"]), "is no submission"),
  Broken(.arguments(["grade", "rnn-bptt", "/proc/self/mem"]), "is no submission"),
  // Options.
  Broken(.arguments(["grde"]), "there is no subcommand `grde`; did you mean `unroll grade`?"),
  Broken(.arguments(["qqqqqqqqq"]), "there is no subcommand `qqqqqqqqq` (`unroll --help` lists them)"),
  Broken(.arguments(["list", "--fromat", "csv"]), "Unknown option '--fromat'. Did you mean '--format'?"),
  Broken(.arguments(["list", "--format", "xml"]), "The value 'xml' is invalid for '--format <format>'"),
  Broken(.arguments(["list", "--root", "/nowhere"]), "/nowhere (the option): is no folder"),
  Broken(.arguments(["show"]), "Missing expected argument '<exercise>'"),
  Broken(.arguments(["show", ""]), "there is no sheet ``"),
  Broken(.arguments(["show", "nndl-6-44"]), "did you mean `nndl-6-4`"),
  Broken(.arguments(["show", "../no-such-folder/sheet"]), "there is no sheet at `../no-such-folder/sheet`"),
  Broken(.arguments(["show", "/etc/passwd"]), "/etc/passwd:1:1: error: a sheet begins with a line `---`"),
  Broken(.arguments(["show", "rnn-step", "--hint", "99"]), "there is no hint 99"),
  Broken(.arguments(["show", "rnn-step", "--hint", "99999999999999999999"]), "is invalid for '--hint <number>'"),
  Broken(.arguments(["show", "rnn-step", "--language", "fr"]), "one of 'en' and 'zh'"),
  Broken(.arguments(["grade", "rnn-step"]), "there is no folder `rnn-step` here"),
  Broken(.arguments(["grade"]), "is no exercise; write: unroll grade EXERCISE FOLDER"),
  Broken(.arguments(["grade", "--class", "."]), "name the exercise of the class"),
  Broken(.arguments(["watch", "rnn-step"]), "there is no folder `rnn-step` here"),
  Broken(.arguments(["grade", "rnn-step", "/nowhere"]), "“/nowhere” cannot be read: No such file or directory"),
  Broken(.arguments(["grade", "rnn-step", solution, "--seed", "1e9"]), "is invalid for '--seed <seed>'"),
  Broken(.arguments(["grade", "rnn-step", solution, "--task", "none"]), "there is no task `none`"),
  Broken(.arguments(["grade", "rnn-step", solution, "--isolation", "none"]), "one of 'namespaces' and 'limits'"),
  Broken(.arguments(["plot", "rnn-step", "--steps", "0"]), "--steps is from 1 to 10000, not 0"),
  Broken(.arguments(["plot", "rnn-step", "--hidden", "100000000"]), "--hidden is from 1 to 2048"),
  Broken(.arguments(["plot", "rnn-step", "--quantity", "zz"]), "no cell here has a quantity `zz`"),
  Broken(.arguments(["reference", "rnn-step", "--case", "/nowhere.json"]), "`/nowhere.json` cannot be read"),
  Broken(.arguments(["reference", "rnn-step", "--case", "/dev/zero"]), "is larger than 64 MiB"),
  Broken(.arguments(["reference", "rnn-step", "--case", "/tmp"]), "`/tmp` cannot be read"),
]

@Suite(.timed) struct BrokenInputTests {
  @Test func thereAreManyKinds() { #expect(broken.count >= 60) }

  @Test(arguments: broken) private func isRefusedAtItsPlace(_ broken: Broken) throws {
    let scratch = try Scratch()
    let sheet = try String(contentsOf: Repository.root.appending(path: "exercises/rnn-step/sheet.md"), encoding: .utf8)
    let arguments: [String]
    switch broken.input {
    case .sheet(let old, let new):
      try #require(sheet.contains(old))
      let text = sheet.replacing(old, with: new, maxReplacements: 1)
      arguments = ["reference", try scratch.file("sheet.md", text), "--case", try scratch.file("case.json", good)]
    case .bytes(let bytes):
      let path = try scratch.file("sheet.md", "")
      try Data(bytes).write(to: URL(filePath: path))
      arguments = ["check", path]
    case .value(let old, let new):
      try #require(good.contains(old))
      let text = good.replacing(old, with: new, maxReplacements: 1)
      arguments = ["reference", "rnn-step", "--case", try scratch.file("case.json", text)]
    case .text(let text): arguments = ["reference", "rnn-step", "--case", try scratch.file("case.json", text)]
    case .derivation(let text):
      _ = try scratch.file("derivation.md", text)
      arguments = ["grade", "rnn-bptt", scratch.url.path]
    case .arguments(let list): arguments = list
    }
    let run = try Run(list: arguments)
    #expect(run.code == 2, "\(run.output)\(run.error)")
    #expect(run.error.contains(broken.says), "\(run.error)")
    #expect(!run.error.contains("Fatal error") && !run.error.contains("Program crashed"))
  }

  /// Sheets that cannot be read, as a teacher who reads Chinese is told: nothing but the file's own lines is in English.
  @Test(arguments: [
    ("check", "points: 30", "score: 30"), ("show", "kind: forward", "kind: foward"),
    ("grade", "title: One", "titel: One"), ("start", "D: 3", "D: many"), ("watch", "points: 30", "points: 3000"),
    ("faults", "name: RNN", "name: [RNN]"), ("check", "title: One", "title: [One"),
    ("check", "  name: RNN", "\tname: RNN"), ("list", "W_h: [H, H]", "W_h: [H, H"),
    ("check", "tasks:", "tasks: none\nx:"), ("check", "W_h + b", "W_q + b"),
    ("list", "x_t W_x", "W_x x_t"), ("check", "needs: [", "needs: [bad"),
    ("render", "  name: RNN", "  name RNN"), ("list", "needs: [", "needs: [none"), ("show", "id: bad", "id: worse"),
    ("grade", "kind: forward", "kind: forward, zero: [q]"),
    ("check", "中文", "a_t = x_t W_x + h_{t-1} W_h"), ("list", "中文", "a_t = x_t W_x + h_{t-1} W_h"),
  ])
  func aBrokenSheetIsToldInChinese(_ command: String, _ old: String, _ new: String) throws {
    let scratch = try Scratch()
    let folder = Repository.root.appending(path: "exercises/rnn-step")
    for name in ["sheet.md", "sheet.zh.md"] {
      var text = try String(contentsOf: folder.appending(path: name), encoding: .utf8).replacing(
        "id: rnn-step", with: "id: bad", maxReplacements: 1)
      // Either the sheet is broken or its translation, in which an equation differs.
      if name == "sheet.md", old != "中文" {
        try #require(text.contains(old))
        text = text.replacing(old, with: new, maxReplacements: 1)
      } else if old == "中文" {
        text = name == "sheet.md" ? text : text.replacing("\(new) + b", with: new)
      }
      _ = try scratch.file("exercises/bad/\(name)", text)
    }
    let root = ["--root", scratch.url.path]
    let arguments =
      switch command {
      case "list": ["list"] + root
      case "render": ["render", "--output", scratch.url.appending(path: "site").path] + root
      // What code is compiled against lies in the course itself.
      case "grade", "watch": [command, scratch.url.appending(path: "exercises/bad").path, scratch.url.path]
      default: [command, "bad"] + root
      }
    let run = try Run(list: arguments + ["--language", "zh"])
    let headlines = run.error.split(separator: "\n").filter { $0.contains(".md:") }
    #expect(!headlines.isEmpty, "\(run.error)")
    for headline in headlines {
      let words = headline.replacing(#/.*\.md:[0-9]+:[0-9]+: /#, with: "")
      #expect(words.hasPrefix("错误: "), "\(headline)")
      let prose = words.replacing(/`[^`]*`/, with: "")
      #expect(!prose.contains(/[A-Za-z]{2,}[,;:]? [a-z]{2,}/) && prose.count > 8, "\(headline)")
    }
  }

  @Test func theGoodCaseIsComputed() throws {
    let scratch = try Scratch()
    #expect(try Run("reference", "rnn-step", "--case", scratch.file("case.json", good)).code == 0)
  }
}
