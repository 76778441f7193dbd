// What has been derived: the least set in which nothing rests on itself (MATH.md, "What earns a goal").

import Diagnostics
import Formula
import Recurrence

/// Works out, over the whole document, which derivatives have been derived.
struct Closing {
  private let session: Session
  private let world: World
  /// For each instance, the sets of instances from which a right line makes it.
  private var rules: [Instance: Set<Set<Instance>>] = [:]
  /// Instances that stand alone on a side of a line.
  private var stated: Set<Entity> = []
  /// What is closed, with the earliest step of a given adjoint that a learner's name rests on.
  private var closed: [Instance: Int] = [:]
  private let given: Set<Entity>
  private let protected: Set<Instance>
  /// Instances whose lines are right but not defined at their step, such as with `o_{t-1}` at t = 1.
  private var skipped: Set<Instance> = []
  /// What earlier lines got wrong.
  private let slips: Slips
  /// Whether every line was taken up before the effort ended.
  private var isWhole = true
  /// The names under which a learner knows a derivative.
  private let nicknames: [Entity: String]

  init(
    _ session: Session, chains: [ElaboratedChain?], given: [Expression], goals: [Expression] = [],
    slips: Slips = Slips()
  ) {
    self.slips = slips
    self.session = session
    world = session.worlds[0]
    func entities(_ expressions: [Expression]) -> Set<Entity> {
      Set(
        expressions.compactMap { value in
          let chain = Self.chain(of: value, in: session)
          guard let term = chain.terms[0], let environment = chain.assignments(steps: session.worlds[0].steps).first
          else {
            return nil
          }
          return session.worlds[0].instance(of: term, environment)?.entity
        })
    }
    self.given = entities(given)
    // A goal about a step's loss at that very step is not free for the asking.
    protected = Set(
      goals.flatMap { value -> [Instance] in
        let chain = Self.chain(of: value, in: session)
        guard let term = chain.terms[0] else { return [] }
        return chain.assignments(steps: session.worlds[0].steps).compactMap { session.worlds[0].instance(of: term, $0) }
      })
    var nicknames: [Entity: String] = [:]
    for (index, definition) in session.context.definitions.all.enumerated() {
      let times = [Int](repeating: 1, count: definition.timeCount)
      guard let (clause, _) = world.clause(of: definition, times) else { continue }
      let latex =
        definition.timeCount == 0
        ? definition.name.latex : definition.name.latex(time: definition.timeCount == 1 ? "t" : "t,k")
      nicknames[.name(index)] = latex
      let term = Term(
        .defined(index, clause.times.map { _ in Moment(slot: nil, offset: 1) }), [], .open, 0..<0)
      if let instance = world.instance(of: term, [world.steps]), instance.entity != .name(index),
        instance.times == times,
        nicknames[instance.entity] == nil
      {
        nicknames[instance.entity] = latex
      }
    }
    self.nicknames = nicknames
    var purse = Effort.ofClosing
    session.effort.part(of: &purse) {
      for chain in chains { if let chain { collect(chain) } }
      addDefinitions()
      isWhole = !session.effort.isExhausted
    }
    close()
  }

  /// What the sheet asks for or gives, with its names found; at no cost to the text, which may have used up its effort.
  private static func chain(of value: Expression, in session: Session) -> ElaboratedChain {
    var purse = Effort.ofReading
    return session.effort.part(of: &purse) {
      session.chain(Statement(value, in: session.context.cell.declaration.source), line: -1)
    }
  }

  // MARK: Rules

  private mutating func collect(_ chain: ElaboratedChain) {
    // Members that equal signs join; a bound parts them.
    var segments: [[Int]] = [[0]]
    for (index, sign) in chain.statement.signs.enumerated() {
      if sign.relation.isBound { segments.append([]) }
      segments[segments.count - 1].append(index + 1)
    }
    let isSingle = chain.scope.free.count == 1
    let assignments = chain.assignments(steps: world.steps, beyond: isSingle ? 1 : 0)
    for segment in segments where segment.count > 1 {
      for head in segment {
        guard let term = chain.terms[head], let first = assignments.first,
          let entity = world.instance(of: term, first)?.entity
        else {
          continue
        }
        stated.insert(entity)
        for other in segment where other != head {
          guard let body = chain.terms[other], chain.agree(head, other) else { continue }
          for environment in assignments {
            guard let instance = world.instance(of: term, environment) else { continue }
            let value = world.evaluate(body, environment)
            guard !session.effort.isExhausted else { return }
            if value == nil { skipped.insert(instance) }
            guard let value, let own = world.evaluate(term, environment),
              let rests = world.dependencies(of: body, environment),
              !rests.contains(instance), let difference = own.combined(value, { $0 - $1 })?.largest,
              difference <= 1e-8 * max(world.scale(body, environment), own.largest, 1e-300)
            else { continue }
            rules[instance, default: []].insert(rests)
          }
        }
      }
    }
  }

