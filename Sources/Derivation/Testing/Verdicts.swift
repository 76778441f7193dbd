// From numbers to a verdict, link by link.

import CellKit
import Diagnostics
import Formula
import Recurrence

extension Examiner {
  func read(_ statement: Statement, _ link: Int) -> String {
    func side(_ index: Int) -> String {
      statement.members[index].expression?.latex ?? statement.source.substring(statement.members[index].range)
    }
    let conditions =
      statement.conditions.isEmpty ? "" : " (" + statement.conditions.map(\.latex).joined(separator: ", ") + ")"
    return "\(side(link)) \(statement.signs[link].relation.rawValue) \(side(link + 1))\(conditions)"
  }

  func examine(
    _ link: Int, of chain: ElaboratedChain, line: Paper.Line
  ) -> DerivationReport.Link {
    let statement = chain.statement
    let isDefinition = link == 0 && (line.defined != nil || line.isForward)
    func made(
      _ verdict: LinkVerdict, _ text: Wording, reason: NearMiss? = nil, error: Double? = nil, range: Range<Int>? = nil,
      certainty: Certainty? = nil, counterexample: Counterexample? = nil
    ) -> DerivationReport.Link {
      let range = range ?? statement.members[link + 1].range
      return DerivationReport.Link(
        read: read(line.origin, link), verdict: verdict, reason: reason, text: text, relativeError: error, range: range,
        position: statement.source.position(at: statement.signs[link].range.lowerBound), certainty: certainty,
        counterexample: counterexample)
    }
    for side in [link, link + 1] {
      guard let failure = chain.failures[side] else { continue }
      // What has no value claims nothing; but a slip that would mend it is told.
      if !isDefinition, let finding = search(link, of: chain) {
        return made(
          .notUnderstood,
          Wording(
            english: failure.wording.english + "; " + finding.text.english,
            chinese: failure.wording.chinese + "；" + finding.text.chinese),
          reason: finding.reason, range: failure.range)
      }
      return made(.notUnderstood, Wording(failure.wording), range: failure.range)
    }
    if isDefinition {
      return made(
        .definition,
        line.isForward
          ? Wording("an equation of your cell", "你的单元的方程") : Wording("a definition; it claims nothing", "定义，不作为论断"))
    }
    guard let a = chain.terms[link], let b = chain.terms[link + 1] else {
      return made(.notUnderstood, Wording("this has no value", "此处没有取值"))
    }
    let relation = statement.signs[link].relation
    guard chain.scope.free.count <= 3 else {
      return made(.notUnderstood, Wording("more than three steps stand free here", "自由的时间下标多于三个"))
    }
    if a.size != b.size, a.size.merged(b.size) == nil {
      if let finding = search(link, of: chain) {
        mended[link] = finding.mended
        return made(.doesNotHold, finding.text, reason: finding.reason, certainty: .exact)
      }
      if a.size.isMatrix != b.size.isMatrix, let rows = a.size.isMatrix ? a.size.rows : b.size.rows,
        (a.size.isMatrix ? a : b).size.columns == rows, [a.size.rows, a.size.columns].contains(rows),
        [b.size.rows, b.size.columns].contains(rows)
      {
        return made(
          .notUnderstood,
          Wording(
            "the left side is \(a.size.text), the right side \(b.size.text); a vector on the diagonal is `\\operatorname{diag}(…)`"
          ))
      }
      return made(
        .doesNotHold, Wording("the left side is \(a.size.text), the right side \(b.size.text)"), certainty: .exact)
    }
    if relation.isBound {
      return bound(link, of: chain) { verdict, text, reason, error, range in
        let isDecided = verdict == .holds || verdict == .doesNotHold
        return made(verdict, text, reason: reason, error: error, range: range, certainty: isDecided ? .tested : nil)
      }
    }
    let decision = chain.decide(link, link + 1)
    if case .equal(let untested) = decision {
      noteUntested([a, b], chain, untested)
      return made(.holds, Wording("holds", "成立"), error: 0, certainty: .exact)
    }
    let isDifferent = if case .different = decision { true } else { false }
    var result = chain.compare(link, link + 1)
    var worlds = session.worlds
    func sawOneSideOnly() -> Bool { self.sawOneSideOnly(a, in: worlds) || self.sawOneSideOnly(b, in: worlds) }
    var number = 0
    // A branch that is rarely taken needs more networks; the first one that tells something else ends the search.
    while result.tried > 0, result.isFinite, !result.isExhausted, result.error <= ElaboratedChain.tolerance,
      number < Session.furtherLimit, sawOneSideOnly()
    {
      let world = session.furtherWorld(number)
      worlds.append(world)
      number += 1
      let further = chain.compare(link, link + 1, worlds: [world])
      if further.tried > 0 || further.isExhausted { result = further }
    }
    if result.tried == 0 {
      if result.isExhausted { return made(.undecided, Self.exhausted) }
      return made(.notUnderstood, nowhereDefined([a, b], chain))
    }
    if result.isExhausted { return made(.undecided, Self.exhausted) }
    if !result.isFinite {
      return made(.undecided, Wording("the values are not finite; the test cannot tell", "数值不是有限的，无法判断"))
    }
    if result.error <= ElaboratedChain.tolerance {
      if sawOneSideOnly() {
        return made(
          .undecided,
          Wording(
            "not every branch of relu, max or |·| was met; the test cannot tell", "relu、max 或 |·| 的分支没有全部出现，无法判断"),
          error: result.error)
      }
      noteUntested([a, b], chain, result.untested)
      let text =
        isDifferent
        ? Wording("holds as far as tested; no rule that is known here decides it", "就检验所及成立；没有已知规则能够判定")
        : Wording("holds as far as tested", "就检验所及成立")
      return made(.holds, text, error: result.error, certainty: .tested)
    }
    if result.error < 1e-7 {
      return made(
        .undecided, Wording("the sides differ by rounding or by very little; the test cannot tell", "两边相差极小，无法判断"),
        error: result.error)
    }
    let text = wrong(link, of: chain, result)
    if let certainty = follows(link, of: chain) {
      let lines = sources(of: [a, b], chain)
      slips.add(following: chain, link, from: lines, session.worlds[0])
      following[link] = overrides.map { ($0.target, $0.line) }
      let list = lines.map(String.init)
      return made(
        .follows,
        lines.count == 1
          ? Wording(
            "your step is right; it rests on line \(list[0]), which does not hold", "这一步是对的；它依赖第 \(list[0]) 行，而那一行不成立")
          : Wording(
            "your step is right; it rests on lines \(list.joined(separator: ", ")), which do not hold",
            "这一步是对的；它依赖第 \(list.joined(separator: "、")) 行，而那几行不成立"),
        error: result.error, certainty: certainty)
    }
    if let stray = strayLetter(a, b, chain) {
      if holds(link, of: chain, summedOver: stray) {
        return made(
          .doesNotHold,
          Wording(
            "the sum over `\(stray)` is missing: behind `\\sum_\(stray)`, or with `+=` for `=`, it would be right",
            "缺少对 `\(stray)` 的求和：写成 `\\sum_\(stray)`，或把 `=` 写成 `+=`，就对了"),
          error: result.error, certainty: isDifferent ? .exact : .tested,
          counterexample: counterexample(link, of: chain))
      }
      return made(
        .notUnderstood,
        Wording(
          "`\(stray)` stands free on the right side only: brackets or a sum missing?", "`\(stray)` 只在右边自由出现：是否少了括号或求和？"),
        error: result.error)
    }
    if case .value(.node, let moment?) = a.operation, moment == Moment(slot: nil, offset: 0), case .zeros = b.operation
    {
      return made(
        .doesNotHold,
        Wording(
          "the state before the first step may be any here; that it is 0 is a special case, which no line needs",
          "这里的初始状态是任意的；取 0 只是特例，推导中不需要"), error: result.error,
        certainty: isDifferent ? .exact : .tested, counterexample: counterexample(link, of: chain))
    }
    let example = counterexample(link, of: chain)
    register(link, of: chain)
    slips.add(wrong: chain, link, session.worlds[0])
    if let finding = search(link, of: chain) {
      mended[link] = finding.mended
      return made(
        .doesNotHold, finding.text, reason: finding.reason, error: result.error,
        certainty: isDifferent ? .exact : .tested, counterexample: example)
    }
    return made(
      .doesNotHold, text, error: result.error, certainty: isDifferent ? .exact : .tested, counterexample: example)
  }

