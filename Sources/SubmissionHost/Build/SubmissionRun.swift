// Makes calls of a built submission until each has an outcome: what a call breaks it breaks for itself alone.

import CellKit
import Glibc
import Sandbox
import Wire

extension Workbench {
  /// Makes calls of a program.
  ///
  /// The driver gives each call a process of its own, so that a crash loses one call. Where a call runs out of time or
  /// the learner's code takes the driver along, the calls that have no outcome yet are made in a fresh sandbox.
  public func run(_ program: BuiltProgram, _ calls: [Call], limits: CallLimits = .check) async -> RunReport {
    do {
      return try await turn(fault: { WorkError(description: $0) }) { () throws(WorkError) in
        await makeCalls(of: program, calls, limits)
      }
    } catch {
      return RunReport(
        outcomes: calls.map { _ in .failed(.isolationFault(reason: "\(error)")) },
        printed: calls.map { _ in PrintedText() }, processes: 0)
    }
  }

  private func makeCalls(of program: BuiltProgram, _ calls: [Call], _ limits: CallLimits) async -> RunReport {
    var report = RunReport(
      outcomes: [], printed: Array(repeating: PrintedText(), count: calls.count), processes: 0)
    var outcomes = [CallOutcome?](repeating: nil, count: calls.count)
    // A program that takes its driver along in every call would otherwise take the time of all calls for each.
    var budget = 1 + 4 * limits.seconds
    while report.suspicion == nil {
      let open = calls.indices.filter { outcomes[$0] == nil }
      guard let first = open.first else { break }
      if budget <= 0 {
        for index in open { outcomes[index] = .failed(.timedOut(seconds: limits.seconds)) }
        break
      }
      let run = SubmissionRun(program: program, limits: limits, calls: open.map { ($0, calls[$0]) })
      report.processes += 1
      budget -= await run.fill(&outcomes, &report.printed, &report.suspicion, self)
      // Every run settles at least the first call it was given, or this would never end.
      if outcomes[first] == nil {
        outcomes[first] = .failed(.isolationFault(reason: "a run came back without an outcome for its first call"))
      }
      for case (let index, .failed(.timedOut(let seconds))?) in zip(calls.indices, outcomes) {
        // They would run out of time like this one, and the learner would wait for every one of them.
        for other in open where outcomes[other] == nil && calls[other].kind.includes(calls[index].kind) {
          outcomes[other] = .failed(.timedOut(seconds: seconds))
        }
      }
    }
    report.outcomes = outcomes.map { $0 ?? .failed(.isolationFault(reason: "a call was never made")) }
    return report
  }
}

/// One process of a submission, and the calls it is asked to answer.
struct SubmissionRun {
  var program: BuiltProgram
  var limits: CallLimits
  var calls: [(number: Int, call: Call)]

  private static let insideProgram = "/submission"

  /// Runs the program once and reads its answers file.
  func start(_ bench: Workbench) async throws -> (SandboxResult, AnswerLog) {
    let (result, log, _) = try await begin(bench)
    return (result, log)
  }

  private func begin(_ bench: Workbench) async throws -> (SandboxResult, AnswerLog, nonce: UInt64) {
    guard program.program.isUnchanged else {
      throw WorkError(description: "the program was changed after it was linked")
    }
    let nonce = UInt64.random(in: .min ... .max)
    let result = await bench.sandbox.run(request(bench, try program.interface.request(calls, nonce: nonce)))
    program.attempt.count(result)
    return (result, AnswerLog(result.answers, nonce: nonce, order: calls.map(\.number)), nonce)
  }

