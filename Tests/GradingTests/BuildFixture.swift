// A simple recurrent cell to build and run in tests, with one place where a slip can be put in.

import CellKit
import Foundation
import Recurrence
import TestSupport
import Testing

@testable import Sandbox
@testable import SubmissionHost

/// One compiler at a time: limits on the clock mean nothing on a machine that runs thirty at once.
@Suite(.serialized, .tier(.test), .timed) enum BuildTests {}

/// One workbench for all tests: the kit is built once.
enum TestWorkbench {
  static let kitSources = Repository.root.appending(path: "Sources")

  private static let shared = Task {
    try await Workbench(
      sandbox: Sandbox(launcher: Repository.launcher.path, lockFolder: Repository.locks.path), kitSources: kitSources
    )
  }

  static var value: Workbench {
    get async throws { try await shared.value }
  }
}

/// What came of a submission in a test.
struct TestRun {
  let report: RunReport
  /// From the first call to the last answer, in seconds.
  let seconds: Double

  var outcomes: [CallOutcome] { report.outcomes }

  func failure(_ index: Int) -> CallFailure? {
    if case .failed(let failure) = report.outcomes[index] { return failure }
    return nil
  }

  func crash(_ index: Int) -> Crash? {
    if case .crashed(let crash)? = failure(index) { return crash }
    return nil
  }

  func answer(_ index: Int) -> Answer? {
    if case .answered(let answer) = report.outcomes[index] { return answer }
    return nil
  }
}

enum RNN {
  static let interface = CellInterface(
    cellName: "RNN", layout: .columns, inputs: [.init(name: "x", symbol: "x", axes: ["D"])],
    states: [.init(name: "h", symbol: "h", axes: ["H"])],
    parameters: [
      .init(name: "W", symbol: "W", axes: ["H", "D"]), .init(name: "U", symbol: "U", axes: ["H", "H"]),
      .init(name: "b", symbol: "b", axes: ["H"]),
    ], hasSequence: true)

  /// A right cell; `slip` stands on line 15, at the beginning of `backward`.
  static func source(slip: String = "", header: String = "import CellKit", footer: String = "") -> String {
    """
    \(header)
    struct RNN: Unrolled {
      struct Cache {
        var x: Matrix
        var previous: State
        var h: Matrix
      }

      static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
        let h = tanh(p.W * x + p.U * previous.h + p.b)
        return (Output(h: h), Cache(x: x, previous: previous, h: h))
      }

      static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
        \(slip)
        let dz = upstream.h .* (1 - cache.h .* cache.h)
        var g = Gradients()
        g.W = dz * cache.x.T
        g.U = dz * cache.previous.h.T
        g.b = dz.sumOverColumns()
        g.x = p.W.T * dz
        g.previous.h = p.U.T * dz
        return g
      }

      static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], [Cache]) {
        var outputs: [Output] = []
        var tape: [Cache] = []
        var state = initial
        for input in x {
          let (output, cache) = forward(input, state, p)
          outputs.append(output)
          tape.append(cache)
          state = output
        }
        return (outputs, tape)
      }

      static func backwardThroughTime(_ upstream: [Output], _ tape: [Cache], _ p: Parameters) -> SequenceGradients {
        var g = SequenceGradients()
        (g.W, g.U, g.b) = (.zeros(like: p.W), .zeros(like: p.U), .zeros(like: p.b))
        g.initial.h = .zeros(like: upstream[0].h)
        for t in upstream.indices.reversed() {
          let step = backward(Output(h: upstream[t].h + g.initial.h), tape[t], p)
          g.W += step.W
          g.U += step.U
          g.b += step.b
          g.x.insert(step.x, at: 0)
          g.initial = step.previous
        }
        return g
      }
    }
    \(footer)
    """
  }

  static let slipLine = 15

  /// A matrix of numbers that are neither equal nor large.
  static func matrix(_ rows: Int, _ columns: Int, _ seed: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { Double(($0 * 7 + seed * 13) % 23) / 23 - 0.48 })
  }

  static let parameters = ["W": matrix(5, 3, 1), "U": matrix(5, 5, 2), "b": matrix(5, 1, 3)]
  static let x = [["x": matrix(3, 4, 4)], ["x": matrix(3, 4, 5)], ["x": matrix(3, 4, 6)]]
  static let initial = ["h": matrix(5, 4, 7)]
  static let upstream = [["h": matrix(5, 4, 8)], ["h": matrix(5, 4, 9)], ["h": matrix(5, 4, 10)]]

  /// forward, backward, forwardThroughTime, backwardThroughTime, flow.
  static let calls: [Call] = [
    .forward(input: x[0], previous: initial, parameters: parameters),
    .backward(input: x[0], previous: initial, parameters: parameters, upstream: upstream[0]),
    .forwardThroughTime(inputs: x, initial: initial, parameters: parameters),
    .backwardThroughTime(inputs: x, initial: initial, parameters: parameters, upstream: upstream),
    .flow(inputs: x, initial: initial, parameters: parameters, upstream: upstream),
  ]

  static func submission(_ text: String, name: String = "Cell.swift") -> Submission {
    Submission(files: [.init(name: name, bytes: Array(text.utf8))])
  }

  static func build(_ text: String) async throws -> BuildOutcome {
    try await TestWorkbench.value.build(submission(text), interface: interface)
  }

  /// The errors of a submission that does not compile; empty if it does.
  static func errors(_ text: String) async throws -> [CompilerDiagnostic] {
    guard case .doesNotCompile(let diagnostics) = try await build(text) else { return [] }
    return diagnostics.filter { $0.severity == .error }
  }

  static func run(_ text: String, _ calls: [Call] = calls) async throws -> TestRun {
    switch try await build(text) {
    case .built(let program):
      let clock = ContinuousClock()
      let start = clock.now
      let report = try await TestWorkbench.value.run(program, calls)
      return TestRun(report: report, seconds: (clock.now - start) / .seconds(1))
    case .doesNotCompile(let diagnostics): throw TestFailure(reason: "\(diagnostics)")
    case .isolationFault(let reason): throw TestFailure(reason: reason)
    case .unclear(let suspicion): throw TestFailure(reason: suspicion.reason)
    }
  }
}

struct TestFailure: Error {
  var reason: String
}
