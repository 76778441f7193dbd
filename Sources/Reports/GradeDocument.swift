// The report of one or several submissions, in any of the forms.

import FoundationEssentials
public import Grading
public import Sheets

/// The forms of a report.
public enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, csv, junit, gradescope

  /// How the name of a file of this form ends.
  public var fileExtension: String {
    switch self {
    case .text: "txt"
    case .json, .gradescope: "json"
    case .csv: "csv"
    case .junit: "xml"
    }
  }
}

/// Writes reports in the form that was asked for.
public struct GradeDocument: Sendable {
  /// The form.
  public let format: ReportFormat
  /// The language of the sentences.
  public let language: Language
  /// When learners see the checks on Gradescope.
  public let visibility: GradescopeReport.Visibility
  /// When the grading began, in Coordinated Universal Time.
  private let timestamp: String

  /// Documents of grading that begins now.
  public init(
    _ format: ReportFormat, language: Language, visibility: GradescopeReport.Visibility = .visible
  ) {
    self.format = format
    self.language = language
    self.visibility = visibility
    timestamp = String(Date().ISO8601Format().prefix(19))
  }

  /// The whole document on some submissions.
  ///
  /// - Parameter usesColour: whether text may have colour.
  public func text(of results: [ClassResult], exercise: String, usesColour: Bool = false) throws -> String {
    let phrases = Phrases(language)
    switch format {
    case .text:
      let report = TextReport(language, usesColour: usesColour)
      return results.map { result in
        switch result {
        case .graded(let grade): report.text(of: grade)
        case .refused(let name, let reason), .ungraded(let name, let reason):
          "\(exercise)\n\(ClassSummary.oneLine(name))\n\n\(phrases.fate(of: result)): \(TextReport.harmless(reason))\n"
        }
      }.joined(separator: "\n")
    case .json:
      let items = try results.map { result in
        switch result {
        case .graded(let grade): try JSONReport(language).text(of: grade)
        case .refused(let name, let reason), .ungraded(let name, let reason):
          try Self.json(["error": reason, "exercise": exercise, "submission": name, "status": result.status])
        }
      }
      return items.count == 1
        ? items[0] : "[\n" + items.map { String($0.dropLast()) }.joined(separator: ",\n") + "\n]\n"
    case .csv:
      return GradeTable.csv(
        results.map { result in
          switch result {
          case .graded(let grade): GradeLine(grade, in: language)
          case .refused(let name, _), .ungraded(let name, _):
            GradeLine(
              submission: name, score: nil, maxScore: nil, entries: [],
              mistakes: [Mistake(id: result.status, text: "")], seconds: 0)
          }
        })
    case .junit: return JUnitReport(language, timestamp: timestamp).text(of: results, exercise: exercise)
    case .gradescope:
      let report = GradescopeReport(language, visibility: visibility)
      switch results.first {
      case .graded(let grade): return try report.text(of: grade)
      case .refused(_, let reason): return try report.text(refused: reason, exercise: exercise)
      // No points are taken where the fault is ours, so there is nothing that Gradescope could read.
      case .ungraded, nil: return ""
      }
    }
  }

  private static func json(_ fields: [String: String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(fields), as: UTF8.self) + "\n"
  }
}

extension ClassResult {
  /// How it ended, in one word.
  public var status: String {
    switch self {
    case .graded: "graded"
    case .refused: "refused"
    case .ungraded: "ungraded"
    }
  }
}

extension Phrases {
  /// What became of a submission that has no grade.
  func fate(of result: ClassResult) -> String {
    switch result {
    case .graded: say("graded", "已评分")
    case .refused: say("not a submission", "不是有效的提交")
    case .ungraded: say("not graded, by no fault of the learner's", "没有评分，不是学生的问题")
    }
  }
}
