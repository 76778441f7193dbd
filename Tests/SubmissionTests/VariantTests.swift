// Cells that are right in other ways than the model solution: full marks, whatever the seed.

import Foundation
import Grading
import SubmissionHost
import TestSupport
import Testing
import Yams

/// A right cell of Tests/Variants.
struct Variant: Sendable, CustomStringConvertible {
  let exercise: String
  let name: String
  let files: [Submission.File]

  var description: String { "\(exercise)/\(name)" }

  private struct Patch: Decodable {
    let name: String
    let patch: [Mistake.Change]
  }

  private static let folder = Repository.tests.appending(path: "Variants")

  /// Every variant of every exercise.
  static func all() throws -> [Variant] {
    let folders = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try folders.filter { !$0.hasSuffix(".md") && $0 != "Shared" }.flatMap(of)
  }

  private static func of(_ exercise: String) throws -> [Variant] {
    let names = try files(in: exercise)
    let through = names.contains("Through.swift") ? [try file("\(exercise)/Through.swift")] : []
    var variants: [Variant] = []
    for name in names where name.hasSuffix(".swift") && name != "Through.swift" {
      let own = [try file("\(exercise)/\(name)")] + through
      func add(_ label: String, _ shared: String?) throws {
        variants.append(
          Variant(exercise: exercise, name: label, files: own + (try shared.map { [try file($0)] } ?? [])))
      }
      switch name {
      case "Functions.swift":
        for shared in try files(in: "Shared") where shared != "Tape.swift" { try add(shared, "Shared/\(shared)") }
      case "Taped.swift": try add(name, "Shared/Tape.swift")
      default: try add(name, nil)
      }
    }
    guard names.contains("patches.yaml") else { return variants }
    let text = try String(contentsOf: folder.appending(path: "\(exercise)/patches.yaml"), encoding: .utf8)
    return try variants
      + YAMLDecoder().decode([Patch].self, from: text).map { item in
        let cell = try item.patch.applied(to: exercise, item.name)
        return Variant(exercise: exercise, name: item.name, files: Course.submission(cell).files)
      }
  }

  private static func files(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path).sorted()
  }

  private static func file(_ path: String) throws -> Submission.File {
    let url = folder.appending(path: path)
    return Submission.File(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
  }
}

@Suite(.tier(.test), .timed) struct VariantTests {
  /// Families of cells, with the exercises of each.
  static let families = [
    ["rnn-step", "rnn-sequence"], ["lstm-step", "lstm-sequence"], ["nndl-6-3"], ["nndl-6-4"], ["nndl-6-2p"],
    ["nndl-6-5"], ["gru-step", "gru-sequence"],
  ]

  /// Two seeds; as many as `UNROLL_SEEDS` says where it is set, which takes its time.
  private static let seeds = UInt64(ProcessInfo.processInfo.environment["UNROLL_SEEDS"] ?? "") ?? 2

  @Test func rightCellsGetFullMarks() async throws {
    let variants = try Variant.all()
    for family in Self.families {
      #expect(variants.count { family.contains($0.exercise) } >= 12, "\(family)")
    }
    _ = try await variants.concurrently { variant in
      let grader = try await Course.grader(variant.exercise)
      let grades = try await grader.grades(
        Submission(files: variant.files), named: variant.name, seeds: Array(1...Self.seeds))
      for grade in grades {
        #expect(
          grade.hasFullMarks,
          "\(variant), seed \(grade.seed): \(grade.checks.filter { $0.status != .passed }.prefix(2))")
      }
    }
  }
}
