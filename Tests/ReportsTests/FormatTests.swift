// The formats that other programs read: whole documents against goldens, and nothing of a submission's gets out of them.

import Diagnostics
import Foundation
import Grading
import Sheets
import TestSupport
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct JUnitTests {
  static let timestamp = "2025-03-01T12:00:00"

  static let document = JUnitReport(.english, timestamp: timestamp).text(
    of: [
      .graded(SampleGrades.mixed), .graded(SampleGrades.hostile),
      .refused(submission: "mallory", reason: "“Cell.swift” is a link <&>"),
    ], exercise: "lstm-step")

  @Test func isAsExpected() throws {
    try expectGolden(Self.document, "junit.xml", in: "reports")
    let chinese = JUnitReport(.chinese, timestamp: Self.timestamp).text(
      of: [.graded(SampleGrades.mixed)], exercise: "lstm-step")
    try expectGolden(chinese, "junit.zh.xml", in: "reports")
  }

  @Test func nothingGetsOutOfItsElement() throws {
    final class Names: NSObject, XMLParserDelegate {
      var elements: [String: Int] = [:]
      var suites: [String] = []
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
      ) {
        elements[name, default: 0] += 1
        if name == "testsuite" { suites.append(attributes["name"] ?? "") }
      }
    }
    let names = Names()
    let parser = XMLParser(data: Data(Self.document.utf8))
    parser.delegate = names
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(names.elements["testsuite"] == 3)
    #expect(names.elements["testcase"] == 7 + 2 + 1)
    #expect(names.elements["failure"] == 3 && names.elements["error"] == 4 && names.elements["skipped"] == 2)
    #expect(names.suites[1] == SampleGrades.hostile.submission)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")))
  func isValid() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).xml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(Self.document.utf8).write(to: file)
    let schema = Repository.tests.appending(path: "ReportsTests/junit.xsd")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/xmllint")
    process.arguments = ["--noout", "--nonet", "--schema", schema.path, file.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

@Suite struct GradescopeTests {
  @Test func isAsExpected() throws {
    try expectGolden(GradescopeReport(.english).text(of: SampleGrades.mixed), "results.json", in: "reports")
    try expectGolden(
      GradescopeReport(.english, visibility: .afterDueDate).text(of: SampleGrades.mixed), "results.after_due_date.json",
      in: "reports")
    try expectGolden(
      GradescopeReport(.english).text(refused: "“a” is a link", exercise: "lstm-step"), "results.refused.json",
      in: "reports")
  }

  @Test func hasNothingBesideTheSpecification() throws {
    let top: Set = [
      "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
      "stdout_visibility", "extra_data", "tests",
    ]
    let each: Set = [
      "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    ]
    for grade in [SampleGrades.mixed, SampleGrades.hostile] {
      let text = try GradescopeReport(.english, visibility: .afterDueDate).text(of: grade)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let tests = try #require(json["tests"] as? [[String: Any]])
      #expect(Set(json.keys) == top)
      #expect(tests.allSatisfy { Set($0.keys).isSubset(of: each) })
      #expect(tests.reduce(0) { $0 + ($1["score"] as? Double ?? 0) } == json["score"] as? Double)
      #expect(tests.allSatisfy { ["passed", "failed", nil].contains($0["status"] as? String) })
      #expect(!text.contains("\u{1B}"))
    }
  }

  @Test func manualPointsAreNeitherGivenNorLost() throws {
    let text = try GradescopeReport(.english).text(of: SampleGrades.mixed)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let essay = try #require((json["tests"] as? [[String: Any]])?.last)
    #expect(essay["score"] == nil && essay["max_score"] == nil && essay["status"] == nil)
  }
}

@Suite struct GradeTableTests {
  @Test func isAsExpected() throws {
    try expectGolden(
      GradeDocument(.csv, language: .english).text(
        of: [
          .graded(SampleGrades.mixed), .graded(SampleGrades.hostile),
          .ungraded(submission: "=bob", reason: "the disk is full"), .refused(submission: "eve", reason: "a link"),
        ], exercise: "lstm-step"), "grades.csv", in: "reports")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1", "\r=1"])
  func aNameIsNoFormula(_ name: String) {
    let field = GradeTable.field(name)
    #expect(field.hasPrefix("'") || field.hasPrefix("\"'") || field.hasPrefix("\\u"))
  }

  @Test func quotationMarksAreDoubled() {
    #expect(GradeTable.row(["a\"b,c", "a;b"]) == "\"a\"\"b,c\",\"a;b\"\r\n")
    #expect(GradeTable.field("张三") == "张三")
  }
}

@Suite struct WorkflowAnnotationTests {
  @Test func areAsExpected() throws {
    let lines = [SampleGrades.mixed, SampleGrades.hostile].flatMap {
      WorkflowAnnotations(.english, workspace: "/home/x").lines(of: $0)
    }
    try expectGolden(lines.joined(separator: "\n") + "\n", "annotations.txt", in: "reports")
    #expect(lines.allSatisfy { $0.hasPrefix("::error file=") && !$0.contains("##[") && !$0.contains("\r") })
    #expect(lines.allSatisfy { !$0.contains("\n") })
  }

  @Test func pathsAreRelativeToTheCheckout() {
    let grade = SampleGrades.mixed
    let lines = WorkflowAnnotations(.chinese, workspace: "students").lines(of: grade)
    #expect(lines.contains { $0.hasPrefix("::error file=alice/Cell.swift,line=12,title=sequence.h::") })
  }

  @Test func aReportHoldsNoCommand() {
    let report = TextReport(.english).text(of: SampleGrades.hostile)
    let text = WorkflowAnnotations.defused(report + "\n  ::set-output name=x::y\n::debug::z\n")
    for line in text.split(separator: "\n") {
      #expect(!line.drop { $0 == " " }.hasPrefix("::"))
      #expect(!line.contains("##["))
    }
    #expect(WorkflowAnnotations.defused("a::b") == "a::b")
  }
}
