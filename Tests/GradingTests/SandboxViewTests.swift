// What a program inside can see and reach, and above all what it cannot.

import Foundation
import TestSupport
import Testing

@testable import Sandbox

extension SandboxTests {
  @Suite struct Views {
    @Test func onlyMountsAreSeen() async throws {
      let program = try await SandboxProgram(
        "DIR *d = opendir(\"/\"); for (struct dirent *e; (e = readdir(d));) puts(e->d_name);")
      let result = try await program.run()
      let names = Set(result.text.split(separator: "\n").map(String.init))
      let system = Set(Mount.runtime.map { $0.inside.split(separator: "/")[0] }.map(String.init))
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
      let result = try await program.run(mounts: [.scratch(inside: "/tmp", bytes: 1 << 20)], makesFiles: true)
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
      let result = try await program.run(mounts: [.writable(host: folder.path, inside: "/out")], makesFiles: true)
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
      #expect(!result.text.contains(Repository.launcher.path))
      #expect(!result.text.contains("bwrap"))
    }

    /// A file that is shown is a copy: the kernel would tell where a mounted one lies.
    @Test func mountsShowNoHostPathOfFiles() async throws {
      let program = try await SandboxProgram(
        "char b[1 << 16]; long n = read(open(\"/proc/self/mountinfo\", O_RDONLY), b, sizeof b); fwrite(b, 1, n, stdout);"
      )
      let sandbox = try Sandbox(launcher: Repository.launcher.path, lockFolder: Repository.locks.path)
      let result = await sandbox.run(
        SandboxRequest(
          program: "/program",
          mounts: Mount.runtime + [.copied(host: program.folder.path + "/program", inside: "/program")],
          limits: SandboxProgram.limits))
      #expect(result.ending == .exited(0))
      #expect(result.text.contains("/usr/lib"))
      #expect(!result.text.contains(program.folder.path) && !result.text.contains(Repository.launcher.path))
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
        "open_by_handle_at", "mq_open", "personality", "flock", "inotify_init1", "fanotify_init", "io_setup", "sync",
        "syncfs", "fsync", "mlock", "mlockall", "statfs", "socket", "setsockopt", "sched_setaffinity", "ioprio_set",
        "vmsplice", "splice", "tee", "rename", "unlink", "symlink", "mkdir", "chmod", "utimensat", "openat2",
      ]
      let lines = calls.map {
        "if (syscall(SYS_\($0), 0, 0, 0, 0, 0) != -1 || (errno != EPERM && errno != ENOSYS)) puts(\"\($0)\");"
      }
      let result = try await SandboxProgram(lines.joined(separator: "\n")).run(mode)
      #expect(result.ending == .exited(0))
      #expect(result.text == "")
    }

