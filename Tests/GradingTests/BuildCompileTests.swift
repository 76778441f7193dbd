// What the compiler says of slips, in words and places a learner can use.

import Foundation
import TestSupport
import Testing

@testable import Sandbox
@testable import SubmissionHost

extension BuildTests {
  @Suite struct BuildCompileTests {
    @Test func syntaxErrorHasItsPlace() async throws {
      let errors = try await RNN.errors(RNN.source(slip: "let y = = 1"))
      #expect(errors.first?.place?.file == "Cell.swift")
      #expect(errors.first?.place?.line == RNN.slipLine)
    }

    @Test func anIntAmongMatricesIsSaidQuickly() async throws {
      let clock = ContinuousClock()
      let start = clock.now
      let errors = try await RNN.errors(
        RNN.source(
          slip: "let n = cache.h.columns; let y = upstream.h .* (n * cache.h - 1) .* cache.h + 2 .* cache.h; _ = y"))
      #expect(errors.first?.message.contains("an Int does not mix with a Matrix; write Double(n)") == true)
      #expect(errors.first?.place?.line == RNN.slipLine)
      #expect(clock.now - start < .seconds(30))
    }

    @Test(arguments: [
      ("let y = cache.h ^ 2", "write a .* a"), ("let y = cache.h ** 2", "write a .* a"),
      ("let y = pow(cache.h, 2)", "write a .* a"), ("let y = p.W.dot(cache.x)", "write a * b"),
      ("let y = p.W.transpose()", "write a.T"), ("let y = cache.h / cache.h", "write a ./ b"),
      ("let y = cache.h.shape", "write a.rows"), ("let y = cache.h.sum(axis: 0)", "write a.sumOverRows()"),
      ("let y = cache.h[0][1]", "write a[i, j]"), ("let y = len(cache.h)", "write a.rows or a.columns"),
      ("for i in range(3) { _ = i }", "write 0..<n"),
      ("let y = True", "write true"), ("for (i, x) in enumerate([1]) { _ = (i, x) }", "list.enumerated()"),
    ])
    func otherSpellingsNameOurs(_ slip: String, _ advice: String) async throws {
      let errors = try await RNN.errors(RNN.source(slip: slip))
      #expect(errors.contains { $0.message.contains(advice) && $0.place?.line == RNN.slipLine }, "\(errors)")
    }

    @Test(arguments: [
      ("let y = cache.h @ p.W", "the matrix product is `a * b`"),
      ("let y = np.tanh(cache.h)", "there is no NumPy here"), ("h = cache.h; _ = h", "begins with `let`"),
      ("for i in 0..<3:", "a block stands in braces"), ("if true and false { }", "write `&&`"),
    ])
    func syntaxOfPythonIsAnswered(_ slip: String, _ advice: String) async throws {
      let errors = try await RNN.errors(RNN.source(slip: slip))
      #expect(
        errors.contains { $0.notes.contains { $0.contains(advice) } && $0.line?.contains(slip) == true }, "\(errors)")
    }

    @Test func aCaretStandsUnderTheColumn() async throws {
      let errors = try await RNN.errors(RNN.source(slip: "/* 梯度 */ let y = nowhere; _ = y"))
      let lines = try #require(errors.first).description.split(separator: "\n")
      #expect(lines.count == 3 && lines[1].hasSuffix("/* 梯度 */ let y = nowhere; _ = y"))
      // A Chinese character takes two columns.
      let column = try #require(lines[1].range(of: "nowhere")).lowerBound
      #expect(lines[2].count == lines[1][..<column].count + 2 + 1 && lines[2].hasSuffix("^"))
    }

    @Test func generatedFilesAreNeverNamed() async throws {
      let slips = [
        RNN.source().replacingOccurrences(of: "struct RNN", with: "struct Rnn"),
        RNN.source().replacingOccurrences(of: "struct RNN: Unrolled", with: "struct RNN"),
        RNN.source().replacingOccurrences(of: "struct RNN: Unrolled", with: "struct RNN: Cell"),
        RNN.source().replacingOccurrences(of: "func backward(", with: "func backwards("),
        RNN.source(footer: "struct State { var z: Matrix }"),
      ]
      let messages = [
        "no `struct RNN: Unrolled` in Cell.swift", "`RNN` is not declared as a cell: write `struct RNN: Unrolled`",
        "`RNN` is not declared as a cell: write `struct RNN: Unrolled`",
        "`RNN` lacks `static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients`",
        "the name `State` belongs to the interface; give yours another",
      ]
      for (slip, message) in zip(slips, messages) {
        let errors = try await RNN.errors(slip)
        #expect(errors.first?.message == message)
        #expect(!errors.contains { "\($0)".contains("UnrollMain") || "\($0)".contains("Interface.swift") }, "\(errors)")
      }
    }

    @Test func ownMainAndTopLevelCodeAreOneErrorEach() async throws {
      let main = try await RNN.errors(RNN.source(footer: "@main struct Main { static func main() {} }"))
      #expect(main.map(\.message) == ["unroll brings the main of the program; take @main out"])
      let topLevel = try await RNN.errors(RNN.source(footer: "print(1)\nprint(2)\nprint(3)"))
      #expect(topLevel.count == 1)
      #expect(topLevel.first?.message.hasPrefix("code outside a function is not run here") == true)
    }

    @Test func noFileAtAll() async throws {
      let outcome = try await TestWorkbench.value.build(Submission(files: []), interface: RNN.interface)
      guard case .doesNotCompile(let diagnostics) = outcome else {
        Issue.record("it was built")
        return
      }
      #expect(diagnostics.map(\.message) == ["no Swift file with `struct RNN: Unrolled`; write Cell.swift"])
    }

    @Test func startersCompile() async throws {
      for interface in [RNN.interface, InterfaceSourceTests.odd] {
        let outcome = try await TestWorkbench.value.build(
          RNN.submission(interface.starterSource), interface: interface)
        guard case .built(let program) = outcome else {
          Issue.record("\(interface.cellName): \(outcome)")
          continue
        }
        #expect(program.warnings.isEmpty)
      }
    }

    @Test func aFaultOfTheKitIsNotTheLearners() {
      let output = CompilerOutput(
        "<unknown>:0: error: could not build C module 'SwiftShims'\n",
        of: [Submission.File(name: "Cell.swift", bytes: [])], interface: RNN.interface)
      #expect(output.fault == "could not build C module 'SwiftShims'")
      let own = CompilerOutput(
        "Cell.swift:1:8: error: no such module 'NumPy'\n", of: [Submission.File(name: "Cell.swift", bytes: [])],
        interface: RNN.interface)
      #expect(own.fault == nil)
    }

    @Test func severalProcessesMayComeFirstAtOnce() async throws {
      let cache = try WorkFolder(prefix: "unroll-test-kits")
      let sandbox = try Sandbox(launcher: Repository.launcher.path, lockFolder: Repository.locks.path)
      async let first = Workbench(sandbox: sandbox, kitSources: TestWorkbench.kitSources, cache: cache.path)
      async let second = Workbench(sandbox: sandbox, kitSources: TestWorkbench.kitSources, cache: cache.path)
      let folders = try await [first.kit.folder, second.kit.folder]
      #expect(folders[0] == folders[1])
      // The kit and its name; the other one's work is cleared away.
      #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).count == 2)
    }
  }
}
