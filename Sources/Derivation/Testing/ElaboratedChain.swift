// A chain with its names found: which steps it speaks of, and how far apart its members are.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// A chain ready to be tested.
struct ElaboratedChain {
  let session: Session
  let statement: Statement
  private(set) var terms: [Term?] = []
  private(set) var failures: [Diagnostic?] = []
  private(set) var scope: Scope
  private(set) var notes: [Wording] = []
  /// What was found about its links, once they have been tested.
  var verdicts: [LinkVerdict] = []
  /// How links that do not hold are mended, where one mistake explains them.
  var mended: [Int: Mended] = [:]
  /// The wrong lines that were taken as right for links that follow, each with the derivative that it is about.
  var sources: [Int: [(target: Target, line: SourceLine)]] = [:]
  private let conditions: [(Moment, Statement.Relation, Moment)]
  /// Letters of places over which the chain is tested one by one.
  private let openPlaces: [PlaceLetters.Range]

  init(_ statement: Statement, in session: Session) {
    self.init(statement.members.map(\.content), statement, in: session)
  }

  init(_ members: [Result<Expression, Diagnostic>], _ statement: Statement, in session: Session) {
    self.session = session
    self.statement = statement
    var elaborator = Elaborator(session.context, source: statement.source)
    func term(_ index: Int, _ expecting: Size) -> (Term?, Diagnostic?) {
      switch members[index] {
      case .failure(let failure): return (nil, failure)
      case .success(let expression):
        return session.effort.part(Effort.ofReading) {
          do throws(Diagnostic) { return (try elaborator.term(expression, expecting: expecting), nil) } catch {
            return (nil, error)
          }
        }
      }
    }
    var terms: [Term?] = []
    var failures: [Diagnostic?] = []
    var byElement: [Int: Diagnostic] = [:]
    for index in members.indices {
      let (found, failure) = term(index, .open)
      terms.append(found)
      failures.append(failure)
      if let first = elaborator.byElement.first { byElement[index] = first }
      elaborator.byElement = []
    }
    // What is open takes the shape of a neighbour.
    for index in members.indices {
      guard let open = terms[index], !open.size.isKnown else { continue }
      let known = members.indices.filter { terms[$0]?.size.isKnown == true }.min { abs($0 - index) < abs($1 - index) }
      let (found, failure) = term(index, known.map { terms[$0]!.size } ?? .scalar)
      terms[index] = found
      failures[index] = failure
      if let found, !found.size.isKnown {
        terms[index] = nil
        failures[index] = elaborator.fail("nothing here says how large this is", at: found.range)
      }
    }
    elaborator.byElement = []
    // Two vectors of one shape side by side are multiplied by element where that is what the other side needs.
    for (index, failure) in byElement.sorted(by: { $0.key < $1.key }) where terms[index] != nil {
      let fits = terms.indices.contains { $0 != index && terms[$0]?.size.merged(terms[index]!.size) != nil }
      if !fits {
        terms[index] = nil
        failures[index] = failure
      } else {
        let written = statement.source.substring(failure.range)
        notes.append(
          Wording("`\(written)` is read by element, which alone fits here", "`\(written)` 按逐元素相乘理解，这里只有这样形状才相符"))
      }
    }
    var conditions: [(Moment, Statement.Relation, Moment)] = []
    for condition in statement.conditions {
      let (a, b) = (elaborator.scope.moment(condition.left), elaborator.scope.moment(condition.right))
      conditions.append((a, condition.relation, b))
    }
    self.conditions = conditions
    scope = elaborator.scope
    self.terms = terms
    self.failures = failures
    if let letter = scope.shadowed {
      let failure = Session.shadowing(letter, in: statement.source, at: statement.range)
      self.failures = failures.map { $0 ?? failure }
      self.terms = terms.map { _ in nil }
    }
    let entries = EntryChain(scope, self.terms, statement)
    self.terms = entries.terms
    for (index, failure) in entries.failures { self.failures[index] = self.failures[index] ?? failure }
    openPlaces = entries.open
    notes += entries.notes
    notes += Self.notes(elaborator.immediate)
    if !elaborator.conventions.isEmpty {
      let names = elaborator.conventions.sorted().joined(separator: ", ")
      notes.append(Wording("by convention, since the text does not say: \(names)", "文中没有定义，按惯例理解：\(names)"))
    }
    if !elaborator.readAtPresent.isEmpty {
      let names = elaborator.readAtPresent.sorted().map { "`\($0)`" }.joined(separator: ", ")
      notes.append(Wording("\(names) is read at step t", "\(names) 按第 t 步理解"))
    }
  }

