// The broken listing: each of its faults is one check, whatever else is still wrong.

import Foundation
import Sheets
import Testing

@testable import Grading

@Suite struct BrokenListingTests {
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
    try String(contentsOf: Course.root.appending(path: "\(folder)/lstm-debug/Cell.swift"), encoding: .utf8)
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

  /// A function without its work compiles as well; the errors that stood in it are not repaired by that.
  @Test(arguments: [
    ("forward", "todo(\"forward\")", []),
    (
      "forward",
      """
      let z = Matrix.zeros(like: previous.h)
      let cache = Cache(x: x_t, v: z, cPrevious: z, f: z, i: z, o: z, candidate: z, c: z, tanhC: z, h: z, y: z)
      return (Output(h: z, c: z, y: softmax(p.Wy * z)), cache)
      """, []
    ),
    ("forwardThroughTime", "return ([], [])", ["compile.1", "compile.2"]),
    (
      "forwardThroughTime", "return (x.map { _ in Output(h: initial.h, c: initial.c, y: initial.h) }, [])",
      ["compile.1", "compile.2"]
    ),
    ("backward", "todo(\"backward\")", ["compile.1", "compile.2", "compile.3", "compile.4"]),
  ])
  func aLineIsNotRepairedByTakingOutWhatIsAroundIt(_ function: String, _ body: String, _ kept: [String]) async throws {
    let lines = try Self.text("solutions").split(separator: "\n", omittingEmptySubsequences: false)
    let head = try #require(lines.firstIndex { $0.contains("static func \(function)(") })
    let text = (lines[...head] + [Substring(body)] + lines[(head + 1)...]).joined(separator: "\n")
    #expect(try await Self.passed(text).filter { $0.hasPrefix("compile.") } == kept)
  }

  @Test func theInitialStateAtEveryStepIsFoundByTheWhole() async throws {
    let text = try Self.text("solutions").replacing(
      "t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)", with: "initial")
    #expect(try await !Self.passed(text).contains("whole.h"))
  }
}
