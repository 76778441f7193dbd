// The arrows between modules and folders, drawn by scripts/arrows from the code's own references.

import Foundation
import TestSupport
import Testing

@Suite struct ArrowTests {
  /// The modules between a submission and its report; between the folders of others there still are circles.
  private static let modules = [
    "Authoring", "Classroom", "Diagnosis", "Faults", "GradientFlow", "Grading", "Hashing", "Models", "Pages",
    "Recovery", "Reports",
    "Sandbox", "SubmissionHost", "SubmissionMain", "Wire", "unroll",
  ]

  @Test("no circle between modules, nor between the folders of these modules")
  func noCircles() throws {
    let scratch = try Scratch()
    let run = try Machine.shell(
      "scripts/arrows modules \(Self.modules.joined(separator: " "))", in: scratch.url)
    #expect(run.code == 0, "\(run.output)\(run.error)")
    #expect(run.output.contains("  Grading → "), "\(run.output)")
  }

  @Test("a circle between two folders is named, and the script ends with 1")
  func aCircleIsNamed() throws {
    let scratch = try Scratch()
    _ = try scratch.file("Sources/M/A/One.swift", "struct One { var two: Two? }\n")
    _ = try scratch.file(
      "Sources/M/B/Two.swift", "struct Two {\n  // One in a comment is no reference.\n  let text = \"One\"\n}\n")
    try FileManager.default.createDirectory(
      at: scratch.url.appending(path: "scripts"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Repository.root.appending(path: "scripts/arrows"), to: scratch.url.appending(path: "scripts/arrows"))
    let straight = try Machine.shell("\(scratch.url.path)/scripts/arrows", in: scratch.url)
    #expect(straight.code == 0 && straight.output.contains("A → B 1"), "\(straight.output)\(straight.error)")
    _ = try scratch.file("Sources/M/B/Two.swift", "struct Two { func made() -> [One] { [] } }\n")
    let round = try Machine.shell("\(scratch.url.path)/scripts/arrows", in: scratch.url)
    #expect(round.code == 1 && round.output.contains("circle: A, B"), "\(round.output)\(round.error)")
  }
}
