// From a grade to its line in a table, and from what was found to mistakes that can be counted.

import Diagnosis
public import Diagnostics
public import Grading
import Derivation
import SubmissionHost

extension GradeLine {
  /// The line of a grade; the mistakes are told in a language.
  public init(_ grade: Grade, in language: Language) {
    self.init(
      submission: grade.submission, score: grade.score, maxScore: grade.maxScore,
      entries: grade.checks.map { Entry(check: $0.id, points: $0.status == .manual ? nil : $0.points) },
      mistakes: Phrases(language).mistakes(in: grade), seconds: grade.seconds)
  }
}

extension Phrases {
  /// What was wrong with a submission, each mistake once, in the order of the sheet.
  ///
  /// A mistake that explains wrong numbers stands for them; what only follows from another finding is left out.
  public func mistakes(in grade: Grade) -> [Mistake] {
    var mistakes: [Mistake] = []
    var seen: Set<String> = []
    func add(_ id: String, _ text: String) {
      if seen.insert(id).inserted { mistakes.append(Mistake(id: id, text: TextReport.harmless(text))) }
    }
    // Wrong numbers further on mostly follow from those of the first task that has any.
    let first = grade.checks.first { if case .differs = $0.finding { true } else { false } }?.task
    for check in grade.checks where check.status != .passed {
      if case .differs = check.finding, check.diagnosis == nil, check.task != first { continue }
      if let diagnosis = check.diagnosis {
        add(diagnosis.fault, sentence(diagnosis))
      } else if let kind = kind(of: check) {
        add(kind.id, kind.text)
      }
    }
    for link in grade.written?.chains.flatMap(\.links) ?? [] where link.verdict == .doesNotHold {
      guard let reason = link.reason else {
        add("derivation.doesNotHold", say("derivation: a line does not hold", "推导：有一行不成立"))
        continue
      }
      add("derivation.\(reason.rawValue)", say("derivation: ", "推导：") + told(link.text))
    }
    return mistakes
  }

  /// The kind of a finding that no single mistake explains; nil where it only follows from another one.
  private func kind(of check: Check) -> (id: String, text: String)? {
    switch check.finding {
    case .agrees, .skipped, .withheld, .manual, .credited(share: 1, _): nil
    case .differs:
      ("differs.\(check.id)", "\(check.id) (\(check.title))" + say(": other numbers", "：数值不同"))
    case .wrongShape:
      ("wrongShape.\(check.id)", "\(check.id) (\(check.title))" + say(": another shape", "：形状不同"))
    case .notSet: ("notSet.\(check.id)", "\(check.id) (\(check.title))" + say(": not set", "：没有赋值"))
    case .notFinite: ("notFinite", say("a value that is infinite or no number", "有无穷大或不是数的值"))
    case .wrongStepCount: ("wrongStepCount", say("a list over time of the wrong length", "随时间的列表长度不对"))
    case .unsteady: ("unsteady", say("two answers for the same values", "同样的数值，两次结果不同"))
    case .noAnswer(let failure): kind(of: failure)
    case .doesNotCompile: ("doesNotCompile", say("does not compile", "无法编译"))
    case .idle(let function):
      (
        "idle.\(function)",
        say("`\(function)` compiles, but computes nothing", "`\(function)` 能编译，但什么也没有算")
      )
    case .removed(let function):
      (
        "removed.\(function)",
        say("`\(function)` of the listing was taken out", "原有的 `\(function)` 被删掉了")
      )
    case .notEarned, .credited:
      ("notEarned.\(check.task)", say("\(check.task): not everything is derived", "\(check.task)：没有全部推出"))
    case .unclearDerivation:
      ("unclearDerivation", say("several texts that could be the derivation", "有几份文件都可能是推导"))
    case .noDerivation: ("noDerivation", say("no derivation.md", "没有 derivation.md"))
    case .noCode: ("noCode", say("no Swift file", "没有 Swift 文件"))
    default:
      ("\(check.status.rawValue).\(check.id)", "\(check.id)" + say(": not what is asked for", "：没有达到要求"))
    }
  }

  private func kind(of failure: CallFailure) -> (id: String, text: String) {
    switch failure {
    case .notWritten: ("notWritten", say("not written yet", "还没有写"))
    case .crashed: ("crashed", say("stopped by an error while it ran", "运行中出错停止"))
    case .timedOut: ("timedOut", say("took too long", "超时"))
    case .outOfMemory: ("outOfMemory", say("asked for too much memory", "申请的内存太多"))
    case .outputFlood: ("outputFlood", say("printed too much", "打印的内容太多"))
    case .earlyExit: ("earlyExit", say("ended the program before it had answered", "还没有给出结果就结束了程序"))
    case .malformedAnswer: ("malformedAnswer", say("what came back is no answer", "返回的内容不是有效的结果"))
    case .isolationFault: ("isolationFault", say("could not be run", "无法运行"))
    }
  }

  /// What is said of a check that did not pass: the mistake, where one explains it, then the numbers.
  func account(of check: Check) -> String {
    let finding = sentence(check)
    guard let diagnosis = check.diagnosis else { return finding }
    return sentence(diagnosis) + say("; ", "；") + finding
  }
}
