// What runs beside a grading changes no score: another process of the machine, and another submission.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .tier(.test), .timed) struct BesideTests {
  private static let modes = ["namespaces", "limits"]

  /// A process that puts another program in the place of each one that it can reach, as fast as it can. It
  /// has the lowest priority, so that it does not slow the graders down.
  ///
  /// - Parameter user: who it is; only root can choose.
  private func exchange(below folder: URL, as user: Int, log: URL) throws -> Process {
    let script = """
      while :; do
        for program in "$1"/unroll-*/build/program; do
          [ -e "$program" ] || continue
          cp /bin/true "$program.new" && chmod 755 "$program.new" && mv -f "$program.new" "$program" && echo replaced
        done
      done
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "nice", "-n", "19", "setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "sh", "-c", script,
        "sh", folder.path,
      ]
    try Data().write(to: log)
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test(
    "a process beside a grading by root, as nobody and as a user of runs: it exchanges no program, no score changes",
    .enabled(if: getuid() == 0), arguments: modes)
  func processBeside(_ mode: String) async throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    let temporary = scratch.appending(path: "temporary")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let logs = [65_534, 60_700].map { (user: $0, log: scratch.appending(path: "log-\($0)")) }
    let others = try logs.map { try exchange(below: temporary, as: $0.user, log: $0.log) }
    defer { for other in others { kill(other.processIdentifier, SIGKILL) } }
    for (base, points) in [("right", 100.0), ("wrong", 0)] {
      let folder = scratch.appending(path: base)
      try Self.write(base, attack: "", to: folder)
      for seed in 1...2 {
        #expect(try await grade(folder, mode, seed: seed, temporary).score == points, "\(base), seed \(seed)")
      }
    }
    for (user, log) in logs { #expect(try Data(contentsOf: log).isEmpty, "as \(user)") }
  }

  @Test(
    "a class in which some submissions exchange the programs of the others: each gets its own score, as does a grading beside it",
    arguments: modes, getuid() == 0 ? [0, 1000] : [Int(getuid())])
  func submissionBeside(_ mode: String, _ user: Int) async throws {
    let scratch = URL(filePath: "/tmp/unroll-test-\(UUID().uuidString)")
    let (students, temporary) = (scratch.appending(path: "class"), scratch.appending(path: "temporary"))
    for folder in [students, temporary] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: scratch) }
    let spread = try String(
      contentsOf: HostileSubmission.folder.appending(path: "spreads-to-other-submissions.swift"), encoding: .utf8)
    for number in 0..<3 {
      try Self.write("right", attack: "", to: students.appending(path: "right\(number)"))
      try Self.write("wrong", attack: "", to: students.appending(path: "wrong\(number)"))
      try Self.write("wrong", attack: spread, to: students.appending(path: "spread\(number)"))
    }
    if user != 0 {
      for path in [scratch, students, temporary].map(\.path) { chown(path, uid_t(user), gid_t(user)) }
    }
    async let beside = grade(students.appending(path: "right0"), "namespaces", seed: 7, temporary, as: user)
    let scores = try await gradeClass(students, mode, temporary, as: user, output: scratch.appending(path: "out"))
    #expect(scores.count == 9)
    for (name, score) in scores { #expect(score == (name.hasPrefix("right") ? 100 : 0), "\(name)") }
    let other = try await beside
    #expect(other.score == 100, "\(other.output)")
  }

  // MARK: Grading

  private static func write(_ base: String, attack: String, to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in [base == "right" ? "Right.swift" : "Wrong.swift", "Tools.swift"] {
      try FileManager.default.copyItem(
        at: HostileSubmission.folder.appending(path: name), to: folder.appending(path: name))
    }
    try attack.write(to: folder.appending(path: "Attack.swift"), atomically: false, encoding: .utf8)
  }

  private func grade(
    _ folder: URL, _ mode: String, seed: Int, _ temporary: URL, as user: Int = Int(getuid())
  ) async throws -> (score: Double?, output: String) {
    let output = try await run(
      ["grade", "rnn-step", folder.path, "--seed", "\(seed)", "--format", "json", "--isolation", mode], temporary, user)
    let json = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    return (json?["score"] as? Double, output)
  }

  private func gradeClass(
    _ folder: URL, _ mode: String, _ temporary: URL, as user: Int, output: URL
  ) async throws -> [String: Double] {
    _ = try await run(
      [
        "grade", "rnn-step", "--class", folder.path, "--jobs", "4", "--seed", "7", "--isolation", mode, "--output",
        output.path,
      ],
      temporary, user)
    let table = try String(contentsOf: output.appending(path: "grades.csv"), encoding: .utf8)
    let rows = table.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let head = rows.first, let name = head.firstIndex(of: "submission"), let score = head.firstIndex(of: "score")
    else { return [:] }
    return Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0[name], Double($0[score]) ?? -1) })
  }

  private func run(_ arguments: [String], _ temporary: URL, _ user: Int) async throws -> String {
    let process = HostileRun.program(arguments, temporary: temporary)
    if user != Int(getuid()) {
      process.arguments =
        ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", process.executableURL!.path] + process.arguments!
      process.executableURL = URL(filePath: "/usr/bin/setpriv")
      process.environment!["HOME"] = temporary.path
      process.environment!["XDG_CACHE_HOME"] = Self.cache(of: user)
    }
    let file = temporary.deletingLastPathComponent().appending(path: "out-\(UUID().uuidString)")
    try Data().write(to: file)
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    return String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }

  /// A cache that stays for the next run of the tests, since the kit takes a while.
  private static func cache(of user: Int) -> String {
    let folder = "/var/tmp/unroll-test-cache-\(user)"
    mkdir(folder, 0o700)
    chown(folder, uid_t(user), gid_t(user))
    return folder
  }
}
