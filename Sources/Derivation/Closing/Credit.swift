// What goals earn, weighed against each other: a mistake is carried forward, and costs one goal.

import Diagnostics

/// The shares of the goals of a task.
struct Credit {
  /// Of each goal, what it earns of what it is worth.
  private var shares: [Double]
  private var texts: [Wording?]
  private let outcomes: [[GoalOutcome]]
  private let worth: [Double]

  /// - Parameters:
  ///   - outcomes: of each goal what became of it, in each layer or part that it has.
  ///   - worth: of each goal what it is worth.
  ///   - wrong: how many lines are wrong about what a goal is or rests on.
  init(_ outcomes: [[GoalOutcome]], worth: [Double], wrong: Int) {
    self.outcomes = outcomes
    self.worth = worth
    (shares, texts) = ([], [])
    for parts in outcomes {
      let (share, text) = Self.alone(parts)
      shares.append(share)
      texts.append(text)
    }
    chargeLinesOfNoGoal()
    if wrong > 2 { limit() }
  }

  /// The goals with their shares.
  var goals: [DerivationReport.Goal] {
    outcomes.indices.map { index in
      let lines = Set(rests(index).map(\.number)).sorted()
      return DerivationReport.Goal(
        latex: outcomes[index].first?.latex ?? "", share: shares[index],
        missing: shares[index] < 1 ? texts[index] : nil,
        restsOn: lines, remark: shares[index] == 1 ? texts[index] : nil)
    }
  }

  private func rests(_ goal: Int) -> Set<SourceLine> {
    outcomes[goal].reduce(into: []) { $0.formUnion($1.rests) }
  }

  /// What a goal earns by itself: what the worst of its parts does.
  private static func alone(_ parts: [GoalOutcome]) -> (Double, Wording?) {
    var isHalf = false
    var half: Wording?
    let lines = Set(parts.flatMap(\.rests).map(\.number)).sorted()
    for part in parts {
      switch part.kind {
      case .missing(let text), .misstated(let text): return (0, text)
      case .half(let name):
        let rest = lines.isEmpty ? Wording("", "") : Wording("; \(resting(lines))", "；\(resting(lines))")
        // One adjoint in all that the goal rests on.
        half = Wording(
          "half of the points: right by itself, but it rests on \(name), for which there is no line\(rest)",
          "得一半分：本身是对的，但它依赖 \(name)，而文中没有推导那一项的式子\(rest)")
        isHalf = true
      case .derived: break
      }
    }
    if isHalf { return (0.5, half) }
    return (1, lines.isEmpty ? nil : Wording("right; \(resting(lines)): full points", "正确；\(resting(lines))：得满分"))
  }

  private static func resting(_ lines: [Int]) -> Wording {
    let list = lines.map(String.init)
    return lines.count == 1
      ? Wording("rests on line \(list[0]), which does not hold", "依赖第 \(list[0]) 行，而那一行不成立")
      : Wording(
        "rests on lines \(list.joined(separator: ", ")), which do not hold",
        "依赖第 \(list.joined(separator: "、")) 行，而那几行不成立")
  }

  /// A wrong line that is no goal's costs the first goal that rests on it.
  private mutating func chargeLinesOfNoGoal() {
    let subjects = outcomes.joined().compactMap(\.subject)
    var charged: Set<Int> = []
    for goal in outcomes.indices {
      for line in rests(goal).sorted(by: { $0.place < $1.place })
      where !subjects.contains(where: { line.subject.isAbout($0) }) && charged.insert(line.place).inserted {
        guard shares[goal] > 0 else { continue }
        shares[goal] = 0
        texts[goal] = Wording(
          "right by itself, but line \(line.number), which it rests on, does not hold and is about none of the goals: it costs the first goal that rests on it",
          "本身是对的，但它依赖的第 \(line.number) 行不成立，而那一行不是任何目标的式子：由第一个依赖它的目标承担")
      }
    }
  }

  /// With more than two wrong lines at most half of the points come from goals that are half or rest on wrong lines, and
  /// none if no goal is derived without either.
  private mutating func limit() {
    let soft = outcomes.indices.filter { shares[$0] > 0 && (shares[$0] < 1 || !rests($0).isEmpty) }
    let isAnyClean = shares.indices.contains { shares[$0] == 1 && rests($0).isEmpty }
    var excess = soft.reduce(0) { $0 + shares[$1] * worth[$1] } - (isAnyClean ? worth.reduce(0, +) / 2 : 0)
    for goal in soft.reversed() where excess > 1e-9 {
      let cut = min(excess, shares[goal] * worth[goal])
      excess -= cut
      shares[goal] = worth[goal] > 0 ? max(0, shares[goal] - cut / worth[goal]) : 0
      if shares[goal] < 1e-9 { shares[goal] = 0 }
      let before = texts[goal].map { Wording("; \($0)", "；\($0)") } ?? Wording("", "")
      texts[goal] =
        isAnyClean
        ? Wording(
          "cut: with more than two wrong lines, goals that are half or rest on wrong lines earn at most half of the task's points\(before)",
          "扣减：错误的式子超过两行时，只得一半或依赖错误式子的目标合计最多得本任务的一半分\(before)")
        : Wording(
          "no points: more than two lines are wrong, and no goal is derived without them\(before)",
          "不得分：错误的式子超过两行，而没有一个目标是不依赖它们推出的\(before)")
    }
  }
}
