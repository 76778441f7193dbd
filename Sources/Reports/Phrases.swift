// Facts to sentences: what a grade says to a learner, in English and Chinese.

import Diagnosis
public import Diagnostics
public import Grading
import Derivation
import Glibc
import Sandbox
package import SubmissionHost

/// Turns what was found into sentences.
///
/// A sentence says what is wrong, where, and what to look at; never the answer itself beyond the one entry that shows
/// the difference.
public struct Phrases: Sendable {
  package let language: Language

  /// Sentences in a language.
  public init(_ language: Language) {
    self.language = language
  }

  package func say(_ english: Message, _ chinese: Message) -> String { Message(english, chinese).text(in: language) }

  /// One sentence about a check; empty for one that passed.
  public func sentence(_ check: Check) -> String {
    switch check.finding {
    case .agrees: return ""
    case .differs(let difference, let place):
      let entry = "[\(difference.row), \(difference.column)]"
      let (expected, received) = Self.apart(difference.expected, difference.received)
      let error = Self.number(difference.relativeError, digits: 2)
      return say(
        "other numbers: relative error \(error); furthest at \(entry): expected \(expected), received \(received) (\(at(place)))",
        "数值不同：相对误差 \(error)；差得最多的是 \(entry)：应为 \(expected)，得到 \(received)（\(at(place))）")
    case .wrongShape(let received, let expected, let place):
      let isTurned = received.rows == expected.columns && received.columns == expected.rows
      return say(
        "its shape is \(received.rows) × \(received.columns), but \(expected.rows) × \(expected.columns) is needed"
          + "\(isTurned ? "; is a transpose missing?" : "") (\(at(place)))",
        "形状是 \(received.rows) × \(received.columns)，应为 \(expected.rows) × \(expected.columns)"
          + "\(isTurned ? "；是不是少了一个转置？" : "")（\(at(place))）")
    case .notSet: return say("not set yet", "还没有赋值")
    case .notFinite(let row, let column, let value, let place):
      let shown = value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
      return say(
        "entry [\(row), \(column)] is \(shown) (\(at(place)))", "第 [\(row), \(column)] 个元素是 \(shown)（\(at(place))）")
    case .wrongStepCount(let received, let expected, let place):
      return say(
        "the list has \(received) steps instead of \(expected) (\(at(place)))",
        "列表有 \(received) 步，应为 \(expected) 步（\(at(place))）")
    case .unsteady(let place):
      return say(
        "two calls with the same values gave two answers; does the cell keep something between calls? (\(at(place)))",
        "用同样的数值调用两次，结果不同；单元是否在两次调用之间保存了什么？（\(at(place))）")
    case .noAnswer(let failure): return sentence(failure)
    case .doesNotCompile(let diagnostics):
      let first = diagnostics.first { $0.severity == .error } ?? diagnostics.first
      let words = first.map { diagnostic in
        let place = diagnostic.place.map { Self.text($0) + ": " } ?? ""
        return place + diagnostic.message
      }
      return say("does not compile: \(words ?? "")", "无法编译：\(words ?? "")")
    case .idle(let function):
      return say(
        "this compiles now, but what `\(function)` gives back no longer depends on the parameters; repair the line and"
          + " keep the code around it",
        "现在可以编译，但 `\(function)` 返回的结果已经与参数无关；请只修这一行，保留它周围的代码")
    case .removed(let function):
      return say(
        "most of the listing's `\(function)` is no longer there; put it back and repair the lines that are wrong",
        "代码里原来的 `\(function)` 大部分已经不在了；请把它放回去，只修有错的行")
    case .skipped(let needs):
      return say("skipped: it builds on `\(needs)`, which does not work yet", "跳过：它依赖的 `\(needs)` 还没有做对")
    case .notEarned(let missing), .credited(_, let missing): return told(missing)
    case .notReached(let loss, let below, let before, let isUntouched):
      return notReached(loss: loss, below: below, before: before, isUntouched: isUntouched)
    case .measured(let measurement): return sentence(measurement)
    case .withheld(let measurement, let needs): return withheld(measurement, needs)
    case .noCode(Submission.remedyType, _):
      return say(
        "no \(Submission.remedyFile) was handed in; write one with `struct \(Submission.remedyType): Cell`",
        "没有交 \(Submission.remedyFile)；请写一个，其中有 `struct \(Submission.remedyType): Cell`")
    case .noCode(let type, let proto):
      return say(
        "no Swift file was handed in; write Cell.swift with `struct \(type): \(proto)`",
        "没有交 Swift 文件；请写 Cell.swift，其中有 `struct \(type): \(proto)`")
    case .noDerivation: return say("no derivation.md was handed in", "没有交 derivation.md")
    case .unclearDerivation(let names):
      let list = names.prefix(4).map(TextReport.harmless).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
      return say(
        "which text is the derivation? Displayed mathematics stands in \(list); rename the derivation to derivation.md",
        "哪一份是推导？这些文件里都有单独成行的公式：\(list)；请把推导改名为 derivation.md")
    case .manual(nil):
      return say(
        "a person grades this; nothing stands under `## \(check.task)` in derivation.md yet",
        "由老师评分；derivation.md 的 `## \(check.task)` 下面还没有内容")
    case .manual: return say("a person grades this:", "由老师评分：")
    }
  }

