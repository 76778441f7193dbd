// A grade as Gradescope's results.json.

public import Diagnostics
import FoundationEssentials
public import Grading

/// Writes a grade as `results.json`, after Gradescope's autograder specification.
///
/// There is nothing to write where the fault is ours: without the file Gradescope says that the autograder failed, and
/// a learner loses no points by it.
public struct GradescopeReport: Sendable {
  /// When learners see a test.
  public enum Visibility: String, Sendable, CaseIterable {
    case visible
    case hidden
    case afterDueDate = "after_due_date"
    case afterPublished = "after_published"
  }

  /// The language of the messages.
  public let language: Language
  /// When learners see the checks. That code does not compile or stops on its way they see at once in any case.
  public let visibility: Visibility

  /// A report in a language.
  public init(_ language: Language, visibility: Visibility = .visible) {
    self.language = language
    self.visibility = visibility
  }

  private struct Results: Encodable {
    var score: Double
    var executionTime: Double
    var output: String
    var outputFormat = "text"
    var testOutputFormat = "text"
    var testNameFormat = "text"
    var visibility: String
    var stdoutVisibility = Visibility.hidden.rawValue
    var tests: [Test]
    var extraData: [String: String]
  }

  private struct Test: Encodable {
    var score: Double?
    var maxScore: Double?
    var status: String?
    var name: String
    var nameFormat = "text"
    var number: String
    var output: String
    var outputFormat = "text"
    var tags: [String]
    var visibility: String
  }

  /// The `results.json` of a grade, ending in a line feed.
  public func text(of grade: Grade) throws -> String {
    let phrases = Phrases(language)
    var numbers: [String: (task: Int, check: Int)] = [:]
    let tests = grade.checks.map { check in
      let number = numbers[check.task] ?? (numbers.count + 1, 0)
      numbers[check.task] = (number.task, number.check + 1)
      return test(check, number: "\(number.task).\(number.check + 1)", phrases)
    }
    return try encoded(
      Results(
        score: grade.score, executionTime: (grade.seconds * 1000).rounded() / 1000, output: output(grade, phrases),
        visibility: visibility.rawValue, tests: tests,
        extraData: ["exercise": grade.exercise, "seed": String(grade.seed)]))
  }

  /// The `results.json` of a submission that is none, which its author can put right: no points, and why.
  public func text(refused reason: String, exercise: String) throws -> String {
    try encoded(
      Results(
        score: 0, executionTime: 0, output: TextReport.harmless(reason), visibility: Visibility.visible.rawValue,
        tests: [], extraData: ["exercise": exercise]))
  }

  private func test(_ check: Check, number: String, _ phrases: Phrases) -> Test {
    let isManual = check.status == .manual
    return Test(
      score: isManual ? nil : check.points, maxScore: isManual ? nil : check.maxPoints,
      status: isManual ? nil : check.status == .passed ? "passed" : "failed",
      name: TextReport.harmless(check.title == check.id ? check.id : "\(check.id)  \(check.title)"), number: number,
      output: check.status == .passed ? "" : TextReport.harmless(phrases.account(of: check)),
      tags: [check.task],
      visibility: check.status == .error ? Visibility.visible.rawValue : visibility.rawValue)
  }

  /// What is told of the whole submission. The report names what went wrong, so hidden checks hide it too.
  private func output(_ grade: Grade, _ phrases: Phrases) -> String {
    if visibility == .visible { return TextReport(language).text(of: grade) }
    return grade.caveats.map { phrases.caveat($0) + "\n" }.joined()
  }

  private func encoded(_ results: Results) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(results), as: UTF8.self) + "\n"
  }
}
