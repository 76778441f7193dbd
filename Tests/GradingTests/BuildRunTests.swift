// Every way in which a call of a submission can end.

import CellKit
import Foundation
import Glibc
import Testing

@testable import SubmissionHost

extension BuildTests {
  @Suite struct BuildRunTests {
    @Test func aRightCellAnswersEverything() async throws {
      let run = try await RNN.run(RNN.source())
      #expect(run.report.processes == 1)
      let h = tanh(
        RNN.parameters["W"]! * RNN.x[0]["x"]! + RNN.parameters["U"]! * RNN.initial["h"]! + RNN.parameters["b"]!)
      let dz = RNN.upstream[0]["h"]! .* (1 - h .* h)
      #expect(run.answer(0)?.outputs == [["h": .matrix(h)]])
      let step = run.answer(1)
      #expect(step?.outputs == [["h": .matrix(h)]])
      #expect(step?.parameterGradients["W"] == .matrix(dz * RNN.x[0]["x"]!.T))
      #expect(step?.inputGradients == [["x": .matrix(RNN.parameters["W"]!.T * dz)]])
      #expect(step?.stateGradients == [["h": .matrix(RNN.parameters["U"]!.T * dz)]])
      #expect(run.answer(2)?.outputs.count == 3)
      let time = run.answer(3)
      #expect(time?.outputs == run.answer(2)?.outputs)
      // The driver's own way back and the learner's meet at the initial state.
      let flow = run.answer(4)
      #expect(flow?.stateGradients.count == 4)
      #expect(flow?.stateGradients.first == time?.stateGradients.first)
      #expect(flow?.stateGradients.last == ["h": BlockValue.matrix(RNN.upstream[2]["h"]!)])
    }

    @Test(arguments: ["", "import CellKit\nimport Foundation", "import CellKit\nimport Glibc"])
    func importsAreFree(_ header: String) async throws {
      let run = try await RNN.run(RNN.source(slip: "_ = tanh(0.5) + exp(1.0) + sqrt(2.0)", header: header))
      #expect(run.answer(1) != nil, "\(run.outcomes)")
    }

    @Test func theStarterSaysWhatIsNotWritten() async throws {
      let run = try await RNN.run(RNN.interface.starterSource)
      let lines = RNN.interface.starterSource.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, what) in ["forward", "forward", "forwardThroughTime", "forwardThroughTime", "forward"].enumerated() {
        let line = lines.firstIndex { $0.contains("todo(\"\(what)\")") }! + 1
        #expect(run.failure(index) == .notWritten(what: what, at: SourcePlace(file: "Cell.swift", line: line)))
      }
    }

    @Test(arguments: [
      ("let xs = [1.0, 2.0]; print(xs[cache.h.rows])", "Index out of range"),
      ("let bad = p.W * cache.h; print(bad)", "a * b: 5 × 3 and 5 × 4 do not fit"),
      ("print(cache.h[9, 0])", "Index out of range: [9, 0] of a 5 × 4 matrix"),
      ("var n = Int.max - cache.h.rows + 5; n += 1; print(n)", "arithmetic overflow"),
      ("let n: Int? = Int(\"x\"); print(n!)", "Unexpectedly found nil"),
    ])
    func aTrapNamesTheLearnersLineAndLosesItsCallAlone(_ slip: String, _ message: String) async throws {
      let run = try await RNN.run(RNN.source(slip: slip))
      #expect(run.crash(1)?.message.hasPrefix(message) == true, "\(run.outcomes[1])")
      #expect(run.crash(1)?.place?.file == "Cell.swift")
      #expect(run.crash(1)?.place?.line == RNN.slipLine)
      #expect(run.answer(0) != nil && run.answer(2) != nil)
      #expect(run.report.processes == 1)
    }

    @Test func aFullStackNamesTheFunction() async throws {
      let deep = "func deep(_ n: Int) -> Int { n > 1 << 60 ? 0 : deep(n + 1) + 1 }"
      let run = try await RNN.run(RNN.source(slip: "print(deep(0))", header: deep))
      #expect(run.crash(1)?.message == "deep(_:) calls itself without end, until the stack is full")
      #expect(run.crash(1)?.place?.line == 1)
      #expect(run.answer(2) != nil)
    }

    @Test func anEndlessLoopTakesItsLimitOnce() async throws {
      let run = try await RNN.run(RNN.source(slip: "var n = 0; while true { n += 1; if n < 0 { break } }"))
      #expect(run.failure(1) == .timedOut(seconds: 0.5))
      #expect(run.failure(3) == .timedOut(seconds: 0.5))
      #expect(run.answer(0) != nil && run.answer(2) != nil)
      #expect(run.seconds < 20)
    }

    @Test func sleepingAndIgnoringSignalsEndAsWell() async throws {
      let asleep = try await RNN.run(RNN.source(slip: "sleep(60)", header: "import Glibc"), [RNN.calls[1]])
      #expect(asleep.failure(0) == .timedOut(seconds: 0.5))
      let deaf = "signal(SIGPROF, SIG_IGN); signal(SIGALRM, SIG_IGN); signal(SIGXCPU, SIG_IGN); while true {}"
      let run = try await RNN.run(RNN.source(slip: deaf, header: "import Glibc"), [RNN.calls[1], RNN.calls[2]])
      #expect(run.failure(0) == .timedOut(seconds: 0.5))
      #expect(run.answer(1) != nil)
    }

