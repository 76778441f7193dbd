// `unroll check` on sheets as teachers write them: what can be solved passes, and what cannot is named with its place.

import Foundation
import TestSupport
import Testing

/// A small sheet, made of the parts that a test is about.
private struct SheetParts: Sendable, CustomTestStringConvertible {
  var name: String
  var forward = "\(preActivation)h_t = \\tanh(z_t)"
  var parameters = "{W: [H, H], U: [H, D], b: [H]}"
  var state = "{h: [H]}"
  var cell = ""
  var front = ""
  var cellName = "Demo"
  var tasks = "  - {id: d, kind: derivation, points: 100, goals: ['\\frac{\\partial L}{\\partial U}']}"
  var says = ""

  static let preActivation = "z_t = W h_{t-1} + U x_t + b\n"
  var testDescription: String { name }

  init(_ name: String, says: String = "", _ change: (inout SheetParts) -> Void) {
    self.name = name
    self.says = says
    change(&self)
  }

  var text: String {
    let declared =
      forward.isEmpty
      ? ""
      : """
      cell:
        name: \(cellName)
        sizes: {D: 3, H: 4, N: 2}
        input: {x: [D]}
        state: \(state)
        parameters: \(parameters)
      \(cell)
      """
    let block = forward.isEmpty ? "Formulas alone.\n" : "```math forward\n\(forward)\n```\n"
    return
      "---\nid: sheet\ntitle: Sheet\n\(front)\(declared)\ntasks:\n\(tasks)\n---\n\n# Sheet\n\n\(block)\n## Hint\n\nThink.\n"
  }

  static func equations(
    _ name: String, _ forward: String, parameters: String? = nil, says: String = "",
    _ change: (inout SheetParts) -> Void = { _ in }
  ) -> SheetParts {
    SheetParts(name, says: says) { sheet in
      sheet.forward = forward
      if let parameters { sheet.parameters = parameters }
      change(&sheet)
    }
  }

  /// A sheet with a derivation.
  static func derivation(_ goals: String, more: String = "", says: String = "") -> SheetParts {
    SheetParts(goals + more, says: says) {
      $0.cell = "  constants: {'\\gamma': 0.1}\n"
      $0.tasks = "  - {id: d, kind: derivation, points: 100, goals: [\(goals)]\(more)}"
    }
  }

  /// A sheet of formulas alone.
  static func quantity(_ answer: String, more: String = "", says: String = "") -> SheetParts {
    SheetParts(answer + more, says: says) {
      $0.forward = ""
      $0.tasks = "  - {id: p, kind: quantity, points: 100, answer: '\(answer)'\(more)}"
    }
  }

  static func bound(_ limit: String, says: String = "") -> SheetParts {
    SheetParts(limit, says: says) {
      $0.tasks = "  - {id: bd, kind: bound, points: 100, limit: '\(limit)', given: ['\\lVert W \\rVert']}"
    }
  }

  static func required(_ require: String, says: String) -> SheetParts {
    SheetParts(require, says: says) {
      $0.tasks =
        "  - {id: forward, kind: forward, points: 50}\n"
        + "  - {id: flow, kind: gradient-flow, points: 50, require: {\(require)}}"
    }
  }

  private static func by(_ name: String) -> String { "'\\frac{\\partial L}{\\partial \(name)}'" }

  static let residuals = (2...8).map { layer in
    "r_{\(layer),t} = r_{\(layer - 1),t} + \\operatorname{relu}(W r_{\(layer - 1),t} + z_t)\n"
  }.joined()

