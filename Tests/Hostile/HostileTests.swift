// Every hostile submission gets the verdict that it is due, gains nothing, and leaves nothing. `make hostile` prints the
// table of this run.

import Foundation
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct HostileTests {
  /// Submissions graded at a time.
  private static let width = 3
  /// The most memory that one submission's processes may ever be seen with: the bound of a run, half the address space
  /// above one process's own, and what can be touched between two looks at it.
  private static let memory = 1 << 30
  /// The most memory of the grader itself.
  private static let graderMemory = 512 << 20
  /// The most that answers and inputs of one run may take on disk.
  private static let disk = 64 << 20

  @Test func everySubmissionGetsItsDue() async throws {
    let all = try HostileSubmission.all()
    if ProcessInfo.processInfo.environment["UNROLL_HOSTILE"] == nil { #expect(all.count >= 120) }
    var runs: [HostileRun] = []
    try await withThrowingTaskGroup(of: HostileRun.self) { group in
      for (number, submission) in all.enumerated() {
        if number >= Self.width, let run = try await group.next() { runs.append(run) }
        group.addTask { try await HostileRun(submission, number: number) }
      }
      for try await run in group { runs.append(run) }
    }
    runs.sort { $0.submission.name < $1.submission.name }
    print(Self.table(runs))
    // The bases without an attack: nobody gains a point over them.
    let honest = ["right": 100.0, "wrong": 0.0, "none": 0.0]
    let isOther = HostileSubmission.otherIsolation != nil
    for run in runs {
      let name = run.submission.name
      #expect(run.isAsExpected || isOther, "\(run.got): \(name): \(run.words.prefix(1500))")
      let points = run.got.split(separator: " ").last.flatMap { Double($0) } ?? 0
      #expect(points <= honest[run.submission.base] ?? 0, "\(name) gained points")
      #expect(run.left.isEmpty, "\(name) left \(run.left)")
      for word in run.submission.says where !isOther {
        #expect(run.words.contains(word), "\(name): \(run.words.prefix(1500))")
      }
      // What `limits` leaves open, such as reading, four of them say.
      for word in run.submission.never where !isOther {
        #expect(!run.words.contains(word), "\(name): \(run.words.prefix(1500))")
      }
      let steering = ["\u{1B}", "\u{9B}", "\u{7}", "\u{202E}"]
      #expect(!steering.contains { run.text.contains($0) }, "\(name) steers the reader's terminal")
      #expect(run.memory.submission <= Self.memory, "\(name): \(run.memory.submission) bytes")
      #expect(run.memory.grader <= Self.graderMemory, "\(name): \(run.memory.grader) bytes of the grader")
      #expect(run.disk <= Self.disk, "\(name): \(run.disk) bytes on disk")
    }
    // Or nothing that a submission leaves would be found.
    #expect(runs.contains { $0.memory.submission > 1 << 20 }, "no process of any submission was seen")
    #expect(Machine.groups().isEmpty, "\(Machine.groups())")
  }

  private static func table(_ runs: [HostileRun]) -> String {
    let head = ["submission", "expected", "got", "seconds", "MiB", "grader MiB", "disk MiB", "left"]
    let rows = runs.map { run in
      [
        run.submission.name, run.submission.expected, run.got + (run.isAsExpected ? "" : "  ✗"),
        String(format: "%.1f", run.seconds), "\(run.memory.submission >> 20)", "\(run.memory.grader >> 20)",
        "\(run.disk >> 20)", run.left.isEmpty ? "nothing" : run.left.joined(separator: ", "),
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