    @Test func exitIsNoAnswer() async throws {
      let run = try await RNN.run(RNN.source(slip: "exit(0)", header: "import Glibc"))
      #expect(run.failure(1) == .earlyExit(code: 0))
      #expect(run.answer(2) != nil)
    }

    @Test func tenGigabytesAreNotToBeHad() async throws {
      let run = try await RNN.run(RNN.source(slip: "print(Matrix.zeros(100_000, 12_500).rows)"))
      #expect(run.failure(1) == .outOfMemory(limit: CallLimits.check.addressSpace))
      #expect(run.answer(2) != nil)
    }

    @Test func aHundredMegabytesOfOutputAreCut() async throws {
      let run = try await RNN.run(
        RNN.source(slip: "for _ in 0..<1_000_000 { print(String(repeating: \"x\", count: 100)) }"))
      #expect(run.failure(1) == .outputFlood)
      #expect(run.answer(0) != nil && run.answer(2) != nil)
      #expect(run.report.printed[1].isCut)
      #expect(run.report.printed[1].output.utf8.count <= CallLimits.check.shownOutput)
    }

    @Test func whatIsPrintedIsShownOnceAndWithItsCall() async throws {
      let run = try await RNN.run(RNN.source(slip: "print(\"here\", cache.h.rows)"))
      #expect(run.report.printed[0].output == "")
      #expect(run.report.printed[1].output == "here 5\n")
    }

    @Test func stateKeptBetweenCallsIsSeen() async throws {
      let run = try await RNN.run(
        RNN.source(slip: "count += 1", header: "var count = 0.0").replacingOccurrences(
          of: "= upstream.h .*", with: "= count .* upstream.h .*"))
      guard case .unsteady(let first, let second) = run.outcomes[1] else {
        Issue.record("\(run.outcomes[1])")
        return
      }
      #expect(first.parameterGradients["W"] != second.parameterGradients["W"])
      #expect(run.answer(0) != nil)
    }

    @Test func whatIsNotSetIsSaidBlockByBlock() async throws {
      let text = RNN.source().replacingOccurrences(of: "    g.b = dz.sumOverColumns()\n", with: "")
      let run = try await RNN.run(text, [RNN.calls[1]])
      #expect(run.answer(0)?.parameterGradients["b"] == .notSet)
      if case .matrix? = run.answer(0)?.parameterGradients["W"] {} else { Issue.record("W is lost with b") }
    }

    @Test func aNaNIsNoNumber() async throws {
      let text = RNN.source().replacingOccurrences(of: "dz.sumOverColumns()", with: "0 / (0 * dz.sumOverColumns())")
      let run = try await RNN.run(text, [RNN.calls[1]])
      if case .nonFinite? = run.answer(0)?.parameterGradients["b"] {} else { Issue.record("\(run.outcomes)") }
    }

    @Test func aLoopOfAnotherLengthIsSaid() async throws {
      let text = RNN.source().replacingOccurrences(
        of: "return (outputs, tape)", with: "return (outputs + outputs, tape)")
      let run = try await RNN.run(text, [RNN.calls[2]])
      #expect(run.answer(0)?.outputs == Array(repeating: ["h": .wrongStepCount(6)], count: 3))
    }

    @Test func takingTheDriverAlongCostsItsOwnCalls() async throws {
      let run = try await RNN.run(RNN.source(slip: "kill(getppid(), 9); sleep(5)", header: "import Glibc"))
      #expect(run.answer(0) != nil && run.answer(2) != nil)
      #expect(run.failure(1) != nil && run.failure(3) != nil)
    }

    @Test(arguments: [
      // A record of a call that was never made, one of another run, one given twice, and bytes that are none.
      "var r = header(77, nonce: 0); write(3, &r, 32)", "var r = header(1, nonce: 5); write(3, &r, 32)",
      "var r = [UInt8](repeating: 7, count: 50); write(3, &r, 50)",
    ])
    func forgedAnswersFailClosed(_ slip: String) async throws {
      let header = """
        import Glibc; func header(_ n: UInt32, nonce: UInt64) -> [UInt32] { [0x4C52_4E55, n, UInt32(nonce), 0, 0, 0, 0, 0] }
        """
      let run = try await RNN.run(RNN.source(slip: slip, header: header), [RNN.calls[0], RNN.calls[1]])
      guard case .malformedAnswer? = run.failure(1) else {
        Issue.record("\(run.outcomes[1])")
        return
      }
    }

    @Test func nothingOfTheMachineIsInTheChildsArgumentsOrEnvironment() async throws {
      let slip =
        "for v in CommandLine.arguments { print(v) }; var e = environ; while let p = e.pointee { print(String(cString: p)); e += 1 }"
      let run = try await RNN.run(RNN.source(slip: slip, header: "import Glibc"), [RNN.calls[1]])
      let lines = run.report.printed[0].output.split(separator: "\n")
      #expect(lines.first == "/submission")
      #expect(
        Set(lines.dropFirst().compactMap { $0.split(separator: "=").first }).isSubset(of: [
          "SWIFT_BACKTRACE", "LANG", "PWD",
        ]))
    }
  }
}