  private func sentence(_ failure: CallFailure) -> String {
    switch failure {
    case .notWritten(let what, let place):
      return say("not written yet: \(what)", "还没有写：\(what)") + suffix(place)
    case .crashed(let crash):
      let where_ = crash.place.map { " (\(Self.text($0)))" } ?? ""
      return say("stopped: \(crash.message)\(where_)", "运行中断：\(crash.message)\(where_)")
    case .timedOut(let seconds):
      let limit = Self.number(seconds, digits: 2)
      return say(
        "took longer than \(limit) s; is there a loop that does not end?", "超过 \(limit) 秒；是不是有循环不会结束？")
    case .outOfMemory(let limit):
      let size = limit >> 20
      return say("asked for more memory than \(size) MiB", "申请的内存超过 \(size) MiB")
    case .outputFlood:
      return say("printed more than is kept; take the print statements out", "打印的内容太多；请去掉打印语句")
    case .earlyExit(let code):
      return say(
        "ended the program (exit code \(code)) before it had answered; return the values instead",
        "还没有给出结果就结束了程序（退出码 \(code)）；请返回数值")
    case .malformedAnswer(let reason):
      return say("what came back is no answer: \(reason)", "返回的内容不是有效的结果：\(reason)")
    case .isolationFault(let reason):
      return say("could not be run: \(reason)", "无法运行：\(reason)")
    }
  }

  private func suffix(_ place: SourcePlace?) -> String { place.map { " (\(Self.text($0)))" } ?? "" }

  package static func text(_ place: SourcePlace) -> String {
    let column = place.column.map { ":\($0)" } ?? ""
    return "\(place.file):\(place.line)\(column)"
  }

  private func at(_ place: DrawPlace) -> String {
    let sizes = place.sizes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    var zero =
      place.zero.isEmpty
      ? ""
      : say(
        ", with zeros in \(place.zero.joined(separator: ", "))", "，\(place.zero.joined(separator: "、")) 全为零")
    for one in place.set {
      let number = Self.number(one.value)
      zero += say(" and \(number) in \(one.block)", "，\(one.block) 全为 \(number)")
    }
    guard let step = place.step else { return say("at \(sizes)", "\(sizes)") + zero }
    var steps = ""
    if place.wrongSteps.count > 1 {
      let list = place.wrongSteps.map(String.init)
      steps = say(
        "; it differs at the steps \(list.joined(separator: ", "))", "；第 \(list.joined(separator: "、")) 步都不同")
    }
    return say("step \(step), at \(sizes)", "第 \(step) 步，\(sizes)") + zero + steps
  }

  /// A number for reading: some significant digits, exponent form where it is small or large.
  package static func number(_ value: Double, digits: Int = 6) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-∞" : "∞" }
    guard value != 0 else { return "0" }
    let magnitude = Int(Glibc.floor(Glibc.log10(abs(value))))
    if magnitude < -4 || magnitude >= 9 {
      var exponent = magnitude
      // Dividing by a power beyond the range of a double would lose everything.
      var mantissa = value
      while abs(mantissa) < 1 { mantissa *= 10 }
      while abs(mantissa) >= 10 { mantissa /= 10 }
      let text = trimmed(mantissa, decimals: digits - 1)
      if text == "10" || text == "-10" { exponent += 1 }
      return (text == "10" ? "1" : text == "-10" ? "-1" : text) + "e\(exponent)"
    }
    return trimmed(value, decimals: Swift.max(0, digits - 1 - magnitude))
  }

  /// Two numbers with as many digits as it takes to see that they differ.
  static func apart(_ first: Double, _ second: Double, digits: Int = 6) -> (String, String) {
    guard first != second else { return (number(first, digits: digits), number(second, digits: digits)) }
    for digits in digits...16 {
      let texts = (number(first, digits: digits), number(second, digits: digits))
      if texts.0 != texts.1 { return texts }
    }
    return ("\(first)", "\(second)")
  }

  private static func trimmed(_ value: Double, decimals: Int) -> String {
    let power = Glibc.pow(10, Double(decimals))
    let rounded = (value * power).rounded() / power
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  // MARK: Words of the report

  var heading: (seed: String, score: String, manual: String) {
    (say("seed", "种子"), say("score", "得分"), say("for a person to grade", "由老师评分"))
  }

  func leftOut(_ names: String) -> String { say("not looked at: \(names)", "没有查看：\(names)") }
  var printedHeading: String { say("what your code printed:", "你的代码打印了：") }
  func further(_ count: Int) -> String {
    say("and \(count) more errors, which may follow from these", "还有 \(count) 个错误，可能由以上错误引起")
  }
  func processorTime(_ seconds: Double) -> String {
    let number = Self.number((seconds * 100).rounded() / 100)
    return say("processor time, compiler included: \(number) s", "处理器时间（包括编译）：\(number) 秒")
  }
  var cutNote: String { say("(cut)", "（已截断）") }
  func caveat(_ gap: IsolationGap) -> String {
    let chinese =
      switch gap {
      case .filesRead: "提交的程序可以读取其运行用户能读取的所有文件"
      case .filesWritten: "只靠系统调用过滤器阻止提交的程序写文件，编译器则不受此限制"
      case .processesLeft: "提交的程序遗留的进程由评分程序查找并结束，而不是由内核结束"
      case .processesRead: "提交的程序以你自己的用户身份运行，可以读取你的其他进程，包括评分程序本身"
      case .processesCounted: "进程数上限与该用户运行的其他程序共用"
      }
    return say("not protected from: \(gap.rawValue)", "没有防范：\(chinese)")
  }
  func again(_ seed: UInt64) -> String {
    say("the same inputs again: --seed \(seed)", "重复同样的输入：--seed \(seed)")
  }
  /// What stands below the report of somebody who is still at work.
  public var waiting: String { say("waiting for the next save; Ctrl-C ends", "等待下次保存；按 Ctrl-C 结束") }
  var allRight: String { say("Everything checked is right.", "检查的内容全部正确。") }
}
