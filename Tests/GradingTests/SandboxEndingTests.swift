// Every way in which a run can end, in both modes.

import Foundation
import TestSupport
import Testing

@testable import Sandbox

extension SandboxTests {
  @Suite struct Endings {
    @Test(arguments: IsolationMode.allCases)
    func exitCode(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram("return 7;").run(mode)
      #expect(result.ending == .exited(7))
      #expect(result.peakMemory > 0)
    }

    /// bubblewrap by itself reports a crash like an exit with 139.
    @Test(arguments: IsolationMode.allCases)
    func crashIsNoExit(_ mode: IsolationMode) async throws {
      let crash = try await SandboxProgram("*(volatile int *)0 = 1;").run(mode)
      #expect(crash.ending == .signalled(SIGSEGV))
      let exit = try await SandboxProgram("return 139;").run(mode)
      #expect(exit.ending == .exited(139))
      let abort = try await SandboxProgram("abort();").run(mode)
      #expect(abort.ending == .signalled(SIGABRT))
    }

    @Test(arguments: IsolationMode.allCases)
    func sleepMeetsTheClock(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram("puts(\"before\"); fflush(stdout); sleep(60);").run(mode) {
        $0.clockSeconds = 0.5
      }
      #expect(result.ending == .slept)
      #expect(result.text == "before\n")
      #expect(result.wallSeconds < SandboxProgram.hang)
    }

    @Test(arguments: IsolationMode.allCases)
    func endlessLoopMeetsTheProcessorLimit(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram("for (;;) {}").run(mode) { $0.processorSeconds = 0.3 }
      #expect(result.ending == .processorTimeExceeded)
      #expect(result.processorSeconds > 0.2 && result.processorSeconds < 1.3)
    }

