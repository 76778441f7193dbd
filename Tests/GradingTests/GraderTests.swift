// Whole grades of real sheets: full marks for what is right, and points kept for what is right beside what is not.

import CellKit
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Diagnosis
@testable import Grading
@testable import SubmissionHost

enum Course {
  /// The exercises that ask for code.
  static let exercises = [
    "rnn-step", "lstm-step", "gru-step", "rnn-sequence", "lstm-sequence", "gru-sequence", "nndl-6-3", "nndl-6-4",
    "nndl-6-5", "nndl-6-2p",
  ]
  static let fixtures = [
    "peephole-lstm", "minimal-gated-unit", "pytorch-gru", "antisymmetric-rnn", "min-gru", "co-rnn",
  ]

  static func sheet(_ id: String) throws -> Sheet {
    let folder =
      fixtures.contains(id)
      ? Repository.tests.appending(path: "Fixtures/sheets") : Repository.root.appending(path: "exercises")
    return try Sheet(path: folder.appending(path: "\(id)/sheet.md").path)
  }

  static func solution(_ id: String) throws -> Submission {
    let folder =
      fixtures.contains(id)
      ? Repository.tests.appending(path: "Fixtures/solutions") : Repository.root.appending(path: "solutions")
    return try Submission(at: folder.appending(path: id).path)
  }

  static func grade(_ submission: Submission, of id: String, seed: UInt64 = 1) async throws -> Grade {
    let grader = try Grader(sheet(id), with: try await TestWorkbench.value)
    return try await grader.grade(submission, named: id, seed: seed)
  }

  /// The model solution with one text replaced, which must occur.
  static func changed(_ id: String, _ old: String, _ new: String) throws -> Submission {
    let solution = try solution(id)
    let text = try #require(solution.files.first { $0.name == "Cell.swift" }).text
    try #require(text.contains(old), "\(id) has no `\(old)`")
    let file = Submission.File(name: "Cell.swift", bytes: Array(text.replacingOccurrences(of: old, with: new).utf8))
    return Submission(files: [file], derivation: solution.derivation)
  }
}

