// Verdicts, follow-through, diagnosis, a class and its gradebook, without starting a process.

import CellKit
import Classroom
import Diagnostics
import Faults
import Foundation
import Recurrence
import Reports
import Sheets
import TestSupport
import Testing
import Wire

@testable import Diagnosis
@testable import Grading
@testable import SubmissionHost

@Suite(.timed) struct JudgeTests {
  /// The tasks of a sheet that call steps and sequences.
  private func called(_ judge: Judge) -> [Sheet.Task] {
    judge.tasks.filter { [.forward, .backward, .sequence].contains($0.kind) }
  }

  private func checks(
    _ id: String, _ mistakes: MemoryCell.Mistakes, seed: UInt64 = 1
  ) async throws -> (checks: [Check], calls: Int) {
    let judge = try Judge(try Course.sheet(id))
    let caller = MemoryCell(judge.cell, mistakes)
    let judgement = try await judge.judge(caller, called(judge), seed: seed)
    return (judgement.checks, caller.count)
  }

  @Test("the sheet's own cell passes every check of steps and sequences", arguments: Course.exercises + Course.fixtures)
  func theOwnCellPasses(_ id: String) async throws {
    for seed: UInt64 in 1...3 {
      let checks = try await checks(id, .init(), seed: seed).checks
      #expect(
        !checks.isEmpty && checks.allSatisfy { $0.status == .passed }, "\(checks.filter { $0.status != .passed })")
    }
  }

  @Test("the same seed asks the same questions, another seed others, and the questions hold nothing of the answers")
  func questions() throws {
    let judge = try Judge(try Course.sheet("rnn-sequence"))
    let first = judge.questions(of: called(judge), seed: 4)
    #expect(first.calls == judge.questions(of: called(judge), seed: 4).calls)
    #expect(first.calls != judge.questions(of: called(judge), seed: 5).calls)
    #expect(first.calls.map(\.kind).contains(.backwardThroughTime))
    #expect(first.calls.filter { $0.kind == .forward }.allSatisfy { $0.upstream.isEmpty })
  }

  @Test("every mistake of a backward step is rejected and named, most by their own name", arguments: ["rnn-step"])
  func faultsAreNamed(_ id: String) async throws {
    let cell = try #require(try Course.sheet(id).cell)
    var (own, all) = (0, 0)
    for fault in cell.faults {
      let wrong = try await checks(id, .init(faults: [fault])).checks.filter { $0.status != .passed }
      #expect(wrong.allSatisfy { $0.task == "backward" })
      // A mistake that changes no number is none.
      guard let check = wrong.first else { continue }
      let diagnosis = try #require(check.diagnosis, "\(fault.id(in: cell))")
      all += 1
      if diagnosis.fault == fault.id(in: cell) { own += 1 }
    }
    // Several mistakes may give the same numbers, and one of them lends its name.
    #expect(all > 20 && own * 4 > all * 3, "\(own) of \(all)")
  }

  @Test("a backward pass that is right for a known wrong forward pass earns half, and asks nothing more")
  func knownForward() async throws {
    let cell = try #require(try Course.sheet("nndl-6-4").cell)
    let fault = try #require(
      cell.forwardFaults.first { fault in
        fault.made(in: cell) != nil && fault.id(in: cell).contains("sigm")
      } ?? cell.forwardFaults.first { $0.made(in: cell) != nil })
    let right = try await checks("nndl-6-4", .init())
    let found = try await checks("nndl-6-4", .init(forward: fault.made(in: cell)))
    #expect(found.calls == right.calls)
    let forward = found.checks.filter { $0.task == "forward" && $0.status == .failed }
    #expect(!forward.isEmpty && forward.allSatisfy { $0.diagnosis?.fault == fault.id(in: cell) })
    let back = found.checks.filter { $0.task == "backward" && $0.status == .failed }
    #expect(!back.isEmpty && back.allSatisfy { $0.diagnosis?.cause == .ownForward })
  }

  @Test("a forward pass that no known mistake explains leads to further questions, in a run of its own")
  func unknownForward() async throws {
    let judge = try Judge(try Course.sheet("rnn-step"))
    let text = try String(
      contentsOfFile: Repository.root.appending(path: "exercises/rnn-step/sheet.md").path, encoding: .utf8)
    let other = text.replacingOccurrences(of: "h_t = \\tanh(a_t)", with: "h_t = \\tanh(a_t) + 0.07 a_t")
    try #require(other != text)
    let cell = try #require(try Sheet(.init(name: "sheet.md", text: other), path: "sheet.md").cell)
    let caller = MemoryCell(cell)
    let questions = judge.questions(of: called(judge), seed: 2)
    let first = judge.judge(questions, await caller.run(questions.calls, limits: .check))
    // What the forward step computes, and which gradients fit it.
    #expect(first.followUps.count == 2 && first.followUps.allSatisfy { !$0.isRequired })
    let followUp = try #require(first.followUps.last)
    #expect(followUp.calls.allSatisfy { $0.kind == .forward })
    let wrong = first.checks.filter { $0.status == .failed && $0.task == "backward" }
    #expect(!wrong.isEmpty && wrong.allSatisfy { $0.followThrough == nil })
    let second = judge.judge(followUp, await caller.run(followUp.calls, limits: followUp.limits), after: first)
    let following = second.checks.filter { $0.status == .failed && $0.task == "backward" }
    #expect(following.map(\.id) == wrong.map(\.id))
    #expect(following.allSatisfy { $0.followThrough == 0.5 && $0.diagnosis?.cause == .ownForward })
    // Without answers to them nothing is earned, and nothing is lost.
    let silent = RunReport(
      outcomes: followUp.calls.map { _ in .failed(.timedOut(seconds: 1)) }, printed: [], processes: 0)
    #expect(judge.judge(followUp, silent, after: first).checks == first.checks)
  }

  @Test("a block that is not set, of another shape, or no number is said to be so")
  func blocks() async throws {
    let values: [(BlockValue, (Finding) -> Bool)] = [
      (.notSet, { $0 == .notSet }),
      (.matrix(.zeros(1, 1)), { if case .wrongShape = $0 { true } else { false } }),
      (.nonFinite(.zeros(1, 1)), { if case .wrongShape = $0 { true } else { false } }),
    ]
    for (value, isExpected) in values {
      let found = try await checks("rnn-step", .init(change: { $0.parameterGradients["Wx"] = value })).checks
      let wrong = found.filter { $0.status != .passed }
      #expect(wrong.map(\.id) == ["backward.Wx"] && wrong.allSatisfy { isExpected($0.finding) }, "\(wrong)")
    }
  }
}

