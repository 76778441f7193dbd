// Limits that hold: memory, processes, files, and whatever a program leaves running.

import Foundation
import TestSupport
import Testing

@testable import Sandbox

extension SandboxTests {
  @Suite struct LimitsHold {
    @Test(arguments: IsolationMode.allCases)
    func tenGigabytesAreRefused(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram("return malloc(10L << 30) ? 1 : 0;").run(mode)
      #expect(result.ending == .exited(0))
    }

    /// Also where each process leaves its group and session, so that no signal to a group reaches it.
    @Test(arguments: IsolationMode.allCases, ["for (;;) fork();", "for (;;) if (fork() == 0) setsid();"])
    func forkBombIsContained(_ mode: IsolationMode, _ bomb: String) async throws {
      let program = try await SandboxProgram(bomb)
      let result = try await program.run(mode) {
        $0.clockSeconds = 0.5
        $0.processorSeconds = 10
      }
      #expect(result.ending == .clockExceeded)
      #expect(result.wallSeconds < SandboxProgram.hang)
      #expect(program.processes.isEmpty)
    }

    @Test(arguments: IsolationMode.allCases)
    func processesAreCounted(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        "int n = 1; for (; n < 100; n++) if (fork() <= 0) break; else continue; return n;")
      // The children that do start return at once, but stay counted until they are waited for.
      let result = try await program.run(mode) { $0.processes = 8 }
      // Without namespaces the count is shared with all that the user runs, which comes and goes meanwhile.
      let counts = mode == .limits ? 2...64 : 8...8 as ClosedRange<Int32>
      #expect(counts.contains { result.ending == .exited($0) }, "\(result.ending)")
    }

    /// Each process is within its own limit; together they are not.
    @Test(arguments: IsolationMode.allCases, ["MAP_PRIVATE", "MAP_SHARED"])
    func memoryIsCountedTogether(_ mode: IsolationMode, _ kind: String) async throws {
      let program = try await SandboxProgram(
        """
        for (int i = 0; i < 8; i++) {
          if (fork()) continue;
          char *m = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, \(kind) | MAP_ANONYMOUS, -1, 0);
          memset(m, 1, 64 << 20);
          pause();
        }
        pause();
        """)
      for isGrouped in [false, true] {
        let result = try await program.run(mode, isGrouped: isGrouped) {
          $0.memory = 200 << 20
          $0.clockSeconds = 30
        }
        // Where there is a control group, the kernel may come first and end one process, and the next, and the rest.
        #expect(result.ending == .memoryExceeded || result.isExhausted, "\(result.ending)")
        #expect(program.processes.isEmpty)
      }
    }

