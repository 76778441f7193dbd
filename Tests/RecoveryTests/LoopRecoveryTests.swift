// Where the way back through a sequence goes wrong: mistakes made at known steps and gates.

import CellKit
import Diagnostics
import Faults
import Foundation
import Recurrence
import Reports
import Sheets
import TestSupport
import Testing

@testable import Diagnosis
@testable import Recovery

@Suite struct LoopRecoveryTests {
  private static let sequences = ["rnn-sequence", "lstm-sequence", "gru-sequence", "nndl-6-2p"]

  private static func cell(_ exercise: String) throws -> Cell {
    try #require(Sheet(path: Repository.root.appending(path: "exercises/\(exercise)/sheet.md").path).cell)
  }

  /// What is located where a loop answers with some mistakes.
  private static func located(
    _ cell: Cell, _ faults: [Fault] = [], time: TimeFault? = nil, change: (inout Matrices) -> Void = { _ in }
  ) throws -> Located? {
    let questions = LoopQuestions(cell, seed: 1)
    let received = questions.draws.map { draw in
      var blocks = FaultyRun(cell, sizes: draw.sizes, draw.value).gradients(faults, time: time).byPlace
      change(&blocks)
      return blocks
    }
    return try #require(LoopRecovery(questions, received)).located()
  }

  @Test("a right loop goes wrong nowhere", arguments: sequences)
  func rightLoops(_ exercise: String) throws {
    #expect(try Self.located(Self.cell(exercise)) == nil)
  }

  @Test("a path of one gate that is lost at the first step is located there, and in that gate alone")
  func oneGate() throws {
    let cell = try Self.cell("lstm-sequence")
    let fault = try #require(cell.endFaults.first { $0.id(in: cell) == "dropped:f<ftodotct1@first" })
    let located = try #require(try Self.located(cell, [fault]))
    #expect(located.step == .first)
    #expect(located.wrong == ["a_{f,t}"])
    #expect(located.right == ["a_{i,t}", "a_{o,t}", "a_{g,t}"])
    let diagnosis = Diagnosis(fault: "located", cause: .located(located), path: [])
    #expect(Phrases(.english).sentence(diagnosis).contains("only in a_{f,t}"))
    #expect(Phrases(.chinese).sentence(diagnosis).contains("只有 a_{f,t} 不对"))
  }

  @Test("a carry that is lost shows from the step before the last, in all gates", arguments: sequences)
  func lostCarry(_ exercise: String) throws {
    let cell = try Self.cell(exercise)
    let time = try #require(cell.timeFaults.first { $0.id(in: cell) == "time.carryDropped:all" })
    let located = try #require(try Self.located(cell, time: time))
    #expect(located.step == .beforeLast(1))
    #expect(located.right.isEmpty && !located.wrong.isEmpty)
  }

  @Test("a wrong upstream shows at the last step")
  func lastStep() throws {
    let cell = try Self.cell("rnn-sequence")
    let time = try #require(cell.timeFaults.first { $0.id(in: cell) == "time.upstreamLeftOut:all" })
    #expect(try Self.located(cell, time: time)?.step == .beforeLast(0))
  }

  @Test("nothing is located in gradients by the inputs that no gates give")
  func noGates() throws {
    let cell = try Self.cell("lstm-sequence")
    let located = try Self.located(cell) { blocks in
      blocks[.input(0)] = blocks[.input(0)]?.map { $0.map { $0 * $0 } }
    }
    #expect(located == nil)
  }
}
