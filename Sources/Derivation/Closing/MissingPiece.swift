// What a goal says that is not earned: its line is not there, was not understood, does not hold, misses its start, or
// rests on something that is not derived.

import Diagnostics
import Formula
import Recurrence

/// Why a goal is not earned.
struct MissingPiece {
  private let closing: Closing
  private let goal: String
  private let latex: String
  private let subject: Subject
  /// The first instance of the goal that is not derived.
  private let open: Instance
  /// The instances of the goal that must be derived.
  private let asked: [Instance]

  init(_ closing: Closing, goal latex: String, _ asked: [Instance], open: Instance) {
    self.closing = closing
    self.latex = latex
    goal = "`\(latex)`"
    self.asked = asked
    subject = Subject(asked)
    self.open = open
  }

  private var claims: Claims { closing.claims }
  private var slips: Slips { closing.slips }
  private var world: World { closing.world }

  var text: Wording {
    if let lines = contradiction(open) { return lines }
    guard hasRule(open), ownWrongLine == nil else { return withoutLine }
    return resting(open)
  }

  /// The line that states the goal and does not hold.
  private var ownWrongLine: Int? {
    (claims.wrong[open] ?? []).map(\.line).first { $0.subject.isAbout(subject) }?.number
  }

  private func hasRule(_ instance: Instance) -> Bool { claims.rules[instance]?.isEmpty == false }

  /// That two lines give an instance different values, where they do.
  private func contradiction(_ instance: Instance) -> Wording? {
    guard let (one, other) = claims.contradiction(instance) else { return nil }
    let name = other.subject.isAbout(subject) ? goal : closing.quoted(instance)
    let (first, second) = (min(one.number, other.number), max(one.number, other.number))
    return Wording(
      "lines \(first) and \(second) give \(name) different values; strike the wrong one out with `~~…~~`, or write “correction:” before the later one",
      "第 \(first) 行和第 \(second) 行给 \(name) 的值不同；请用 `~~…~~` 划去错的一行，或在后面一行之前写“更正：”")
  }

  // MARK: The goal's own lines

  /// That a line states a goal and does not hold.
  static func misstated(_ goal: String, _ line: Int) -> Wording {
    Wording(
      "no line that holds says what \(goal) is (line \(line) says it, and does not hold)",
      "没有成立的式子给出 \(goal)（第 \(line) 行给出了，但不成立）")
  }

  /// There is no line for the open instance that holds.
  private var withoutLine: Wording {
    func own(_ line: SourceLine?) -> Int? { line.flatMap { $0.subject.isAbout(subject) ? $0.number : nil } }
    if let line = ownWrongLine ?? slips.wrong.first(where: { $0.subject.isAbout(subject) })?.number {
      return Self.misstated(goal, line)
    }
    if let lines = slips.following.first(where: { $0.subject.isAbout(subject) })?.lines {
      let (english, chinese) = Self.listed(lines)
      return lines.count == 1
        ? Wording(
          "your step to \(goal) is right; it rests on line \(english), which does not hold and stands for no right one",
          "推到 \(goal) 的这一步是对的；它依赖第 \(chinese) 行，而那一行不成立，也不能当作某一行正确的式子")
        : Wording(
          "your step to \(goal) is right; it rests on lines \(english), which do not hold and stand for no right ones",
          "推到 \(goal) 的这一步是对的；它依赖第 \(chinese) 行，而那几行不成立，也不能当作正确的式子")
    }
    if let (name, source) = claims.untested[open], let line = own(source) {
      return Wording(
        "line \(line) could be tested at some steps only: `\(name)` has no value at \(place(open).english)",
        "第 \(line) 行只能在部分时刻检验：`\(name)` 在 \(place(open).chinese) 没有取值")
    }
    if let line = slips.unread.first(where: { $0.subject.isAbout(subject) })?.number ?? slips.unreadable(latex) {
      return Wording(
        "no line that holds says what \(goal) is (line \(line) says it, and was not understood)",
        "第 \(line) 行没有读懂，所以 \(goal) 还没有推导")
    }
    if let (rest, line) = asked.lazy.compactMap({ claims.barred[$0] }).first, !asked.contains(where: hasRule) {
      return Wording(
        "line \(line.number) holds, but derives nothing: \(closing.quoted(rest)) does not come after \(goal), and a gradient comes back from what is computed later",
        "第 \(line.number) 行成立，但不算推导：\(closing.quoted(rest)) 不在 \(goal) 之后，而梯度是从后面计算的量传回来的")
    }
    if let line = line(where: { $0.isAbout(subject) }) {
      guard let start = start(open) else {
        // At its first step a product is its own factor; what it lacks is seen at the next one.
        if let other = asked.first(where: { closing.derived[$0] == nil && hasRule($0) }) { return resting(other) }
        return Wording(
          "line \(line) says what \(goal) is at some steps only; \(place(open).english) is missing",
          "第 \(line) 行只对部分时刻给出了 \(goal)；缺少 \(place(open).chinese)")
      }
      return Wording(
        "line \(line) is right, but its start is missing: say what \(goal) is at \(start)",
        "第 \(line) 行是对的，但缺少起点：请给出 \(start) 时的 \(goal)")
    }
    if let line = claims.stated.last(where: { $0.subject.isAbout(subject) })?.number {
      return Wording(
        "no line says what \(goal) is by other quantities (line \(line) does not)",
        "没有式子用其他量给出 \(goal)（第 \(line) 行没有做到）")
    }
    return Wording("no line says what it is", "还没有式子给出它")
  }

