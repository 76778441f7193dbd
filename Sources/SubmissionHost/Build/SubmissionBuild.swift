// Compiles and links one submission in the sandbox, with the frontend and the linker called directly.

import FoundationEssentials
package import Sandbox

/// What became of a build.
public enum BuildOutcome: Sendable {
  /// It can be run.
  case built(BuiltProgram)
  /// The compiler refused it; at least one of the diagnostics is an error.
  case doesNotCompile([CompilerDiagnostic])
  /// The isolation could not be set up or broke, or a part of ours failed; never the learner's fault.
  case isolationFault(reason: String)
  /// It failed without a word about the learner's files, which may be the machine's doing. In a first attempt alone.
  case unclear(Suspicion)
}

/// What is compiled together.
package struct BuildSources {
  /// The learner's files.
  var learners: [Submission.File]
  /// What they were built against.
  package var interface: CellInterface
  /// Our own files by name.
  package var own: [String: String]
}

/// A submission's program, on disk as long as somebody holds this value.
public struct BuiltProgram: Sendable {
  /// What it was built against.
  public let interface: CellInterface
  /// The compiler's warnings in the learner's files.
  public let warnings: [CompilerDiagnostic]
  /// The names of the learner's files.
  package let files: Set<String>
  package let folder: WorkFolder
  /// What its runs belong to.
  package var attempt: Attempt
  package let program: SealedProgram
  /// Where the program was linked. Read for the line of a crash at most; what runs is `program`.
  package var path: String { folder.path + "/build/program" }

  /// The same program, whose runs belong to another attempt.
  package func tried(in attempt: Attempt) -> BuiltProgram {
    var other = self
    other.attempt = attempt
    return other
  }
}

/// The commands of a build.
enum SubmissionBuild {
  static let insideSource = "/submission"
  static let insideBuild = "/build"

  /// The environment of the compiler: nothing of the machine's.
  ///
  /// - Parameter folder: one that it may write, for its temporary files where it has no /tmp of its own.
  static func environment(_ folder: String, in sandbox: Sandbox) -> [String: String] {
    ["PATH": "/usr/bin", "HOME": "/", "TMPDIR": sandbox.path(inside: "/tmp", host: folder), "LANG": "C.UTF-8"]
  }

  /// For a learner's files. What computes longer is not worth waiting for; the clock leaves room for a busy machine.
  static let limits = Limits(
    clockSeconds: 60, processorSeconds: 6, addressSpace: 2 << 30, memory: 1 << 30, processes: 8, fileSize: 64 << 20,
    folders: FolderRoom(bytes: 128 << 20, files: 500), openFiles: 256, output: 1 << 20)

  /// For the kit, whose module cache takes a while where the machine is slow.
  static let kitLimits = Limits(
    clockSeconds: 300, processorSeconds: 120, addressSpace: 8 << 30, memory: 4 << 30, processes: 64,
    fileSize: 256 << 20, folders: FolderRoom(bytes: 1 << 30, files: 20_000), openFiles: 256, output: 1 << 20)

  /// The flags by which a learner's files are read, without those that the kit shares.
  ///
  /// Language mode 5: in 6 a `static var` is an error about concurrency, which teaches nothing here.
  static func languageFlags(kit: String) -> [String] {
    [
      "-Onone", "-gline-tables-only", "-parse-as-library", "-module-name", "Submission", "-swift-version", "5",
      "-import-module", "CellKit", "-solver-scope-threshold=20000", "-I", kit,
      "-module-cache-path", "\(kit)/ModuleCache",
    ]
  }

  static func compilerArguments(files: [String], _ kit: String, _ toolchain: Toolchain, _ sandbox: Sandbox) -> [String]
  {
    ["-frontend", "-c", "-debug-diagnostic-names"] + files + languageFlags(kit: kit)
      + Kit.commonFlags(toolchain, sandbox)
      + ["-o", sandboxObject]
  }

  /// The object file, relative to the build folder, in which compiler and linker start.
  static let sandboxObject = "submission.o"

  static func linkerArguments(
    _ kit: String, _ toolchain: Toolchain, _ sandbox: Sandbox, withAllLibraries: Bool
  ) -> [String] {
    let swift = toolchain.path(in: sandbox) + "/lib/swift/linux"
    let system = toolchain.systemLibraries
    let loader = toolchain.architecture == "aarch64" ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2"
    let emulation = toolchain.architecture == "aarch64" ? "aarch64linux" : "elf_x86_64"
    // Reading these takes 10 ms, so only a submission that cannot be linked without pays for them.
    let more = [
      "swift_Concurrency", "swift_StringProcessing", "swiftSynchronization", "swift_Builtin_float", "swiftDispatch",
      "dispatch", "BlocksRuntime", "Foundation", "FoundationEssentials", "FoundationInternationalization",
      "_FoundationICU",
    ]
    return [
      "--threads=1", "-m", emulation, "-pie", "--hash-style=gnu", "--eh-frame-hdr", "-dynamic-linker", loader, "-o",
      "program",
      "\(system)/Scrt1.o", "\(system)/crti.o", "\(swift)/\(toolchain.architecture)/swiftrt.o",
      sandboxObject, "\(kit)/CellKit.o", "\(kit)/Wire.o", "\(kit)/SubmissionMain.o",
      "-L\(swift)", "-L\(system)", "-rpath", swift,
      "-lswiftSwiftOnoneSupport", "-lswiftCore", "-lswiftGlibc", "-lm", "-lc",
    ]
      + (withAllLibraries ? ["--as-needed"] + more.map { "-l\($0)" } : []) + ["\(system)/crtn.o"]
  }
}