  /// A learner's name is what its definition says.
  private mutating func addDefinitions() {
    for (index, definition) in session.context.definitions.all.enumerated() {
      let range = 0...(world.steps + 1)
      var all: [[Int]] = [[]]
      for _ in 0..<definition.timeCount { all = all.flatMap { times in range.map { times + [$0] } } }
      for times in all {
        guard let (clause, environment) = world.clause(of: definition, times) else { continue }
        let instance = Instance(entity: .name(index), times: times)
        if definition.isBackward, times.contains(where: { $0 > world.steps }) {
          rules[instance, default: []].insert([])
          continue
        }
        guard let rests = world.dependencies(of: clause.term, environment), !rests.contains(instance) else { continue }
        rules[instance, default: []].insert(rests)
      }
    }
  }

  // MARK: Closing

  private func isGiven(_ instance: Instance) -> Bool { given.contains(instance.entity) }

  /// Whether nothing has to be derived for it: it is 0 or the upstream of its own step.
  private func isFree(_ instance: Instance) -> Bool {
    switch instance.entity {
    case .gradient(let target):
      return session.context.isAbove(target) || instance.times.first.map { $0 > world.steps } ?? false
    case .lossGradient(let target):
      if session.context.isAbove(target) { return true }
      guard instance.times.count == 2 else { return false }
      // In a stack the loss reaches a lower layer through the layers above, and that is to be derived.
      if let stack = session.context.cell.stack, let layer = session.context.layer(of: target), layer < stack.layers {
        return instance.times[1] > instance.times[0]
      }
      let (loss, step) = (instance.times[0], instance.times[1])
      return step > loss || (step == loss && !protected.contains(instance))
    case .slope(let of, let by, _):
      guard instance.times.count == 2 else { return false }
      return instance.times[1] > instance.times[0] || (of == by && instance.times[0] == instance.times[1])
    case .name: return false
    }
  }

  /// From which step on given adjoints stand behind an instance; nil where it is not to be used.
  private func reach(_ instance: Instance) -> Int? {
    if let taint = closed[instance] { return taint }
    if isFree(instance) { return .max }
    guard isGiven(instance) else { return nil }
    switch instance.entity {
    case .gradient: return instance.times.first ?? .min
    case .lossGradient: return instance.times.last ?? .min
    default: return .max
    }
  }

  private func allows(_ head: Instance, _ reach: Int) -> Int? {
    switch head.entity {
    case .name: return reach
    case .gradient: return head.times.first.map { reach > $0 ? .max : nil } ?? (reach == .max ? .max : nil)
    case .lossGradient: return head.times.count == 2 && reach > head.times[1] ? .max : reach == .max ? .max : nil
    case .slope: return reach == .max ? .max : nil
    }
  }

  private mutating func close() {
    var changed = true
    while changed {
      changed = false
      for (head, alternatives) in rules {
        for rests in alternatives {
          var least = Int.max
          var isComplete = true
          for instance in rests {
            guard let reach = reach(instance) else {
              isComplete = false
              break
            }
            least = min(least, reach)
          }
          guard isComplete, let taint = allows(head, least), closed[head].map({ taint > $0 }) ?? true else { continue }
          closed[head] = taint
          changed = true
        }
      }
    }
  }

  // MARK: Goals