  static let solvable: [SheetParts] = [
    .equations("relu", preActivation + "h_t = \\operatorname{relu}(z_t)"),
    .equations("max", preActivation + "h_t = \\max(z_t, h_{t-1})"),
    .equations("min and max", preActivation + "h_t = \\min(\\max(z_t, 0), 1)"),
    .equations("absolute value", preActivation + "h_t = |z_t| - \\frac12 h_{t-1}"),
    .equations("residual", preActivation + "h_t = h_{t-1} + \\frac{1}{10} \\tanh(z_t)"),
    .equations(
      "deep residual with relu",
      preActivation + "r_{1,t} = h_{t-1} + \\operatorname{relu}(W h_{t-1} + z_t)\n" + residuals + "h_t = r_{8,t}"),
    .equations("softmax", preActivation + "h_t = \\operatorname{softmax}(z_t)"),
    .equations(
      "softmax as a gate",
      preActivation + "p_t = \\operatorname{softmax}(z_t)\nh_t = p_t \\odot h_{t-1} + (1 - p_t) \\odot \\tanh(z_t)"),
    .equations(
      "sum over labels", "z_t = \\sum_{g \\in \\{f, i\\}} W_g h_{t-1} + U x_t\nh_t = \\tanh(z_t)",
      parameters: "{W_f: [H, H], W_i: [H, H], U: [H, D]}"),
    .equations(
      "sum over numbered labels", "z_t = \\sum_{k=1}^{3} W_k h_{t-1} + U x_t\nh_t = \\tanh(z_t)",
      parameters: "{W_1: [H, H], W_2: [H, H], W_3: [H, H], U: [H, D]}"),
    .equations("stopped gradient", preActivation + "h_t = \\operatorname{sg}(z_t) \\odot \\tanh(z_t)"),
    .equations("saturated", "z_t = 20 W h_{t-1} + 20 U x_t + b\nh_t = \\sigma(z_t)"),
    .equations("a small part", preActivation + "h_t = \\frac{1}{1000000} \\tanh(z_t) + h_{t-1}"),
    .equations("identity added", "z_t = (W + I) h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)"),
    .equations(
      "antisymmetric, friction a constant",
      "z_t = (W - W^\\top - \\gamma I) h_{t-1} + U x_t + b\nh_t = h_{t-1} + \\tanh(z_t)"
    ) { $0.cell = "  constants: {'\\gamma': 0.1}\n" },
    .equations(
      "antisymmetric, friction a parameter",
      "z_t = (W - W^\\top - \\gamma I) h_{t-1} + U x_t + b\nh_t = h_{t-1} + \\tanh(z_t)",
      parameters: "{W: [H, H], U: [H, D], b: [H], '\\gamma': []}"),
    .equations("ones added", "z_t = (W + \\mathbf 1\\mathbf 1^\\top) h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)"),
    .equations(
      "no connections to themselves",
      "z_t = (W \\odot (\\mathbf 1\\mathbf 1^\\top - I)) h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)"),
    .equations("mean", preActivation + "m_t = \\frac1H \\mathbf 1^\\top z_t\nh_t = \\tanh(z_t - m_t)"),
    .equations("size under a root", "z_t = \\frac{1}{\\sqrt{H}} W h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)"),
    .equations("a bias for every sample", "z_t = W h_{t-1} + U x_t + b \\mathbf 1^\\top\nh_t = \\tanh(z_t)"),
    .equations(
      "numbers in brackets above",
      "h^{(1)}_t = \\tanh(W^{(1)} h^{(1)}_{t-1} + U x_t)\nh^{(2)}_t = \\tanh(W^{(2)} h_{t-1}^{(2)} + h_t^{(1)})",
      parameters: "{'W^{(1)}': [H, H], 'W^{(2)}': [H, H], U: [H, D]}"
    ) { $0.state = "{'h^{(1)}': [H], 'h^{(2)}': [H]}" },
    .equations("functions with an index", preActivation + "h_t = \\sigma_h(z_t) \\odot \\sigma_{g}(z_t)") {
      $0.cell = "  functions: {'\\sigma_h': tanh, '\\sigma_g': sigma}\n"
    },
    .equations(
      "an input kept for the next step", "z_t = W p_{t-1} + U x_t\np_t = x_t\nh_t = \\tanh(z_t) + h_{t-1}",
      parameters: "{W: [H, D], U: [H, D]}"
    ) { $0.state = "{h: [H], p: [D]}" },
    .equations(
      "sizes at constants",
      "z_t = (W + I_{H \\times H} - \\mathbf 1_H \\mathbf 1_H^\\top + \\mathbf{1}_{H \\times H}) h_{t-1} + U x_t + b\nh_t := \\tanh(z_t)^{\\odot 2}"
    ),
    .equations("norm by a root", preActivation + "h_t = \\frac{z_t}{\\sqrt{z_t^\\top z_t}}"),
    .equations("numbers in square brackets", "z^{[1]}_t = W h_{t-1} + U x_t + b\nh_t = \\tanh(z^{[1]}_t)"),
    SheetParts("a name with a small letter") { $0.cellName = "minGRU" },
    SheetParts("a name of several words") { $0.cellName = "'3-gate cell, my own'" },
    SheetParts("formulas alone") {
      $0.forward = ""
      $0.tasks =
        "  - {id: p, kind: quantity, points: 40, answer: 'P = 4H(D+H+1)'}\n"
        + "  - {id: q, kind: quantity, points: 60, answer: 'K = f^n', between: {f: [0.1, 0.9], n: [2, 9]}}"
    },
    .bound("\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \\lVert W \\rVert"),
    .derivation(
      "\(by("W")), \(by("h_t")), '\\frac{\\partial h_t}{\\partial h_{t-1}}', '\\frac{\\partial L_t}{\\partial z_k}'"),
  ]

