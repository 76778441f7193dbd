// Sheets with a model: what is read, and that each slip is refused at its place with a message that says what to do.

import Diagnostics
import Foundation
import Models
import Recurrence
import Sheets
import Testing

private let modelSheet = """
  ---
  id: demo
  title: A small model
  cell:
    name: Writer
    layout: rows
    sizes: {V: 7, H: 3, F: 4}
    input: {x: [V], y: [V], m: []}
    state: {h: [H]}
    output: {s: [V], '\\ell': []}
    parameters: {W_x: [V, H], W_h: [H, H], W_s: [H, V]}
  model:
    start: {input: {v: [F]}, parameters: {W_v: [F, H]}}
    target: y
    mask: m
    scores: s
    loss: '\\ell'
    over: samples
    data: {captions: 50}
  tasks:
    - {id: forward, kind: model, part: forward, points: 60}
    - {id: sampling, kind: model, part: sampling, points: 20, temperatures: [0.5, 2]}
    - {id: training, kind: model, part: training, points: 20, below: 0.5, seconds: 30}
  ---

  ```math start
  h_0 = v W_v
  ```

  ```math forward
  h_t = \\tanh(x_t W_x + h_{t-1} W_h)
  s_t = h_t W_s
  \\ell_t = -m_t \\operatorname{sum}(y_t \\odot \\log(\\operatorname{softmax}(s_t)))
  ```

  """

private let slips: [Slip] = [
  Slip("unknown key", "over: samples", "👉ovr: samples", "did you mean `over`?"),
  Slip("no target", "  target: y\n", "", "`model` has no `target`"),
  Slip("target that is none", "target: y", "target: 👉z", "`z` is not among the cell's `input` (`x`, `y`, `m`)"),
  Slip("scores that are none", "scores: s", "scores: 👉h", "is not among the cell's `output`"),
  Slip("mask that is a vector", "mask: m", "mask: 👉x", "must be a number for each sample"),
  Slip("loss that is a vector", "loss: '\\ell'", "loss: 👉s", "must be a number for each sample"),
  Slip("average of nothing", "over: samples", "over: 👉words", "`over` is one of `samples`, `targets`"),
  Slip("no data", "  data: {captions: 50}\n", "", "`model` has no `data`"),
  Slip("empty data", "{captions: 50}", "{}", "`captions: 50` or `text: rhyme.txt`"),
  Slip("too many captions", "{captions: 50}", "{captions: 👉100000}", "a whole number from 2 to 1000"),
  Slip("captions and a text", "{captions: 50}", "{captions: 50, 👉text: a.txt}", "`text` does not go with `captions`"),
  Slip(
    "text elsewhere", "{captions: 50}", "{text: 👉../secret.txt, window: 5, batch: 2}", "the text lies beside the sheet"),
  Slip("text without window", "{captions: 50}", "{text: a.txt, batch: 2}", "`text: rhyme.txt` with `window: 20`"),
  Slip("no start equations", "```math start\nh_0 = v W_v\n```", "", "write them in a block ```math start"),
  Slip(
    "start equations without start", "  start: {input: {v: [F]}, parameters: {W_v: [F, H]}}\n", "",
    "`model` has no `start`"),
  Slip("start at another time", "h_0 = v W_v", "👉h_t = v W_v", "the start defines states at time 0; write `h_0`"),
  Slip("start that uses nothing", "h_0 = v W_v", "h_0 = v + 👉q", "neither declared nor defined"),
  Slip("start without input", "{input: {v: [F]}, parameters", "{parameters", "`start` has no `input`"),
  Slip("start with a taken name", "parameters: {W_v: [F, H]}}", "parameters: {👉W_x: [F, H]}}", "has a meaning already"),
  Slip("no part", "kind: model, part: forward, points: 60", "kind: model, points: 60", "has a `part`"),
  Slip("unknown part", "part: forward", "part: 👉forwrd", "did you mean `forward`?"),
  Slip(
    "part of another kind", "kind: model, part: forward", "kind: essay, 👉part: forward",
    "belongs to tasks of kind model"),
  Slip("no temperatures", ", temperatures: [0.5, 2]", "", "has `temperatures`"),
  Slip("temperature below zero", "[0.5, 2]", "[👉-1, 2]", "a number from 0 to 100"),
  Slip("greedy among others", "👉temperatures: [0.5, 2]", "👉temperatures: [0, 2]", "stands alone"),
  Slip("temperature twice", "👉temperatures: [0.5, 2]", "👉temperatures: [2, 2]", "stands here twice"),
  Slip("no limit", "below: 0.5, ", "", "has `below`"),
  Slip("too much time", "seconds: 30", "seconds: 👉900", "a number from 1 to 120"),
  Slip(
    "limit of another part", "part: forward, points: 60", "part: forward, points: 60, 👉below: 1",
    "belongs to the part training"),
  Slip(
    "the same part twice", "{id: sampling, kind: model, part: sampling, points: 20, temperatures: [0.5, 2]}",
    "{id: 👉other, kind: model, part: forward, points: 20}", "two tasks have `part: forward`"),
  Slip(
    "no forward", "{id: forward, kind: model, part: forward, points: 60}",
    "{id: 👉forward, kind: model, part: clipping, points: 60}", "need a task with `part: forward`"),
  Slip(
    "a cell's task", "{id: forward, kind: model, part: forward, points: 60}",
    "{id: 👉forward, kind: backward, points: 60}", "its tasks in code are of kind model"),
]

@Suite struct ModelSheetTests {
  @Test func aModelIsRead() throws {
    let sheet = try Sheet(SourceText(name: "sheet.md", text: modelSheet))
    let model = try #require(sheet.model).model
    #expect(sheet.model?.data == .captions(50))
    #expect(model.parameters.map(\.swift) == ["Wv", "Wx", "Wh", "Ws"])
    #expect(model.startInputs.map(\.swift) == ["v"])
    #expect(model.results.map(\.swift) == ["h", "s"])
    #expect([model.word, model.target, model.mask, model.scores].map(\.swift) == ["x", "y", "m", "s"])
    #expect(model.average == .samples)
    #expect(
      sheet.tasks.map(\.model) == [
        .forward, .sampling(temperatures: [0.5, 2]), .training(below: 0.5, seconds: 30),
      ])
    #expect(sheet.asksForCode)
  }

  @Test(arguments: slips)
  func eachSlipIsRefused(_ slip: Slip) throws {
    let old = slip.old.replacingOccurrences(of: "👉", with: "")
    try #require(modelSheet.contains(old))
    let marked = modelSheet.replacingOccurrences(of: old, with: slip.new)
    let text = marked.replacingOccurrences(of: "👉", with: "")
    let place = marked.range(of: "👉").map { marked[..<$0.lowerBound].utf8.count }
    do {
      _ = try Sheet(SourceText(name: "sheet.md", text: text))
      Issue.record("it was taken")
    } catch {
      #expect(error.diagnostics.compactMap(\.untranslated) == [])
      let found = error.diagnostics.first { $0.description.contains(slip.message) }
      let finding = try #require(found, "\(error)")
      if let place { #expect(finding.range.lowerBound == place, "\(finding)") }
    }
  }

  @Test func aModelNeedsACell() throws {
    let start = try #require(modelSheet.range(of: "cell:\n"))
    let end = try #require(modelSheet.range(of: "model:\n"))
    let text = modelSheet.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: "")
    #expect(throws: DiagnosticList.self) { try Sheet(SourceText(name: "sheet.md", text: text)) }
  }
}