    @Test(
      "commands of a call that is allowed: locks, leases, larger pipes and the like are refused",
      arguments: IsolationMode.allCases)
    func commandsAreRefused(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        int d = open("/proc/self/exe", O_RDONLY), ends[2];
        struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
        if (d < 0 || pipe(ends)) return 1;
        if (!fcntl(d, F_SETLK, &l) || !fcntl(d, F_OFD_SETLK, &l) || !fcntl(d, F_SETLEASE, F_RDLCK)) return 2;
        if (!fcntl(d, F_NOTIFY, DN_ACCESS) || !fcntl(d, F_SETOWN, getppid())) return 3;
        if (fcntl(ends[1], F_SETPIPE_SZ, 1 << 20) > 0) return 4;
        if (!fcntl(d, 1036 /* F_SET_RW_HINT */, &(long long){1})) return 5;
        struct rlimit none = {0, 0};
        if (!prlimit(getppid(), RLIMIT_NOFILE, &none, NULL)) return 6;
        if (fcntl(d, F_GETFL) < 0 || fcntl(d, F_SETFD, FD_CLOEXEC)) return 7;
        return 0;
        """)
      #expect(try await program.run(mode).ending == .exited(0))
    }

    @Test("files are opened for reading only, also where the user could write", arguments: IsolationMode.allCases)
    func onlyReading(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        const int flags[] = {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC, O_WRONLY | O_APPEND, O_RDWR | O_TMPFILE};
        const char *const paths[] = {"/dev/null", "/proc/self/comm", "/tmp", "/tmp/unroll-test-written", "/proc/self/fd/0"};
        for (int f = 0; f < 6; f++) for (int p = 0; p < 5; p++) {
          if (open(paths[p], flags[f], 0600) >= 0 || errno != EROFS) return 1 + f;
          if (syscall(SYS_open, paths[p], flags[f], 0600) >= 0 || errno != EROFS) return 10 + f;
        }
        return open("/dev/null", O_RDONLY) < 0 || open("/proc/self/comm", O_RDONLY | O_CLOEXEC) < 0 ? 20 : 0;
        """)
      #expect(try await program.run(mode).ending == .exited(0))
    }

    @Test(
      "limits that no program here needs: no locked memory, no message queues, few pending signals",
      arguments: IsolationMode.allCases)
    func smallLimits(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        struct rlimit l, m, s;
        if (getrlimit(RLIMIT_MEMLOCK, &l) || getrlimit(RLIMIT_MSGQUEUE, &m) || getrlimit(RLIMIT_SIGPENDING, &s)) return 1;
        if (l.rlim_max || m.rlim_max || s.rlim_max > 64) return 2;
        return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED ? 0 : 3;
        """)
      #expect(try await program.run(mode).ending == .exited(0))
    }

    @Test(
      "the input: open for reading only, and no path of the host behind any descriptor",
      arguments: IsolationMode.allCases)
    func descriptors(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        char path[64], target[4096];
        if ((fcntl(0, F_GETFL) & O_ACCMODE) != O_RDONLY || pwrite(0, "x", 1, 0) > 0 || ftruncate(0, 0) == 0) return 1;
        for (int d = 0; d < 32; d++) {
          snprintf(path, sizeof path, "/proc/self/fd/%d", d);
          long n = readlink(path, target, sizeof target - 1);
          if (n > 0) printf("%.*s\\n", (int)n, target);
        }
        """)
      let result = try await program.run(mode, input: [1, 2, 3], wantsAnswers: true)
      #expect(result.ending == .exited(0))
      let kinds = result.text.split(separator: "\n").map { $0.prefix { $0 != ":" } }
      #expect(
        kinds == ["/memfd", "pipe", "pipe", "/memfd"] || kinds == ["/memfd", "socket", "socket", "/memfd"],
        "\(result.text)")
    }

    @Test(
      "runs of root's: each a user of its own, nobody's, in no other group", .enabled(if: getuid() == 0),
      arguments: IsolationMode.allCases)
    func usersOfTheirOwn(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        "gid_t g[9]; printf(\"%d %d %d\", getuid(), getgid(), getgroups(9, g)); fflush(stdout); usleep(400000);")
      let seen = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<3 { group.addTask { try await program.run(mode).text } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let numbers = seen.map { $0.split(separator: " ").compactMap { Int($0) } }
      #expect(Set(numbers.map { $0.first }).count == 3, "\(seen)")
      for run in numbers {
        #expect(run.count == 3 && (60_700...60_827).contains(run[0]) && run[1] == run[0] && run[2] == 0, "\(run)")
      }
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
      let trials = await LayerTrial.all(launcher: Repository.launcher.path, mode: .namespaces)
      #expect(trials.count > 10)
      for trial in trials { #expect(trial.holds, "\(trial.layer): \(trial.detail)") }
      let open = await LayerTrial.all(launcher: Repository.launcher.path, mode: .limits).filter { !$0.holds }
      #expect(open.map(\.layer) == ["host's files"])
    }
  }
}

extension Mount {
  fileprivate var inside: String {
    switch self {
    case .readOnly(_, let inside), .copied(_, let inside), .writable(_, let inside), .scratch(let inside, _),
      .symbolicLink(let inside, _):
      inside
    }
  }
}
