// The way from a submission to raw answers: one sandbox, one toolchain, one kit, any number of builds and runs.

public import FoundationEssentials
import Glibc
public import Sandbox

/// Builds submissions and runs them.
public struct Workbench: Sendable {
  /// The isolation of every build and run.
  public let sandbox: Sandbox
  /// The compiler in use.
  public let toolchain: Toolchain
  package let kit: Kit
  let warden: Warden

  /// Gets ready: finds the toolchain and the kit, which is built when this toolchain meets it for the first time.
  ///
  /// - Parameters:
  ///   - kitSources: the folder that holds the sources of `CellKit`, `Wire` and `SubmissionMain`.
  ///   - cache: where the built kit is kept; nil for the user's cache folder.
  ///   - onKitBuild: called before the kit is built, which takes a while and happens once.
  /// - Throws: `ToolchainError` or `KitError`.
  public init(
    sandbox: Sandbox, kitSources: URL, toolchain: Toolchain? = nil, cache: String? = nil,
    onKitBuild: (@Sendable () -> Void)? = nil
  ) async throws {
    self.sandbox = sandbox
    self.toolchain = try toolchain ?? Toolchain()
    warden = try Warden(launcher: sandbox.launcher)
    kit = try await Kit(
      sources: kitSources, cache: cache ?? Kit.defaultCache, toolchain: self.toolchain, sandbox: sandbox,
      warden: warden, onBuild: onKitBuild)
  }

  /// Compiles a submission against an interface.
  ///
  /// - Parameters:
  ///   - declarations: the interface whose types and protocols the submission is written against; nil for the same. A
  ///     remedy is run by an interface of its own, beside the sheet's cell.
  ///   - attempt: what the build and the program's runs belong to.
  public func build(
    _ submission: Submission, interface: CellInterface, declarations: CellInterface? = nil,
    attempt: Attempt = Attempt(.only)
  ) async -> BuildOutcome {
    guard !submission.files.isEmpty else {
      return .doesNotCompile([
        CompilerDiagnostic(
          message: "no Swift file with `struct \(interface.cellName): \(interface.protocolName)`; write Cell.swift")
      ])
    }
    let sources = BuildSources(
      learners: submission.files, interface: interface,
      own: [
        "Interface.swift": (declarations ?? interface).interfaceSource, "UnrollMain.swift": interface.glueSource,
      ])
    do {
      return try await turn(fault: { WorkError(description: $0) as any Error }) { () throws(any Error) in
        try await build(sources, attempt, in: WorkFolder(warden: warden))
      }
    } catch {
      return .isolationFault(reason: "\(error)")
    }
  }

  package func build(_ sources: BuildSources, _ attempt: Attempt, in folder: WorkFolder) async throws -> BuildOutcome {
    let source = try folder.folder("source")
    let build = try folder.folder("build")
    let names = sources.learners.map(\.name)
    for file in sources.learners { try WorkFolder.write(file.bytes, to: "\(source)/\(file.name)") }
    for (name, text) in sources.own { try WorkFolder.write(Array(text.utf8), to: "\(source)/\(name)") }

    let kitInside = sandbox.path(inside: Kit.insideRoot, host: kit.folder)
    let sourceInside = sandbox.path(inside: SubmissionBuild.insideSource, host: source)
    func start(_ tool: String, _ arguments: [String]) async -> SandboxResult {
      await self.start(tool, arguments, source: source, build: build, in: folder, attempt)
    }
    /// What a failure without a word about the learner's files is: a suspicion, or the verdict.
    func failure(_ message: String) -> BuildOutcome {
      // Twice as much, so that the trial takes no less memory than what failed.
      let bytes =
        2 * (sources.learners.reduce(0) { $0 + $1.bytes.count } + sources.own.values.reduce(0) { $0 + $1.utf8.count })
      let suspicion = Suspicion(stage: .build(bytes: bytes), interface: sources.interface, reason: message)
      return attempt.suspect(suspicion)
        ? .unclear(suspicion) : .doesNotCompile([CompilerDiagnostic(message: message)])
    }

    let compiled = await start(
      "swift-frontend",
      SubmissionBuild.compilerArguments(
        files: (names + sources.own.keys.sorted()).map { "\(sourceInside)/\($0)" }, kitInside, toolchain, sandbox))
    let words = String(decoding: compiled.standardError, as: UTF8.self)
    let compilerOutput = CompilerOutput(words, of: sources.learners, interface: sources.interface)
    if let outcome = outcome(compiled.ending, compilerOutput, words, failure) { return outcome }

    func link(withAllLibraries: Bool) async -> SandboxResult {
      await start(
        "ld.lld",
        SubmissionBuild.linkerArguments(kitInside, toolchain, sandbox, withAllLibraries: withAllLibraries))
    }
    var linked = await link(withAllLibraries: false)
    if case .exited(1) = linked.ending { linked = await link(withAllLibraries: true) }
    switch linked.ending {
    case .exited(0): break
    case .isolationFault(let reason): return .isolationFault(reason: reason)
    default:
      return failure(
        "the program cannot be linked: \(String(decoding: linked.standardError.prefix(1_000), as: UTF8.self))")
    }
    // Whatever was made inside is there under this name: a link or a pipe is no program, and nobody follows it.
    let program: SealedProgram
    do {
      try WorkFolder.seal(build, files: 0o555)
      program = try SealedProgram("\(build)/program")
    } catch {
      return failure("\(error)")
    }
    return .built(
      BuiltProgram(
        interface: sources.interface, warnings: compilerOutput.diagnostics.filter { $0.severity == .warning },
        files: Set(names), folder: folder, attempt: attempt, program: program))
  }