  static let unsolvable: [SheetParts] = [
    .derivation(
      by("Q"),
      says: "sheet.md:13:53: error: `Q` is no quantity of the cell; there are `U`, `W`, `\\gamma`, `b`, `h`, `x`, `z`"),
    .derivation(by("w"), says: "`w` is no quantity of the cell; there are `W`"),
    .derivation("'W h_{t-1}'", says: "is no derivative"),
    .derivation("'W'", says: "the goal `W` is no derivative"),
    .derivation(by("\\gamma"), says: "`\\gamma` is a constant; nothing is differentiated by it"),
    .derivation("'\\frac{\\partial h_t}{\\partial W}'", says: "has three axes"),
    .derivation("'\\frac{\\partial W}{\\partial h_t}'", says: "`W` is a parameter and depends on nothing"),
    .derivation(by("h"), says: "`h` carries no step"),
    .derivation("'\\frac{\\partial L}{\\partial W'", says: "never closed"),
    .derivation("'\\delta_t = \\frac{\\partial L}{\\partial z_t}'", says: "`=` is not expected here"),
    .derivation("\(by("W")), \(by("W"))", says: "stands here twice"),
    .derivation(by("W"), more: ", given: [\(by("W"))]", says: "is given too, so there is nothing to derive"),
    .derivation(by("W"), more: ", given: [\(by("q_t"))]", says: "`q_t` is no quantity of the cell"),
    .derivation("", says: "`goals` is empty"),
    .quantity("4H(D+H+1)", says: "an answer is a name and its formula, such as `P = 4H(D+H+1)`"),
    .quantity("P =", says: "one side of the relation is empty"),
    .quantity("P = \\log(H - H)", says: "does not earn this task: not equal: for H = "),
    .quantity("P = \\sqrt{1 - H}", says: "it gives NaN"),
    .quantity("P = \\frac{1}{f}", more: ", between: {f: [-1, 1]}", says: "it gives ∞"),
    .quantity("P \\le 4H", says: "an answer is a name and its formula"),
    .quantity("P = P + 1", says: "`P` stands on both sides"),
    .quantity("P = 4H = 2H + 2H", says: "an answer is a name and its formula"),
    .quantity("P = \\binom{n}{n/2}", says: "must be a whole number that is not negative"),
    SheetParts("one name twice", says: "the tasks `p` and `q` both ask for `P`") {
      $0.forward = ""
      $0.tasks =
        "  - {id: p, kind: quantity, points: 50, answer: 'P = 4H'}\n  - {id: q, kind: quantity, points: 50, answer: 'P = 3H'}"
    },
    SheetParts("needs what is not there", says: "error: there is no sheet `no-such-sheet`") {
      $0.front = "needs: [no-such-sheet]\n"
    },
    .required("decay: 0.5", says: "the sheet's own cell misses the requirement `flow.decay` with seed 1: it gives "),
    .required("rate: [0.5, 1]", says: "misses the requirement `flow.rate`"),
    .required("far: 1.9", says: "misses the requirement `flow.far`"),
    .equations("root of a negative number", preActivation + "h_t = \\sqrt{z_t}", says: "`h_t` is no finite number"),
    .equations("logarithm of a negative number", preActivation + "h_t = \\log(z_t)", says: "`h_t` is no finite number"),
    .equations(
      "overflow", preActivation + "h_t = \\exp(\\exp(3 z_t \\odot z_t))", says: "`h_t` is no finite number"),
    .bound(
      "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \\frac12 \\lVert W \\rVert",
      says: "the sheet's own bound does not earn this task: the bound"),
    .bound(
      "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \\lVert Q \\rVert",
      says: "the sheet's own bound does not earn this task: `Q` is unknown"),
    .bound(
      "\\lVert \\frac{\\partial h_t}{\\partial h_{t-1}} \\rVert \\le \\lVert U \\rVert + \\lVert W \\rVert",
      says: "the bound uses `U`, which is not among what the task lists"),
  ]

