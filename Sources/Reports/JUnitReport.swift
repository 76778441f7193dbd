// Grades as JUnit XML, which continuous integration shows as test results.

public import Diagnostics
public import Grading
import Sheets
import Sandbox
import SubmissionHost

/// Writes grades as JUnit XML: a test suite a submission, a test case a check.
///
/// The form is what the schemas in use have in common: Ant's, which asks for most, and the one of Jenkins' xUnit plugin.
public struct JUnitReport: Sendable {
  /// The language of the messages.
  public let language: Language
  /// When the grading began, such as `2025-03-01T12:00:00`, in Coordinated Universal Time.
  public let timestamp: String

  /// A report in a language, of grading that began at a time.
  public init(_ language: Language, timestamp: String) {
    self.language = language
    self.timestamp = timestamp
  }

  /// The document for some submissions.
  public func text(of results: [ClassResult], exercise: String) -> String {
    let suites = results.enumerated().map { index, result in
      switch result {
      case .graded(let grade): suite(grade, id: index)
      case .refused(let submission, let reason), .ungraded(let submission, let reason),
        .held(let submission, let reason):
        suite(without: result.status, submission, exercise: exercise, reason: reason, id: index)
      }
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(suites.joined())</testsuites>\n"
  }

  private func suite(_ grade: Grade, id: Int) -> String {
    let phrases = Phrases(language)
    var lines = [
      opening(
        name: grade.submission, exercise: grade.exercise, id: id, tests: grade.checks.count,
        failures: grade.checks.count { $0.status == .failed }, errors: grade.checks.count { $0.status == .error },
        skipped: grade.checks.count { $0.status == .skipped || $0.status == .manual }, seconds: grade.seconds),
      "    <properties>",
      property("exercise", grade.exercise), property("seed", String(grade.seed)),
      property("score", Words.number(grade.score)), property("maxScore", Words.number(grade.maxScore)),
    ]
    if grade.manualPoints > 0 { lines.append(property("manualPoints", Words.number(grade.manualPoints))) }
    lines += grade.caveats.map { property("notProtectedFrom", $0.rawValue) }
    lines.append("    </properties>")
    for check in grade.checks { lines += testCase(check, of: grade, phrases) }
    lines += [
      "    <system-out>\(XMLText.content(grade.printed.output))</system-out>",
      "    <system-err>\(XMLText.content(grade.printed.error))</system-err>",
      "  </testsuite>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A suite with one error, for a submission that has no grade.
  private func suite(
    without status: String, _ submission: String, exercise: String, reason: String, id: Int
  ) -> String {
    let lines = [
      opening(
        name: submission, exercise: exercise, id: id, tests: 1, failures: 0, errors: 1, skipped: 0, seconds: 0),
      "    <properties>", property("exercise", exercise), "    </properties>",
      "    <testcase classname=\(XMLText.attribute(exercise)) name=\"\(status)\" time=\"0\">",
      "      <error type=\"\(status)\" message=\(XMLText.attribute(reason))></error>",
      "    </testcase>", "    <system-out></system-out>", "    <system-err></system-err>", "  </testsuite>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func opening(
    name: String, exercise: String, id: Int, tests: Int, failures: Int, errors: Int, skipped: Int, seconds: Double
  ) -> String {
    let time = Words.number((seconds * 1000).rounded() / 1000)
    return "  <testsuite name=\(XMLText.attribute(name)) package=\(XMLText.attribute(exercise)) id=\"\(id)\""
      + " timestamp=\(XMLText.attribute(timestamp)) hostname=\"localhost\" tests=\"\(tests)\" failures=\"\(failures)\""
      + " errors=\"\(errors)\" skipped=\"\(skipped)\" time=\"\(time)\">"
  }

  private func property(_ name: String, _ value: String) -> String {
    "      <property name=\(XMLText.attribute(name)) value=\(XMLText.attribute(value))/>"
  }

  private func testCase(_ check: Check, of grade: Grade, _ phrases: Phrases) -> [String] {
    let name = check.title == check.id ? check.id : "\(check.id) (\(check.title))"
    let opening =
      "    <testcase classname=\(XMLText.attribute("\(grade.exercise).\(check.task)")) name=\(XMLText.attribute(name)) time=\"0\""
    guard check.status != .passed else { return [opening + "/>"] }
    let message = phrases.account(of: check)
    let inner =
      switch check.status {
      case .passed: ""
      case .failed, .error:
        "      <\(check.status == .failed ? "failure" : "error") type=\(XMLText.attribute(check.verdict)) "
          + "message=\(XMLText.attribute(message))>\(XMLText.content(message))"
          + "</\(check.status == .failed ? "failure" : "error")>"
      case .skipped, .manual: "      <skipped message=\(XMLText.attribute(message))/>"
      }
    return [opening + ">", inner, "    </testcase>"]
  }
}
