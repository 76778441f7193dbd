// The gradient flow of a learner's own cell, held against the sheet's on the same networks.

import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite(.serialized, .tier(.test), .timed) struct FlowTaskTests {
  private func grade(_ submission: Submission, of id: String, seed: UInt64 = 1) async throws -> [String: Check] {
    let tasks = try Course.sheet(id).tasks.filter { $0.kind == .gradientFlow }.map(\.id)
    let grader = try Grader(Course.sheet(id), tasks: tasks, with: try await TestWorkbench.value)
    let checks = try await grader.grade(submission, named: id, seed: seed).checks
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.id, $0) })
  }

  @Test(arguments: ["nndl-6-3", "nndl-6-4", "nndl-6-5"])
  func modelSolutionsPass(_ id: String) async throws {
    for seed: UInt64 in 1...3 {
      let checks = try await grade(Course.solution(id), of: id, seed: seed)
      #expect(!checks.isEmpty && checks.values.allSatisfy { $0.status == .passed }, "\(id), seed \(seed): \(checks)")
    }
  }

  /// Whole grades of the sheets about experiments; what a person grades counts in no score.
  @Test(arguments: [("remedies", 88.0), ("tuning", 86.0)])
  func sheetsOfExperiments(_ id: String, _ points: Double) async throws {
    for seed: UInt64 in [1, 2] {
      let right = try await Course.grade(Course.solution(id), of: id, seed: seed)
      let failed = right.checks.filter { $0.status != .passed && $0.status != .manual }
      #expect(right.hasFullMarks && right.score == points && right.maxScore == points, "\(failed)")
      #expect(right.manualPoints == 100 - points)
    }
    let starter = try Starter(Course.sheet(id), kitSources: Repository.root.appending(path: "Sources"))
    let files = starter.files.filter { ["Cell.swift", "Remedy.swift"].contains($0.name) }
    let derivation = starter.files.first { $0.name == "derivation.md" }
    let begun = try await Course.grade(Submission(files: files, derivation: derivation), of: id)
    #expect(begun.score == 0 && !begun.checks.contains { $0.verdict == "doesNotCompile" })
  }

  /// Slips that a norm alone, or a tolerance with an absolute part, would let pass among them.
  @Test(arguments: [
    ("nndl-6-3", "upstream.h + p.U.T * dz", "p.U.T * dz"),
    ("nndl-6-3", "upstream.h + p.U.T * dz", "upstream.h + p.U * dz"),
    ("nndl-6-3", "upstream.h + p.U.T * dz", "upstream.h"),
    ("nndl-6-4", "g.previous.c = f .* dc", "g.previous.c = dc"),
    ("nndl-6-4", "g.previous.c = f .* dc", "g.previous.c = -1.0 * (f .* dc)"),
    ("nndl-6-4", "g.previous.c = f .* dc", "g.previous.c = Matrix.zeros(like: f)"),
    ("nndl-6-4", "g.previous.h = p.Uf.T * df +", "g.previous.h ="),
    ("nndl-6-4", "upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)", "upstream.c"),
    ("nndl-6-5", "g.previous.h = ", "g.previous.h = -1.0 * "),
    ("remedies", "$0 > 0 ? 1 : 0", "$0 > 0 ? 1 : 0.01"),
    ("tuning", "./ (cache.width .* cache.width)", "./ cache.width"),
  ])
  func aSlipOnTheWayBackShowsInTheCurve(_ id: String, _ old: String, _ new: String) async throws {
    let checks = try await grade(try Course.changed(id, old, new), of: id)
    let curve = checks["flow.h"] ?? checks["flow-small.h"]
    #expect(curve?.status == .failed, "\(String(describing: curve))")
    guard case .measured(let measurement)? = curve?.finding else { return }
    #expect(!measurement.isForward && measurement.norms != nil)
  }

  @Test(
    "gradient-flow: a curve that is not the cell's earns nothing, however well it decays",
    arguments: [
      ("flow-kept", "g.previous.h = p.U.T * dz", "g.previous.h = upstream.h"),
      ("flow-small", "g.previous.h = p.U.T * dz", "g.previous.h = 0.7 * upstream.h"),
      ("flow-large", "g.previous.h = p.U.T * dz", "g.previous.h = 1.41 * upstream.h"),
      ("flow-small", "relu(z)", "0.7 * previous.h"),
    ])
  func anotherCurveEarnsNothing(_ task: String, _ old: String, _ new: String) async throws {
    let checks = try await grade(try Course.changed("remedies", old, new), of: "remedies")
    #expect(checks["\(task).rate"]?.status == .skipped, "\(String(describing: checks["\(task).rate"]))")
    #expect(checks.values.allSatisfy { $0.points == 0 }, "\(checks.values.filter { $0.points > 0 })")
  }

  @Test func aSlipOnTheWayForwardIsToldAsSuch() async throws {
    let checks = try await grade(
      try Course.changed("nndl-6-4", "f .* previous.c + i .* candidate", "i .* previous.c + f .* candidate"),
      of: "nndl-6-4")
    guard case .measured(let measurement)? = checks["flow.h"]?.finding else {
      Issue.record("\(checks)")
      return
    }
    #expect(measurement.isForward && !measurement.holds && measurement.place?.step == 1)
  }

  @Test func whatIsNotSetOrNotWrittenIsToldAsSuch() async throws {
    let unset = try await grade(try Course.changed("nndl-6-4", "g.previous.c = f .* dc", ""), of: "nndl-6-4")
    #expect(unset.values.allSatisfy { $0.finding == .notSet })
    let starter = try Starter(Course.sheet("nndl-6-4"), kitSources: Repository.root.appending(path: "Sources"))
    let begun = try await grade(Submission(files: starter.files.filter { $0.name == "Cell.swift" }), of: "nndl-6-4")
    #expect(begun.values.allSatisfy { $0.points == 0 && $0.verdict == "failed" })
    let none = try await grade(Submission(files: []), of: "nndl-6-4")
    #expect(none.values.allSatisfy { $0.finding == .noCode(type: "LSTM") })
  }

  // MARK: The sheet's side

  /// What is wrong with a sheet whose flow task has this experiment.
  private func complaint(_ fields: String) -> String {
    let sheet = """
      ---
      id: demo
      title: Demo
      cell:
        name: RNN
        layout: columns
        sizes: {D: 3, H: 5, N: 4}
        input: {x: [D]}
        state: {h: [H]}
        parameters: {W: [H, D], U: [H, H], b: [H]}
      tasks:
        - {id: flow, kind: gradient-flow, points: 100, \(fields)}
      ---
      # Demo

      ```math forward
      h_t = \\tanh(W x_t + U h_{t-1} + b)
      ```

      """
    do {
      let sheet = try Sheet(SourceText(name: "sheet.md", text: sheet))
      guard let task = sheet.tasks.first, let cell = sheet.cell else { return "no task" }
      _ = try FlowPlan(task, cell: cell)
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("experiment: {variants: ['gaussian:1'], steps: 50, seeds: 3, quantity: h}", ""),
    ("experiment: {}, require: {growth: 10, rate: [-1, -0.1], state: [0, 1]}", ""),
    ("experiment: {variant: x}", "an experiment has no key `variant`"),
    ("experiment: {variants: []}", "`variants` is empty"),
    ("experiment: {variants: ['gausian:1']}", "`gausian:1` is no part of a variant"),
    ("experiment: {variants: ['forget:1']}", "`forget:1` does not fit the cell"),
    ("experiment: {variants: ['gaussian:1+clip:3']}", "changes what happens inside a cell"),
    ("experiment: {steps: 1}", "`steps` is a whole number from 2 to 200"),
    ("experiment: {seeds: many}", "`seeds` is a whole number from 1 to 50"),
    ("experiment: {quantity: c}", "the cell has no state `c`; there are `h`"),
    ("experiment: quickly", "`experiment` is a mapping such as"),
    ("require: {grow: 2}", "`require` has no key `grow`"),
    ("require: {growth: 0.5}", "`growth` is a number of 1 or more, not `0.5`"),
    ("require: {rate: 3}", "`rate` is two numbers such as"),
    ("require: {state: [2, 1]}", "`state` is two numbers such as"),
  ])
  func experimentsAreReadWithClearWords(_ fields: String, _ expected: String) {
    let found = complaint(fields)
    #expect(expected.isEmpty ? found.isEmpty : found.contains(expected), "\(found)")
  }
}
