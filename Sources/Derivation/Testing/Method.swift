// The report's last line: what was decided exactly, for which sizes and steps, and what was only tested.

import Diagnostics

extension Examiner {
  /// How the verdicts of a text were come by.
  func method(_ chains: [DerivationReport.Chain]) -> Wording {
    let links = chains.flatMap(\.links)
    // Sides of different shapes differ without any number.
    let isDecided = links.contains { $0.certainty == .exact && $0.relativeError != nil }
    let tested = links.filter { $0.certainty == .tested }
    guard isDecided || !tested.isEmpty else {
      return Wording(
        "nothing was worked out in numbers: no line compares two sides of one shape", "没有用数值检验任何一行：没有一行比较两个形状相同的量")
    }
    var parts: [Wording] = []
    if isDecided {
      let worlds = session.exactWorlds.sorted { $0.steps < $1.steps }
      let drawn = worlds.map { world in
        let letters = world.letters.filter { $0.key != "N" || $0.value > 1 }.sorted { $0.key < $1.key }
        return "T = \(world.steps)" + letters.map { ", \($0.key) = \($0.value)" }.joined()
      }
      parts.append(
        Wording(
          "equalities were decided exactly, in residues mod 2^61 - 1, for \(drawn.joined(separator: "; "))",
          "等式是在模 2^61 - 1 的剩余类中精确判定的，取 \(drawn.joined(separator: "；"))"))
    }
    if !tested.isEmpty {
      let lines = Set(tested.map(\.position.line)).sorted().map(String.init).joined(separator: ", ")
      parts.append(
        Wording(
          "line \(lines): tested on \(session.worlds.count) drawn networks over 3, 4 and 6 steps, which is no proof",
          "第 \(lines) 行：在随机抽取的 \(session.worlds.count) 个网络上（3、4、6 步）检验过，这不是证明"))
    }
    return Wording(
      english: parts.map(\.english).joined(separator: ". "), chinese: parts.map(\.chinese).joined(separator: "。"))
  }
}
