// Lines about another cell than the one that counts, in a text that states both.

import Diagnostics

extension DerivationReport {
  /// Whether a line may be about another cell: one that states it, or one that was not understood.
  func isOpen(to other: OwnReading) -> Bool {
    chains.contains { other.starts.contains($0.range.lowerBound) || $0.links.contains { $0.verdict == .notUnderstood } }
  }

  /// Takes over the verdicts of another cell for the lines that state it, for those that make sense in it alone, and for those
  /// that do not hold and stand behind its equations.
  ///
  /// - Parameter starts: where the lines begin that state the cell that counts.
  mutating func judge(by report: DerivationReport, of other: OwnReading, besides starts: Set<Int>, _ source: SourceText)
  {
    func isInSection(_ start: Int) -> Bool {
      guard let before = other.starts.filter({ $0 <= start }).max() else { return false }
      return starts.filter { $0 <= start }.max().map { $0 < before } ?? true
    }
    let lines = other.starts.map { source.position(at: $0).line }.sorted()
    guard let first = lines.first, let last = lines.last else { return }
    var isUsed = false
    for (index, chain) in chains.enumerated() {
      guard let twin = report.chains.first(where: { $0.range == chain.range }), !twin.links.isEmpty,
        !twin.links.contains(where: { $0.verdict == .notUnderstood })
      else { continue }
      let isForward = other.starts.contains(chain.range.lowerBound) && !starts.contains(chain.range.lowerBound)
      let isUnread = chain.links.contains { $0.verdict == .notUnderstood }
      let isWrong =
        !starts.isEmpty && chain.links.contains { $0.verdict == .doesNotHold } && isInSection(chain.range.lowerBound)
      guard isForward || isUnread || isWrong else { continue }
      isUsed = true
      chains[index] = twin
      chains[index].notes.append(
        Wording(
          "judged on the cell of lines \(first) to \(last), which is another one; it counts for no goal",
          "按第 \(first) 至 \(last) 行的单元检验，那是另一个单元；不计入目标"))
    }
    guard isUsed else { return }
    reading.append(
      Reading(
        line: first,
        text: Wording(
          "lines \(first) to \(last) state another cell than the one that counts; what is about it is judged on it and earns no goals",
          "第 \(first) 至 \(last) 行给出的是另一个单元，不是计分的单元；有关它的各行按它检验，不计入目标")))
  }
}