  /// The first line that holds somewhere in the sequence and is about a certain subject.
  private func line(where isMeant: (Subject) -> Bool) -> Int? {
    claims.right.filter { hasRule($0.key) && $0.key.isWithin(world.steps) }
      .flatMap(\.value).filter { isMeant($0.subject) }.map(\.number).min()
  }

  /// Where a recursion starts, if an instance is its start.
  private func start(_ instance: Instance) -> String? {
    if instance.times.count == 2, instance.times[0] == instance.times[1] { return "k = t" }
    if case .gradient = instance.entity, instance.times == [world.steps] { return "t = T" }
    return nil
  }

  /// The steps of an instance, in each language.
  private func place(_ instance: Instance) -> Wording {
    let letters = zip(["t", "k"], instance.times).map { "\($0) = \($1)" }
    return Wording(
      "\(letters.joined(separator: ", ")) (T = \(world.steps))", "\(letters.joined(separator: "、"))（T = \(world.steps)）"
    )
  }

  private static func listed(_ lines: [Int]) -> (english: String, chinese: String) {
    let list = lines.map(String.init)
    return (list.joined(separator: ", "), list.joined(separator: "、"))
  }

  // MARK: What the goal's line rests on

  /// The goal's line holds; what it rests on is not derived.
  private func resting(_ instance: Instance) -> Wording {
    var visited: Set<Instance> = [instance]
    var queue = [instance]
    var circle: [Instance] = []
    var tooEarly: Instance?
    while !queue.isEmpty {
      let instance = queue.removeFirst()
      let best = (claims.rules[instance] ?? []).min { count($0.rests) < count($1.rests) }
      for rest in (best?.rests ?? []).sorted(by: { $0.times.lexicographicallyPrecedes($1.times) })
      where closing.derived[rest] == nil && !closing.isFree(rest) {
        if closing.premises.isGiven(rest) {
          tooEarly = tooEarly ?? rest
          continue
        }
        if let lines = contradiction(rest) { return lines }
        guard hasRule(rest) else { return underived(rest) }
        if visited.insert(rest).inserted { queue.append(rest) }
        circle.append(rest)
      }
    }
    if let early = tooEarly {
      return Wording(
        "\(goal) is right, but uses \(closing.quoted(early)) of the same step, which is given for later steps only",
        "\(goal) 是对的，但用到了同一步的 \(closing.quoted(early))，它只对更后的步给定")
    }
    var seen: Set<String> = []
    let names = circle.map { closing.quoted($0) }.filter { seen.insert($0).inserted }.prefix(4).joined(separator: ", ")
    return Wording(
      "\(goal) is right, but the lines rest on each other in a circle: \(names.isEmpty ? goal : names)",
      "\(goal) 是对的，但这些式子互相循环依赖：\(names.isEmpty ? goal : names)")
  }

  private func underived(_ rest: Instance) -> Wording {
    let name = closing.quoted(rest)
    // Where a step to it follows from a wrong line, that line is the one to mend.
    let wrong = slips.wrong.first { $0.subject.covers(rest) }?.number
    let root = slips.following.first { $0.subject.covers(rest) }?.lines.first
    if let line = wrong ?? root ?? claims.wrong[rest]?.first?.line.number {
      return Wording(
        "right by itself, but it rests on \(name), and line \(line), which that comes from, does not hold",
        "本身是对的，但它依赖 \(name)，而推出那一项的第 \(line) 行不成立")
    }
    if let line = slips.unread.first(where: { $0.subject.covers(rest) })?.number {
      return Wording(
        "right by itself, but it rests on \(name), and line \(line), which that comes from, was not understood",
        "本身是对的，但它依赖 \(name)，而推出那一项的第 \(line) 行没有读懂")
    }
    if let start = start(rest), let line = line(where: { $0.entity == rest.entity }) {
      return Wording(
        "right by itself, but it rests on \(name) at \(start): line \(line) leads there, and no line says what it is there",
        "本身是对的，但它依赖 \(start) 时的 \(name)：第 \(line) 行推到那里为止，而没有式子给出起点")
    }
    if let (_, line) = claims.barred[rest] {
      return Wording(
        "right by itself, but it rests on \(name), and line \(line.number), which holds, derives that from what does not come after it",
        "本身是对的，但它依赖 \(name)，而第 \(line.number) 行虽然成立，却是由不在它之后的量推出它的")
    }
    return Wording(
      "right by itself, but it rests on \(name), which you have not derived yet", "本身是对的，但它依赖 \(name)，而那一项还没有推导")
  }

  private func count(_ rests: Set<Instance>) -> Int {
    rests.count { closing.derived[$0] == nil && !closing.isFree($0) }
  }
}

extension Instance {
  /// Whether all its steps are those of the sequence, or the state before it.
  fileprivate func isWithin(_ steps: Int) -> Bool { times.allSatisfy { (0...steps).contains($0) } }
}
