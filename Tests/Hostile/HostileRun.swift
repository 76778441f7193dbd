// Grades one hostile submission with the built program, and watches what that costs the machine.

import Foundation
import TestSupport

/// What came of one hostile submission.
struct HostileRun: Sendable {
  let submission: HostileSubmission
  /// As the head of the file says it: the worst verdict and the points.
  let got: String
  /// Everything that the program wrote.
  let words: String
  /// The report for a person; empty where nothing is asked of it.
  let text: String
  let seconds: Double
  /// The most bytes of memory that the submission's processes held, and that the grader held.
  let memory: (submission: Int, grader: Int)
  /// The most bytes that the grader's files without a name held.
  let disk: Int
  /// What was there a second after the end.
  let left: [String]

  /// Whether it came out as its head says; where limits race, that names several verdicts.
  var isAsExpected: Bool {
    let wanted = submission.expected.split(separator: " ")
    let found = got.split(separator: " ")
    guard wanted.count == 2, found.count == 2 else { return wanted == found }
    return wanted[0].split(separator: "|").contains(found[0]) && wanted[1] == found[1]
  }

  static let seed = "20260121"
  /// - Parameter number: from 0 to 9999, tells this run from others at the same time.
  init(_ submission: HostileSubmission, number: Int) async throws {
    let mark = "hostile-" + String("00000\(number)".suffix(6))
    let scratch = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    let temporary = scratch.appending(path: "temporary")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let folder = scratch.appending(path: "submission")
    try submission.write(to: folder, mark: mark)

    let clock = ContinuousClock()
    let start = clock.now
    let watch = Watch(mark: mark)
    let report = try await Self.grade(submission, folder, "json", scratch, watch)
    seconds = (clock.now - start) / .seconds(1)
    // What the submission printed stands in the text alone.
    var text = ""
    if !submission.never.isEmpty || !submission.says.isEmpty {
      let report = try await Self.grade(submission, folder, "text", scratch, watch)
      text = report.output + report.error
    }
    // A second's grace, during which others may be graded.
    try await Task.sleep(for: .seconds(1))
    left = Machine.leftovers(of: mark, temporary: temporary) + Machine.processes(of: scratch.path)
    self.submission = submission
    words = report.output + report.error + text
    self.text = text
    got = Self.verdict(report)
    (memory, disk) = ((watch.submission, watch.grader), watch.disk)
  }

  private struct Report {
    var code: Int32
    var isSignal: Bool
    var output: String
    var error: String
  }

  /// The program as a teacher calls it, with a temporary folder of its own.
  static func grader(_ submission: HostileSubmission, _ folder: URL, format: String, temporary: URL) -> Process {
    program(
      ["grade", submission.exercise, folder.path, "--seed", seed, "--format", format]
        + (submission.isolation.map { ["--isolation", $0] } ?? []), temporary: temporary)
  }

  static func program(_ arguments: [String], temporary: URL) -> Process {
    let process = Process()
    process.executableURL = Repository.products.appending(path: "unroll")
    process.arguments = arguments
    process.currentDirectoryURL = Repository.root
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private static func grade(
    _ submission: HostileSubmission, _ folder: URL, _ format: String, _ scratch: URL, _ watch: Watch
  ) async throws -> Report {
    let files = ["out", "err"].map { scratch.appending(path: $0) }
    for file in files { try Data().write(to: file) }
    let process = grader(submission, folder, format: format, temporary: scratch.appending(path: "temporary"))
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do {
        try process.run()
        watch.look(at: process)
      } catch {
        done.resume(throwing: error)
      }
    }
    return Report(
      code: process.terminationStatus, isSignal: process.terminationReason == .uncaughtSignal,
      output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
  }

  private static func verdict(_ report: Report) -> String {
    if report.isSignal { return "the grader died of signal \(report.code)" }
    if report.code == 2 { return "refused" }
    guard let json = try? JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any],
      let checks = json["checks"] as? [[String: Any]], let score = json["score"] as? Double
    else { return "no report" }
    let found = checks.compactMap { $0["verdict"] as? String }
    let order = [
      "isolationFault", "doesNotCompile", "timedOut", "outOfMemory", "outputFlood", "crashed", "failed", "passed",
    ]
    let worst = order.first { found.contains($0) } ?? "none"
    return "\(worst) \(score == score.rounded() ? String(Int(score)) : String(score))"
  }
}

/// Looks at a run every few hundredths of a second and keeps the most that it saw.
private final class Watch: @unchecked Sendable {
  private let mark: String
  private let lock = NSLock()
  private var most = (submission: 0, grader: 0, disk: 0)

  init(mark: String) { self.mark = mark }

  var submission: Int { lock.withLock { most.submission } }
  var grader: Int { lock.withLock { most.grader } }
  var disk: Int { lock.withLock { most.disk } }

  func look(at process: Process) {
    let number = Int(process.processIdentifier)
    Thread.detachNewThread { [self] in
      while process.isRunning {
        let memory = Machine.memory(of: mark)
        let (grader, disk) = (Machine.peak(of: number), Machine.unnamedFiles(of: number))
        lock.withLock { most = (max(most.submission, memory), max(most.grader, grader), max(most.disk, disk)) }
        Thread.sleep(forTimeInterval: 0.03)
      }
    }
  }
}
