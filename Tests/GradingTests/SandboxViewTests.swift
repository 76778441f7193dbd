// What a program inside can see and reach, and above all what it cannot.

import Foundation
import Testing

@testable import Grading

extension SandboxTests {
  @Suite struct Views {
    @Test func onlyMountsAreSeen() async throws {
      let program = try await SandboxProgram(
        "DIR *d = opendir(\"/\"); for (struct dirent *e; (e = readdir(d));) puts(e->d_name);")
      let result = try await program.run()
      let names = Set(result.text.split(separator: "\n").map(String.init))
      let system = Set(Mount.system.map { $0.inside.split(separator: "/")[0] }.map(String.init))
      #expect(names.subtracting(system) == [".", "..", ".launch", "dev", "proc", "jail"])
    }

    @Test func hostFilesAreHidden() async throws {
      let secret = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
      try "reference".write(to: secret, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(at: secret) }
      let program = try await SandboxProgram(
        "for (int i = 1; i < argc; i++) if (!access(argv[i], F_OK)) puts(argv[i]);".asMain)
      let paths = [
        secret.path, #filePath, "/etc/passwd", "/home", "/root", "/tmp", "/var", "/usr/share", "/usr/bin", "/sys",
      ]
      let result = try await program.run(arguments: paths)
      #expect(result.ending == .exited(0))
      #expect(result.text == "")
    }

    @Test func nothingCanBeWritten() async throws {
      let program = try await SandboxProgram(
        """
        const char *const folders[] = {"/", "/dev", "/jail", "/usr/lib", "/proc", "/tmp", "/.launch"};
        char path[100];
        for (int i = 0; i < 7; i++) {
          snprintf(path, sizeof path, "%s/written", folders[i]);
          if (open(path, O_CREAT | O_WRONLY, 0600) >= 0) puts(path);
          if (open(folders[i], O_WRONLY) >= 0) puts(folders[i]);
        }
        """)
      let result = try await program.run()
      #expect(result.ending == .exited(0))
      #expect(result.text == "")
    }

    /// Size and count of files both end at the folder's own bound.
    @Test func scratchIsBounded() async throws {
      let program = try await SandboxProgram(
        """
        static char block[1 << 16]; char name[40]; long total = 0;
        for (int i = 0; i < 30; i++) {
          snprintf(name, sizeof name, "/tmp/%d", i);
          int d = open(name, O_CREAT | O_WRONLY, 0600);
          for (int n = 0; d >= 0 && n < 8; n++) { long w = write(d, block, sizeof block); if (w > 0) total += w; }
          close(d);
        }
        printf("%ld", total);
        """)
      let result = try await program.run(mounts: [.scratch(inside: "/tmp", bytes: 1 << 20)])
      let total = Int(result.text) ?? -1
      #expect(total > 1 << 19 && total <= 1 << 20)
    }

    @Test func writableFolderIsWritten() async throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { try? FileManager.default.removeItem(at: folder) }
      let program = try await SandboxProgram(
        "return write(open(\"/out/a\", O_CREAT | O_WRONLY, 0600), \"made\", 4) != 4;")
      let result = try await program.run(mounts: [.writable(host: folder.path, inside: "/out")])
      #expect(result.ending == .exited(0))
      #expect(try String(contentsOf: folder.appending(path: "a"), encoding: .utf8) == "made")
    }

    /// As root, files under a folder that only root may enter are shown all the same, and stay read-only.
    @Test func rootOnlyFoldersAreNoHindrance() async throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
      let kit = folder.appending(path: "kit")
      try FileManager.default.createDirectory(at: kit, withIntermediateDirectories: true)
      try "kit".write(to: kit.appending(path: "a"), atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
      defer { try? FileManager.default.removeItem(at: folder) }
      let program = try await SandboxProgram(
        "if (open(\"/kit/a\", O_WRONLY) >= 0) return 1; return open(\"/kit/a\", O_RDONLY) < 0 ? 2 : 0;")
      let result = try await program.run(mounts: [.readOnly(host: kit.path, inside: "/kit")])
      #expect(result.ending == .exited(0))
    }

    /// Neither bubblewrap's arguments nor ours say where anything lies on the host.
    @Test func commandLinesShowNoHostPath() async throws {
      let program = try await SandboxProgram(
        """
        DIR *d = opendir("/proc"); char path[300], line[65536];
        for (struct dirent *e; (e = readdir(d));) {
          snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
          int f = open(path, O_RDONLY);
          long n = f < 0 ? 0 : read(f, line, sizeof line);
          if (n > 0) fwrite(line, 1, n, stdout);
        }
        """)
      let result = try await program.run(environment: ["NAME": "value"], wantsAnswers: true)
      #expect(result.text.contains("/jail/program"))
      #expect(!result.text.contains(program.folder.path))
      #expect(!result.text.contains(SandboxProgram.launcher))
      #expect(!result.text.contains("bwrap"))
    }