  /// What is held fixed in the immediate derivatives of a chain.
  private static func notes(_ immediate: Set<Reach>) -> [Wording] {
    var notes: [Wording] = []
    if immediate.contains(.equation) {
      notes.append(
        Wording(
          "∂⁺ goes through the quantity's own equation, pre-activations included; gates, candidates and states are held fixed",
          "∂⁺ 只经过该量自己的方程（连同其中的净输入）；门、候选状态和状态都视为固定"))
    }
    if immediate.contains(.step) {
      notes.append(
        Wording(
          "∂⁺ with respect to a parameter goes through every quantity of its step; the states of the step before are held fixed",
          "对参数的 ∂⁺ 经过同一时刻的所有量；上一时刻的状态视为固定"))
    }
    return notes
  }

  /// The free letters of each member.
  func freeLetters(_ term: Term) -> Set<Int> {
    var slots: Set<Int> = []
    let free = Set(scope.free.map(\.slot))
    func visit(_ term: Term) {
      for moment in term.moments { slots.formUnion(free.intersection(moment.slots)) }
      for operand in term.operands { visit(operand) }
    }
    visit(term)
    return slots
  }

  /// The line of the text on which a link's sign stands.
  func line(ofLink link: Int) -> Int {
    statement.source.position(at: statement.signs[link].range.lowerBound).line
  }

  func letter(_ slot: Int) -> String { scope.free.first { $0.slot == slot }?.letter ?? "?" }

  /// A step as the chain writes it.
  func time(_ moment: Moment) -> Time {
    func written(_ slot: Int) -> String { slot == 0 ? "T" : letter(slot) }
    return Time(
      letter: moment.slot.map(written), offset: moment.offset,
      second: moment.second.map { Time.Second(written($0.slot), isSubtracted: $0.isSubtracted) })
  }

  /// Pairs of letters of which one stands for an earlier step than the other.
  private var orderedLetters: [(earlier: Int, later: Int)] {
    let letters = scope.free
    var pairs: [(earlier: Int, later: Int)] = []
    func slot(_ letter: String) -> Int? { letters.first { $0.letter == letter }?.slot }
    for (a, b) in scope.order {
      if let x = slot(a), let y = slot(b), !pairs.contains(where: { $0 == (y, x) || $0 == (x, y) }) {
        pairs.append((x, y))
      }
    }
    if letters.count > 1, pairs.isEmpty {
      let sorted = letters.sorted { Self.lateness($0.letter) < Self.lateness($1.letter) }
      for (a, b) in zip(sorted, sorted.dropFirst()) { pairs.append((a.slot, b.slot)) }
    }
    // A condition between two letters says itself how they lie.
    let stated = conditions.compactMap { a, _, b -> Set<Int>? in
      guard let x = a.slot, let y = b.slot, x > 0, y > 0 else { return nil }
      return [x, y]
    }
    pairs.removeAll { pair in stated.contains([pair.earlier, pair.later]) }
    return pairs
  }

  /// Whether a choice of steps is as the conditions of the chain say.
  func meetsConditions(_ environment: [Int]) -> Bool {
    conditions.allSatisfy { $1.holds($0.step(environment), $2.step(environment)) }
  }

  private func speaks(of environment: [Int], _ pairs: [(earlier: Int, later: Int)]) -> Bool {
    pairs.allSatisfy { environment[$0.earlier] < environment[$0.later] } && meetsConditions(environment)
  }

  /// Whether the chain claims something of a choice of steps.
  func speaks(of environment: [Int]) -> Bool { speaks(of: environment, orderedLetters) }

  /// Every choice of steps that the chain speaks of.
  func assignments(steps: Int, beyond: Int = 0) -> [[Int]] {
    let pairs = orderedLetters
    return choices(scope.free.map { _ in 1...(steps + beyond) }, steps: steps).filter { speaks(of: $0, pairs) }
  }

  /// Every choice of steps with each free letter in its range; none where there are too many letters.
  func choices(_ ranges: [ClosedRange<Int>], steps: Int) -> [[Int]] {
    let letters = scope.free
    guard letters.count <= 3 else { return [] }
    var result: [[Int]] = []
    var environment = [Int](repeating: 0, count: max(1, scope.slots))
    environment[0] = steps
    func fill(_ index: Int) {
      guard index < letters.count else { return result.append(environment) }
      for step in ranges[index] {
        environment[letters[index].slot] = step
        fill(index + 1)
      }
    }
    fill(0)
    return result
  }

