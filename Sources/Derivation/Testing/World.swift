// One drawn network with its loss: every name, derivative and definition has a number here.

import CellKit
import Formula
import Glibc
import Recurrence

/// A drawn network of doubles.
typealias World = WorldOf<Double>

/// A network that was drawn, unrolled past T, with a smooth loss at its steps.
final class WorldOf<Number: TapeNumber> {
  typealias Matrix = Number.Matrix

  let context: Context
  let truth: TapeOf<Number>
  /// The steps that the loss reaches.
  let steps: Int
  let value: Leaves<Number>
  let letters: [String: Int]
  /// Whether only the last step has a loss.
  let isLastOnly: Bool
  /// The coefficients of the loss: for each result and step, slope and curvature by entry.
  let slopes: [Int: [(slope: [Number], curvature: [Number])]]
  /// Nodes whose derivative is what a learner's line says instead.
  var overrides: [Int: [Int: Matrix]] = [:] { didSet { forget() } }

  var total: AdjointTableOf<Number>?
  var byLoss: [Int: AdjointTableOf<Number>] = [:]
  var jacobians: [JacobianKey: AdjointRows] = [:]
  /// For each entry of a vector its derivative by a matrix, as the matrix lies.
  var slopesByMatrix: [MatrixSlopeKey: [Matrix]] = [:]
  var defined: [DefinedKey: Matrix?] = [:]
  var open: Set<DefinedKey> = []
  /// How deep an evaluation stands, through definitions too; the stack is finite.
  var depth = 0
  /// What the evaluations may still cost.
  let effort: Effort
  /// What stands in for derivatives where a learner's own lines are to be followed: nothing for the true ones, else a value, or that
  /// there is none.
  var stated: ((Term, [Int]) -> Matrix??)?
  /// Gradients that arrive at nodes which the sheet's loss does not see; no line speaks of them.
  private let arriving: [TapeOf<Number>.Seed]
  /// Which sides of a kink each term has seen.
  var sides: [ObjectIdentifier: (below: Bool, above: Bool)] = [:]

  struct JacobianKey: Hashable {
    var of: Int
    var step: Int
    var reach: Reach
  }

  struct MatrixSlopeKey: Hashable {
    var of: JacobianKey
    var parameter: Int
  }

  struct AdjointRows { var tables: [AdjointTableOf<Number>] }

  struct DefinedKey: Hashable {
    var index: Int
    var times: [Int]
  }

  /// - Parameters:
  ///   - truth: the network's values, over the steps that the loss sees and some more.
  ///   - steps: the steps that the loss reaches.
  ///   - slopes: the coefficients of the loss.
  ///   - arriving: gradients that come to nodes which the loss does not see.
  init(
    _ context: Context, _ truth: TapeOf<Number>, _ value: Leaves<Number>, steps: Int,
    slopes: [Int: [(slope: [Number], curvature: [Number])]], arriving: [TapeOf<Number>.Seed] = [], isLastOnly: Bool
  ) {
    self.context = context
    effort = context.effort
    self.truth = truth
    self.value = value
    self.steps = steps
    self.arriving = arriving
    self.isLastOnly = isLastOnly
    letters = truth.sizes.letters
    self.slopes = slopes
  }

  func forget() {
    total = nil
    byLoss = [:]
    jacobians = [:]
    slopesByMatrix = [:]
    defined = [:]
  }

  // MARK: The loss

  func hasLoss(_ step: Int) -> Bool { step >= 1 && step <= steps && (!isLastOnly || step == steps) }

  func loss(at step: Int) -> Number {
    guard hasLoss(step) else { return .zero }
    let half = Number.one / Number(2)
    var sum = Number.zero
    for (node, coefficients) in slopes {
      let value = truth.value(node, at: step).elements
      let (slope, curvature) = coefficients[step - 1]
      for entry in value.indices {
        sum = sum + slope[entry] * value[entry] + half * curvature[entry] * value[entry] * value[entry]
      }
    }
    return sum
  }