@Suite(.timed) struct MemoryClassTests {
  private func host(_ cell: Cell) -> MemoryHost {
    MemoryHost { text in
      switch text {
      case "right": .program(MemoryCell(cell), warnings: [])
      case "wrong":
        .program(MemoryCell(cell, .init(change: { $0.parameterGradients["Wx"] = .notSet })), warnings: [])
      case "broken": .isolationFault(reason: "no jail")
      default: .refused([CompilerDiagnostic(message: "what is this?")])
      }
    }
  }

  @Test("a class is graded, resumed and recorded with cells in memory")
  func aClass() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in [("ann", "right"), ("ben", "wrong"), ("cem", "nothing"), ("dan", "broken")] {
      let own = folder.appending(path: name)
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: own.appending(path: "Cell.swift"))
    }
    let judge = try Judge(try Course.sheet("rnn-step"))
    let grader = Grader(judge, host: host(judge.cell))
    let gradebook = try Gradebook(at: nil)
    let files = try ClassFiles(
      folder: nil, exercise: "rnn-step", document: GradeDocument(.text, language: .english))
    func run() async throws -> [String: Bool] {
      var isNew: [String: Bool] = [:]
      try await ClassRun(grader, gradebook: gradebook, reporting: files, seed: 3, jobs: 2, resumes: true)
        .grade(try ClassFolder(at: folder.path).entries) { isNew[$0.row.key.submission] = $0.isNew }
      return isNew
    }
    #expect(try await run() == ["ann": true, "ben": true, "cem": true, "dan": true])
    let rows = try ["ann", "ben", "cem", "dan"].map { try #require(try gradebook.latest($0, exercise: "rnn-step")) }
    #expect(rows.map(\.outcome) == [.graded, .graded, .graded, .ungraded])
    #expect(rows[0].line.score == 100 && rows[2].line.score == 0 && rows[3].line.score == nil)
    #expect((rows[1].line.score ?? 0) < 100 && rows[1].line.mistakes.map(\.id) == ["notSet.backward.Wx"])
    // What has a grade is left alone; what has none is tried again, and held after three times.
    #expect(try await run() == ["ann": false, "ben": false, "cem": false, "dan": true])
    _ = try await run()
    #expect(try gradebook.latest("dan", exercise: "rnn-step")?.outcome == .held)
  }
}