  /// Whether a goal has been derived, and what is missing if not.
  func goal(_ latex: String, _ value: Expression) -> DerivationReport.Goal {
    let chain = Self.chain(of: value, in: session)
    func missing(_ english: String, _ chinese: String) -> DerivationReport.Goal {
      DerivationReport.Goal(latex: latex, earned: false, missing: Wording(english, chinese))
    }
    guard let term = chain.terms[0] else {
      return missing("this goal cannot be read in this derivation", "在这份推导中无法理解这个目标")
    }
    // Up to a shift of t: the latest step that it carries is t.
    let offsets = term.moments.filter { $0.slot ?? 0 > 0 }.map(\.offset)
    let shift = -(offsets.max() ?? 0)
    var wanted: [Instance] = []
    for environment in chain.assignments(steps: world.steps) {
      var shifted = environment
      for letter in chain.scope.free { shifted[letter.slot] += shift }
      if let instance = world.instance(of: term, shifted) { wanted.append(instance) }
    }
    guard let first = wanted.first else {
      return missing("this goal is no derivative that a line can state", "这个目标不是一行式子能给出的导数")
    }
    let isStarted = wanted.contains { closed[$0] != nil }
    guard
      let open = wanted.first(where: { closed[$0] == nil && !(isStarted && skipped.contains($0) && rules[$0] == nil) })
    else {
      return DerivationReport.Goal(latex: latex, earned: true, missing: nil)
    }
    guard isWhole else {
      return missing(
        "working out what follows from what takes too much work in this text; make its sums and chains shorter",
        "这份推导中各式之间的依赖关系计算量过大，未能全部处理；请缩短求和与等式链")
    }
    guard let alternatives = rules[open], !alternatives.isEmpty else {
      if let lines = slips.following[open.entity] {
        let list = lines.map(String.init)
        return lines.count == 1
          ? missing(
            "your step to \(quoted(open)) is right; it rests on line \(list[0]), which does not hold",
            "推到 \(quoted(open)) 的这一步是对的；它依赖第 \(list[0]) 行，而那一行不成立")
          : missing(
            "your step to \(quoted(open)) is right; it rests on lines \(list.joined(separator: ", ")), which do not hold",
            "推到 \(quoted(open)) 的这一步是对的；它依赖第 \(list.joined(separator: "、")) 行，而那几行不成立")
      }
      if let line = slips.wrong[open.entity] {
        return missing(
          "line \(line) states \(quoted(open)) and does not hold", "第 \(line) 行给出了 \(quoted(open))，但不成立")
      }
      if wanted.contains(where: { closed[$0] != nil || rules[$0] != nil }) {
        return missing(
          "\(quoted(first)) is derived for some steps only; step \(open.times.map(String.init).joined(separator: ", ")) of T = \(world.steps) is missing",
          "\(quoted(first)) 只对部分时间步推导了；缺少第 \(open.times.map(String.init).joined(separator: ", ")) 步（T = \(world.steps)）"
        )
      }
      return stated.contains(open.entity)
        ? missing(
          "no line gives \(quoted(open)) a right value made of something else", "没有任何一行用其他量给出 \(quoted(open)) 的正确值")
        : missing("no line states \(quoted(open)) yet", "还没有给出 \(quoted(open))")
    }
    // The missing piece: what is not closed and has no right line of its own.
    var visited: Set<Instance> = [open]
    var queue = [open]
    var circle: [Instance] = []
    var tooEarly: Instance?
    while !queue.isEmpty {
      let instance = queue.removeFirst()
      let best = (rules[instance] ?? []).min { count($0) < count($1) }
      for rest in (best ?? []).sorted(by: { $0.times.lexicographicallyPrecedes($1.times) })
      where closed[rest] == nil && !isFree(rest) {
        if isGiven(rest) {
          tooEarly = tooEarly ?? rest
          continue
        }
        guard let more = rules[rest], !more.isEmpty else {
          if let line = slips.wrong[rest.entity] ?? slips.following[rest.entity]?.first {
            return missing(
              "right by itself, but it rests on \(quoted(rest)), and line \(line), which that comes from, does not hold",
              "本身是对的，但它依赖 \(quoted(rest))，而推出那一项的第 \(line) 行不成立")
          }
          return missing(
            "right by itself, but it rests on \(quoted(rest)), which you have not derived yet",
            "本身是对的，但它依赖 \(quoted(rest))，而那一项还没有推导")
        }
        if visited.insert(rest).inserted { queue.append(rest) }
        circle.append(rest)
      }
    }
    if let early = tooEarly {
      return missing(
        "\(quoted(first)) is right, but uses \(quoted(early)) of the same step, which is given for later steps only",
        "\(quoted(first)) 是对的，但用到了同一步的 \(quoted(early))，它只对更后的步给定")
    }
    let names = orderedUnique(circle.map { quoted($0) }).prefix(4).joined(separator: ", ")
    return missing(
      "\(quoted(first)) is right, but the lines rest on each other in a circle: \(names.isEmpty ? quoted(open) : names)",
      "\(quoted(first)) 是对的，但这些式子互相循环依赖：\(names.isEmpty ? quoted(open) : names)")
  }

  private func count(_ rests: Set<Instance>) -> Int { rests.count { closed[$0] == nil && !isFree($0) } }

  private func orderedUnique(_ list: [String]) -> [String] {
    var seen: Set<String> = []
    return list.filter { seen.insert($0).inserted }
  }

  /// An instance as a person writes it, with the learner's own name for it.
  private func quoted(_ instance: Instance) -> String {
    let context = session.context
    func name(_ target: Target, _ time: String?) -> String {
      if case .parameter = target { return context.name(of: target).latex }
      return context.name(of: target).latex(time: time)
    }
    let text: String
    switch instance.entity {
    case .gradient(let target): text = "\\frac{\\partial L}{\\partial \(name(target, "t"))}"
    case .lossGradient(let target):
      text = "\\frac{\\partial L_t}{\\partial \(name(target, instance.times.first == instance.times.last ? "t" : "k"))}"
    case .slope(let of, let by, let isImmediate):
      let distance = instance.times.count == 2 ? instance.times[0] - instance.times[1] : 0
      let below = distance == 0 ? "t" : distance == 1 ? "t-1" : "k"
      text = "\\frac{\(isImmediate ? "\\partial^{+}" : "\\partial") \(name(of, "t"))}{\\partial \(name(by, below))}"
    case .name: return "`\(nicknames[instance.entity] ?? "?")`"
    }
    guard let nickname = nicknames[instance.entity] else { return "`\(text)`" }
    return "`\(text)` (`\(nickname)`)"
  }
}
