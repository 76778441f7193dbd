// What a goal says that is not earned, and that nothing of a text is passed over in silence.

import Derivation
import Diagnostics
import Recurrence
import Testing

/// A text, a goal that it does not earn, and what the goal must say.
private struct Unearned: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let sheet: String
  let text: String
  let goal: String
  let says: [String]
  var saysNot: [String] = []

  init(_ name: String, _ sheet: String, _ text: String, goal: String, says: String..., saysNot: [String] = []) {
    testDescription = name
    self.sheet = sheet
    self.text = text
    self.goal = goal
    self.says = says
    self.saysNot = saysNot
  }
}

private func report(_ sheet: String, _ text: String, goals: [String] = []) throws -> DerivationReport {
  let goals = goals.map { SourceExcerpt(SourceText(name: "task", text: $0)) }
  return try DerivationChecker(cell: CorpusEntry.cell(sheet), goals: goals).check(
    SourceText(name: "derivation.md", text: text), seed: 1)
}

private let oneStep = "\\frac{\\partial h_t}{\\partial h_{t-1}}"
private let manySteps = "\\frac{\\partial h_t}{\\partial h_k}"
private let errorTerm = "\\frac{\\partial L_t}{\\partial z_k}"

@Suite struct GoalMessageTests {
  @Test(
    "a goal that is not earned: says whether its line is missing, unread, wrong, untested or without a start",
    arguments: [
      Unearned(
        "no line", "rnn-bptt", "$$\(oneStep) = U^\\top \\operatorname{diag}(1 - h_t^2)$$", goal: manySteps,
        says: "no line says what it is", saysNot: ["h_{t-1}"]),
      Unearned(
        "wrong line", "rnn-bptt", "Text.\n\n$$\(oneStep) = U \\operatorname{diag}(1 - h_t^2)$$", goal: oneStep,
        says: "line 3 says it, and does not hold"),
      Unearned(
        "unread line", "rnn-bptt", "Text.\n\n$$\(oneStep) = U^\\top \\operatorname{diag}(1 - q_t^2)$$", goal: oneStep,
        says: "line 3 says it, and was not understood"),
      Unearned(
        "a line that breaks off", "rnn-bptt", "$$\(oneStep) = U^\\top \\operatorname{diag}(1 - h_t^2$$", goal: oneStep,
        says: "line 1 says it, and was not understood"),
      Unearned(
        "a missing start", "rnn-bptt",
        "$$\(errorTerm) = (1 - h_k^2) \\odot (U^\\top \\frac{\\partial L_t}{\\partial z_{k+1}}), \\quad k < t$$",
        goal: errorTerm, says: "line 1", "start is missing", "k = t"),
      Unearned(
        "a missing start below the goal", "rnn-bptt",
        """
        $$\(errorTerm) = (1 - h_k^2) \\odot (U^\\top \\frac{\\partial L_t}{\\partial z_{k+1}}), \\quad k < t$$

        $$\\frac{\\partial L}{\\partial b} = \\sum_{t=1}^T \\sum_{k=1}^t \(errorTerm)$$
        """, goal: "\\frac{\\partial L}{\\partial b}", says: "\\frac{\\partial L_t}{\\partial z_t}", "k = t", "line 1"),
      Unearned(
        "the last step is missing", "nndl-6-3",
        "$$\\frac{\\partial L}{\\partial z_t} = (1 - \\tanh^2(z_t)) \\odot \\frac{\\partial L_t}{\\partial h_t}, \\quad t = T$$",
        goal: "\\frac{\\partial L}{\\partial z_t}", says: "line 1", "some steps only", "t = 1"),
      Unearned(
        "a name without a value", "nndl-6-4",
        """
        $$\\delta_{q,T} = 0$$

        $$\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L_t}{\\partial h_t} + \\delta_{q,t}$$
        """, goal: "\\frac{\\partial L}{\\partial h_t}", says: "line 3", "\\delta_{q,t}", "has no value", "t = 1"),
      Unearned(
        "two values", "rnn-bptt",
        """
        $$\(oneStep) = U^\\top \\operatorname{diag}(1 - h_t^2)$$

        $$\(oneStep) = U \\operatorname{diag}(1 - h_t^2)$$
        """, goal: oneStep, says: "lines 1 and 3", "different values", "~~"),
      Unearned(
        "two values below the goal", "rnn-bptt",
        """
        $$\(oneStep) = U^\\top \\operatorname{diag}(1 - h_t^2)$$

        $$\(oneStep) = U \\operatorname{diag}(1 - h_t^2)$$

        $$\(manySteps) = \\prod_{i=k+1}^t \\frac{\\partial h_i}{\\partial h_{i-1}}$$
        """, goal: manySteps, says: "lines 1 and 3", oneStep),
      Unearned(
        "an unread line below the goal", "rnn-bptt",
        """
        $$\(oneStep) = U^\\top \\operatorname{diag}(1 - q_t^2)$$

        $$\(manySteps) = \\prod_{i=k+1}^t \\frac{\\partial h_i}{\\partial h_{i-1}}$$
        """, goal: manySteps, says: "right by itself", "line 1", "not understood"),
    ])
  private func theGoalNamesItsLine(_ example: Unearned) throws {
    let goal = try #require(report(example.sheet, example.text, goals: [example.goal]).goals.first)
    let missing = try #require(goal.missing)
    #expect(!goal.earned)
    for part in example.says { #expect(missing.english.contains(part), "\(missing.english)") }
    for part in example.saysNot { #expect(!missing.english.contains(part), "\(missing.english)") }
    #expect(missing.chinese != missing.english)
  }

  @Test("a line that is tested at the last step alone: says so at the line")
  func theLineSaysWhereItWasNotTested() throws {
    let text = """
      $$\\delta_{q,T} = 0$$

      $$\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L_t}{\\partial h_t} + \\delta_{q,t}$$
      """
    let chain = try report("nndl-6-4", text).chains[1]
    #expect(chain.links[0].verdict == .holds)
    #expect(chain.notes.contains { $0.english.contains("`\\delta_{q,t}` has no value at t = 1") }, "\(chain.notes)")
  }
}

@Suite struct PassedOverTests {
  private static let line = "\\frac{\\partial L}{\\partial b} = \\sum_t \\frac{\\partial L}{\\partial z_t}"

  @Test(
    "formulas that stand where none is read: listed at their line",
    arguments: [
      ("```\n\(line)\n```\n", 1, "```math"), ("Text\n\n    \(line)\n", 3, "indented"),
      ("Text\n\n    $$\(line)$$\n", 3, "indented"), ("```python\n\(line)\n```\n", 1, "```python"),
      ("The sum `\(line)` is it.\n", 1, "backticks"), ("<div>\n$$\(line)$$\n</div>\n", 2, "HTML"),
      ("```latex\nText $\(line)$\n```\n", 1, "```latex"),
    ])
  func listed(_ text: String, _ line: Int, _ word: String) throws {
    let report = try report("rnn-bptt", text)
    #expect(report.chains.isEmpty)
    #expect(report.diagnostics.map(\.position.line) == [line])
    #expect(
      report.diagnostics.allSatisfy { $0.severity == .note && $0.message.contains(word) }, "\(report.diagnostics)")
  }

  @Test(
    "code that is no formula: not mentioned",
    arguments: ["```swift\nlet x = 3\n```\n", "```\n$ unroll grade\n```\n", "Run `make x=3`.\n"])
  func notListed(_ text: String) throws { #expect(try report("rnn-bptt", text).diagnostics.isEmpty) }

  @Test(
    "what stands behind an equation, is struck out or is supposed: noted",
    arguments: [
      ("$$\(line) \\in \\mathbb{R}^H$$\n", 1, "\\in \\mathbb{R}^H"), ("~~$$\(line)$$~~\n", 0, "struck out"),
      ("If $\\lVert U \\rVert < 1$, it vanishes.\n", 0, "supposition"),
    ])
  func noted(_ text: String, _ links: Int, _ word: String) throws {
    let chain = try #require(report("rnn-bptt", text).chains.first)
    #expect(chain.links.count == links)
    #expect(chain.notes.contains { $0.english.contains(word) }, "\(chain.notes)")
  }

  @Test("a strike-through that is never closed: strikes nothing out and is said to be open")
  func openStrike() throws {
    let report = try report("rnn-bptt", "~~ so\n\n$$\(Self.line)$$\n")
    #expect(report.chains[0].links.count == 1)
    #expect(report.diagnostics.map(\.position.line) == [1])
  }
}
