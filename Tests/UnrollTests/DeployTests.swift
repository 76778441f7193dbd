// What deploy/ holds, run as it is run where it belongs; skipped where that cannot be.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .tier(.test), .timed) struct DeployTests {
  /// What a script under Tests printed, and how it ended.
  private func script(_ name: String, _ arguments: [String]) throws -> (code: Int32, output: String, error: String) {
    let scratch = try Scratch()
    let files = ["out", "err"].map { scratch.url.appending(path: $0) }
    for file in files { try Data().write(to: file) }
    let process = Process()
    process.executableURL = Repository.tests.appending(path: name)
    process.arguments = [Repository.products.appending(path: "unroll").path] + arguments
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOf: files[0], encoding: .utf8),
      try String(contentsOf: files[1], encoding: .utf8)
    )
  }

  static let hasSlurm =
    geteuid() == 0
    && ["slurmctld", "slurmd", "munged"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/sbin/\($0)") }

  /// Two hundred submissions in an array of eight: `make test-class`.
  @Test(.enabled(if: hasSlurm, "Slurm is not installed, or this is not root"))
  func anArrayJobGivesTheGradebookOfOneMachine() throws {
    let run = try script("Slurm/run", ["24", "3"] + SampleClass.tasks)
    #expect(run.code == 0, "\(run.output) \(run.error)")
    #expect(run.output.contains("24 rows equal those of one machine"))
  }

  @Test("a submission that cannot be graded on Gradescope: an earlier results.json stays, and the script fails")
  func gradescopeKeepsAnEarlierResult() throws {
    let scratch = try Scratch()
    for (name, text) in [("source/exercise", "rnn-step\n"), ("source/options", ""), ("results/results.json", "{}\n")] {
      _ = try scratch.file(name, text)
    }
    _ = try scratch.file("submission/Cell.swift", "struct RNN {}")
    // TMPDIR is no folder, so that nothing can be built.
    let broken = try scratch.file("broken", "#!/bin/sh\nTMPDIR=/nowhere/at/all exec \"$REAL\" \"$@\"\n")
    chmod(broken, 0o755)
    let run = try Machine.shell(
      "REAL=$UNROLL UNROLL=\(broken) deploy/gradescope/run_autograder", in: scratch.url,
      environment: ["AUTOGRADER": scratch.url.path, "UNROLL_ROOT": Repository.root.path])
    // The script's own output is what Gradescope shows, errors included.
    #expect(run.code != 0 && (run.output + run.error).contains("isolation"), "\(run.output) \(run.error)")
    #expect(run.output.contains("Not graded (not the learner's fault)"), "\(run.output)")
    let results = try String(contentsOf: scratch.url.appending(path: "results/results.json"), encoding: .utf8)
    #expect(results == "{}\n")
  }

  static let canBeGradescope =
    geteuid() == 0 && !FileManager.default.fileExists(atPath: "/autograder")
    && FileManager.default.fileExists(atPath: "/usr/include/seccomp.h")

  @Test(.enabled(if: canBeGradescope, "this is not root, or has no libseccomp-dev"))
  func gradescopesContainerGradesWithoutNamespaces() throws {
    let solution = Repository.root.appending(path: "solutions/rnn-step").path
    let right = try script("Gradescope/run", [solution, "rnn-step"])
    #expect(right.code == 0, "\(right.error)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(right.output.utf8)) as? [String: Any])
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(json["score"] as? Double == tests.reduce(0) { $0 + ($1["max_score"] as? Double ?? 0) })
    // Without namespaces, and the report says what follows from that.
    #expect((json["output"] as? String)?.contains("not protected from: a submission can read every file") == true)

    let scratch = try Scratch()
    let cell = try String(contentsOfFile: solution + "/Cell.swift", encoding: .utf8)
    _ = try scratch.file(
      "spy/Cell.swift",
      cell.replacingOccurrences(
        of: "let h = ",
        with: """
          for path in ["/autograder/source/exercise", "/autograder/submission_metadata.json",
            "/autograder/results/results.json", "/autograder/submission/Cell.swift"] {
            if let file = fopen(path, "r") { print("read", path); fclose(file) }
            if let file = fopen(path, "w") { print("wrote", path); fclose(file) }
          }
          let h =\u{20}
          """
      ).replacingOccurrences(of: "import CellKit", with: "import CellKit\nimport Glibc"))
    let spy = try script("Gradescope/run", [scratch.url.appending(path: "spy").path, "rnn-step"])
    #expect(spy.code == 0, "\(spy.error)")
    #expect(!spy.output.contains("read /autograder") && !spy.output.contains("wrote /autograder"))
    #expect(spy.output.contains("\"status\" : \"passed\""), "\(spy.output)")
  }
}