  /// Notes that a line that holds could not be tested at every step, because the text does not say what a name is there.
  private func noteUntested(_ sides: [Term], _ chain: ElaboratedChain, _ steps: [Int]?) {
    guard let steps, let world = session.worlds.first(where: { $0.steps == steps[0] }) else { return }
    let lacks = session.effort.part(Effort.ofReading) { sides.compactMap { world.lack(in: $0, steps) } }
    for case .name(let name) in lacks {
      let letters = chain.scope.free.map { "\(Time(letter: $0.letter, offset: 0)) = \(steps[$0.slot])" }
      let (english, chinese) = (letters.joined(separator: ", "), letters.joined(separator: "、"))
      asides.append(
        Wording(
          "this holds at the steps at which it could be tested; `\(name)` has no value at \(english) (T = \(steps[0])), where the line does not count",
          "能检验的时刻都成立；`\(name)` 在 \(chinese)（T = \(steps[0])）没有取值，这一行在那里不计"))
      return
    }
  }

  /// Why no step can be tested: what has no value, and at which step.
  func nowhereDefined(_ terms: [Term], _ chain: ElaboratedChain) -> Wording {
    let (english, chinese) = ("there is no step at which everything here is defined", "没有任何一步能使这里的各项都有定义")
    let found = session.effort.part(Effort.ofReading) { () -> (term: Term, step: Int)? in
      for world in session.worlds {
        for environment in chain.assignments(steps: world.steps) {
          for term in terms { if let found = world.undefined(in: term, environment) { return found } }
        }
      }
      return nil
    }
    guard let (culprit, step) = found else { return Wording(english: english, chinese: chinese) }
    let text = chain.statement.source.substring(culprit.range)
    return Wording(
      english: english + ": `\(text)` has no value at step \(step)", chinese: chinese + "：`\(text)` 在第 \(step) 步没有取值")
  }

