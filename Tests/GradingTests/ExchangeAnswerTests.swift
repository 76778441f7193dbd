// The answers file: whatever is missing, extra, repeated, stale, cut short or oversized fails closed.

import CellKit
import Testing
import Wire

@testable import SubmissionHost

@Suite struct ExchangeAnswerTests {
  private let nonce: UInt64 = 42

  private func record(
    _ number: Int, _ part: UInt32, _ content: [UInt8] = [], value: UInt32 = 0, nonce: UInt64 = 42
  ) -> [UInt8] {
    var writer = WireWriter()
    writer.append(Wire.magic)
    writer.append(UInt32(number))
    writer.append(nonce)
    writer.append(part)
    writer.append(value)
    writer.append(UInt64(content.count))
    writer.append(content)
    return writer.bytes
  }

  private func call(_ number: Int) -> [UInt8] {
    record(number, 0, [1]) + record(number, 1, [1]) + record(number, 2)
  }

  private func log(_ bytes: [UInt8]) -> AnswerLog { AnswerLog(bytes, nonce: nonce, order: [0, 1, 2]) }

  @Test func completeCalls() {
    let log = log(call(0) + call(1))
    #expect(log.entries[0] == .complete(first: [1], second: [1]))
    #expect(log.entries[1] == .complete(first: [1], second: [1]))
    #expect(log.entries[2] == nil && log.condemned == nil)
  }

  @Test func endings() {
    let log = log(record(0, 2, value: 3) + record(1, 0, [1]) + record(1, 2, value: 256 + 11))
    #expect(log.entries[0] == .ended(.exit(3), answers: 0))
    #expect(log.entries[1] == .ended(.signal(11), answers: 1))
  }

  /// Whoever writes an ending may write any number.
  @Test func endingsOfAnyNumber() {
    for value: UInt32 in [256, 0x8000_0000, 0x8000_00FF, .max] {
      #expect(log(record(0, 2, value: value)).entries[0] == .ended(.signal(Int32(value & 0xFF)), answers: 0))
    }
  }

  @Test func repeatedAndMisplacedAnswersCondemnTheirCall() {
    let twice = log(record(0, 0) + record(0, 0) + record(0, 1) + record(0, 2) + call(1))
    #expect(twice.entries[0] == .malformed("an answer was given twice"))
    #expect(twice.entries[1] == .complete(first: [1], second: [1]))
    let early = log(record(0, 0) + record(2, 0) + record(0, 1) + record(0, 2))
    #expect(early.entries[0] == .malformed("an answer to call 2 during call 0"))
    let late = log(call(0) + record(0, 0) + call(1))
    #expect(late.entries[1] == .malformed("an answer to call 0 during call 1"))
    #expect(log(call(0) + record(1, 1) + record(1, 2)).entries[1] == .malformed("an answer was given twice"))
  }

  @Test func staleAndExtraAnswersCondemnTheRun() {
    #expect(log(call(0) + record(1, 0, nonce: 41)).condemned == "an answer of another run")
    #expect(log(call(0) + record(9, 0)).condemned == "an answer to a call that was not made")
    #expect(log(call(0) + call(1) + call(2) + call(2)).condemned == "an answer after the last one")
    #expect(log(call(0) + record(1, 3)).condemned == "a record of an unknown kind")
    #expect(log(call(0) + record(9, 0)).entries.isEmpty)
  }

  @Test func anAnswerCutShortLosesItsCall() {
    for length in 1..<record(1, 0, [1, 2, 3]).count {
      let log = log(call(0) + record(1, 0, [1, 2, 3]).prefix(length))
      #expect(log.entries[0] == .complete(first: [1], second: [1]))
      #expect(log.entries[1] == .malformed("an answer was cut short"))
    }
  }

  // MARK: Content

  private func list(_ group: UInt32, steps: UInt32, width: UInt32, _ matrices: [Matrix]) -> [UInt8] {
    var writer = WireWriter()
    writer.append(group)
    writer.append(steps)
    writer.append(width)
    writer.append(0 as UInt32)
    for matrix in matrices { writer.append(matrix) }
    return writer.bytes
  }

  private func outputs(_ bytes: [UInt8], of index: Int = 0) throws -> [[String: BlockValue]] {
    try RNN.interface.answer(to: RNN.calls[index], from: bytes[...]).outputs
  }

  @Test func values() throws {
    let m = RNN.matrix(5, 4, 1)
    #expect(try outputs(list(0, steps: 1, width: 1, [m])) == [["h": .matrix(m)]])
    #expect(try outputs(list(0, steps: 1, width: 1, [.notSet])) == [["h": .notSet]])
    let infinite = Matrix([[1, .infinity]])
    #expect(try outputs(list(0, steps: 1, width: 1, [infinite])) == [["h": .nonFinite(infinite)]])
  }

  @Test func contentThatIsNotWhatWasAsked() {
    let good = list(0, steps: 1, width: 1, [RNN.matrix(5, 4, 1)])
    for length in 0..<good.count {
      #expect(throws: MalformedAnswer.self) { try outputs(Array(good.prefix(length))) }
    }
    #expect(throws: MalformedAnswer.self) { try outputs(good + [0]) }
    #expect(throws: MalformedAnswer.self) { try outputs(list(1, steps: 1, width: 1, [.notSet])) }
    #expect(throws: MalformedAnswer.self) { try outputs(list(0, steps: 2, width: 1, [.notSet, .notSet])) }
    #expect(throws: MalformedAnswer.self) { try outputs(list(0, steps: 1, width: 2, [.notSet, .notSet])) }
    // A matrix that claims more entries than there are bytes, and one whose count overflows.
    var writer = WireWriter()
    writer.append(UInt32.max)
    writer.append(UInt32.max)
    #expect(throws: MalformedAnswer.self) { try outputs(list(0, steps: 1, width: 1, []) + writer.bytes) }
    #expect(throws: MalformedAnswer.self) { try outputs(list(0, steps: .max, width: 1, []), of: 2) }
  }

  /// A list of the wrong length is told by its length, whatever it holds.
  @Test func aListOfTooManySteps() throws {
    let steps = Array(repeating: Matrix.notSet, count: 100_000)
    let values = try outputs(list(0, steps: 100_000, width: 1, steps), of: 2)
    #expect(values == Array(repeating: ["h": .wrongStepCount(100_000)], count: 3))
  }

  @Test func aCallThatLacksABlockIsRefused() {
    let call = Call.forward(input: [:], previous: RNN.initial, parameters: RNN.parameters)
    #expect(throws: IncompleteCall(description: "a forward call lacks the input block x")) {
      try RNN.interface.request([(0, call)], nonce: 1)
    }
  }
}
