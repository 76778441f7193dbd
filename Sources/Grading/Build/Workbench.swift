// The way from a submission to raw answers: one sandbox, one toolchain, one kit, any number of builds and runs.

public import FoundationEssentials
import Glibc

/// Builds submissions and runs them.
public struct Workbench: Sendable {
  /// The isolation of every build and run.
  public let sandbox: Sandbox
  /// The compiler in use.
  public let toolchain: Toolchain
  let kit: Kit
  private let warden: Warden

  /// Gets ready: finds the toolchain and the kit, which is built when this toolchain meets it for the first time.
  ///
  /// - Parameters:
  ///   - kitSources: the folder that holds the sources of `CellKit` and `SubmissionMain`.
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
  /// - Parameter declarations: the interface whose types and protocols the submission is written against; nil for the
  ///   same. A remedy is run by an interface of its own, beside the sheet's cell.
  public func build(
    _ submission: Submission, interface: CellInterface, declarations: CellInterface? = nil
  ) async -> BuildOutcome {
    guard !submission.files.isEmpty else {
      return .doesNotCompile([
        CompilerDiagnostic(
          message: "no Swift file with `struct \(interface.cellName): \(interface.protocolName)`; write Cell.swift")
      ])
    }
    do {
      return try await turn(fault: { WorkError(description: $0) as any Error }) { () throws(any Error) in
        try await build(submission, interface, declarations ?? interface, in: WorkFolder(warden: warden))
      }
    } catch {
      return .isolationFault(reason: "\(error)")
    }
  }

  private func build(
    _ submission: Submission, _ interface: CellInterface, _ declarations: CellInterface, in folder: WorkFolder
  ) async throws -> BuildOutcome {
    let source = try folder.folder("source")
    let build = try folder.folder("build")
    let names = submission.files.map(\.name)
    for file in submission.files { try WorkFolder.write(file.bytes, to: "\(source)/\(file.name)") }
    try WorkFolder.write(Array(declarations.interfaceSource.utf8), to: "\(source)/Interface.swift")
    try WorkFolder.write(Array(interface.glueSource.utf8), to: "\(source)/UnrollMain.swift")

    let kitInside = sandbox.path(inside: Kit.insideRoot, host: kit.folder)
    let sourceInside = sandbox.path(inside: SubmissionBuild.insideSource, host: source)
    func start(_ tool: String, _ arguments: [String]) async -> SandboxResult {
      await self.start(tool, arguments, source: source, build: build, in: folder)
    }

    let compiled = await start(
      "swift-frontend",
      SubmissionBuild.compilerArguments(
        files: (names + ["Interface.swift", "UnrollMain.swift"]).map { "\(sourceInside)/\($0)" },
        kitInside, toolchain, sandbox))
    let words = String(decoding: compiled.standardError, as: UTF8.self)
    let compilerOutput = CompilerOutput(words, files: names, interface: interface)
    let diagnostics = compilerOutput.diagnostics
    switch compiled.ending {
    case .exited(0): break
    case .isolationFault(let reason): return .isolationFault(reason: reason)
    case .wallTimeExceeded:
      // It did not compute that long, or the limit below would have ended it: the machine is at fault.
      return .isolationFault(
        reason:
          "the compiler had not ended after \(Int(SubmissionBuild.limits.wallSeconds)) s; try again when the machine is less busy"
      )
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
    case .signalled(SIGKILL), .unstartable:
      // No limit of ours ends the compiler in this way.
      return .isolationFault(reason: "the compiler was ended from outside; has the machine run out of memory?")
    default:
      // What looks like a fault of ours may be the submission's own words, so the kit is tried without it.
      if let fault = compilerOutput.fault, await !isKitSound(in: folder) {
        return .isolationFault(reason: "the compiler cannot use the kit in \(kit.folder): \(fault)")
      }
      if diagnostics.contains(where: { $0.severity == .error }) { return .doesNotCompile(diagnostics) }
      return .doesNotCompile([
        CompilerDiagnostic(
          message: "the compiler stopped (\(compiled.ending)); its last words: \(words.suffix(600))")
      ])
    }

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
      let words = String(decoding: linked.standardError.prefix(1_000), as: UTF8.self)
      return .doesNotCompile([CompilerDiagnostic(message: "the program cannot be linked: \(words)")])
    }
    // Whatever was made inside is there under this name: a link or a pipe is no program, and nobody follows it.
    let program: SealedProgram
    do {
      try WorkFolder.seal(build, files: 0o555)
      program = try SealedProgram("\(build)/program")
    } catch {
      return .doesNotCompile([CompilerDiagnostic(message: "\(error)")])
    }
    return .built(
      BuiltProgram(
        interface: interface, warnings: diagnostics.filter { $0.severity == .warning }, files: Set(names),
        folder: folder, program: program))
  }

  /// Runs the compiler or the linker on a folder of sources, in a folder for what it makes.
  private func start(
    _ tool: String, _ arguments: [String], source: String, build: String, in folder: WorkFolder
  ) async -> SandboxResult {
    let insideBuild = SubmissionBuild.insideBuild
    var request = SandboxRequest(
      program: "\(toolchain.path(in: sandbox))/bin/\(tool)", arguments: arguments,
      environment: SubmissionBuild.environment,
      mounts: toolchain.mounts(in: sandbox) + [
        sandbox.readOnly(kit.folder, at: Kit.insideRoot),
        sandbox.readOnly(source, at: SubmissionBuild.insideSource), sandbox.writable(build, at: insideBuild),
        .scratch(inside: "/tmp", bytes: 64 << 20),
      ], workingDirectory: sandbox.path(inside: insideBuild, host: build), limits: SubmissionBuild.limits)
    request.isGrouped = false
    request.workFolder = folder.path
    request.makesFiles = true
    return await sandbox.run(request)
  }

  /// Whether the compiler takes an empty file beside the kit.
  private func isKitSound(in folder: WorkFolder) async -> Bool {
    do {
      let source = try folder.folder("probe")
      let build = try folder.folder("probe-build")
      try WorkFolder.write(Array("import SubmissionMain\n".utf8), to: "\(source)/Probe.swift")
      let inside = sandbox.path(inside: SubmissionBuild.insideSource, host: source)
      let kitInside = sandbox.path(inside: Kit.insideRoot, host: kit.folder)
      let arguments = SubmissionBuild.compilerArguments(files: ["\(inside)/Probe.swift"], kitInside, toolchain, sandbox)
      return await start("swift-frontend", arguments, source: source, build: build, in: folder).ending == .exited(0)
    } catch {
      return false
    }
  }
}