  func seeds(at step: Int) -> [TapeOf<Number>.Seed] {
    guard hasLoss(step) else { return [] }
    return slopes.map { node, coefficients in
      let value = truth.value(node, at: step)
      let (slope, curvature) = coefficients[step - 1]
      let entries = zip(slope.indices, value.elements).map { slope[$0] + curvature[$0] * $1 }
      return TapeOf<Number>.Seed(
        node: node, step: step, gradient: Matrix(rows: value.rows, columns: value.columns, elements: entries))
    }
  }

  var totalTable: AdjointTableOf<Number> {
    if let total { return total }
    let table = truth.adjoints(
      (1...steps).flatMap { seeds(at: $0) } + arriving, from: truth.sizes.steps, overrides: overrides)
    total = table
    return table
  }

  func table(ofLoss step: Int) -> AdjointTableOf<Number> {
    if let table = byLoss[step] { return table }
    let table = truth.adjoints(seeds(at: step), from: step)
    byLoss[step] = table
    return table
  }

  // MARK: Values

  func value(of target: Target, at step: Int?) -> Matrix? {
    switch target {
    case .parameter(let index): return value.parameters[index]
    case .input(let index):
      guard let step, step >= 1, step <= truth.sizes.steps else { return nil }
      return value.inputs[index][step - 1]
    case .node(let node):
      guard let step, step <= truth.sizes.steps else { return nil }
      if step >= 1 { return truth.value(node, at: step) }
      guard step == 0, let index = context.cell.graph.results.firstIndex(of: node), index < value.initial.count else {
        return nil
      }
      return value.initial[index]
    }
  }

  func defined(_ index: Int, _ times: [Int]) -> Matrix? {
    let key = DefinedKey(index: index, times: times)
    if let known = defined[key] { return known }
    guard open.count < 400, open.insert(key).inserted else { return nil }
    defer { open.remove(key) }
    let result = computed(index, times)
    if !effort.isExhausted { defined[key] = .some(result) }
    return result
  }

  func computed(_ index: Int, _ times: [Int]) -> Matrix? {
    let definition = context.definitions.all[index]
    guard let clause = clause(of: definition, times) else {
      if definition.isBackward, times.contains(where: { $0 > steps }), let size = definition.size { return zeros(size) }
      return nil
    }
    if definition.isBackward, times.contains(where: { $0 > steps }), let size = definition.size { return zeros(size) }
    if definition.isForward, times.contains(where: { $0 < 1 }),
      clause.clause.times.contains(where: { $0.slot ?? 0 > 0 })
    {
      return nil
    }
    return evaluate(clause.clause.term, clause.environment)
  }

  /// The clause that speaks of given steps; one with a fixed step goes before one with a letter.
  func clause(of definition: Definition, _ times: [Int]) -> (clause: CompiledClause, environment: [Int])? {
    var best: (clause: CompiledClause, environment: [Int], letters: Int)?
    for clause in definition.compiled {
      var environment = [Int](repeating: 0, count: clause.slots)
      environment[0] = steps
      var assigned: Set<Int> = [0]
      var fits = true
      var letters = 0
      for (moment, time) in zip(clause.times, times) {
        if let slot = moment.slot, !assigned.contains(slot) {
          environment[slot] = time - moment.offset
          assigned.insert(slot)
          letters += 1
        } else if moment.step(environment) != time {
          fits = false
        }
      }
      guard fits, clause.conditions.allSatisfy({ $1.holds($0.step(environment), $2.step(environment)) }) else {
        continue
      }
      letters = letters * 2 - (clause.conditions.isEmpty ? 0 : 1)
      if best == nil || letters < best!.letters { best = (clause, environment, letters) }
    }
    return best.map { ($0.clause, $0.environment) }
  }

  func zeros(_ size: Size) -> Matrix? {
    guard let rows = size.rows, let columns = size.columns else { return nil }
    return .allZero(rows.value(letters), columns.value(letters))
  }
}
