// What is different between two grades of the same work.

import Diagnostics
public import Grading
import Sheets

extension Phrases {
  /// What changed since the last time, a few lines; empty where there was no last time.
  public func changes(from earlier: Grade?, to later: Grade) -> [String] {
    guard let earlier else { return [] }
    let before = Dictionary(earlier.checks.map { ($0.id, $0) }) { first, _ in first }
    func titles(_ checks: [Check]) -> String {
      let shown = checks.prefix(6).map { "\($0.task) \($0.title)" }.joined(separator: ", ")
      return TextReport.harmless(shown) + (checks.count > 6 ? " …" : "")
    }
    let right = later.checks.filter { $0.status == .passed && before[$0.id].map { $0.status != .passed } ?? false }
    let wrong = later.checks.filter { check in
      check.status != .passed && check.status != .manual && before[check.id]?.status == .passed
    }
    let other = later.checks.filter { check in
      guard let old = before[check.id], check.status != .passed, old.status != .passed else { return false }
      return check.diagnosis != old.diagnosis || check.verdict != old.verdict
    }
    var lines: [String] = []
    let change = later.score - earlier.score
    if change != 0 {
      let points = (change > 0 ? "+" : "−") + Words.number(abs(change))
      lines.append(say("since last time: \(points) points", "与上次相比：\(points) 分"))
    }
    if !right.isEmpty { lines.append(say("  now right: \(titles(right))", "  现在对了：\(titles(right))")) }
    if !wrong.isEmpty { lines.append(say("  no longer right: \(titles(wrong))", "  现在不对了：\(titles(wrong))")) }
    if !other.isEmpty { lines.append(say("  wrong in another way: \(titles(other))", "  错法变了：\(titles(other))")) }
    return lines.isEmpty ? [say("the same as last time", "与上次相同")] : lines
  }
}
