// The report of one or several submissions, in any of the forms.

public import Diagnostics
import FoundationEssentials
public import Grading
public import SubmissionHost

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
        case .refused(let name, let reason), .ungraded(let name, let reason), .held(let name, let reason):
          "\(exercise)\n\(TextReport.oneLine(name))\n\n\(phrases.fate(of: result, TextReport.harmless(reason)))\n"
        }
      }.joined(separator: "\n")
    case .json:
      let items = try results.map { result in
        switch result {
        case .graded(let grade): try JSONReport(language).text(of: grade)
        case .refused(let name, let reason), .ungraded(let name, let reason), .held(let name, let reason):
          try Self.json(
            NoGrade(error: reason, exercise: exercise, reason: reason, status: result.status, submission: name))
        }
      }
      return items.count == 1
        ? items[0] : "[\n" + items.map { String($0.dropLast()) }.joined(separator: ",\n") + "\n]\n"
    case .csv:
      return GradeTable.csv(
        results.map { result in
          switch result {
          case .graded(let grade): (GradeLine(grade, in: language), GradeTable.Fate(status: result.status))
          case .refused(let name, let reason), .ungraded(let name, let reason), .held(let name, let reason):
            (
              .none(name),
              GradeTable.Fate(status: result.status, reason: phrases.fate(of: result, reason))
            )
          }
        })
    case .junit: return JUnitReport(language, timestamp: timestamp).text(of: results, exercise: exercise)
    case .gradescope:
      let report = GradescopeReport(language, visibility: visibility)
      switch results.first {
      case .graded(let grade): return try report.text(of: grade)
      case .refused(_, let reason): return try report.text(refused: reason, exercise: exercise)
      // No points are taken where the machine is at fault, so there is nothing that Gradescope could read.
      case .ungraded, .held, nil: return ""
      }
    }
  }

  /// What is said in the place of a grade.
  private struct NoGrade: Encodable {
    var error, exercise, reason, status, submission: String

    enum CodingKeys: CodingKey {
      case error, exercise, reason, score, status, submission
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(error, forKey: .error)
      try container.encode(exercise, forKey: .exercise)
      try container.encode(reason, forKey: .reason)
      // There, and null: whoever adds scores up must not take a missing one for 0.
      try container.encodeNil(forKey: .score)
      try container.encode(status, forKey: .status)
      try container.encode(submission, forKey: .submission)
    }
  }

  private static func json(_ fields: some Encodable) throws -> String {
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
    case .held: "held"
    }
  }
}

extension Phrases {
  /// What became of a submission that has no grade, and why.
  package func fate(of result: ClassResult, _ reason: String) -> String { fate(of: result) + say(": ", "：") + reason }

  private func fate(of result: ClassResult) -> String {
    switch result {
    case .graded: say("graded", "已评分")
    case .refused: say("not a submission", "不是有效的提交")
    case .ungraded: say("not graded (not the learner's fault)", "没有评分（不是学生的问题）")
    case .held:
      say(
        "not graded, held for a person (not the learner's fault)", "没有评分，等待老师查看（不是学生的问题）")
    }
  }

  /// What is said in the place of a report where the machine is at fault.
  public func notGraded(_ fault: MachineFault) -> String {
    fate(of: .ungraded(submission: "", reason: ""), reason(fault))
  }

  /// Why a submission has no grade where the machine is at fault.
  public func reason(_ fault: MachineFault) -> String {
    switch fault.kind {
    case .isolation:
      say(
        "the isolation could not be set up or broke: \(fault.detail); `unroll doctor` says what is missing",
        "隔离环境无法建立或已损坏：\(fault.detail)；运行 `unroll doctor` 可查看缺少什么")
    case .build:
      say(
        "a program that is known to compile could not be built here either: \(fault.detail); see that there is room on "
          + "the disk of TMPDIR, memory and processes, and try again",
        "已知可以编译的程序在这台机器上也无法编译：\(fault.detail)；请检查 TMPDIR 所在磁盘、内存和进程数是否足够，然后重试")
    case .run:
      say(
        "a program that is known to be right could not be run here either: \(fault.detail); see that there is room on "
          + "the disk of TMPDIR, memory and processes, and try again",
        "已知正确的程序在这台机器上也无法运行：\(fault.detail)；请检查 TMPDIR 所在磁盘、内存和进程数是否足够，然后重试")
    case .unknown(let times):
      say(
        "\(times) tries on a machine that was sound in between gave no grade; look at the submission, then try it again "
          + "with --resume --retry-held; the last reason: \(fault.detail)",
        "机器在其间一切正常，但尝试 \(times) 次都没有得到评分；请查看这份提交，然后用 --resume --retry-held 重试；最后一次的原因：\(fault.detail)"
      )
    }
  }
}
