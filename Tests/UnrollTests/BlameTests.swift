// Whose fault a failure is: what a busy or a full machine does to right submissions, and what wrong ones do to seem so.

import Foundation
import Testing

/// A machine that is busy or full, made around the program.
enum Machine {
  /// Whether this process may mount a small folder and make groups of processes.
  static let isRoot = geteuid() == 0

  /// The words of a shell, with the program as `$UNROLL`.
  static func shell(_ script: String, in folder: URL, environment: [String: String] = [:]) throws -> (
    code: Int32, output: String, error: String
  ) {
    let files = ["out", "err"].map { folder.appending(path: "shell-\(UUID().uuidString).\($0)") }
    for file in files { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = Run.root
    process.environment = ProcessInfo.processInfo.environment.merging(
      environment.merging(["UNROLL": Run.products.appending(path: "unroll").path]) { $1 }
    ) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOf: files[0], encoding: .utf8),
      try String(contentsOf: files[1], encoding: .utf8)
    )
  }
}

@Suite(.serialized) struct BlameTests {
  private let cell: String

  init() throws {
    cell = try String(contentsOf: Run.root.appending(path: "solutions/rnn-step/Cell.swift"), encoding: .utf8)
  }

  /// A submission whose forward does something first.
  private func submission(_ code: String, _ header: String = "", in scratch: Scratch, _ name: String) throws -> String {
    let text = cell.replacingOccurrences(
      of: "let h = ", with: "\(code)\n    let h = "
    ).replacingOccurrences(of: "import CellKit", with: "import CellKit\nimport Glibc\n\(header)")
    #expect(text.contains(code))
    _ = try scratch.file("\(name)/Cell.swift", text)
    return scratch.url.appending(path: name).path
  }

  private static let fork = "@_silgen_name(\"fork\") func forkProcess() -> Int32"
  private static let burn = """
    func burn(_ seconds: Double) {
      var now = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
      let start = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
      repeat { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) }
      while Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - start < seconds
    }
    """

  /// What seems to be the machine's doing and is the submission's: its own verdict, soon, and the same in a class.
  @Test(
    "a submission that seems to break the machine: its own verdict, within its limits",
    arguments: [
      ("exit(87)", "crashed"), ("exit(127)", "crashed"), ("_exit(0)", "crashed"),
      ("raise(SIGKILL)", "crashed"),
      ("sleep(60)", "timedOut"), ("while true {}", "timedOut"),
      ("for _ in 0..<40 { if forkProcess() == 0 { while true {} } }; while true {}", "timedOut"),
      ("if forkProcess() > 0 { _exit(87) }; sleep(60)", "crashed"),
      ("var s = [UInt8](repeating: 7, count: 1 << 20); while write(3, &s, s.count) > 0 {}", "crashed"),
      (
        """
        for _ in 0..<12 {
          var thread = pthread_t()
          pthread_create(&thread, nil, { _ in while true {} }, nil)
        }
        while true {}
        """, "timedOut"
      ),
    ])
  func ownVerdict(_ code: String, _ verdict: String) throws {
    let scratch = try Scratch()
    let path = try submission(code, Self.fork, in: scratch, "own")
    let start = ContinuousClock.now
    let run = try Run("grade", "rnn-step", path, "--seed", "5", "--format", "json")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let report = try #require(try run.json() as? [String: Any], "\(run.error)")
    let checks = try #require(report["checks"] as? [[String: Any]], "\(run.output)")
    #expect(run.code == 1 && report["score"] as? Double == 0, "\(run.output)")
    #expect(checks.contains { $0["verdict"] as? String == verdict }, "\(run.output)")
    // Two attempts and two trials of the machine, on a machine that others use as well.
    #expect(seconds < 60)
  }

  @Test("a cell that burns 80 % of its limit beside its like: full marks, and the report says the processor time")
  func burning() throws {
    let scratch = try Scratch()
    for number in 1...4 {
      // Two executions a call, and two passes in a backward call.
      _ = try submission("burn(0.19)", Self.burn, in: scratch, "class/s\(number)")
    }
    let folder = scratch.url.appending(path: "class").path
    let run = try Run("grade", "rnn-step", "--class", folder, "--seed", "5", "--jobs", "4", "--format", "json")
    #expect(run.code == 0, "\(run.output) \(run.error)")
    let one = try Run("grade", "rnn-step", folder + "/s1", "--seed", "5", "--format", "json")
    let report = try #require(try one.json() as? [String: Any])
    #expect(try #require(report["processorSeconds"] as? Double) > 0.38, "\(one.output)")
    let text = try Run("grade", "rnn-step", folder + "/s1", "--seed", "5")
    #expect(text.output.contains("processor time, compiler included: "))
    let chinese = try Run("grade", "rnn-step", folder + "/s1", "--seed", "5", "--language", "zh")
    #expect(chinese.output.contains("处理器时间（包括编译）："))
  }

  /// Runs a command with a temporary folder of a size.
  private func inSmallFolder(_ command: String, _ size: String, in scratch: Scratch) throws -> (
    code: Int32, output: String, error: String
  ) {
    let small = scratch.url.appending(path: "small").path
    let script = try scratch.file(
      "small.sh",
      """
      mkdir -p \(small) && mount -t tmpfs -o size=\(size) tmpfs \(small) || exit 99
      export TMPDIR=\(small)
      \(command)
      """)
    // What is mounted goes with the process.
    return try Machine.shell("exec unshare --mount bash \(script)", in: scratch.url)
  }