  static let exhausted = Wording(
    "this takes too much work to test; make its sums shorter", "计算量过大，无法检验；请缩短求和范围")

  func sawOneSideOnly(_ term: Term, in worlds: [World]) -> Bool {
    term.sawOneSideOnly(in: worlds) || !(session.sawAllBranches || session.sawAllBranches(in: worlds))
  }

  func strayLetter(_ a: Term, _ b: Term, _ chain: ElaboratedChain) -> String? {
    chain.freeLetters(b).subtracting(chain.freeLetters(a)).sorted().first.map { chain.letter($0) }
  }

  /// Whether a link would hold with its right side added up over the steps of a letter.
  private func holds(_ link: Int, of chain: ElaboratedChain, summedOver letter: String) -> Bool {
    guard let right = chain.statement.members[link + 1].expression else { return false }
    let (first, last) = (Time(letter: nil, offset: 1), Time(letter: "T", offset: 0))
    let sum = Repetition(.sum, index: letter, from: first, to: last, body: right)
    var members = chain.statement.members.map(\.content)
    members[link + 1] = .success(right.with(.analysis(.repetition(sum))))
    return session.effort.part(Effort.ofComparison) {
      ElaboratedChain(members, chain.statement, in: session).agree(link, link + 1)
    }
  }

  func wrong(_ link: Int, of chain: ElaboratedChain, _ result: ElaboratedChain.Comparison) -> Wording {
    let error = result.error.shortText
    guard let first = result.failing.first else { return Wording("the sides differ by \(error)", "两边相差 \(error)") }
    let steps = chain.scope.free.map { "\(Time(letter: $0.letter, offset: 0)) = \(first[$0.slot])" }
    let place = steps.isEmpty ? "" : " \(steps.joined(separator: ", ")) (T = \(first[0]))"
    let size: Message = chain.terms[link]?.size.text ?? ""
    let (shape, form) = (size.english, size.chinese)
    return Wording(
      "the sides differ: both are \(shape), largest relative error \(error)"
        + (place.isEmpty ? "" : "; they part first at\(place)"),
      "两边不相等：形状都是 \(form)，最大相对误差 \(error)" + (place.isEmpty ? "" : "；最先在\(place) 处分开"))
  }
}

extension Double {
  /// Two digits that matter.
  var shortText: String {
    guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-∞" : "∞" }
    guard self != 0 else { return "0" }
    var exponent = 0
    var value = Swift.abs(self)
    while value >= 10 {
      value /= 10
      exponent += 1
    }
    while value < 1 {
      value *= 10
      exponent -= 1
    }
    if exponent >= -2 && exponent <= 3 { return "\((self * 1000).rounded() / 1000)" }
    var digits = (value * 10).rounded() / 10
    if digits >= 10 {
      digits /= 10
      exponent += 1
    }
    return "\(self < 0 ? "-" : "")\(digits)e\(exponent)"
  }
}