  /// Equations that are refused, and the reason or the remedy that is told.
  static let refused: [SheetParts] = [
    .equations(
      "number and matrix", "z_t = (W + 1) h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)",
      says: "write `I` for the diagonal or `\\mathbf 1\\mathbf 1^\\top` for all entries"),
    .equations(
      "number and identity", "z_t = (1 - I) h_{t-1} + W U x_t + b\nh_t = \\tanh(z_t)",
      says: "a number and `I` cannot be added; write `\\mathbf 1\\mathbf 1^\\top` for a number in every entry"),
    .equations(
      "identity and vector", "z_t = W h_{t-1} + U x_t + b + I\nh_t = \\tanh(z_t)",
      says: "`I` is a matrix, and here it meets a vector"),
    .equations(
      "sum over steps", "z_t = \\sum_{s=1}^{t} W h_s + U x_t + b\nh_t = \\tanh(z_t)",
      says: "a sum over steps is a state of its own: `s_t = s_{t-1} + …`"),
    .equations(
      "sum over entries", "z_t = \\sum_{j=1}^{H} W_j h_j + U x_t + b\nh_t = \\tanh(z_t)",
      says: "`\\mathbf 1^\\top v` adds them up"),
    .equations(
      "fonts", "z_t = W h_{t-1} + \\mathcal{W} x_t + b\nh_t = \\tanh(z_t)",
      parameters: "{W: [H, H], '\\mathcal{W}': [H, D], b: [H]}",
      says: "`\\mathcal{W}` and `W` are one name, because fonts do not tell names apart"),
    .equations(
      "number of samples", "z_t = \\frac1N W h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)",
      says: "`N` counts the samples, and the equations of a cell are about one sample"),
    .equations(
      "function with an index", preActivation + "h_t = \\sigma_h(z_t)",
      says: "as in `functions: {'\\sigma_h': tanh}`"),
    .equations(
      "input of the step before", "z_t = W h_{t-1} + U x_{t-1} + b\nh_t = \\tanh(z_t)",
      says: "declare a state, define it by `p_t = x_t` and write `p_{t-1}`"),
    .equations(
      "unknown function", preActivation + "h_t = \\operatorname{elu}(z_t)",
      says: "there is no function `elu` here; make it of "),
    .equations(
      "indicator", preActivation + "h_t = \\mathbb{1}[z_t > 0] \\odot z_t", says: "an indicator is not read, because"),
    .equations(
      "cases", preActivation + "h_t = \\begin{cases} z_t & t > 1 \\\\ 0 & t = 1 \\end{cases}",
      says: "is the same at every step, so there are no cases"),
    .equations(
      "norm", preActivation + "h_t = \\frac{z_t}{\\lVert z_t \\rVert}",
      says: "a norm is written `\\sqrt{z_t^\\top z_t}`"),
    .equations(
      "two steps back", "z_t = W h_{t-2} + U x_t + b\nh_t = \\tanh(z_t)", says: "such as `p_t = h_{t-1}`"),
    .equations(
      "inverse", "z_t = W^{-1} h_{t-1} + U x_t + b\nh_t = \\tanh(z_t)", says: "an inverse of a matrix is not read"),
    .equations(
      "positive part", preActivation + "h_t = [z_t + b]_+", says: "write `\\operatorname{relu}(…)`"),
    .equations(
      "two right sides", preActivation + "h_t = \\tanh(z_t) = z_t", says: "keep one of its right sides"),
    .equations(
      "power on the left", preActivation + "v_t^2 = z_t \\odot z_t\nh_t = \\tanh(z_t)",
      says: "give the power a name of its own"),
    SheetParts("a taken name", says: "`Matrix` is taken by the interface") { $0.cellName = "matrix" },
  ]
}

@Suite(.timed) struct SheetCheckTests {
  private func check(_ parts: SheetParts) throws -> Run {
    let scratch = try Scratch()
    let path = try scratch.file("exercises/sheet/sheet.md", parts.text)
    return try Run("check", path, "--seeds", "1")
  }

  @Test("a sheet that can be solved: passes", arguments: SheetParts.solvable)
  private func passes(_ parts: SheetParts) throws {
    let run = try check(parts)
    #expect(run.code == 0, "\(run.output)\(run.error)")
  }

  @Test("a sheet that cannot be solved: is refused with the reason", arguments: SheetParts.unsolvable)
  private func isNamed(_ parts: SheetParts) throws {
    let run = try check(parts)
    #expect(run.code != 0)
    #expect((run.output + run.error).contains(parts.says), "\(run.output)\(run.error)")
  }

  @Test("equations that are not read: the reason is right and the remedy is accepted", arguments: SheetParts.refused)
  private func isExplained(_ parts: SheetParts) throws {
    let run = try check(parts)
    #expect(run.code == 2)
    #expect(run.error.contains(parts.says), "\(run.output)\(run.error)")
  }

