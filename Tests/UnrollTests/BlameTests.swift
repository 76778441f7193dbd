// Whose fault a failure is: what a busy or a full machine does to right submissions, and what wrong ones do to seem so.

import Foundation
import TestSupport
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
    process.currentDirectoryURL = Repository.root
    process.environment = ProcessInfo.processInfo.environment.merging(
      environment.merging(["UNROLL": Repository.products.appending(path: "unroll").path]) { $1 }
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

  /// Whether a group of processes can be given a share of the processors.
  static let canShareProcessors = access("/sys/fs/cgroup/cpu/cgroup.procs", F_OK) == 0

  /// Runs a command that has so much of the processors, 100 % being one.
  static func withProcessors(_ percent: Int, _ command: String, in scratch: Scratch) throws -> (
    code: Int32, output: String, error: String
  ) {
    let group = "/sys/fs/cgroup/cpu/unroll-test-\(UUID().uuidString)"
    return try shell(
      """
      mkdir \(group) && echo 100000 >\(group)/cpu.cfs_period_us && echo \(percent)000 >\(group)/cpu.cfs_quota_us || exit 99
      (echo 0 >\(group)/cgroup.procs; exec \(command))
      code=$?; for i in $(seq 50); do rmdir \(group) 2>/dev/null && break; sleep 0.1; done; exit $code
      """, in: scratch.url)
  }

  /// Runs the words of a shell with a temporary folder, `$TMPDIR`, of a size; only root can.
  static func inSmallFolder(_ command: String, _ size: String, in scratch: Scratch) throws -> (
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
    return try shell("exec unshare --mount bash \(script)", in: scratch.url)
  }
}

@Suite(.serialized, .tier(.test), .timed) struct BlameTests {
  private let cell: String

  init() throws {
    cell = try String(contentsOf: Repository.root.appending(path: "solutions/rnn-step/Cell.swift"), encoding: .utf8)
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

  @Test(
    "a class in which five of eight seem to break the machine: each gets its own verdict, the others full marks",
    arguments: ["namespaces", "limits"])
  func ownVerdicts(_ mode: String) throws {
    let scratch = try Scratch()
    let bomb = "while forkProcess() >= -1 {}"
    let threads =
      "for _ in 0..<12 { var t = pthread_t(); pthread_create(&t, nil, { _ in while true {} }, nil) }; while true {}"
    let breaking = [bomb, bomb, threads, "_exit(87)", "sleep(60)"]
    for (number, code) in breaking.enumerated() {
      _ = try submission(code, Self.fork, in: scratch, "class/x\(number)")
    }
    for number in 1...3 { _ = try submission("burn(0.05)", Self.burn, in: scratch, "class/s\(number)") }
    let start = ContinuousClock.now
    let (folder, out) = (scratch.url.appending(path: "class").path, scratch.url.appending(path: "out").path)
    let run = try Run(
      "grade", "rnn-step", "--class", folder, "--output", out, "--seed", "5", "--jobs", "8", "--isolation", mode)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(run.code == 1, "\(run.output) \(run.error)")
    let table = try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
    #expect(table.matches(of: /s[1-3],100,100,/).count == 3, "\(table)")
    #expect(table.matches(of: /x[0-4],0,100,/).count == 5, "\(table)")
    // Each breaker twice within its limits, a trial of the machine, and the rest of the machine beside.
    #expect(seconds < 180)
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

  private static let threads = """
    \(burn)
    /// Three threads that compute together so long, all at once.
    func burnInThreads(_ seconds: Double) {
      var others = [pthread_t(), pthread_t()]
      for index in others.indices {
        pthread_create(&others[index], nil, { share in burn(share!.load(as: Double.self)); return nil }, {
          let share = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
          share.storeBytes(of: seconds, as: Double.self)
          return share
        }())
      }
      burn(seconds)
      for other in others { pthread_join(other, nil) }
    }
    """

  /// With several threads that could run the clock runs, so that such a cell is at a busy machine's mercy.
  @Test(
    "a right cell with several threads on a machine that is busy: full marks or not graded",
    .enabled(if: Machine.isRoot && Machine.canShareProcessors, "needs the cpu controller of version 1"),
    arguments: [10, 20, 30, 45, 60, 200])
  func severalThreads(_ percent: Int) throws {
    let scratch = try Scratch()
    let path = try submission("burnInThreads(0.19)", Self.threads, in: scratch, "threads")
    let run = try Machine.withProcessors(
      percent, "$UNROLL grade rnn-step \(path) --seed 5 --format json", in: scratch)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.output) \(run.error)")
    if run.code == 0 {
      #expect(report["score"] as? Double == 100, "\(run.output)")
    } else {
      #expect(run.code == 2 && report["status"] as? String == "ungraded", "\(run.output)")
    }
  }

  @Test(
    "a full TMPDIR: full marks or not graded, in every form", .enabled(if: Machine.isRoot, "needs a mount"),
    arguments: ["100k", "150k", "200k", "300k", "400k"])
  func fullDisk(_ size: String) throws {
    let scratch = try Scratch()
    let run = try Machine.inSmallFolder(
      "$UNROLL grade rnn-step solutions/rnn-step --seed 5 --format json", size, in: scratch)
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
    let full = try Machine.inSmallFolder(
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
}