    /// A program that ignores and blocks every signal ends all the same, also with its streams closed.
    @Test(arguments: IsolationMode.allCases)
    func stubbornProgramEnds(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
        sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, NULL);
        for (int d = 0; d < 10; d++) close(d);
        setsid();
        for (;;) pause();
        """)
      let result = try await program.run(mode) { $0.clockSeconds = 0.5 }
      #expect(result.ending == .slept)
      #expect(result.wallSeconds < SandboxProgram.hang)
    }

    @Test(arguments: IsolationMode.allCases)
    func floodEnds(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        static char block[1 << 16];
        memset(block, 'x', sizeof block);
        for (long n = 0; n < 100 << 20; n += sizeof block) fwrite(block, 1, sizeof block, argc > 1 ? stderr : stdout);
        """.asMain)
      for arguments in [[], ["stderr"]] {
        let result = try await program.run(mode, arguments: arguments)
        #expect(result.ending == .outputFlood)
        #expect(result.wallSeconds < SandboxProgram.hang)
        #expect((arguments.isEmpty ? result.standardOutput : result.standardError).count == 64 << 10)
      }
    }

    @Test func outputUpToTheLimitIsNoFlood() async throws {
      let program = try await SandboxProgram("for (int i = 0; i < atoi(argv[1]); i++) putchar('x');".asMain)
      let whole = try await program.run(arguments: ["\(64 << 10)"])
      #expect(whole.ending == .exited(0))
      #expect(whole.standardOutput.count == 64 << 10)
      let flood = try await program.run(arguments: ["\(64 << 10 + 1)"])
      #expect(flood.ending == .outputFlood)
    }

    /// What is printed just before the end arrives every time: the end of the process and of the stream race.
    @Test func lastWordsArrive() async throws {
      let program = try await SandboxProgram(
        "for (int i = 0; i < 5000; i++) puts(\"word\"); fputs(\"last\", stderr); fflush(stdout); _exit(3);")
      for _ in 0..<100 {
        let result = try await program.run()
        #expect(result.ending == .exited(3))
        #expect(result.standardOutput.count == 25_000)
        #expect(String(decoding: result.standardError, as: UTF8.self) == "last")
      }
    }

    @Test(arguments: IsolationMode.allCases)
    func cancelledRunEndsAtOnce(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram("sleep(60);")
      let task = Task { try await program.run(mode) { $0.clockSeconds = 30 } }
      try await Task.sleep(for: .milliseconds(300))
      task.cancel()
      let result = try await task.value
      #expect(result.ending == .isolationFault(reason: "the run was cancelled"))
      #expect(result.wallSeconds < SandboxProgram.hang)
    }

    @Test(arguments: IsolationMode.allCases)
    func programThatIsNotThereIsOurFault(_ mode: IsolationMode) async throws {
      let sandbox = try Sandbox(launcher: Repository.launcher.path, mode: mode, lockFolder: Repository.locks.path)
      let result = await sandbox.run(
        SandboxRequest(program: "/usr/lib/nothing", mounts: Mount.runtime, limits: SandboxProgram.limits))
      let reason = "cannot start '/usr/lib/nothing': No such file or directory"
      #expect(result.ending == .isolationFault(reason: reason))
    }

    /// What may be started and is no program is at fault itself.
    @Test(arguments: IsolationMode.allCases)
    func fileThatIsNoProgramIsItsOwnFault(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram("return 0;")
      try FileManager.default.removeItem(atPath: program.folder.path + "/program")
      try "\u{7F}ELF no program".write(toFile: program.folder.path + "/program", atomically: false, encoding: .utf8)
      chmod(program.folder.path + "/program", 0o755)
      #expect(try await program.run(mode).ending == .unstartable(reason: "Exec format error"))
    }

    /// A reason may quote a path, and a path may hold anything.
    @Test func statusOfOddLines() {
      let status = LauncherStatus(Array("started\n \n\nfault cannot open 'a\n b'\nexited 1 2\n".utf8))
      #expect(status.started && status.fault != nil)
      #expect(LauncherStatus(Array("exited 0 1 9223372036854775807 4\n".utf8)).fault == nil)
    }

    @Test func mountThatIsNotThereIsOurFault() async throws {
      let sandbox = try Sandbox(launcher: Repository.launcher.path, lockFolder: Repository.locks.path)
      let mounts = Mount.runtime + [.readOnly(host: "/nowhere/at/all", inside: "/jail")]
      let result = await sandbox.run(SandboxRequest(program: "/jail/a", mounts: mounts, limits: SandboxProgram.limits))
      guard case .isolationFault(let reason) = result.ending else {
        Issue.record("ended as \(result.ending)")
        return
      }
      #expect(reason.contains("/nowhere/at/all"))
    }

    @Test func missingLauncherIsRefused() {
      #expect(throws: SandboxError.self) { try Sandbox(launcher: "/nowhere/launch") }
    }

    @Test func movedMountIsRefusedWithoutNamespaces() async throws {
      let sandbox = try Sandbox(launcher: Repository.launcher.path, mode: .limits, lockFolder: Repository.locks.path)
      let mounts = [Mount.readOnly(host: "/usr/lib", inside: "/elsewhere")]
      let result = await sandbox.run(SandboxRequest(program: "/a", mounts: mounts, limits: SandboxProgram.limits))
      #expect(result.ending == .isolationFault(reason: "'/usr/lib' cannot be shown as '/elsewhere' without namespaces"))
    }

    /// Killed in the middle, the launcher takes its whole run with it.
    @Test(arguments: IsolationMode.allCases)
    func killedLauncherIsOurFault(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram("sleep(60);")
      let run = Task { try await program.run(mode) { $0.clockSeconds = 10 } }
      try await Task.sleep(for: .milliseconds(400))
      for pid in program.processes { kill(pid, SIGKILL) }
      let result = try await run.value
      #expect(result.ending == .isolationFault(reason: "the launcher was ended from outside"))
      try await Task.sleep(for: .milliseconds(300))
      #expect(program.processes.isEmpty)
    }
  }
}

extension String {
  /// The text as the body of a `main` with arguments.
  var asMain: String { "int main(int argc, char **argv) {\n\(self)\nreturn 0;\n}\n" }
}