  @Test(
    "a full TMPDIR: full marks or not graded, in every form", .enabled(if: Machine.isRoot, "needs a mount"),
    arguments: ["100k", "150k", "200k", "300k", "400k"])
  func fullDisk(_ size: String) throws {
    let scratch = try Scratch()
    let run = try inSmallFolder("$UNROLL grade rnn-step solutions/rnn-step --seed 5 --format json", size, in: scratch)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.output) \(run.error)")
    if run.code == 0 {
      #expect(report["score"] as? Double == 100)
    } else {
      #expect(run.code == 2 && report["status"] as? String == "ungraded", "\(run.output)")
      #expect(report["score"] is NSNull && report["reason"] is String)
      #expect(run.error.contains("not graded"), "\(run.error)")
    }
  }

  @Test(
    "a class on a full disk: empty scores with the reason, exit 2, and --resume completes it",
    .enabled(if: Machine.isRoot, "needs a mount"))
  func resume() throws {
    let scratch = try Scratch()
    for number in 1...3 { _ = try scratch.file("class/s\(number)/Cell.swift", cell) }
    let out = scratch.url.appending(path: "out").path
    let folder = scratch.url.appending(path: "class").path
    let full = try inSmallFolder(
      "$UNROLL grade rnn-step --class \(folder) --output \(out) --seed 5 --jobs 2", "100k", in: scratch)
    #expect(full.code == 2, "\(full.output) \(full.error)")
    #expect(full.output.contains("s3  –  not graded (not the learner's fault): "), "\(full.output)")
    let table = try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
    #expect(
      table.split(separator: "\r\n").filter { $0.contains(/^s\d,,,.*ungraded,.*not graded/) }.count == 3, "\(table)")
    let again = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume")
    #expect(again.code == 0, "\(again.output) \(again.error)")
    let whole = try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
    #expect(whole.split(separator: "\r\n").filter { $0.contains(/^s\d,100,100/) }.count == 3, "\(whole)")
  }

  @Test(
    "few processes: full marks or not graded", .enabled(if: Machine.isRoot, "needs a group of processes"),
    arguments: [12, 16, 20, 24, 28, 32, 40])
  func fewProcesses(_ most: Int) throws {
    let scratch = try Scratch()
    for number in 1...2 { _ = try scratch.file("class/s\(number)/Cell.swift", cell) }
    let group = "/sys/fs/cgroup/pids/unroll-test-\(getpid())-\(most)"
    try #require(FileManager.default.fileExists(atPath: "/sys/fs/cgroup/pids"))
    let run = try Machine.shell(
      """
      mkdir -p \(group) && echo \(most) > \(group)/pids.max || exit 99
      (echo 0 > \(group)/cgroup.procs; exec timeout 120 $UNROLL grade rnn-step \
        --class \(scratch.url.path)/class --output \(scratch.url.path)/out --seed 5 --jobs 2)
      code=$?; for i in $(seq 50); do rmdir \(group) 2>/dev/null && break; sleep 0.1; done; exit $code
      """, in: scratch.url)
    #expect(run.code != 1 && run.code != 124, "\(run.output) \(run.error)")
    #expect(!run.output.contains("  0 / 100"), "\(run.output)")
  }

  private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(
    "not graded three times, and the machine is sound now: held, and tried again only when asked",
    .enabled(if: Machine.isRoot && BlameTests.python != nil, "needs a mount, and Python to write a gradebook"))
  func held() throws {
    let scratch = try Scratch()
    _ = try scratch.file("class/s1/Cell.swift", cell)
    let (folder, out) = (scratch.url.appending(path: "class").path, scratch.url.appending(path: "out").path)
    let full = "$UNROLL grade rnn-step --class \(folder) --output \(out) --seed 5"
    // While the machine is not sound, a submission is tried once, and later tries do not count.
    for option in ["", " --resume", " --resume", " --resume"] {
      let run = try inSmallFolder(full + option, "100k", in: scratch)
      #expect(run.code == 2 && run.output.contains("s1  –  not graded (not the learner's fault): "), "\(run.output)")
    }
    // A machine that fails now and then, and always beside this submission, cannot be made here.
    let script =
      "import sqlite3, sys; b = sqlite3.connect(sys.argv[1]); b.execute('UPDATE grade SET strikes = 3'); b.commit()"
    let changed = try Machine.shell(
      "\(try #require(Self.python)) -c \"\(script)\" \(out)/gradebook.sqlite", in: scratch.url)
    #expect(changed.code == 0, "\(changed.error)")
    for _ in 0..<2 {
      let run = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume")
      #expect(run.code == 2 && run.output.contains("s1  –  not graded, held for a person"), "\(run.output)")
      #expect(run.output.contains("--resume --retry-held"), "\(run.output)")
    }
    let asked = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume", "--retry-held")
    #expect(asked.code == 0 && asked.output.contains("s1  100 / 100"), "\(asked.output) \(asked.error)")
  }
}
