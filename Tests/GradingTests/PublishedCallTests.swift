// A published call is one check of its task, and a file that does not fit the sheet is the sheet's fault.

import CellKit
import Diagnosis
import Diagnostics
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct PublishedCallTests {
  private static let id = "nndl-6-2p"

  /// What listings of this cell print, to the digits they print: from their output and not from our script.
  @Test func theFilesHoldWhatTheListingsPrint() throws {
    let sheet = try Course.sheet(Self.id)
    let cell = try #require(sheet.cell)
    func values(_ task: String) throws -> PublishedValues {
      let file = try #require(sheet.tasks.first { $0.id == task }?.fixed)
      return try CaseFile.readValues(Array(sheet.text(of: file).text.utf8), for: cell)
    }
    let step = try values("forward").outputs
    let hidden = [
      -0.66408471, 0.0036921, 0.02088357, 0.22834167, -0.85575339, 0.00138482, 0.76566531, 0.34631421, -0.00215674,
      0.43827275,
    ]
    for (column, value) in hidden.enumerated() { #expect(abs(step[0][0][4, column] - value) < 1e-8) }
    #expect(abs(step[1][0][2, 0] - 0.63267805) < 1e-8 && abs(step[2][0][1, 0] - 0.79913913) < 1e-8)
    let loop = try values("sequence").outputs
    #expect(abs(loop[0][6][4, 3] - 0.172117767533) < 1e-11)
    #expect(abs(loop[2][3][1, 4] - 0.95087346185) < 1e-11)
    #expect(abs(loop[1][1][1, 2] - -0.855544916718) < 1e-11)
  }

  @Test func itIsOneCheckOfEachTask() async throws {
    let grade = try await Course.grade(Course.solution(Self.id), of: Self.id)
    let fixed = grade.checks.filter { $0.id.hasSuffix(".fixed") }
    #expect(fixed.map(\.id) == ["forward.fixed", "backward.fixed", "sequence.fixed"])
    #expect(fixed.allSatisfy { $0.status == .passed && $0.maxPoints > 0 })
    #expect(fixed.map(\.title) == ["np.random.seed(1)", "np.random.seed(1)", "np.random.seed(1), T_x = 7"])
  }

  @Test func itNamesTheFirstBlockThatDiffers() async throws {
    let submission = try Course.changed(Self.id, "g.Wy = dy * cache.h.T", "g.Wy = -dy * cache.h.T")
    let grade = try await Course.grade(submission, of: Self.id)
    let failed = grade.checks.filter { $0.status != .passed }
    #expect(failed.map(\.id) == ["backward.Wy", "backward.fixed", "sequence.Wy", "sequence.fixed"])
    #expect(failed[1].title == "np.random.seed(1): ∂L/∂W_y")
    guard case .differs(let difference, let place) = failed[1].finding else {
      Issue.record("\(failed[1].finding)")
      return
    }
    #expect(abs(difference.relativeError - 2) < 1e-12)
    #expect(place.sizes == ["D": 3, "H": 5, "K": 2, "N": 10])
  }

  @Test func aCallThatIsAnsweredByHeartDoesNotPassTheOthers() async throws {
    // The sign of one weight's gradient is turned at every batch size but the published one.
    let submission = try Course.changed(
      Self.id, "g.Wy = dy * cache.h.T", "g.Wy = cache.h.columns == 10 ? dy * cache.h.T : -dy * cache.h.T")
    let failed = try await Course.grade(submission, of: Self.id).checks.filter { $0.status != .passed }.map(\.id)
    #expect(failed.contains("backward.Wy") && !failed.contains("backward.fixed"))
  }

  @Test("a published call earns nothing where everything else is wrong")
  func publishedValuesAloneEarnNothing() async throws {
    let submission = try Course.changed(
      Self.id, "let v = Matrix.stacked(previous.h, x)",
      "let v = (x.columns == 10 && (x[0, 0] * 1e4).rounded() == 16243 ? 1.0 : 2.0) * Matrix.stacked(previous.h, x)")
    let grade = try await Course.grade(submission, of: Self.id)
    let fixed = grade.checks.filter { ["forward.fixed", "backward.fixed"].contains($0.id) }
    #expect(fixed.map(\.finding) == [.skipped(needs: "forward"), .skipped(needs: "backward")])
    #expect(grade.checks.filter { ["forward", "backward"].contains($0.task) }.allSatisfy { $0.points == 0 })
  }

  @Test(arguments: [
    ("\"outputs\": {\"h\": [[[", "\"outputs\": {\"h\": [[[1", "outputs.h: is not what the sheet's equations give"),
    ("\"outputs\": {\"h\"", "\"outputs\": {\"g\"", "outputs.h: is missing"),
    ("\"gradients\": {\"Wf\": [[-", "\"gradients\": {\"Wf\": [[", "gradients.Wf: is not what"),
    ("\"inputs\": {\"x\": [", "\"inputs\": {\"x\": [[[0]], ", "has 1 steps where the inputs have 2"),
    ("{\"parameters\"", "{{\"parameters\"", "not valid JSON"),
  ])
  func aFileThatDoesNotFitIsRefused(_ old: String, _ new: String, _ reason: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Repository.root.appending(path: "exercises/\(Self.id)"), to: folder)
    let file = folder.appending(path: "published-step.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try #require(text.contains(old))
    try Data(text.replacing(old, with: new, maxReplacements: 1).utf8).write(to: file)
    let sheet = try Sheet(path: folder.appending(path: "sheet.md").path)
    let workbench = try await TestWorkbench.value
    let error = #expect(throws: GradingError.self) { try Grader(sheet, tasks: ["forward"], with: workbench) }
    #expect("\(error!)".contains("published-step.json: ") && "\(error!)".contains(reason), "\(error!)")
    #expect("\(error!)".contains("sheet.md:"))
  }
}

/// Checks that look at some blocks only, on draws in which others are zero.
@Suite(.tier(.test), .timed) struct NarrowTaskTests {
  private static func grader(_ tasks: String) async throws -> Grader {
    let path = Repository.root.appending(path: "exercises/rnn-step/sheet.md").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("tasks:") })
    let last = try #require(lines[first...].firstIndex { $0 == "---" })
    let changed = (lines[..<first] + ["tasks:", "  - \(tasks)"[...]] + lines[last...]).joined(separator: "\n")
    return try Grader(Sheet(SourceText(name: "sheet.md", text: changed)), with: try await TestWorkbench.value)
  }

  @Test func onlyTheNamedBlocksAreLookedAt() async throws {
    let grader = try await Self.grader("{id: some, kind: backward, points: 10, blocks: [previous.h, b]}")
    let grade = try await grader.grade(Course.solution("rnn-step"), named: "", seed: 1)
    #expect(grade.checks.map(\.id) == ["some.previous.h", "some.b"])
    #expect(grade.checks.map(\.maxPoints) == [5, 5] && grade.hasFullMarks)
  }

  @Test func aMistakeOnARoadThatIsZeroDoesNotShow() async throws {
    let submission = try Course.changed("rnn-step", "previous.h * p.Wh", "-previous.h * p.Wh")
    let all = try await Self.grader("{id: some, kind: forward, points: 10}")
    let wrong = try await all.grade(submission, named: "", seed: 1)
    #expect(wrong.score == 0)
    for zero in ["previous.h", "Wh"] {
      let grader = try await Self.grader("{id: some, kind: forward, points: 10, zero: [\(zero)]}")
      #expect(try await grader.grade(submission, named: "", seed: 1).hasFullMarks)
    }
    let other = try await Self.grader("{id: some, kind: forward, points: 10, zero: [x, b]}")
    let told = try await other.grade(submission, named: "", seed: 1).checks[0].finding
    guard case .differs(_, let place) = told else {
      Issue.record("\(told)")
      return
    }
    #expect(place.zero == ["x", "b"])
  }

  @Test(arguments: [
    "{id: some, kind: backward, points: 10, blocks: [Wq]}", "{id: some, kind: backward, points: 10, zero: [initial.h]}",
    "{id: some, kind: forward, points: 10, blocks: [Wx]}",
  ])
  func aBlockThatIsNotThereIsNamed(_ task: String) async throws {
    let error = await #expect(throws: GradingError.self) { try await Self.grader(task) }
    #expect("\(error!)".contains("there is no `") && "\(error!)".contains("`upstream.h`") != task.contains("blocks"))
  }
}