  /// Runs the program once and settles the calls that it reached.
  ///
  /// - Returns: the seconds on the clock of a run that ended against its will.
  func fill(
    _ outcomes: inout [CallOutcome?], _ printed: inout [PrintedText], _ suspicion: inout Suspicion?, _ bench: Workbench
  ) async -> Double {
    let (result, log, nonce): (SandboxResult, AnswerLog, UInt64)
    do {
      (result, log, nonce) = try await begin(bench)
      if case .isolationFault(let reason) = result.ending { throw SandboxError(reason) }
    } catch {
      for (number, _) in calls { outcomes[number] = .failed(.isolationFault(reason: "\(error)")) }
      return 0
    }
    func suspect(_ reason: String) {
      let isClock = result.ending == .clockExceeded
      let found = Suspicion(
        stage: .run(calls.map(\.call), limits, isClock: isClock), interface: program.interface, reason: reason)
      if program.attempt.suspect(found) { suspicion = suspicion ?? found }
    }
    if let reason = log.condemned {
      for (number, _) in calls { outcomes[number] = .failed(.malformedAnswer(reason: reason)) }
      suspect(reason)
      return 0
    }
    let output = PrintedLog(result.standardOutput, nonce: nonce).texts
    let error = PrintedLog(result.standardError, nonce: nonce).texts
    var reachedEnd = true
    for (number, call) in calls {
      // The first call without an ending is the one during which the whole process ended.
      let outcome: CallOutcome
      var report: CrashReport?
      if let entry = log.entries[number] {
        (outcome, report) = settle(entry, call, number, error)
      } else if reachedEnd {
        reachedEnd = false
        (outcome, report) = settle(result.ending, number, error)
        if result.ending == .clockExceeded { suspect("stopped by the clock") }
      } else {
        break
      }
      if outcome.mayBeTheMachines(report) { suspect("\(outcome)") }
      outcomes[number] = outcome
      printed[number] = text(output, error, number, report)
    }
    return reachedEnd ? 0 : result.clockSeconds
  }

  private func request(_ bench: Workbench, _ input: [UInt8]) -> SandboxRequest {
    let sandbox = bench.sandbox
    let toolchain = bench.toolchain.path(in: sandbox)
    // One line of the crash report is wanted, the innermost of the learner's; `full` finds it also where the compiler
    // gives a trap no line of its own.
    let backtrace = [
      "enable=yes", "color=no", "interactive=no", "threads=crashed", "images=none", "registers=none", "limit=24",
      "top=0", "sanitize=no", "cache=no", "format=text", "output-to=stderr", "symbolicate=full", "timeout=2s",
      "swift-backtrace=\(toolchain)/libexec/swift/linux/swift-backtrace-static",
    ]
    let count = calls.count
    var request = SandboxRequest(
      program: sandbox.path(inside: Self.insideProgram, host: program.path),
      environment: ["SWIFT_BACKTRACE": backtrace.joined(separator: ","), "LANG": "C.UTF-8"],
      // Nothing that can be written: a folder in memory is bounded in bytes but not in the number of its files.
      mounts: Mount.runtime + bench.toolchain.runtimeMounts(in: sandbox),
      standardInput: input, wantsAnswers: true,
      limits: Limits(
        // For a program that makes no processes for its calls any more.
        clockSeconds: 1 + limits.seconds * Double(count + 4), processorSeconds: 1 + limits.seconds * Double(count),
        call: CallTime(processorSeconds: limits.seconds, clockSeconds: limits.clockSeconds),
        addressSpace: limits.addressSpace, memory: limits.memory, processes: 16,
        // Answers are about as large as what is asked; an experiment on a long sequence has more.
        fileSize: 8 * input.count + (16 << 20), openFiles: 64,
        output: limits.output * (count + 1)))
    request.isAlone = program.attempt.kind == .again
    request.executable = program.program.pathForChild
    request.workFolder = program.folder.path
    return request
  }

  // MARK: Outcomes

  /// What a call's own records say.
  private func settle(
    _ entry: AnswerLog.Entry, _ call: Call, _ number: Int, _ error: [PrintedLog.Key: String]
  ) -> (CallOutcome, CrashReport?) {
    switch entry {
    case .complete(let first, let second):
      do {
        let answer = try program.interface.answer(to: call, from: first)
        if first == second { return (.answered(answer), nil) }
        return (.unsteady(answer, try program.interface.answer(to: call, from: second)), nil)
      } catch {
        return (.failed(.malformedAnswer(reason: error.reason)), nil)
      }
    case .malformed(let reason):
      return (.failed(.malformedAnswer(reason: reason)), nil)
    case .ended(.exit(let code), _):
      let words = lastWords(number, error)
      if code == CellKit.todoExitCode, let (what, place) = notWritten(words) {
        return (.failed(.notWritten(what: what, at: place)), nil)
      }
      return (.failed(.earlyExit(code: code)), nil)
    case .ended(.signal(let signal), _):
      return ended(by: signal, number, error)
    }
  }