  @Test("a mistake in the English equations: is told there, not as a difference of the translation")
  func englishMistake() throws {
    let parts = SheetParts("wrong") { $0.forward = $0.forward.replacing("W h_{t-1}", with: "V h_{t-1}") }
    let scratch = try Scratch()
    let path = try scratch.file("exercises/sheet/sheet.md", parts.text)
    let right = SheetParts("right") { _ in }.text
    let body = right.split(separator: "---\n", maxSplits: 2, omittingEmptySubsequences: false)[2]
    _ = try scratch.file(
      "exercises/sheet/sheet.zh.md", "---\ntitle: 题目\n---\n" + body.replacing("## Hint", with: "## 提示"))
    let run = try Run("check", path)
    #expect(run.code == 2)
    #expect(run.error.contains("sheet.md:18:7: error: `V` is neither declared nor defined"), "\(run.error)")
    #expect(!run.error.contains("sheet.zh.md"), "\(run.error)")
  }

  @Test(
    "fixtures from the literature: pass, start and are graded with full marks", .tier(.test),
    arguments: ["antisymmetric-rnn", "min-gru", "co-rnn"])
  func fixture(_ id: String) throws {
    let sheet = Repository.tests.appending(path: "Fixtures/sheets/\(id)/sheet.md").path
    let solution = Repository.tests.appending(path: "Fixtures/solutions/\(id)").path
    let check = try Run("check", sheet, "--seeds", "1")
    #expect(check.code == 0, "\(check.output)\(check.error)")
    let scratch = try Scratch()
    let start = try Run("start", sheet, "--into", scratch.url.appending(path: "own").path)
    #expect(start.code == 0, "\(start.error)")
    let grade = try Run("grade", sheet, solution, "--seed", "1")
    #expect(grade.code == 0, "\(grade.output)\(grade.error)")
    let plot = try Run("plot", sheet, "--seeds", "2", "--steps", "20")
    #expect(plot.code == 0, "\(plot.error)")
    #expect(plot.output.split(whereSeparator: \.isNewline).count > 20)
  }
}

@Suite(.timed) struct FormulaSheetTests {
  private static let sheet = SheetParts("formulas alone") {
    $0.forward = ""
    $0.tasks = "  - {id: p, kind: quantity, points: 100, answer: 'P = 4H(D+H+1)'}"
  }

  @Test("a sheet of quantities alone: is started and graded")
  func isGraded() throws {
    let scratch = try Scratch()
    let path = try scratch.file("exercises/sheet/sheet.md", Self.sheet.text)
    let start = try Run("start", path, "--into", scratch.url.appending(path: "own").path)
    #expect(start.code == 0, "\(start.error)")
    let skeleton = try String(contentsOf: scratch.url.appending(path: "own/derivation.md"), encoding: .utf8)
    #expect(skeleton.contains("P = …"))
    let right = try scratch.file("own/derivation.md", "Four gates:\n\n$$P = 4(HD + H^2 + H)$$\n")
    let grade = try Run("grade", path, right, "--format", "json")
    #expect(grade.code == 0, "\(grade.output)\(grade.error)")
    let wrong = try scratch.file("wrong/derivation.md", "$$P = 3H(D+H+1)$$\n")
    #expect(try Run("grade", path, wrong).code == 1)
  }

  @Test("a formula that earned its points: is not told as an error of the derivation")
  func isNoError() throws {
    let scratch = try Scratch()
    let parts = SheetParts("both") {
      $0.tasks =
        "  - {id: d, kind: derivation, points: 50, goals: ['\\frac{\\partial L}{\\partial h_t}']}\n"
        + "  - {id: p, kind: quantity, points: 50, answer: 'P_{\\mathrm{all}} = H(D+H+1)'}"
    }
    let path = try scratch.file("exercises/sheet/sheet.md", parts.text)
    let text = try scratch.file(
      "own/derivation.md",
      "$$n := D + H + 1$$\n\n$$P_{\\mathrm{all}} = H n$$\n\n$$\\frac{\\partial L}{\\partial h_T} = \\frac{\\partial L_T}{\\partial h_T}$$\n"
    )
    let run = try Run("grade", path, text, "--seed", "1")
    #expect(run.output.contains("✓ p  50 / 50"), "\(run.output)")
    #expect(!run.output.contains("error"), "\(run.output)")
    #expect(run.output.contains("1 of 1"), "\(run.output)")
    let json = try #require(try Run("grade", path, text, "--format", "json").json() as? [String: Any])
    #expect((json["derivation"] as? [Any])?.count == 1)
  }
}
