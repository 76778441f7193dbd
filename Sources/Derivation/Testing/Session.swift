// A paper under one reading: a cell, a layout, the names compiled, and the networks that are drawn.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// One way to understand a paper; near misses are tried in others (another layout, another convention's cell).
final class Session {
  /// What may differ from the sheet's own reading.
  struct Reading: Hashable {
    var layout: JacobianLayout
    var isLastOnly: Bool
    var batch: Int
    /// Which of the other conventions' cells; nil for the sheet's own.
    var convention: Int?
  }

  let paper: Paper
  let context: Context
  let reading: Reading
  let seed: UInt64
  /// What is left for the whole text; when it is used up, what is left is undecided.
  var effort: Effort { context.effort }
  /// What is wrong with a definition, by its line.
  private(set) var failures: [Int: Diagnostic] = [:]
  private static let plans = [(4, UInt64(0)), (3, 1), (6, 2), (4, 3), (3, 4)]
  private(set) lazy var worlds: [World] = drawn(Self.plans)
  private var further: [World] = []
  /// How many more networks are drawn at most to meet a branch that is rarely taken.
  static let furtherLimit = 24

  /// One of the networks that are drawn only where the usual ones do not meet every branch.
  func furtherWorld(_ index: Int) -> World {
    while further.count <= index {
      further += drawn([(4, UInt64(Self.plans.count + further.count))])
    }
    return further[index]
  }

  /// Whether the usual networks meet every kink of the cell's own equations on both sides.
  private(set) lazy var sawAllBranches = sawAllBranches(in: worlds)

  /// Whether every kink of the cell's own equations was met on both sides in some networks.
  func sawAllBranches(in worlds: [World]) -> Bool { Self.isEverySideSeen(worlds) }

  /// Networks of residues, in which equalities are decided.
  static let exactPlans = [(4, UInt64(1000)), (3, 1001), (6, 1002)]
  private(set) lazy var exactWorlds = drawnExactly(Self.exactPlans)
  private var furtherExact: [ExactWorld] = []
  /// How many more of them are drawn at most to meet every branch.
  static let exactLimit = 64

  /// One of the networks of residues that are drawn only where the usual ones do not meet every branch.
  func furtherExactWorld(_ index: Int) -> ExactWorld {
    while furtherExact.count <= index { furtherExact += drawnExactly([(4, UInt64(1003 + furtherExact.count))]) }
    return furtherExact[index]
  }

  private func drawnExactly(_ plans: [(steps: Int, stream: UInt64)]) -> [ExactWorld] {
    plans.map {
      ExactWorld(
        context, steps: $0.steps, beyond: 3, seed: seed, stream: $0.stream, isLastOnly: reading.isLastOnly,
        batch: reading.batch)
    }
  }

  /// The networks of residues drawn again, to be changed.
  func freshExactly() -> [ExactWorld] { drawnExactly(Self.exactPlans) }

  init(_ paper: Paper, cell: Cell, reading: Reading, seed: UInt64, effort: Effort) {
    self.paper = paper
    self.reading = reading
    self.seed = seed
    context = Context(
      cell, layout: reading.layout, added: Set(paper.nodes.keys), aliases: paper.aliases,
      isBatched: reading.batch > 1, own: paper.own, shiftedErrors: paper.shiftedErrors, effort: effort)
    define()
  }

  private func drawn(_ plans: [(steps: Int, stream: UInt64)]) -> [World] {
    plans.map {
      World(
        context, steps: $0.steps, beyond: 3, seed: seed, stream: $0.stream, isLastOnly: reading.isLastOnly,
        batch: reading.batch)
    }
  }

  /// The same networks drawn again, to be changed.
  func fresh() -> [World] { drawn(Array(Self.plans.prefix(3))) }

  // MARK: Definitions

  private func define() {
    for (symbol, clause, line) in paper.clauses where paper.nodes[symbol.name] == nil {
      if let index = context.definitions.index(of: symbol.name) {
        guard context.definitions.all[index].timeCount == symbol.times.count else {
          failures[line] = Diagnostic(
            "`\(symbol.latex)` carries \(symbol.times.count) steps here and \(context.definitions.all[index].timeCount) above",
            in: clause.source, at: clause.range)
          continue
        }
        context.definitions.all[index].clauses.append(clause)
      } else {
        _ = context.definitions.add(Definition(name: symbol.name, clauses: [clause], timeCount: symbol.times.count))
      }
    }
    for (symbol, clause, line) in paper.clauses where failures[line] == nil {
      guard let index = context.definitions.index(of: symbol.name) else { continue }
      effort.part(Effort.ofReading) {
        do throws(Diagnostic) { try compile(clause, of: index) } catch { failures[line] = error }
      }
    }
    findRecursions()
  }