  /// What the end of the whole process says of the call that was running.
  private func settle(
    _ ending: SandboxResult.Ending, _ number: Int, _ error: [PrintedLog.Key: String]
  ) -> (CallOutcome, CrashReport?) {
    switch ending {
    case .exited(let code): (.failed(.earlyExit(code: code)), nil)
    case .signalled(let signal): ended(by: signal, number, error)
    case .processorTimeExceeded, .slept, .clockExceeded: (.failed(.timedOut(seconds: limits.seconds)), nil)
    case .outputFlood, .folderFull: (.failed(.outputFlood), nil)
    case .memoryExceeded: (.failed(.outOfMemory(limit: limits.memory)), nil)
    case .unstartable(let reason):
      (
        .failed(
          .crashed(
            Crash(signal: SIGKILL, message: "the program cannot be started: \(reason)", place: nil, function: nil))),
        nil
      )
    case .isolationFault(let reason): (.failed(.isolationFault(reason: reason)), nil)
    }
  }

  private func ended(
    by signal: Int32, _ number: Int, _ error: [PrintedLog.Key: String]
  ) -> (CallOutcome, CrashReport?) {
    switch signal {
    case SIGXCPU, SIGSTOP: return (.failed(.timedOut(seconds: limits.seconds)), nil)
    case SIGXFSZ: return (.failed(.outputFlood), nil)
    default: break
    }
    let report = CrashReport(lastWords(number, error), files: program.files)
    if report.isOutOfMemory { return (.failed(.outOfMemory(limit: limits.addressSpace)), report) }
    let function = report.function.map(\.description) ?? "a function"
    let message =
      report.isRecursion && signal == SIGSEGV
      ? "\(function) calls itself without end, until the stack is full"
      : report.message ?? "ended by signal \(signal)"
    let crash = Crash(signal: signal, message: message, place: report.place, function: report.function)
    return (.failed(.crashed(crash)), report)
  }

  /// What the execution that was running wrote to standard error.
  private func lastWords(_ number: Int, _ error: [PrintedLog.Key: String]) -> String {
    error[PrintedLog.Key(call: number, execution: 1)] ?? error[PrintedLog.Key(call: number, execution: 0)] ?? ""
  }

  /// `/submission/Cell.swift:12: not written yet: backward`.
  private func notWritten(_ words: String) -> (String, SourcePlace?)? {
    let marker = ": not written yet: "
    guard let line = words.split(separator: "\n").last(where: { $0.range(ofWord: marker) != nil }),
      let range = line.range(ofWord: marker)
    else { return nil }
    let place = line[..<range.lowerBound].split(separator: "/").last?.split(separator: ":") ?? []
    let what = String(line[range.upperBound...])
    guard place.count == 2, program.files.contains(String(place[0])), let number = Int(place[1]) else {
      return (what, nil)
    }
    return (what, SourcePlace(file: String(place[0]), line: number))
  }

  // MARK: Text

  private func text(
    _ output: [PrintedLog.Key: String], _ error: [PrintedLog.Key: String], _ number: Int, _ report: CrashReport?
  ) -> PrintedText {
    // Both executions print the same; the first is enough.
    let key = PrintedLog.Key(call: number, execution: 0)
    var text = PrintedText()
    text.output = cut(output[key] ?? "", &text.isCut)
    text.error = cut(report?.textBefore ?? error[key] ?? "", &text.isCut)
    return text
  }

  private func cut(_ text: String, _ isCut: inout Bool) -> String {
    guard text.utf8.count > limits.shownOutput else { return text }
    isCut = true
    return String(decoding: text.utf8.prefix(limits.shownOutput), as: UTF8.self)
  }
}

extension CallOutcome {
  /// Whether a busy or a full machine ends a call of a right program like this: without an answer, and without a word
  /// of the language's about what went wrong.
  fileprivate func mayBeTheMachines(_ report: CrashReport?) -> Bool {
    guard case .failed(let failure) = self else { return false }
    switch failure {
    case .earlyExit, .malformedAnswer: return true
    case .crashed(let crash):
      let isOwn = [SIGSEGV, SIGILL, SIGTRAP, SIGFPE].contains(crash.signal)
      return !isOwn || (report?.message == nil && report?.place == nil)
    // Of a run's own bound the jail says so itself; this is the system's refusal, which comes earlier on a full machine.
    case .outOfMemory: return report != nil
    case .notWritten, .timedOut, .outputFlood, .isolationFault: return false
    }
  }
}

extension Call.Kind {
  /// Whether this kind of call makes the other one on its way, so that it runs out of time where the other does.
  fileprivate func includes(_ other: Call.Kind) -> Bool {
    switch (self, other) {
    case (.backward, .forward), (.flow, .forward), (.flow, .backward): true
    case (.backwardThroughTime, .forwardThroughTime): true
    case (.modelGradients, .modelForward): true
    default: self == other
    }
  }
}
