// The broken listing: each of its faults is one check, whatever else is still wrong.

import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct BrokenListingTests {
  /// What stands in the listing, what should, and the check that this earns.
  private static let compilerFaults = [
    ("sigmoid(p.Wi.dot(v) + p.bf)", "sigmoid(p.Wi * v + p.bf)", "compile.1"),
    ("      x: xt, v: v,", "      x: x_t, v: v,", "compile.2"),
    ("for t in rang(x.count) {", "for t in x.indices {", "compile.3"),
    (
      "let previous =\n", "let previous = t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)\n",
      "compile.4"
    ),
  ]
  private static let silentFaults = [
    ("sigmoid(p.Wi * v + p.bf)", "sigmoid(p.Wi * v + p.bi)", "symptom-1.c"),
    ("Matrix.stacked(x_t, previous.h)", "Matrix.stacked(previous.h, x_t)", "symptom-2.c"),
    ("let h = o .* c\n", "let h = o .* tanh(c)\n", "symptom-3.h"),
    ("softmax(p.Wy * h)", "softmax(p.Wy * h + p.by)", "symptom-4.y"),
    ("let df = dc .* cache.c .*", "let df = dc .* cache.cPrevious .*", "symptom-5.bf"),
    ("dc .* i .* candidate .* (1 - candidate)", "dc .* i .* (1 - candidate .* candidate)", "symptom-6.bc"),
    ("total.bo = g.bo", "total.bo += g.bo", "symptom-7.bo"),
    ("c: upstream[t].c, y:", "c: upstream[t].c + later.c, y:", "symptom-8.initial.c"),
  ]

  private static func text(_ folder: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: "\(folder)/lstm-debug/Cell.swift"), encoding: .utf8)
  }

  private static func repaired(_ text: String, _ faults: [(String, String, String)]) throws -> String {
    try faults.reduce(text) { text, fault in
      try #require(text.contains(fault.0), "there is no `\(fault.0)`")
      return text.replacing(fault.0, with: fault.1)
    }
  }

  /// The checks that are passed.
  private static func passed(_ text: String, seed: UInt64 = 1) async throws -> [String] {
    let submission = Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
    let grade = try await Course.grade(submission, of: "lstm-debug", seed: seed)
    return grade.checks.filter { $0.status == .passed }.map(\.id)
  }

  @Test func theListingEarnsNothingAndAllRepairsMakeTheSolution() async throws {
    let listing = try Self.text("exercises")
    #expect(try await Self.passed(listing) == [])
    let all = try Self.repaired(Self.repaired(listing, Self.compilerFaults), Self.silentFaults)
    func withoutTitle(_ text: String) -> Substring { text[(text.range(of: "import CellKit")?.lowerBound)!...] }
    #expect(try withoutTitle(all) == withoutTitle(Self.text("solutions")))
  }

  @Test(arguments: 0..<4)
  func eachErrorOfTheCompilerIsOneCheck(_ index: Int) async throws {
    let fault = Self.compilerFaults[index]
    #expect(try await Self.passed(Self.repaired(Self.text("exercises"), [fault])) == [fault.2])
  }

  @Test(arguments: 0..<8)
  func eachSymptomHasOneCauseWhateverElseIsWrong(_ index: Int) async throws {
    let fault = Self.silentFaults[index]
    let compiled = try Self.repaired(Self.text("exercises"), Self.compilerFaults)
    let earned = try await Self.passed(Self.repaired(compiled, [fault]), seed: UInt64(index + 1))
    #expect(earned.filter { !$0.hasPrefix("whole.") } == Self.compilerFaults.map(\.2) + [fault.2])
    // And alone it spoils no other symptom's check.
    let alone = try Self.text("solutions").replacing(fault.1, with: fault.0)
    let left = try await Self.passed(alone, seed: UInt64(index + 1))
    let symptoms = left.filter { $0.hasPrefix("symptom-") }
    #expect(symptoms == Self.silentFaults.map(\.2).filter { $0 != fault.2 })
    #expect(left.filter { $0.hasPrefix("whole.") }.count < 16)
  }

  @Test(arguments: ["", "struct LSTM {}", "let x = y", "struct LSTM: Unrolled { }"])
  func whatIsNotTheListingRepairsNothing(_ text: String) async throws {
    #expect(try await Self.passed(text) == [])
  }

  /// Finding the mistake is the task.
  @Test func theReportNamesNoMistake() async throws {
    let text = try Self.repaired(Self.text("exercises"), Self.compilerFaults)
    let submission = Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
    let grade = try await Course.grade(submission, of: "lstm-debug", seed: 1)
    #expect(grade.checks.count { $0.status == .failed } > 16 && grade.checks.allSatisfy { $0.diagnosis == nil })
  }

  /// The listing with another body in one of its functions.
  private static func text(_ text: String, with body: String, in function: String) throws -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = try #require(lines.firstIndex { $0.contains("static func \(function)(") })
    let end = try #require(lines[head...].firstIndex { $0 == "  }" })
    return (lines[...head] + [Substring(body)] + lines[end...]).joined(separator: "\n")
  }

  private static let guttings = [
    ("forward", "    todo(\"forward\")"),
    (
      "forward",
      """
          let z = Matrix.zeros(like: previous.h)
          let cache = Cache(x: x_t, v: z, cPrevious: z, f: z, i: z, o: z, candidate: z, c: z, tanhC: z, h: z, y: z)
          return (Output(h: z, c: z, y: softmax(p.Wy * z)), cache)
      """
    ),
    (
      // What it gives back follows the parameters, and is nothing.
      "forward",
      """
          let z = Matrix.zeros(like: previous.h) + p.bf + p.bi + p.bc + p.bo
          let cache = Cache(x: x_t, v: z, cPrevious: z, f: z, i: z, o: z, candidate: z, c: z, tanhC: z, h: z, y: z)
          return (Output(h: z, c: z, y: p.Wy * z), cache)
      """
    ),
    ("forwardThroughTime", "    return ([], [])"),
    ("forwardThroughTime", "    return (x.map { _ in Output(h: initial.h, c: initial.c, y: initial.h) }, [])"),
    ("backward", "    todo(\"backward\")"),
    ("backward", "    return Gradients()"),
    ("backwardThroughTime", "    fatalError()"),
    ("backwardThroughTime", "    SequenceGradients()"),
  ]

  @Test("lstm-debug: a listing without the body of a function earns nothing for what compiles", arguments: guttings)
  func emptiedFunctions(_ function: String, _ body: String) async throws {
    let whole = try Self.text(Self.text("solutions"), with: body, in: function)
    #expect(try await Self.passed(whole).filter { $0.hasPrefix("compile.") } == [])
    // Nor where an error that is left keeps it from being run.
    for fault in Self.compilerFaults where whole.contains(fault.1) {
      let left = whole.replacing(fault.1, with: fault.0)
      #expect(try await Self.passed(left) == [], "\(fault.2)")
    }
  }

  @Test(
    "lstm-debug: a listing whose text is there and not in use earns nothing for what compiles",
    arguments: [
      // Left before it begins.
      (
        "    // The old state on top",
        "    if p.bf.rows > 0 { return unused(x_t, previous, p) }\n    // The old state on top"
      ),
      ("    // The old state on top", "    if p.bf.rows > 0 { fatalError() }\n    // The old state on top"),
      // In a function of another shape, a comment or a condition that is never built.
      (
        "  static func forward(_ x_t: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {",
        """
          static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) { unused(x, previous, p) }
          static func forward(_ x_t: Matrix, _ previous: State, old p: Parameters) -> (Output, Cache) {
        """
      ),
      ("    let v = Matrix.stacked", "    #if NEVER\n    let v = Matrix.stacked"),
      ("    let v = Matrix.stacked", "    /*\n    let v = Matrix.stacked"),
      ("    let v = Matrix.stacked", "    let old: () -> (Output, Cache) = {\n    let v = Matrix.stacked"),
    ])
  func idleText(_ old: String, _ new: String) async throws {
    let helper = """
        static func unused(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
          let z = Matrix.zeros(like: previous.h) + p.bf + p.bi + p.bc + p.bo
          let cache = Cache(x: x, v: z, cPrevious: z, f: z, i: z, o: z, candidate: z, c: z, tanhC: z, h: z, y: z)
          return (Output(h: z, c: z, y: p.Wy * z), cache)
        }

        // MARK: One step
      """
    var text = try Self.text("solutions").replacing("  // MARK: One step", with: helper)
    try #require(text.contains(old))
    text = text.replacing(old, with: new)
    let end = "    return (Output(h: h, c: c, y: y), cache)\n"
    let close =
      new.contains("#if") ? "    #endif\n" : new.contains("/*") ? "    */\n" : new.contains("old: ()") ? "    }\n" : ""
    if !close.isEmpty {
      text = text.replacing(end, with: end + close + "    return unused(x_t, previous, p)\n")
    }
    for text in [text, text.replacing("for t in x.indices {", with: "for t in rang(x.count) {")] {
      #expect(try await Self.passed(text).filter { $0.hasPrefix("compile.") } == [])
    }
  }

  /// Each of these is right for what is not zero in one symptom, and nowhere else.
  @Test("lstm-debug: formulas for the symptoms in the place of the listing earn nothing")
  func formulasForTheSymptoms() async throws {
    let body = """
          let z = Matrix.zeros(like: previous.h)
          let isOne = previous.h.elements.allSatisfy { $0 == 0 }
          let c = isOne ? sigmoid(p.bi) .* tanh(p.bc) + z : 0.5 .* previous.c + 0.5 .* tanh(p.bc)
          let h = sigmoid(p.bo) .* tanh(c)
          let y = softmax(p.by + p.Wy * z)
          let cache = Cache(x: x_t, v: z, cPrevious: z, f: z, i: z, o: z, candidate: z, c: c, tanhC: z, h: h, y: y)
          return (Output(h: h, c: c, y: y), cache)
      """
    let text = try Self.text(Self.text("solutions"), with: body, in: "forward")
    #expect(try await Self.passed(text) == [])
    let submission = Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
    let grader = try Grader(Course.sheet("lstm-debug"), tasks: ["symptom-1"], with: try await TestWorkbench.value)
    let grade = try await grader.grade(submission, named: "", seed: 1)
    #expect(grade.checks.map(\.finding) == [.removed(function: "forward")])
  }

  /// Names, braces and lines of one's own are no reason to lose points; nor is a cell that was written anew and is right.
  @Test(
    "lstm-debug: a repair in other words earns what compiles",
    arguments: [
      [
        ("let previous = t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)", "let previous = state"),
        ("var outputs: [Output] = []", "var outputs: [Output] = []\n    var state = initial"),
        ("outputs.append(output)", "outputs.append(output)\n      state = State(h: output.h, c: output.c)"),
      ],
      [
        (
          "let previous = t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)",
          "var previous = initial\n      if t > 0 { previous = State(h: outputs[t - 1].h, c: outputs[t - 1].c) }"
        )
      ],
      [
        (
          "let previous = t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)",
          "let previous: State = {\n if t == 0 { return initial }\n return State(h: outputs[t - 1].h, c: outputs[t - 1].c)\n }()"
        )
      ],
      [
        (
          "static func forward(_ x_t: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {",
          """
          static func forward(_ x_t: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) { anew(x_t, previous, p) }
          static func anew(_ x_t: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
          """
        )
      ],
    ])
  func repairsInOtherWords(_ changes: [(String, String)]) async throws {
    let text = try changes.reduce(Self.text("solutions")) { text, change in
      try #require(text.contains(change.0))
      return text.replacing(change.0, with: change.1)
    }
    let submission = Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
    let grade = try await Course.grade(submission, of: "lstm-debug", seed: 2)
    #expect(grade.hasFullMarks, "\(grade.checks.filter { $0.status != .passed })")
  }

  @Test(
    "lstm-debug: every symptom is there or gone whatever state stands behind `let previous =`",
    arguments: [
      "initial", "State(h: .zeros(like: initial.h), c: .zeros(like: initial.c))",
      "outputs.isEmpty ? initial : State(h: outputs[outputs.count - 1].h, c: initial.c)",
      "t < 2 ? initial : State(h: outputs[t - 2].h, c: outputs[t - 2].c)",
    ])
  func symptomsDoNotDependOnPrevious(_ state: String) async throws {
    let right = "t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)"
    let solution = try Self.text("solutions").replacing(right, with: state)
    let symptoms = Self.silentFaults.map(\.2)
    #expect(try await Self.passed(solution, seed: 4).filter { $0.hasPrefix("symptom-") } == symptoms)
    for fault in Self.silentFaults.suffix(2) {
      let left = try await Self.passed(solution.replacing(fault.1, with: fault.0), seed: 5)
      #expect(left.filter { $0.hasPrefix("symptom-") } == symptoms.filter { $0 != fault.2 })
      let listing = try Self.repaired(Self.text("exercises"), Self.compilerFaults).replacing(right, with: state)
      let earned = try await Self.passed(Self.repaired(listing, [fault]), seed: 6)
      #expect(earned.filter { $0.hasPrefix("symptom-") } == [fault.2])
    }
  }

  @Test func theInitialStateAtEveryStepIsFoundByTheWhole() async throws {
    let text = try Self.text("solutions").replacing(
      "t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)", with: "initial")
    #expect(try await !Self.passed(text).contains("whole.h"))
  }
}