  private func compile(_ clause: Clause, of index: Int) throws(Diagnostic) {
    var elaborator = Elaborator(context, source: clause.source)
    let times = clause.times.map { elaborator.scope.moment($0) }
    let size = try context.size(ofDefinition: index)
    var term = try elaborator.term(clause.body, expecting: size)
    if !term.size.isKnown {
      guard size == .open || size == .scalar else {
        throw elaborator.fail("nothing here says how large this is", at: clause.range)
      }
      context.definitions.all[index].size = .scalar
      term = try elaborator.term(clause.body, expecting: .scalar)
    }
    if let known = context.definitions.all[index].size, let merged = known.merged(term.size) {
      context.definitions.all[index].size = merged
    } else if let known = context.definitions.all[index].size {
      throw elaborator.fail("this is \(term.size.text), and above the same name is \(known.text)", at: clause.range)
    }
    let own = Set(clause.times.compactMap(\.letter))
    if let stray = elaborator.scope.free.first(where: { !own.contains($0.letter) }) {
      throw elaborator.fail(
        "`\(stray.letter)` stands free on the right side only; is it missing on the left, or a sum over it?",
        at: clause.range)
    }
    if let letter = elaborator.scope.shadowed { throw Session.shadowing(letter, in: clause.source, at: clause.range) }
    if let failure = elaborator.scope.strayPlace { throw elaborator.fail(failure, at: clause.range) }
    var conditions: [(Moment, Statement.Relation, Moment)] = []
    for condition in clause.conditions {
      let (a, b) = (elaborator.scope.moment(condition.left), elaborator.scope.moment(condition.right))
      conditions.append((a, condition.relation, b))
    }
    context.definitions.all[index].compiled.append(
      CompiledClause(times: times, term: term, slots: elaborator.scope.slots, conditions: conditions))
  }

  static func shadowing(_ letter: String, in source: SourceText, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      "`\(letter)` runs in a sum or product and stands free beside it: are brackets missing? Otherwise take another letter for one of them",
      in: source,
      at: range)
  }

  private func findRecursions() {
    let count = context.definitions.all.count
    var edges: [[(to: Int, offsets: [Int])]] = Array(repeating: [], count: count)
    func visit(_ term: Term, _ own: [Moment], _ from: Int) {
      if case .defined(let index, let moments) = term.operation {
        let offsets = zip(moments, own).compactMap { moment, mine -> Int? in
          if let second = moment.second { return second.isSubtracted ? -1 : 1 }
          return moment.slot == mine.slot && moment.slot != nil ? moment.offset - mine.offset : nil
        }
        // A step that runs may be any; a sum over later steps leads on.
        edges[from].append(
          (index, offsets.isEmpty || moments.contains { m in !own.contains { $0.slot == m.slot } } ? [1] : offsets))
      }
      for operand in term.operands { visit(operand, own, from) }
    }
    for index in 0..<count {
      for clause in context.definitions.all[index].compiled { visit(clause.term, clause.times, index) }
    }
    var reach = (0..<count).map { index in Set(edges[index].map(\.to)) }
    var changed = true
    var rounds = 0
    while changed, rounds < 64 {
      changed = false
      rounds += 1
      for index in 0..<count {
        let more = reach[index].reduce(reach[index]) { $0.union(reach[$1]) }
        if more.count > reach[index].count {
          reach[index] = more
          changed = true
        }
      }
    }
    for index in 0..<count where reach[index].contains(index) {
      let circle = (0..<count).filter { $0 == index || (reach[index].contains($0) && reach[$0].contains(index)) }
      let offsets = circle.flatMap { from in edges[from].filter { circle.contains($0.to) }.flatMap(\.offsets) }
      context.definitions.all[index].isBackward = offsets.contains { $0 > 0 }
      context.definitions.all[index].isForward = offsets.contains { $0 < 0 } && !offsets.contains { $0 > 0 }
    }
  }

  // MARK: Chains

  /// A chain whose names have been found here.
  func chain(_ statement: Statement) -> ElaboratedChain {
    ElaboratedChain(statement, in: self)
  }

  /// A chain of given trees under the same conditions.
  func chain(_ members: [Expression], like statement: Statement) -> ElaboratedChain {
    ElaboratedChain(members.map { .success($0) }, statement, in: self)
  }
}