    /// The kernel's kill alone does not say whose bound was reached.
    @Test(
      "a larger control group that runs out of memory is no bound of the run's own; its own bound is",
      .enabled(if: geteuid() == 0 && OuterGroup.isPossible, "needs the memory controller of version 1, as root"),
      arguments: IsolationMode.allCases)
    func largerGroupRunsOut(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        // All at once, so that the kernel comes before the watch.
        mmap(NULL, 300 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        return 0;
        """)
      for (outer, own, isOwn) in [(100, 400, false), (400, 100, true)] {
        let group = try OuterGroup(bytes: outer << 20, beside: program.folder)
        let result = try await program.run(mode, launcher: group.launcher) {
          $0.addressSpace = 1 << 30
          $0.memory = own << 20
        }
        #expect(result.groupVersion == 1)
        #expect(result.ending != .exited(0), "outer \(outer) MiB, own \(own) MiB")
        #expect(result.isExhausted == isOwn, "outer \(outer) MiB, own \(own) MiB: \(result.ending)")
        if !isOwn { #expect(result.ending != .memoryExceeded) }
      }
    }

    /// Two runs at a time do not share a count inside namespaces.
    @Test func eachRunHasItsOwnCount() async throws {
      let program = try await SandboxProgram(
        "int n = 1; for (; n < 100; n++) if (fork() == 0) { usleep(300000); _exit(0); } else if (0) {} "
          + "int full = fork() < 0; usleep(300000); return full ? 0 : 1;")
      let endings = await withTaskGroup(of: SandboxResult.Ending?.self) { group in
        for _ in 0..<4 { group.addTask { try? await program.run { $0.processes = 6 }.ending } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(endings == Array(repeating: .exited(0), count: 4))
    }

    @Test(
      "files in the folders of a compiler: each within its limit, together they are not",
      arguments: IsolationMode.allCases,
      [
        ("as many and as large as may be", 8, 100 << 10, true), ("too large together", 8, 200 << 10, false),
        ("too many", 40, 0, false),
      ])
    func foldersAreCounted(_ mode: IsolationMode, _ kind: (String, Int, Int, Bool)) async throws {
      let (name, files, bytes, fits) = kind
      let program = try await SandboxProgram(
        """
        static char block[1 << 20];
        memset(block, 7, sizeof block);
        for (int i = 0; i < \(files); i++) {
          char name[300];
          snprintf(name, sizeof name, "%s/folder-%d", getenv("PLACE"), i / 8);
          mkdir(name, 0700);
          snprintf(name + strlen(name), 20, "/file-%d", i);
          int file = open(name, O_CREAT | O_WRONLY, 0600);
          if (file < 0) { perror(name); return 4; }
          if (write(file, block, \(bytes)) != \(bytes)) return 3;
          close(file);
        }
        usleep(\(fits ? 300_000 : 20_000_000));
        """)
      let folder = program.folder.appending(path: "made").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      let place = mode == .limits ? folder : "/m"
      let result = try await program.run(
        mode, environment: ["PLACE": place], mounts: [.writable(host: folder, inside: place)], makesFiles: true
      ) {
        $0.clockSeconds = 30
        $0.folders = FolderRoom(bytes: 1 << 20, files: 20)
      }
      let words = String(decoding: result.standardError, as: UTF8.self)
      #expect(result.ending == (fits ? .exited(0) : .folderFull), "\(name): \(words)")
      #expect(result.wallSeconds < 20)
    }

    @Test(arguments: IsolationMode.allCases)
    func answersArriveUpToTheFileLimit(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        "static char block[4096]; memset(block, 'a', 4096); for (;;) if (write(3, block, 4096) < 0) return 1;")
      let result = try await program.run(mode, wantsAnswers: true)
      #expect(result.ending == .signalled(SIGXFSZ))
      #expect(result.answers == Array(repeating: UInt8(ascii: "a"), count: 1 << 20))
    }

    @Test(arguments: IsolationMode.allCases)
    func answersSurviveACrash(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram("write(3, \"1234\", 4); abort();").run(mode, wantsAnswers: true)
      #expect(result.ending == .signalled(SIGABRT))
      #expect(result.answers == Array("1234".utf8))
    }

    @Test(arguments: IsolationMode.allCases)
    func noAnswersNoDescriptor(_ mode: IsolationMode) async throws {
      let result = try await SandboxProgram(
        "for (int d = 3; d < 100; d++) if (fcntl(d, F_GETFD) >= 0) return d;"
      ).run(mode)
      #expect(result.ending == .exited(0))
      let answering = try await SandboxProgram(
        "for (int d = 4; d < 100; d++) if (fcntl(d, F_GETFD) >= 0) return d;"
      ).run(mode, wantsAnswers: true)
      #expect(answering.ending == .exited(0))
    }

    /// A daemon in a session of its own neither outlives the run nor writes to the answers after it.
    @Test(arguments: IsolationMode.allCases)
    func daemonIsGone(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        """
        if (fork() == 0) {
          setsid();
          if (fork() == 0) for (;;) { write(3, "x", 1); usleep(1000); }
          _exit(0);
        }
        usleep(100000);
        """)
      let result = try await program.run(mode, wantsAnswers: true)
      #expect(result.ending == .exited(0))
      #expect(!result.answers.isEmpty)
      #expect(program.processes.isEmpty)
    }

    /// Input larger than any pipe does not hold up a program that never reads it, nor us.
    @Test(arguments: IsolationMode.allCases)
    func unreadInputDoesNoHarm(_ mode: IsolationMode) async throws {
      let input = [UInt8](repeating: 1, count: 4 << 20)
      let silent = try await SandboxProgram("return 5;").run(mode, input: input)
      #expect(silent.ending == .exited(5))
      let closing = try await SandboxProgram("close(0); usleep(50000); return 6;").run(mode, input: input)
      #expect(closing.ending == .exited(6))
    }

    @Test(arguments: IsolationMode.allCases)
    func inputArrives(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram(
        "int c; long n = 0, s = 0; while ((c = getchar()) != EOF) { n++; s += c; } printf(\"%ld %ld\", n, s);")
      let result = try await program.run(mode, input: [UInt8](repeating: 3, count: 1_000_001))
      #expect(result.text == "1000001 3000003")
    }

    @Test(arguments: IsolationMode.allCases)
    func manyRunsAtATime(_ mode: IsolationMode) async throws {
      let program = try await SandboxProgram("write(3, argv[1], strlen(argv[1])); return atoi(argv[1]);".asMain)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            let result = try? await program.run(mode, arguments: ["\(number)"], wantsAnswers: true)
            #expect(result?.ending == .exited(Int32(number)))
            #expect(result?.answers == Array("\(number)".utf8))
          }
        }
      }
    }

    @Test func nothingIsLeftInTemporaryFolders() async throws {
      func names() throws -> Set<String> {
        let all = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
        return Set(all.filter { $0.hasPrefix("unroll-") && !$0.hasPrefix("unroll-test-") })
      }
      // What others left here before is none of this run's doing.
      let before = try names()
      let program = try await SandboxProgram("sleep(60);")
      for _ in 0..<3 { _ = try await program.run(wantsAnswers: true) { $0.clockSeconds = 0.1 } }
      // Grades of other tests have their work folders here while they last; what somebody forgot stays for good.
      var left = try names().subtracting(before)
      for _ in 0..<300 where !left.isEmpty {
        try await Task.sleep(for: .milliseconds(200))
        left.formIntersection(try names())
      }
      #expect(left.isEmpty, "\(left)")
    }
  }
}

/// A control group of version 1 around the launcher of a run.
private final class OuterGroup {
  private static let tree = "/sys/fs/cgroup/memory"
  static let isPossible = access("\(tree)/memory.usage_in_bytes", F_OK) == 0

  /// Goes into the group and becomes the launcher.
  let launcher: String
  private let folder: String

  init(bytes: Int, beside: URL) throws {
    folder = "\(Self.tree)/unroll-test-\(UUID().uuidString)"
    launcher = beside.appending(path: "launcher-\(bytes)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try FileHandle(forWritingTo: URL(filePath: "\(folder)/memory.limit_in_bytes")).write(
      contentsOf: Data("\(bytes)".utf8))
    try "#!/bin/sh\necho 0 >\(folder)/cgroup.procs && exec \(Repository.launcher.path) \"$@\"\n"
      .write(toFile: launcher, atomically: true, encoding: .utf8)
    chmod(launcher, 0o755)
  }

  deinit {
    for _ in 0..<100 where rmdir(folder) != 0 { usleep(10_000) }
  }
}
