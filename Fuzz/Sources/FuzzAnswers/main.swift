// Any bytes as what a submission's process may write: to the answers file, to both streams, and by way of the compiler.
//
// The first byte chooses; records are given the run's own number, which a submission knows.

import CellKit
import FuzzCell
import FuzzDriver
import Glibc
import Recurrence

@testable import Sandbox
@testable import SubmissionHost

private let interface = CellInterface(FuzzCell.residual, hasSequence: true)
private let matrix = Matrix(rows: 2, columns: 1, repeating: 0.5)
private let calls: [Call] = [
  .forward(input: ["x": matrix], previous: ["h": matrix], parameters: [:]),
  .backward(input: ["x": matrix], previous: ["h": matrix], parameters: [:], upstream: ["h": matrix]),
  .forwardThroughTime(inputs: [["x": matrix], ["x": matrix]], initial: ["h": matrix], parameters: [:]),
  .backwardThroughTime(
    inputs: [["x": matrix], ["x": matrix]], initial: ["h": matrix], parameters: [:], upstream: [["h": matrix]]),
  .flow(inputs: [["x": matrix], ["x": matrix]], initial: ["h": matrix], parameters: [:], upstream: []),
]
private let nonce: UInt64 = 0x4141_4141_4141_4141

exit(
  fuzz { bytes, count in
    guard count > 0 else { return 0 }
    let content = Array(UnsafeBufferPointer(start: bytes, count: count).dropFirst())
    let text = String(decoding: content, as: UTF8.self)
    switch bytes[0] % 8 {
    case 0, 1:
      let log = AnswerLog(content, nonce: nonce, order: [0, 1, 2])
      for case .complete(let first, let second) in log.entries.values {
        for call in calls {
          _ = try? interface.answer(to: call, from: first)
          _ = try? interface.answer(to: call, from: second)
        }
      }
    case 2, 3: for call in calls { _ = try? interface.answer(to: call, from: content[...]) }
    case 4: _ = PrintedLog(content, nonce: nonce).texts
    case 5: _ = CrashReport(text, files: ["Cell.swift"])
    case 6:
      let output = CompilerOutput(text, files: ["Cell.swift"], interface: interface)
      for diagnostic in output.diagnostics { _ = diagnostic.description }
    default: _ = LauncherStatus(content)
    }
    return 0
  })
