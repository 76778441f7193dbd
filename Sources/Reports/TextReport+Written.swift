// The written derivation, line by line: every line that is not a plain "holds" is shown with a caret and how it was read.

package import Derivation
public import Diagnostics
import Grading
import Markdown

extension TextReport {
  /// What was found line by line.
  func derivation(_ report: WrittenReport, _ phrases: Phrases) -> [String] {
    let links = report.chains.flatMap(\.links)
    let good = links.filter { $0.verdict == .holds || $0.verdict == .definition }.count
    var lines = ["", phrases.linksHold(good, of: links.count, in: report.source.name)]
    for reading in report.reading {
      lines.append("  \(report.source.name):\(reading.line): " + Self.harmless(phrases.told(reading.text)))
    }
    for diagnostic in report.diagnostics {
      lines += Self.harmless(phrases.told(diagnostic)).split(separator: "\n").map { "  \($0)" }
    }
    for chain in report.chains {
      for link in chain.links where link.verdict != .holds && link.verdict != .definition {
        lines += told(link, in: report.source, phrases)
      }
      for note in chain.notes {
        lines.append("  \(report.source.name):\(chain.position.line): " + Self.harmless(phrases.told(note)))
      }
    }
    lines.append("  " + phrases.told(report.method))
    return lines
  }

  private func told(_ link: DerivationReport.Link, in source: SourceText, _ phrases: Phrases) -> [String] {
    let message = phrases.verdict(link.verdict) + phrases.say(": ", "：") + phrases.told(link.text)
    let finding = Diagnostic(
      Message(verbatim: message), in: source, at: link.range, severity: link.verdict == .follows ? .note : .error)
    var lines = Self.harmless(phrases.told(finding)).split(separator: "\n").map { "  \($0)" }
    if let example = link.counterexample {
      lines.append("    " + Self.harmless(phrases.say("for example: ", "例如：") + phrases.told(example.text)))
    }
    if !link.read.isEmpty { lines.append("    \(phrases.readAs) \(MathText.line(link.read))") }
    return lines
  }
}

extension Phrases {
  /// A message in the reader's language.
  public func told(_ message: Message) -> String { message.text(in: language) }

  /// Findings about a sheet or a text, each with its line and caret.
  public func told(_ findings: DiagnosticList) -> String { findings.diagnostics.map(told).joined(separator: "\n") }

  /// A finding with its line and caret.
  package func told(_ finding: Diagnostic) -> String {
    finding.description(
      grade: grade(finding.severity), message: told(finding.wording))
  }

  private func grade(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: say("error", "错误")
    case .warning: say("warning", "警告")
    case .note: say("note", "提示")
    }
  }

  /// A verdict in words.
  package func verdict(_ verdict: LinkVerdict) -> String {
    switch verdict {
    case .holds: say("holds", "成立")
    case .doesNotHold: say("does not hold", "不成立")
    case .follows: say("follows from an earlier slip", "由前面的错误推出")
    case .undecided: say("undecided", "无法判定")
    case .notUnderstood: say("not understood", "没有读懂")
    case .definition: say("definition", "定义")
    }
  }

  func linksHold(_ good: Int, of all: Int, in file: String) -> String {
    say("\(file): \(good) of \(all) links hold or define something", "\(file)：\(all) 处等号中有 \(good) 处成立或是定义")
  }

  var readAs: String { say("read as", "读作") }
}
