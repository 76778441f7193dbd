// Whether this machine can build and run a program that is known to be right: what decides whose fault a failure is.

import FoundationEssentials
import Recurrence
import Sandbox
import Wire

extension Workbench {
  /// Builds and runs a program that is known to be right, in the same kind of jail as a submission and with the load of
  /// one that failed. To be called when that submission's processes and files are gone.
  ///
  /// - Parameter isAlone: whether no submission may run on the machine meanwhile.
  /// - Returns: what went wrong; nil where the machine is sound.
  public func fault(explaining suspicion: Suspicion? = nil, isAlone: Bool = false) async -> MachineFault? {
    let attempt = Attempt(isAlone ? .again : .only)
    var bytes = 1
    var seconds = 0.0
    var calls = [Call.model(.modelForward, [])]
    var limits = CallLimits.check
    switch suspicion?.stage {
    case .build(let size): bytes = size
    case .run(let made, let given, let isClock):
      calls = made
      limits = given
      if isClock {
        // Half as much again as a submission may compute, since the load comes and goes, and in as much time on the
        // clock. Two threads do it, for whose waiting the clock runs as it may have done for the submission's. It has
        // been seen to use more than it means to on a busy machine, which says nothing about whose fault a failure is.
        seconds = 1.5 * given.seconds
        limits.seconds = 3 * given.seconds
      }
    case nil: break
    }
    do {
      try await turn(fault: { MachineFault(.isolation, $0) }) { () throws(MachineFault) in
        let program = try await buildTrial(bytes: bytes, seconds: seconds, suspicion?.interface, attempt).get()
        if let fault = await runTrial(program, calls, limits) { throw fault }
      }
      return nil
    } catch {
      return error
    }
  }

  private func buildTrial(
    bytes: Int, seconds: Double, _ interface: CellInterface?, _ attempt: Attempt
  ) async -> Result<BuiltProgram, MachineFault> {
    let interface =
      interface ?? CellInterface(cellName: "Cell0", layout: .columns, inputs: [], states: [], parameters: [])
    let sources = BuildSources(
      learners: [], interface: interface,
      own: ["Work.swift": TrialSource.work(bytes: bytes), "UnrollMain.swift": TrialSource.main(seconds: seconds)])
    do {
      let folder = try WorkFolder(warden: warden)
      // With room to spare: a submission may need a little more than this program, and a disk that has not as much as
      // this left is full.
      try WorkFolder.write([UInt8](repeating: 1, count: TrialSource.room), to: "\(folder.path)/room")
      switch try await build(sources, attempt, in: folder) {
      case .built(let program): return .success(program)
      case .isolationFault(let reason): return .failure(MachineFault(.isolation, reason))
      case .unclear(let suspicion): return .failure(MachineFault(.build, suspicion.reason))
      case .doesNotCompile(let diagnostics):
        return .failure(MachineFault(.build, diagnostics.first?.message ?? "the compiler refused it"))
      }
    } catch {
      return .failure(MachineFault(.build, "\(error)"))
    }
  }

  private func runTrial(_ program: BuiltProgram, _ calls: [Call], _ limits: CallLimits) async -> MachineFault? {
    let run = SubmissionRun(program: program, limits: limits, calls: Array(calls.enumerated().map { ($0, $1) }))
    do {
      let (result, log) = try await run.start(self)
      if case .isolationFault(let reason) = result.ending { return MachineFault(.isolation, reason) }
      guard result.ending == .exited(0) else { return MachineFault(.run, "\(result.ending)") }
      for (number, call) in calls.enumerated() {
        let body = try program.interface.body(of: call)
        guard case .complete(let first, let second)? = log.entries[number], first == second,
          first.elementsEqual(body + body)
        else { return MachineFault(.run, "its answers did not arrive whole; is the disk of TMPDIR full?") }
      }
      return nil
    } catch {
      return MachineFault(.isolation, "\(error)")
    }
  }
}

/// The Swift of the program that is known to be right.
enum TrialSource {
  /// Bytes that must be free on the disk of the work folders beside those of the trial itself.
  static let room = 16 << 20
  /// Bytes of memory that the first call touches.
  private static let memory = 128 << 20

  /// More than this is not tried: what takes the compiler longer is at the limit of a submission anyway.
  private static let most = 24 << 10

  /// A cell over and over, until there is as much to compile as a submission has.
  static func work(bytes: Int) -> String {
    var text = "import CellKit\nimport Glibc\n"
    var number = 0
    repeat {
      text += cell(number)
      number += 1
    } while text.utf8.count < min(bytes, most)
    return text
  }

  private static func cell(_ number: Int) -> String {
    """

    struct Cell\(number) {
      var x, h, U, W, b, change: Matrix

      static func forward(_ x: Matrix, _ h: Matrix, _ U: Matrix, _ W: Matrix, _ b: Matrix) -> Cell\(number) {
        let change = tanh(U * h + W * x + b)
        return Cell\(number)(x: x, h: h, U: U, W: W, b: b, change: change)
      }

      func backward(_ upstream: Matrix) -> [Matrix] {
        let dz = upstream .* (1 - change .* change)
        var gradients: [Matrix] = []
        gradients.append(U.T * dz)
        gradients.append(W.T * dz)
        gradients.append(dz * h.T)
        gradients.append(dz * x.T)
        gradients.append(dz.sumOverColumns())
        return gradients
      }
    }

    """
  }

  static func main(seconds: Double) -> String {
    """
    import SubmissionMain

    @main enum UnrollMain {
      static func main() { SubmissionMain.serveEcho(seconds: \(seconds), bytes: \(memory)) }
    }

    """
  }
}