    /// A file that is shown is a copy: the kernel would tell where a mounted one lies.
    @Test func mountsShowNoHostPathOfFiles() async throws {
      let program = try await SandboxProgram(
        "char b[1 << 16]; long n = read(open(\"/proc/self/mountinfo\", O_RDONLY), b, sizeof b); fwrite(b, 1, n, stdout);"
      )
      let sandbox = try Sandbox(launcher: SandboxProgram.launcher)
      let result = await sandbox.run(
        SandboxRequest(
          program: "/program",
          mounts: Mount.system + [.readOnly(host: program.folder.path + "/program", inside: "/program")],
          limits: SandboxProgram.limits))
      #expect(result.ending == .exited(0))
      #expect(result.text.contains("/usr/lib"))
      #expect(!result.text.contains(program.folder.path) && !result.text.contains(SandboxProgram.launcher))
    }

    @Test(arguments: IsolationMode.allCases)
    func environmentIsExact(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram("extern char **environ; for (char **e = environ; *e; e++) puts(*e);")
      let result = try await program.run(mode, environment: ["A": "1", "B": "x y=z"])
      #expect(result.text == "A=1\nB=x y=z\n")
    }

    @Test(arguments: IsolationMode.allCases)
    func argumentsAreExact(_ mode: IsolationMode) async throws {
      let arguments = ["--", "", "--environment", "a b\n", "é", "-"]
      let program = try await SandboxProgram("for (int i = 1; i < argc; i++) printf(\"[%s]\", argv[i]);".asMain)
      let result = try await program.run(mode, arguments: arguments)
      #expect(result.text == arguments.map { "[\($0)]" }.joined())
    }

    @Test(arguments: IsolationMode.allCases)
    func thereIsNoNetwork(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        for (int family = 1; family < 45; family++) if (socket(family, SOCK_STREAM, 0) >= 0) return 1;
        for (int family = 1; family < 45; family++) if (socket(family, SOCK_DGRAM, 0) >= 0) return 2;
        int pair[2];
        return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ? 3 : 0;
        """)
      #expect(try await program.run(mode).ending == .exited(0))
    }

    @Test(arguments: IsolationMode.allCases)
    func systemCallsAreRefused(_ mode: IsolationMode) async throws {
      let calls = [
        "ptrace", "io_uring_setup", "keyctl", "mount", "umount2", "unshare", "setns", "bpf", "perf_event_open",
        "userfaultfd", "memfd_create", "shmget", "process_vm_readv", "pidfd_open", "clone3", "kexec_load", "chroot",
        "open_by_handle_at", "mq_open", "personality",
      ]
      let lines = calls.map {
        "if (syscall(SYS_\($0), 0, 0, 0, 0, 0) != -1 || (errno != EPERM && errno != ENOSYS)) puts(\"\($0)\");"
      }
      let result = try await SandboxProgram(lines.joined(separator: "\n")).run(mode)
      #expect(result.ending == .exited(0))
      #expect(result.text == "")
    }

    @Test(arguments: IsolationMode.allCases)
    func otherProcessesAreOutOfReach(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        if (kill(getppid(), SIGKILL) == 0 || kill(-1, SIGKILL) == 0 || kill(0, SIGTERM) == 0) return 1;
        char path[60];
        snprintf(path, sizeof path, "/proc/%d/fd/4", getppid());
        if (open(path, O_WRONLY) >= 0) return 2;
        snprintf(path, sizeof path, "/proc/%d/mem", getppid());
        if (open(path, O_RDWR) >= 0) return 3;
        return raise(SIGCONT) ? 4 : 0;
        """)
      #expect(try await program.run(mode).ending == .exited(0))
    }

    @Test func doctorFindsEveryLayer() async {
      let trials = await LayerTrial.all(launcher: SandboxProgram.launcher, mode: .namespaces)
      #expect(trials.count > 10)
      for trial in trials { #expect(trial.holds, "\(trial.layer): \(trial.detail)") }
      let open = await LayerTrial.all(launcher: SandboxProgram.launcher, mode: .limits).filter { !$0.holds }
      #expect(open.map(\.layer) == ["host's files", "writing"])
    }
  }
}

extension Mount {
  fileprivate var inside: String {
    switch self {
    case .readOnly(_, let inside), .writable(_, let inside), .scratch(let inside, _), .symbolicLink(let inside, _):
      inside
    }
  }
}