  /// The steps that the chain speaks of; past the end where it speaks of none before, as `t > T` does.
  func claimed<Number>(in world: WorldOf<Number>) -> [[Int]] {
    let within = assignments(steps: world.steps)
    let steps = within.isEmpty ? assignments(steps: world.steps, beyond: 2) : within
    return openPlaces.reduce(steps) { environments, place in
      environments.flatMap { environment in
        (0..<place.size.value(world.letters)).map { index in
          var placed = environment
          placed[place.slot] = index
          return placed
        }
      }
    }
  }

  private static func lateness(_ letter: String) -> Int {
    switch letter {
    case "t": return 10
    case "t'": return 11
    case "n", "m": return 5
    case "k", "s", "tau": return 3
    default: return 4
    }
  }

  // MARK: Tests

  /// How two members compare over all networks and steps.
  struct Comparison {
    var error = 0.0
    /// How many choices of steps were tried.
    var tried = 0
    /// The steps at which they differ, of the first network that shows a difference: each with T.
    var failing: [[Int]] = []
    var isFinite = true
    var isExhausted = false
    /// The first steps at which a side has no value, with T.
    var untested: [Int]?
  }

  static let tolerance = 1e-9

  /// Compares two members at every network and step.
  ///
  /// - Parameter stopsEarly: whether the first difference is enough.
  func compare(
    _ left: Int, _ right: Int, worlds: [World]? = nil, stopsEarly: Bool = false
  ) -> Comparison {
    var comparison = Comparison()
    guard let a = terms[left], let b = terms[right] else {
      comparison.isFinite = false
      return comparison
    }
    for world in worlds ?? session.worlds {
      let isDone = session.effort.part(Effort.ofComparison) {
        comparison.add(a, b, in: world, claimed(in: world), stopsEarly: stopsEarly)
      }
      if isDone { break }
    }
    return comparison
  }

  /// Whether two members agree everywhere, in residues or as far as doubles tell.
  func agree(_ left: Int, _ right: Int) -> Bool {
    guard let a = terms[left], let b = terms[right], a.size.merged(b.size) != nil || a.size == b.size else {
      return false
    }
    // What its links were found to be need not be found again.
    let links = min(left, right)..<max(left, right)
    if verdicts.count >= links.upperBound, links.allSatisfy({ verdicts[$0] == .holds }) { return true }
    if case .equal = decide(left, right) { return true }
    let comparison = compare(left, right, stopsEarly: true)
    return comparison.tried > 0 && comparison.isFinite && !comparison.isExhausted && comparison.error <= Self.tolerance
  }
}

extension ElaboratedChain.Comparison {
  /// Adds what two terms are at each choice of steps; tells whether nothing further need be compared.
  fileprivate mutating func add(
    _ a: Term, _ b: Term, in world: World, _ assignments: [[Int]], stopsEarly: Bool
  ) -> Bool {
    for environment in assignments {
      let left = world.evaluate(a, environment)
      let right = world.evaluate(b, environment)
      let scale =
        left == nil || right == nil ? 0 : max(world.scale(a, environment), world.scale(b, environment), 1e-300)
      guard !world.effort.isExhausted else {
        isExhausted = true
        return true
      }
      guard let left, let right else {
        untested = untested ?? environment
        continue
      }
      tried += 1
      guard let difference = left.combined(right, { $0 - $1 })?.largest, difference.isFinite, scale.isFinite,
        left.isFinite, right.isFinite
      else {
        isFinite = false
        continue
      }
      let error = difference == 0 ? 0 : difference / scale
      self.error = larger(self.error, error)
      if error <= ElaboratedChain.tolerance { continue }
      failing.append(environment)
      if stopsEarly { return true }
    }
    return false
  }
}

extension Term {
  /// The steps that stand in this node itself.
  var moments: [Moment] {
    switch operation {
    case .moment(let moment): return [moment]
    case .value(_, let moment): return moment.map { [$0] } ?? []
    case .loss(let moment): return moment.map { [$0] } ?? []
    case .gradient(let loss, _, let at, _): return [loss, at].compactMap { $0 }
    case .jacobian(let slope): return [slope.ofTime, slope.byTime].compactMap { $0 }
    case .composition(let slopes): return slopes.flatMap { [$0.ofTime, $0.byTime].compactMap { $0 } }
    case .defined(_, let moments): return moments
    case .repetition(_, _, let lower, let upper, _): return [lower, upper]
    case .slopeByEntry(let slope, _, _): return [slope.ofTime]
    default: return []
    }
  }
}
