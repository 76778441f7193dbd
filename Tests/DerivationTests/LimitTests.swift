// Work is bounded: whatever is handed in, the check ends and says which limit it met.

import Diagnostics
import Recurrence
import Testing

@testable import Derivation

@Suite struct LimitTests {
  private func report(_ text: String, sheet: String = "nndl-6-4") throws -> DerivationReport {
    try DerivationChecker(cell: CorpusEntry.cell(sheet)).check(SourceText(name: "derivation.md", text: text), seed: 1)
  }

  /// A tab before a block of formulas fills columns that are no bytes; blocks behind it keep their places.
  @Test func tabsBeforeBlocks() throws {
    let text = "> \\[h_t = h_t\\]\n\n-\t~~~math\n        ~~~\n-\t1.\t$$\n$$ h_t = h_t\n"
    #expect(try report(text).chains.map(\.position.line) == [1])
    let closed = try report("-\t~~~math\n\th_t = h_t\n\t~~~\n-\t1.\t$$h_t = h_t$$\n")
    #expect(
      closed.chains.map(\.links[0].position) == [
        SourcePosition(line: 2, column: 6), SourcePosition(line: 4, column: 12),
      ])
  }

  @Test func tenThousandLines() throws {
    let block = "```math\n" + (0..<100).map { _ in "h_t = o_t \\odot \\tanh(c_t)" }.joined(separator: "\n") + "\n```\n"
    let report = try report((0..<100).map { _ in block }.joined(separator: "\n"))
    #expect(report.chains.count == Paper.lineLimit)
    #expect(report.diagnostics.contains { $0.message.contains("\(Paper.lineLimit) lines") })
  }

  @Test func oneHugeBlock() throws {
    let lines = (0..<10_000).map { _ in "h_t = o_t \\odot \\tanh(c_t)" }.joined(separator: "\n")
    let report = try report("```math\n\(lines)\n```\n")
    #expect(report.chains[0].links[0].text.english.contains("bytes"))
  }

  @Test func longChains() throws {
    let chain = (0..<3_000).map { _ in "\\frac{\\partial L}{\\partial c_t}" }.joined(separator: " = ")
    let report = try report("```math\n\(chain)\n```\n")
    #expect(report.chains[0].links[0].text.english.contains("members"))
  }

  @Test func namesOfNames() throws {
    let lines =
      (0..<1_500).map { "q_{\($0)f,t} := q_{\($0 + 1)f,t} + h_t" } + ["q_{1500f,t} := h_t", "q_{0f,t} = q_{0f,t}"]
    let report = try report("```math\n\(lines.joined(separator: "\n"))\n```\n")
    #expect(report.chains.contains { $0.links.first?.text.english.contains("200 names") == true })
  }

  @Test func nestedSums() throws {
    let sums = "\\sum_{i=1}^{T} \\sum_{j=1}^{T} \\sum_{k=1}^{T} \\sum_{s=1}^{T} \\sum_{l=1}^{T} U_f"
    let report = try report("```math\n\(sums) = U_f\n```\n")
    #expect(report.chains[0].links[0].text.english.contains("four sums"))
  }

  @Test func longSums() throws {
    let report = try report(
      "```math\n\\sum_{k=1}^{999999} U_f = U_f\n\\sum_{k=1}^{90000} \\sum_{s=1}^{90000} 1 = 3\n```\n")
    for chain in report.chains {
      #expect(chain.links[0].verdict == .undecided)
      #expect(chain.links[0].text.english.contains("too much work"))
    }
  }

  @Test func deepNesting() throws {
    let deep = String(repeating: "(", count: 20_000) + "h_t" + String(repeating: ")", count: 20_000)
    let report = try report("```math\nh_t = \(deep)\nh_t = h_t\n```\n")
    #expect(report.chains[0].links[0].text.english.contains("nested"))
    #expect(report.chains[1].links[0].verdict == .holds)
  }

  @Test func longRecursions() throws {
    let report = try report("```math\nq_t := q_{t-1} + h_t\nq_t = q_t\np_t := p_t + h_t\np_t = p_t\n```\n")
    #expect(report.chains[1].links[0].verdict == .notUnderstood)
    #expect(report.chains[3].links[0].verdict == .notUnderstood)
  }

  @Test func hundredsOfWrongLines() throws {
    let lines = (0..<400).map { "\\frac{\\partial L}{\\partial c_t} = \($0 + 2) h_t" }.joined(separator: "\n")
    let report = try report("```math\n\(lines)\n```\n")
    #expect(report.chains.allSatisfy { $0.links[0].verdict != .holds })
  }

  /// Every slip that is tried costs as much as the line is long; that ends, and is told.
  @Test func slipsOfLongLines() throws {
    let factors = String(repeating: "L", count: 100) + "0" + String(repeating: "L", count: 80)
    let line = "h_t = (1 - h_t)\(factors) + c_t"
    let lines = Array(repeating: line, count: 40).joined(separator: "\n")
    let report = try report("```math\n\(lines)\n\\frac{\\partial L}{\\partial h_t} = h_t\nh_t = h_t\n```\n")
    #expect(report.chains.dropLast().allSatisfy { $0.links[0].verdict == .doesNotHold })
    #expect(report.chains.last?.links[0].verdict == .holds)
    #expect(report.diagnostics.contains { $0.message.contains("not always sought to the end") })
  }

  /// What rests on what is worked out for definitions too, which no line need use.
  @Test(.timeLimit(.minutes(1))) func longSumsInDefinitions() throws {
    let sums = ["i", "j", "k", "s"].map { "\\sum_{\($0)=1}^{190}" }.joined()
    let report = try report("```math\nq_t := \(sums) h_t\nh_t = h_t\n```\n")
    #expect(report.chains.map { $0.links[0].verdict } == [.definition, .holds])
  }

  /// One line may not take the work of all others; and what is left undone is told as that.
  @Test func sumsThatTakeAllWork() throws {
    let lines = (0..<200).map { _ in "\\sum_{k=1}^{9999} U_f = 9999 U_f" }.joined(separator: "\n")
    let report = try report("```math\n\(lines)\n```\n")
    #expect(report.chains[0].links[0].verdict == .holds)
    #expect(report.chains[199].links[0].verdict == .undecided)
    #expect(report.chains[199].links[0].text.english.contains("the lines above took all the work"))
  }

  /// What was derived before the work ended counts.
  @Test func goalsBeforeTheWorkEnds() throws {
    let goal = "\\frac{\\partial h_t}{\\partial h_{t-1}}"
    let checker = try DerivationChecker(
      cell: CorpusEntry.cell("rnn-bptt"), goals: [SourceExcerpt(SourceText(name: "goal", text: goal))])
    let lines = Array(repeating: "\\sum_{k=1}^{9999} U = 9999 U", count: 200).joined(separator: "\n")
    let text = "```math\n\(goal) = U^\\top \\operatorname{diag}(1 - h_t^2)\n\(lines)\n```\n"
    let report = checker.check(SourceText(name: "derivation.md", text: text), seed: 1)
    #expect(report.chains.last?.links[0].verdict == .undecided)
    #expect(report.goals[0].earned, "\(report.goals[0].missing?.english ?? "")")
  }

  /// A bound that was not tested to the end does not pass.
  @Test func manyBounds() throws {
    let bounds = (0..<40).map { "\\|U_f\\|_2 \\leq \($0 + 2) \\|U_f\\|_2" }
    let long = "\\sum_{k=1}^{9999} \\sum_{s=1}^{9999} \\|U_f\\|_2 \\leq \\|U_f\\|_2 + 1"
    let report = try report("```math\n\(long)\n\(bounds.joined(separator: "\n"))\n```\n")
    #expect(report.chains[0].links[0].verdict == .undecided)
    #expect(report.chains[1].links[0].verdict == .holds)
    #expect(report.chains[40].links[0].verdict == .undecided)
    #expect(report.chains[40].links[0].text.english.contains("bounds of this text"))
  }

  /// Short lines whose trees, or whose reading, would grow with a power of their length.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (String(repeating: "\\sinh(", count: 24) + "h_t" + String(repeating: ")", count: 24), "parts"),
      (String(repeating: "(", count: 9) + "h_t" + String(repeating: ")^{\\odot 8}", count: 9), "parts"),
      (String(repeating: "\\sum_{g \\in \\{f,i,o,c\\}} ", count: 24) + "h_t", "parts"),
      (
        (0..<24).map { "\\prod_{\(Character(UnicodeScalar(UInt8(97 + $0))))=1}^{2} U_f \\odot " }.joined() + "h_t",
        "does not mention"
      ),
      (String(repeating: "{", count: 3_000) + "h_t" + String(repeating: "}", count: 3_000), "nested"),
      (
        "\\frac{\\partial L}{\\partial " + String(repeating: "(", count: 3_000) + "h_t"
          + String(repeating: ")", count: 3_000) + "}", "nested"
      ),
      (String(repeating: "\\sqrt", count: 1_500) + "h_t", "nested"),
      (String(repeating: "\\hat", count: 1_500) + "h_t", "nested"),
    ])
  func shortLinesOfMuchWork(_ right: String, _ says: String) throws {
    let report = try report("```math\nh_t = \(right)\nh_t = h_t\n```\n")
    #expect(report.chains[0].links[0].text.english.contains(says), "\(report.chains[0].links[0].text.english)")
    #expect(report.chains[1].links[0].verdict == .holds)
  }

  /// What stands before cases is read again with each of them.
  @Test(.timeLimit(.minutes(1))) func manyCases() throws {
    let sum = Array(repeating: "h_t", count: 151).joined(separator: " + ")
    let cases = Array(repeating: "c_t & t < T", count: 2_000).joined(separator: " \\\\ ")
    let report = try report("```math\n\(sum) = \\begin{cases} \(cases) \\end{cases}\n```\n")
    #expect(report.chains.count == 1)
    #expect(report.chains[0].links[0].verdict == .notUnderstood)
  }

  @Test func factorsBeyondWholeNumbers() throws {
    let report = try report("```math\nh_t = 10^{30} h_t\nh_t = \\frac{h_t}{10^{30}}\n```\n")
    #expect(report.chains.map { $0.links[0].reason } == [.factor, .factor])
  }

  /// A matrix that is ended and never begun; the lines behind it may not vanish.
  @Test func endsWithoutBeginnings() throws {
    let report = try report("```math\nh_t = h_t \\end{bmatrix}\nc_t = c_t\nh_t = 2 h_t\n```\n")
    #expect(report.chains.flatMap(\.links).contains { $0.text.english.contains("has no `\\begin`") })
  }

  @Test func lowerBoundsAreNoEqualities() throws {
    let report = try report("```math\nh_t \\geq h_t^\\top\n```\n")
    #expect(report.chains[0].links[0].reason == nil)
  }

  @Test(arguments: [
    "", "---\n", "---\nlayout: sideways\n---\n", "```math\n", "$$", "$$ = $$", "```math\n= = =\n```",
    "```math\n&&& \\\\ \n```",
  ])
  func oddTexts(_ text: String) throws { _ = try report(text) }
}
