// The verdicts on sample submissions, and the number that has to be raised when they, or their labels, change.

import Classroom
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import Hashing
@testable import SubmissionHost

@Suite(.serialized, .tier(.test), .timed) struct VerdictNumberTests {
  private static let golden = Repository.root.appending(path: "Tests/Golden/verdicts.txt")
  private static var isRecorded: Bool { ProcessInfo.processInfo.environment["UNROLL_RECORD"] != nil }

  // MARK: The sum

  /// What says which verdicts there are: goldens, corpora and labels, by their path.
  private static func sources() throws -> [(path: String, bytes: [UInt8])] {
    let folders = ["Tests/DerivationTests/Corpus", "Tests/Mistakes", "Tests/Variants"]
    var paths = ["Tests/Golden/verdicts.txt"]
    for folder in folders {
      let root = Repository.root.appending(path: folder).path
      paths += try FileManager.default.subpathsOfDirectory(atPath: root).map { "\(folder)/\($0)" }
    }
    let read = paths.filter { path in
      !path.hasSuffix("README.md") && [".txt", ".yaml", ".swift", ".md"].contains(where: path.hasSuffix)
    }
    return try read.sorted().map { path in
      (path, Array(try Data(contentsOf: Repository.root.appending(path: path))))
    }
  }

  private static func digest(number: Int) throws -> String {
    var sum = SHA256()
    sum.add("\(number)")
    for (path, bytes) in try sources() {
      sum.add(path)
      sum.add(bytes)
    }
    return sum.hexadecimal()
  }

  @Test("verdicts: their number is raised when goldens, corpora or labels change")
  func theNumberIsRaised() throws {
    let next = Verdicts.number + 1
    let (own, later) = (try Self.digest(number: Verdicts.number), try Self.digest(number: next))
    #expect(
      own == Verdicts.digest,
      """
      The goldens, corpora or labels of verdicts have changed, so grades that were kept are by other rules. In \
      Sources/Grading/Verdicts.swift set `number` to \(next) and `digest` to "\(later)".
      """)
  }

  @Test("verdicts: the number is in the key of a grade")
  func theNumberIsInTheKey() async throws {
    let grader = try Grader(Course.sheet("rnn-step"), with: try await TestWorkbench.value)
    let key = grader.key(submission: "a", hash: "b", seed: 1)
    #expect(key.grader.contains(", verdicts \(Verdicts.number), "))
    #expect(key.rules.contains("verdicts \(Verdicts.number)") && !key.rules.contains("namespaces"))
  }

  // MARK: The verdicts

  /// A submission made from a model solution by one change that can be made to any.
  private struct Sample {
    let name: String
    let submission: Submission
    let tasks: [String]
  }

  /// The text with one of its plus signs turned into a minus; nil where there are fewer.
  private static func withMinus(_ text: String, at number: Int) -> String? {
    let parts = text.components(separatedBy: " + ")
    guard parts.count > number + 1 else { return nil }
    return parts[...number].joined(separator: " + ") + " - " + parts[(number + 1)...].joined(separator: " + ")
  }

  /// The text without one of its displayed formulas.
  private static func withoutFormula(_ text: String, at number: Int) -> String? {
    let parts = text.components(separatedBy: "```math\n")
    guard parts.count > number + 1, let end = parts[number + 1].range(of: "```\n") else { return nil }
    return parts[...number].joined(separator: "```math\n") + parts[number + 1][end.upperBound...]
      + parts[(number + 2)...].map { "```math\n" + $0 }.joined()
  }

  private static func samples(of id: String, _ sheet: Sheet) throws -> [Sample] {
    let solution = try Submission(at: Repository.root.appending(path: "solutions/\(id)").path)
    let code = sheet.tasks.filter { $0.kind.isCode || $0.kind.isExperiment }.map(\.id)
    let written = sheet.tasks.filter(\.kind.isWritten).map(\.id)
    var samples = [Sample(name: "solution", submission: solution, tasks: code + written)]
    for number in [1, 4] where !code.isEmpty {
      var changed = solution
      changed.derivation = nil
      guard let index = changed.files.firstIndex(where: { $0.name == "Cell.swift" }),
        let text = withMinus(changed.files[index].text, at: number)
      else { continue }
      changed.files[index] = .init(name: "Cell.swift", bytes: Array(text.utf8))
      samples.append(Sample(name: "minus \(number)", submission: changed, tasks: code))
    }
    for number in [0, 2, 5] {
      guard let derivation = solution.derivation, let text = withoutFormula(derivation.text, at: number) else {
        continue
      }
      let changed = Submission(files: [], derivation: .init(name: derivation.name, bytes: Array(text.utf8)))
      samples.append(Sample(name: "without formula \(number)", submission: changed, tasks: written))
    }
    return samples.filter { !$0.tasks.isEmpty }
  }

  @Test("verdicts: those on sample submissions are the golden ones")
  func theVerdictsAreTheGoldenOnes() async throws {
    var lines: [String] = []
    let exercises = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "exercises").path
    ).sorted()
    for id in exercises where !id.hasPrefix(".") {
      let sheet = try Course.sheet(id)
      for sample in try Self.samples(of: id, sheet) {
        let grader = try Grader(sheet, tasks: sample.tasks, with: try await TestWorkbench.value)
        let grade = try await grader.grade(sample.submission, named: id, seed: 1)
        let points = grade.checks.map { "\($0.id)=\(($0.points * 100).rounded() / 100)" }.joined(separator: " ")
        lines.append("\(id), \(sample.name): \(points)")
      }
    }
    if Self.isRecorded {
      try (lines.joined(separator: "\n") + "\n").write(to: Self.golden, atomically: true, encoding: .utf8)
      return
    }
    let golden = try String(contentsOf: Self.golden, encoding: .utf8).split(separator: "\n").map(String.init)
    let changes = golden.difference(from: lines)
    #expect(
      changes.isEmpty,
      """
      Verdicts have changed: \(changes.prefix(6)). If they should, record them with UNROLL_RECORD=1 and run these tests again; \
      the number of the verdicts is raised then.
      """)
  }
}