@Suite(.tier(.test), .timed) struct GraderTests {
  @Test(arguments: Course.exercises + Course.fixtures)
  func everyModelSolutionGetsFullMarks(_ id: String) async throws {
    for seed: UInt64 in [1, 2, 987_654] {
      let grade = try await Course.grade(Course.solution(id), of: id, seed: seed)
      #expect(grade.hasFullMarks, "\(grade.checks.filter { $0.status != .passed })")
      #expect(grade.score == 100 && grade.maxScore == 100)
      // Where derivation, code and truth agree, nothing is said of it.
      #expect(grade.correspondences.isEmpty)
    }
  }

  @Test(arguments: Course.exercises + Course.fixtures)
  func everyStarterCompilesAndEarnsNothing(_ id: String) async throws {
    let kit = Repository.root.appending(path: "Sources")
    let starter = try Starter(Course.sheet(id), kitSources: kit)
    let cell = try #require(starter.files.first { $0.name == "Cell.swift" })
    let grade = try await Course.grade(Submission(files: [cell]), of: id)
    #expect(grade.score == 0)
    let forward = grade.checks.filter { $0.task == "forward" }
    #expect(forward.allSatisfy { if case .noAnswer(.notWritten("forward", _)) = $0.finding { true } else { false } })
    #expect(grade.checks.filter { $0.task == "backward" }.allSatisfy { $0.finding == .skipped(needs: "forward") })
  }

  /// Exercises that ask for nothing but writing.
  @Test func theWrittenExerciseGetsFullMarks() async throws {
    for seed: UInt64 in [1, 2, 3] {
      #expect(try await Course.grade(Course.solution("rnn-bptt"), of: "rnn-bptt", seed: seed).hasFullMarks)
    }
    #expect(try await Course.grade(Submission(files: []), of: "rnn-bptt").score == 0)
    let withEssay = try await Course.grade(Course.solution("nndl-6-1p"), of: "nndl-6-1p")
    #expect(withEssay.hasFullMarks && withEssay.maxScore == 70 && withEssay.manualPoints == 30)
  }

  @Test func theSameSeedGivesTheSameGrade() async throws {
    let submission = try Course.changed("nndl-6-4", "g.Wf = df * cache.x.T", "g.Wf = 2 .* (df * cache.x.T)")
    let first = try await Course.grade(submission, of: "nndl-6-4", seed: 7)
    let second = try await Course.grade(submission, of: "nndl-6-4", seed: 7)
    #expect(first.checks == second.checks)
    #expect(try await Course.grade(submission, of: "nndl-6-4", seed: 8).checks != first.checks)
  }

  @Test func aMissingBlockCostsItsOwnPointsAlone() async throws {
    let submission = try Course.changed("nndl-6-4", "g.Uf = df * cache.hPrevious.T", "")
    let grade = try await Course.grade(submission, of: "nndl-6-4")
    let missing = grade.checks.filter { $0.status != .passed }
    #expect(missing.map(\.id) == ["backward.Uf"])
    #expect(missing.first?.finding == .notSet)
    #expect(grade.score == grade.maxScore - (missing.first?.maxPoints ?? 0))
  }

  @Test func whatDoesNotCompileKeepsItsPlace() async throws {
    let bytes = Array("struct RNN: Cell {\n  let x = \n}\n".utf8)
    let grade = try await Course.grade(Submission(files: [.init(name: "Cell.swift", bytes: bytes)]), of: "rnn-step")
    #expect(grade.checks.allSatisfy { $0.verdict == "doesNotCompile" && $0.status == .error })
    #expect(grade.checks.first?.place?.line == 2)
  }

  /// A mistake is carried forward: what rests on it keeps its points.
  @Test func aSlipBeforeManyGoalsCostsItsOwn() async throws {
    let solution = try #require(try Course.solution("gate-derivation").derivation).text
    let line = #"\frac{\partial L}{\partial h_t^{l}} &= "#
    let start = try #require(solution.range(of: line)).upperBound
    let text = String(solution[..<start]) + "2 " + String(solution[start...])
    let file = Submission.File(name: "derivation.md", bytes: Array(text.utf8))
    let grade = try await Course.grade(Submission(files: [], derivation: file), of: "gate-derivation")
    let failed = grade.checks.filter { $0.task == "derivation" && $0.status == .failed }
    #expect(failed.count == 1 && failed.first?.maxPoints == 4)
  }

  @Test func aDerivationAloneEarnsItsOwnPoints() async throws {
    let solution = try Course.solution("nndl-6-3")
    let written = Submission(files: [], derivation: solution.derivation)
    let grade = try await Course.grade(written, of: "nndl-6-3")
    for check in grade.checks where check.task == "forward" || check.task == "backward" {
      #expect(check.finding == .noCode(type: "ResidualRNN"))
    }
    #expect(grade.checks.filter { $0.task == "derivation" || $0.task == "bound" }.allSatisfy { $0.status == .passed })
    let code = try await Course.grade(Submission(files: solution.files), of: "nndl-6-3")
    #expect(code.checks.filter { $0.task == "derivation" }.allSatisfy { $0.finding == .noDerivation })
    #expect(grade.score + code.score == 100)
  }

  /// The limit is for a hang, not for speed.
  @Test(.timeLimit(.minutes(5))) func anEndlessLoopInBackwardKeepsThePointsOfForward() async throws {
    let source = try Course.changed(
      "rnn-step", "-> Gradients {", "-> Gradients {\n    while cachedForever() {}\n"
    ).files[0].text
    let text = source + "\n@inline(never) func cachedForever() -> Bool { true }\n"
    let grade = try await Course.grade(
      Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))]), of: "rnn-step")
    #expect(grade.checks.filter { $0.task == "forward" }.allSatisfy { $0.status == .passed })
    #expect(grade.checks.filter { $0.task == "backward" }.allSatisfy { $0.verdict == "timedOut" })
  }

  @Test func drawsDifferOnEveryAxis() throws {
    for id in Course.exercises + Course.fixtures {
      let cell = try #require(try Course.sheet(id).cell)
      for seed: UInt64 in 1...20 {
        for draw in Draw.several(cell, seed: seed, hasTime: true) {
          let sizes = Array(draw.sizes.letters.values) + [draw.sizes.steps]
          #expect(Set(sizes).count == sizes.count, "\(id), seed \(seed): \(draw.sizes)")
        }
      }
    }
  }
}

@Suite(.tier(.test), .timed) struct ComparisonTests {
  private func error(_ expected: [Double], _ received: [Double]) -> Double {
    Comparison.difference(
      expected: Matrix(rows: 1, columns: expected.count, elements: expected),
      received: Matrix(rows: 1, columns: received.count, elements: received)
    ).relativeError
  }

  @Test(arguments: [1, 1e-20, 1e-60, 1e-100, 1e-200, 1e-300, 1e200])
  func zerosAndWrongSignsAreToldAtEverySize(_ scale: Double) {
    let right = [1, -2, 0.5].map { $0 * scale }
    #expect(error(right, right) == 0)
    #expect(error(right, right.map { $0 * (1 + 1e-13) }) < Comparison.tolerance)
    #expect(error(right, [0, 0, 0]) == 1)
    #expect(error(right, right.map(-)) == 2)
    #expect(error(right, right.map { $0 * 100 }) > 0.9)
  }

  @Test func zeroIsRightWhereZeroIsExpected() {
    #expect(error([0, 0], [0, 0]) == 0)
    #expect(error([0, 0], [0, 1e-300]) == 1)
  }

  @Test(arguments: [(40, 15), (30, 2), (70, 17), (5, 12), (1, 3), (0, 4), (100, 7)])
  func sharesAddUp(_ points: Int, _ count: Int) {
    let parts = shares(of: points, among: count)
    #expect(parts.count == count)
    #expect(abs(parts.reduce(0, +) - Double(points)) < 1e-9)
    #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
  }
}