  /// What the end of the compiler says; nil where it has done its work.
  private func outcome(
    _ ending: SandboxResult.Ending, _ output: CompilerOutput, _ words: String, _ failure: (String) -> BuildOutcome
  ) -> BuildOutcome? {
    switch ending {
    case .exited(0): return nil
    case .isolationFault(let reason): return .isolationFault(reason: reason)
    case .processorTimeExceeded:
      return .doesNotCompile([
        CompilerDiagnostic(
          message:
            "the compiler needs more than \(Int(SubmissionBuild.limits.processorSeconds)) s; divide the longest expression"
        )
      ])
    case .memoryExceeded:
      return .doesNotCompile([
        CompilerDiagnostic(
          message:
            "the compiler needs more than \(SubmissionBuild.limits.memory >> 20) MiB; divide the longest expression")
      ])
    case .folderFull:
      return .doesNotCompile([CompilerDiagnostic(message: "what the compiler makes is larger than it may be")])
    case .slept, .clockExceeded:
      return failure("the compiler had not ended after \(Int(SubmissionBuild.limits.clockSeconds)) s")
    default:
      let errors = output.diagnostics.filter { $0.severity == .error }
      // What the compiler says of no file of the learner's may be about the machine, or may be the submission's own words.
      if errors.isEmpty { return failure("the compiler stopped (\(ending)); it said: \(words.prefix(600))") }
      if let fault = output.fault, case .unclear(let suspicion) = failure(fault) { return .unclear(suspicion) }
      return .doesNotCompile(output.diagnostics)
    }
  }

  /// Runs the compiler or the linker on a folder of sources, in a folder for what it makes.
  private func start(
    _ tool: String, _ arguments: [String], source: String, build: String, in folder: WorkFolder, _ attempt: Attempt
  ) async -> SandboxResult {
    let insideBuild = SubmissionBuild.insideBuild
    var request = SandboxRequest(
      program: "\(toolchain.path(in: sandbox))/bin/\(tool)", arguments: arguments,
      environment: SubmissionBuild.environment(build, in: sandbox),
      mounts: toolchain.mounts(in: sandbox) + [
        sandbox.readOnly(kit.folder, at: Kit.insideRoot),
        sandbox.readOnly(source, at: SubmissionBuild.insideSource), sandbox.writable(build, at: insideBuild),
        .scratch(inside: "/tmp", bytes: 64 << 20),
      ], workingDirectory: sandbox.path(inside: insideBuild, host: build), limits: SubmissionBuild.limits)
    request.isGrouped = false
    request.workFolder = folder.path
    request.makesFiles = true
    request.isAlone = attempt.kind == .again
    let result = await sandbox.run(request)
    attempt.count(result)
    return result
  }
}
