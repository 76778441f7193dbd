// Mistakes on the way forward and in the loops are named; a way back that follows from one earns its share, and a
// trivial forward earns nothing.

import CellKit
import Diagnosis
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite(.tier(.test), .timed) struct WrongForwardTests {
  /// The model solution with some texts replaced.
  private func changed(_ id: String, _ edits: [(String, String)]) throws -> Submission {
    let solution = try Course.solution(id)
    var text = try #require(solution.files.first { $0.name == "Cell.swift" }).text
    for (old, new) in edits {
      try #require(text.contains(old), "\(id) has no `\(old)`")
      text = text.replacingOccurrences(of: old, with: new)
    }
    return Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))])
  }

  private func grade(_ id: String, _ edits: [(String, String)], tasks: [String]? = nil) async throws -> [Check] {
    let grader = try Grader(Course.sheet(id), tasks: tasks, with: try await TestWorkbench.value)
    return try await grader.grade(changed(id, edits), named: id, seed: 3).checks
  }

  @Test(arguments: [
    ("nndl-6-4", "let h = o .* tanhC", "let h = o .* c", "forward.functionMissing"),
    ("nndl-6-4", "let h = o .* tanhC", "let h = tanh(o .* c)", "forward.functionMovedOut"),
    (
      "nndl-6-4", "let c = f .* previous.c + i .* candidate", "let c = i .* previous.c + f .* candidate",
      "forward.exchanged"
    ),
    ("nndl-6-4", " + p.bo", "", "forward.termMissing"),
    ("nndl-6-4", "sigmoid(p.Wf * x", "tanh(p.Wf * x", "forward.otherFunction"),
    ("nndl-6-4", "p.Ui * previous.h", "p.Uf * previous.h", "forward.otherOperand"),
    (
      "lstm-step", "let o = sigmoid(a[2])\n    let g = tanh(a[3])", "let o = sigmoid(a[3])\n    let g = tanh(a[2])",
      "forward.partOrder"
    ),
    (
      "gru-step", "update .* candidate + (1 - update) .* previous.c",
      "(1 - update) .* candidate + update .* previous.c",
      "forward.keepForWrite"
    ),
  ])
  func forwardMistakesAreNamed(_ id: String, _ old: String, _ new: String, _ fault: String) async throws {
    let checks = try await grade(id, [(old, new)], tasks: ["forward"])
    let wrong = checks.filter { $0.status == .failed }
    #expect(!wrong.isEmpty)
    #expect(wrong.allSatisfy { $0.diagnosis?.fault.hasPrefix(fault + ":") == true }, "\(wrong.map(\.diagnosis))")
  }

  @Test(arguments: [
    ("rnn-sequence", "total.Wx += g.Wx", "total.Wx = g.Wx", "time.firstStepOnly:Wx"),
    ("rnn-sequence", "fromLater = g.previous.h", "_ = g.previous.h", "time.carryLost:all"),
    ("rnn-sequence", "state = output", "_ = output", "loop.statesNotPassed:all"),
    ("lstm-sequence", "later = g.previous", "later.h = g.previous.h", "time.carryLost:c"),
    (
      "lstm-sequence", "h: upstream[t].h + later.h", "h: t + 1 < tape.count ? later.h : upstream[t].h",
      "time.carryReplacesUpstream:h"
    ),
    ("lstm-sequence", "upstream[t].c + later.c", "later.c", "time.upstreamLeftOut:c"),
    ("lstm-sequence", "total.Wh += g.Wh", "if t > 0 { total.Wh += g.Wh }", "time.firstStepLeftOut:Wh"),
    ("gru-sequence", "total.x = backwards.reversed()", "total.x = backwards", "time.inputsReversed"),
  ])
  func loopMistakesAreNamed(_ id: String, _ old: String, _ new: String, _ fault: String) async throws {
    let checks = try await grade(id, [(old, new)])
    #expect(checks.filter { $0.task != "sequence" }.allSatisfy { $0.status == .passed })
    let first = checks.first { $0.status == .failed }
    #expect(first?.diagnosis?.fault.hasPrefix(fault) == true, "\(String(describing: first?.diagnosis))")
    #expect(checks.filter { $0.status == .failed }.allSatisfy { $0.diagnosis != nil })
  }

  /// A step's mistake is the loop's, too, and is told by its own name there.
  @Test func aMistakeOfTheStepIsNamedInTheLoop() async throws {
    let checks = try await grade("lstm-sequence", [("dc .* g .* i .* (1 - i)", "dc .* g")])
    let faults = Set(checks.filter { $0.status == .failed }.map { $0.diagnosis?.fault })
    #expect(faults.count == 1 && faults.first??.hasPrefix("derivativeMissing:") == true, "\(faults)")
  }

  /// Gradients over time say at which step they part, from the end.
  @Test func theStepAtWhichALoopPartsIsTold() async throws {
    let checks = try await grade("rnn-sequence", [("fromLater = g.previous.h", "_ = g.previous.h")])
    let check = try #require(checks.first { $0.id == "sequence.x" })
    guard case .differs(_, let place) = check.finding else { return #expect(Bool(false), "\(check.finding)") }
    let steps = try #require(place.sizes["T"])
    #expect(place.step == steps - 1)
    #expect(place.wrongSteps == Array(1..<steps))
  }

  // MARK: Follow-through

  private let exchanged = [
    ("let c = f .* previous.c + i .* candidate", "let c = i .* previous.c + f .* candidate"),
    ("let df = dc .* cache.cPrevious", "let df = dc .* candidate"),
    ("let di = dc .* candidate", "let di = dc .* cache.cPrevious"),
    ("let dCandidate = dc .* i", "let dCandidate = dc .* f"),
    ("g.previous.c = f .* dc", "g.previous.c = i .* dc"),
  ]

  @Test func aBackwardThatFollowsFromAKnownMistakeEarnsItsShare() async throws {
    let checks = try await grade("nndl-6-4", exchanged, tasks: ["forward", "backward"])
    let back = checks.filter { $0.task == "backward" }
    #expect(back.allSatisfy { $0.status == .failed && $0.followThrough == 0.5 && $0.points == $0.maxPoints / 2 })
    #expect(back.allSatisfy { $0.diagnosis?.cause == .ownForward })
    #expect(checks.filter { $0.task == "forward" }.allSatisfy { $0.points == 0 })
  }

  /// The same forward with the right formulas behind it is no following.
  @Test func theSheetsFormulasOnWrongValuesAreNoFollowing() async throws {
    let checks = try await grade("nndl-6-4", [exchanged[0]], tasks: ["forward", "backward"])
    let check = try #require(checks.first { $0.id == "backward.Wf" })
    #expect(check.followThrough == nil && check.diagnosis?.cause == .ownValues)
  }

  /// A mistake that no operator makes: judged by differences.
  @Test func aBackwardThatFollowsFromAnUnknownMistakeEarnsItsShare() async throws {
    let forward = ("let c = f .* previous.c + i .* candidate", "let c = 1.2 .* f .* previous.c + i .* candidate")
    let following = [
      forward, ("let df = dc .* cache", "let df = 1.2 .* dc .* cache"),
      ("g.previous.c = f", "g.previous.c = 1.2 .* f"),
    ]
    let checks = try await grade("nndl-6-4", following, tasks: ["forward", "backward"])
    #expect(checks.filter { $0.task == "backward" }.allSatisfy { $0.followThrough == 0.5 })
    // The same forward alone: what goes by way of the old memory does not follow.
    let half = try await grade("nndl-6-4", [forward], tasks: ["forward", "backward"])
    #expect(half.first { $0.id == "backward.Wf" }?.followThrough == nil)
    #expect(half.first { $0.id == "backward.previous.c" }?.followThrough == nil)
    #expect(half.first { $0.id == "backward.Wo" }?.followThrough == 0.5)
  }

  /// Zeros, a constant, a copy of the old state, a straight line, one tanh of everything.
  @Test(arguments: [
    ("0 .* previous.h", "0 .* upstream.h"),
    ("0 .* previous.h + 1", "0 .* upstream.h"),
    ("previous.h", "0 .* upstream.h"),
    ("x * p.Wx + previous.h * p.Wh + p.b", "upstream.h"),
    ("0.9 .* (x * p.Wx + previous.h * p.Wh + p.b)", "0.9 .* upstream.h"),
    ("0.5 .* (x * p.Wx + previous.h * p.Wh + p.b)", "0.5 .* upstream.h"),
  ])
  func aTrivialForwardEarnsNothing(_ forward: String, _ back: String) async throws {
    let checks = try await grade(
      "rnn-step",
      [
        ("let h = tanh(x * p.Wx + previous.h * p.Wh + p.b)", "let h = \(forward)"),
        ("let da = upstream.h .* (1 - cache.h .* cache.h)", "let da = \(back)"),
      ])
    #expect(checks.allSatisfy { $0.points == 0 }, "\(checks.map { ($0.id, $0.points) })")
  }

  @Test func oneFunctionOfEverythingEarnsNothing() async throws {
    let sum = "p.Wf * x + p.Uf * previous.h + p.bf + p.Wi * x + p.Ui * previous.h + p.bi"
    let all = sum + " + p.Wo * x + p.Uo * previous.h + p.bo + p.Wc * x + p.Uc * previous.h + p.bc + previous.c"
    let checks = try await grade(
      "nndl-6-4",
      [
        ("let c = f .* previous.c + i .* candidate", "let c = tanh(\(all))"), ("let h = o .* tanhC", "let h = c"),
        ("let tanhC = tanh(c)", "let tanhC = c"),
        (
          "let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)",
          "let dc = (upstream.c + upstream.h) .* (1 - cache.tanhC .* cache.tanhC)"
        ),
        ("let df = dc .* cache.cPrevious .* f .* (1 - f)", "let df = dc"),
        ("let di = dc .* candidate .* i .* (1 - i)", "let di = dc"),
        ("let dO = upstream.h .* cache.tanhC .* o .* (1 - o)", "let dO = dc"),
        ("let dCandidate = dc .* i .* (1 - candidate .* candidate)", "let dCandidate = dc"),
        ("g.previous.c = f .* dc", "g.previous.c = dc"),
      ], tasks: ["forward", "backward"])
    #expect(checks.allSatisfy { $0.points == 0 }, "\(checks.map { ($0.id, $0.points) })")
  }

  // MARK: Hostile and imprecise values

  @Test func singlePrecisionIsNamedAsSuch() async throws {
    let narrow = "\nfunc narrow(_ m: Matrix) -> Matrix { m.map { Double(Float($0)) } }\n"
    let checks = try await grade(
      "rnn-step",
      [("g.b = da.sumOverRows()", "g.b = narrow(da.sumOverRows())"), ("import CellKit", "import CellKit\(narrow)")])
    let wrong = checks.filter { $0.status == .failed }
    #expect(wrong.map(\.id) == ["backward.b"] && wrong[0].diagnosis?.cause == .singlePrecision)
  }

  @Test(arguments: ["1e300", "Double.nan", "Double.infinity", "1e-300", "-1e308"])
  func hostileNumbersAreToldAndNotNamed(_ factor: String) async throws {
    let checks = try await grade(
      "gru-sequence", [("let dCandidate = ", "let dCandidate = \(factor) .* (upstream.c .* upstream.c) + ")])
    #expect(factor == "1e-300" || checks.contains { $0.status == .failed })
    #expect(checks.filter { $0.task == "forward" }.allSatisfy { $0.status == .passed })
  }
}
