// Runs programs that nobody vouches for, and always comes back with what became of them.

import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The way into the isolation: one launcher, one mode, any number of runs at a time.
///
/// Processes are started by swift-subprocess, which has no time-outs, no limits and no further descriptors: the
/// launcher has the limits and opens the files for status and answers itself, and it ends its whole run on SIGTERM.
/// Input is a file in memory rather than a pipe, so that a program which never reads cannot hold us up.
public struct Sandbox: Sendable {
  /// Absolute path of the launcher.
  public let launcher: String
  /// How far runs are kept apart from the machine.
  public let mode: IsolationMode
  /// `nil` where the mode does not need it.
  public let bubblewrap: Bubblewrap?
  /// Who the runs are; `nil` where they are whoever we are, since only root can choose.
  let users: UnprivilegedUsers?
  /// What every run of a submission shares, and what is measured anew has alone.
  private let runs: MachineLock

  /// Takes the launcher, an executable of this package, and the bubblewrap that is given or found.
  ///
  /// - Parameter lockFolder: where the graders keep their locks that are to know of each other; `nil` for the one folder
  ///   that all graders of the machine use.
  /// - Throws: `SandboxError` when the launcher, or in mode `namespaces` bubblewrap, is not there. Whether the kernel
  ///   lets them do their work shows in the first run; `LayerTrial.all(launcher:mode:)` tries it layer by layer.
  public init(
    launcher: String, mode: IsolationMode = .namespaces, bubblewrap: Bubblewrap? = nil, lockFolder: String? = nil
  ) throws(SandboxError) {
    guard launcher.hasPrefix("/"), access(launcher, X_OK) == 0 else {
      throw SandboxError("there is no launcher at '\(launcher)'; build or install unroll anew")
    }
    self.launcher = launcher
    self.mode = mode
    switch (mode, bubblewrap) {
    case (.limits, _): self.bubblewrap = nil
    case (.namespaces, let given?): self.bubblewrap = given
    case (.namespaces, nil): self.bubblewrap = try Bubblewrap()
    }
    users = geteuid() == 0 ? try UnprivilegedUsers() : nil
    runs = MachineLock("runs", in: lockFolder ?? MachineLock.folder)
  }

  /// The path by which a program inside finds a file of the host: `inside`, or `host` where nothing is mounted.
  public func path(inside: String, host: String) -> String {
    mode == .limits ? host : inside
  }

  /// Runs one program to its end.
  ///
  /// Comes back when every process of the run is gone. A cancelled task ends the run at once, as an isolation fault
  /// that says so.
  public func run(_ request: SandboxRequest) async -> SandboxResult {
    let start = ContinuousClock.now
    var result = SandboxResult(
      ending: .isolationFault(reason: ""), standardOutput: [], standardError: [], answers: [], wallSeconds: 0,
      clockSeconds: 0, processorSeconds: 0, peakMemory: 0)
    do {
      try await run(request, into: &result)
    } catch {
      result.ending = .isolationFault(reason: "\(error)")
    }
    if Task.isCancelled { result.ending = .isolationFault(reason: "the run was cancelled") }
    if result.wallSeconds == 0 { result.wallSeconds = (ContinuousClock.now - start) / .seconds(1) }
    return result
  }

  private func run(_ request: SandboxRequest, into result: inout SandboxResult) async throws {
    if let refusal = request.refusal(mode: mode) { throw SandboxError(refusal) }
    let turn = try await request.isAlone ? runs.alone() : runs.shared()
    defer { withExtendedLifetime(turn) {} }
    let input = try UnnamedFile("input", holding: request.standardInput)
    let status = try UnnamedFile("status")
    let answers = try UnnamedFile("answers")
    let output = ClippedStream(limit: request.limits.output)
    let errors = ClippedStream(limit: request.limits.output)

    try await launch(
      request.launcherArguments(
        mode: mode, bubblewrap: bubblewrap, users: users, status: status.pathForChild,
        answers: request.wantsAnswers ? answers.pathForChild : nil),
      input: input.descriptor, output: output, errors: errors)

    // Held open for the launcher until here.
    _ = consume input

    let account = LauncherStatus(try status.content(limit: 1 << 16))
    result.standardOutput = output.bytes
    result.standardError = errors.bytes
    result.wallSeconds = account.wallSeconds ?? 0
    result.clockSeconds = account.clockSeconds
    result.processorSeconds = account.processorSeconds
    result.peakMemory = account.peakMemory
    result.answers = request.wantsAnswers ? try answers.content(limit: request.limits.fileSize) : []
    result.isExhausted = account.isExhausted
    result.groupVersion = account.groupVersion
    result.ending = ending(account, output: output, errors: errors)
  }

  /// Starts the launcher and waits until it has ended.
  ///
  /// The time is kept by the launcher, which ends with its run however long that takes on a busy machine.
  private func launch(
    _ arguments: [String], input: FileDescriptor, output: ClippedStream, errors: ClippedStream
  ) async throws {
    var options = PlatformOptions()
    options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(3))]
    let configuration = Configuration(
      executable: .path(FilePath(launcher)), arguments: Arguments(arguments), environment: .custom([:]),
      workingDirectory: "/", platformOptions: options)

    _ = try await Subprocess.run(
      configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: false), output: .sequence,
      error: .sequence
    ) { execution in
      // A launcher that has just ended needs no signal any more.
      let stop: @Sendable () -> Void = { _ = try? execution.send(signal: .terminate) }
      async let drained: Void = output.drain(execution.standardOutput, onFlood: stop)
      try await errors.drain(execution.standardError, onFlood: stop)
      try await drained
    }
  }

  private func ending(
    _ account: LauncherStatus, output: ClippedStream, errors: ClippedStream
  ) -> SandboxResult.Ending {
    if let fault = account.fault { return .isolationFault(reason: fault) }
    guard account.started else {
      if account.isTimeUp {
        return .isolationFault(reason: "the jail was not ready in time; is the machine very busy?")
      }
      let words = String(decoding: errors.bytes, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
      return .isolationFault(reason: words.isEmpty ? "the launcher exited without reporting a status" : words)
    }
    // What flooded stays a flood, also where the program ended before it could be stopped.
    if output.isFlooded || errors.isFlooded { return .outputFlood }
    if account.isFolderFull { return .folderFull }
    switch account.ending {
    case .exited(let code): return .exited(code)
    case .signalled(SIGXCPU), .processorTimeExceeded: return .processorTimeExceeded
    case .signalled(let signal): return .signalled(signal)
    case .slept: return .slept
    case .clockExceeded: return .clockExceeded
    case .memoryExceeded: return .memoryExceeded
    case .unstartable(let reason): return .unstartable(reason: reason)
    // The group's own bound came first.
    case nil where account.isExhausted: return .memoryExceeded
    // The supervisor had to be ended from outside, which keeps the time of a run that it has left.
    case .stopped where account.isTimeUp, nil where account.isTimeUp: return .clockExceeded
    case .stopped, nil: return .isolationFault(reason: "the launcher was ended from outside")
    }
  }
}
