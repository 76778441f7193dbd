// One drawn network with its loss: every name, derivative and definition has a number here.

import CellKit
import Formula
import Glibc
import Recurrence

/// A network that was drawn, unrolled past T, with a smooth loss at its steps.
final class World {
  let context: Context
  let truth: Tape
  /// The steps that the loss reaches.
  let steps: Int
  let value: Case
  let letters: [String: Int]
  /// Whether only the last step has a loss.
  let isLastOnly: Bool
  /// The coefficients of the loss: for each result and step, slope and curvature by entry.
  let slopes: [Int: [(slope: [Double], curvature: [Double])]]
  /// Nodes whose derivative is what a learner's line says instead.
  var overrides: [Int: [Int: Matrix]] = [:] { didSet { forget() } }

  var total: AdjointTable?
  var byLoss: [Int: AdjointTable] = [:]
  var jacobians: [JacobianKey: AdjointRows] = [:]
  var defined: [DefinedKey: Matrix?] = [:]
  var open: Set<DefinedKey> = []
  /// How deep an evaluation stands, through definitions too; the stack is finite.
  var depth = 0
  /// What the evaluations may still cost.
  let effort: Effort
  /// What stands in for derivatives where a learner's own lines are to be followed; nil for the true ones.
  var stated: StatedValues?
  /// Gradients that arrive at nodes which the sheet's loss does not see; no line speaks of them.
  private var arriving: [Tape.Seed] = []
  /// Which sides of a kink each term has seen.
  var sides: [ObjectIdentifier: (below: Bool, above: Bool)] = [:]

  struct JacobianKey: Hashable {
    var of: Int
    var step: Int
    var reach: Reach
  }

  struct AdjointRows { var tables: [AdjointTable] }

  struct DefinedKey: Hashable {
    var index: Int
    var times: [Int]
  }

  /// The same steps, sizes and loss with other numbers.
  init(like other: World, _ value: Case) {
    context = other.context
    effort = other.effort
    steps = other.steps
    letters = other.letters
    isLastOnly = other.isLastOnly
    slopes = other.slopes
    self.value = value
    truth = Tape(context.cell, sizes: other.truth.sizes, value)
  }

  /// Given numbers over the steps of a truth, of which the loss sees the first ones; it is linear.
  ///
  /// - Parameters:
  ///   - slopes: the gradient of the loss by each node that it sees, one a step.
  ///   - arriving: gradients that come to other nodes as well.
  init(
    _ context: Context, _ truth: Tape, _ value: Case, steps: Int, slopes: [Int: [Matrix]], arriving: [Tape.Seed],
    isLastOnly: Bool
  ) {
    self.context = context
    effort = context.effort
    self.truth = truth
    self.value = value
    self.steps = steps
    self.arriving = arriving
    self.isLastOnly = isLastOnly
    letters = truth.sizes.letters
    self.slopes = slopes.mapValues { list in
      list.map { (slope: $0.elements, curvature: [Double](repeating: 0, count: $0.elements.count)) }
    }
  }

  /// Draws a network.
  init(_ context: Context, steps: Int, beyond: Int, seed: UInt64, stream: UInt64, isLastOnly: Bool, batch: Int) {
    self.context = context
    effort = context.effort
    self.steps = steps
    self.isLastOnly = isLastOnly
    let cell = context.cell
    var generator = SeededGenerator(seed: seed, stream: stream)
    var pool = [2, 3, 4, 5, 6, 7]
    var letters: [String: Int] = [:]
    for letter in cell.declaration.sizes.keys.sorted() where letter != "N" {
      let index = Int(generator.next() % UInt64(min(3, pool.count)))
      letters[letter] = pool.remove(at: index)
      if pool.isEmpty { pool = [8, 9, 10, 11] }
    }
    letters["N"] = batch
    self.letters = letters
    let sizes = Sizes(letters, steps: steps + beyond)
    var scale = 1.0
    var value = cell.randomCase(sizes, seed: seed, stream: stream &+ 100)
    var truth = Tape(cell, sizes: sizes, value)
    // Saturation blurs true identities.
    while truth.largestPreActivation() > 6, scale > 0.01 {
      scale *= 0.7
      value.parameters = value.parameters.map { $0.scaled(0.7) }
      value.inputs = value.inputs.map { $0.map { $0.scaled(0.8) } }
      truth = Tape(cell, sizes: sizes, value)
    }
    self.value = value
    self.truth = truth
    var slopes: [Int: [(slope: [Double], curvature: [Double])]] = [:]
    for node in context.lossNodes {
      let (rows, columns) = truth.extent(node)
      slopes[node] = (0..<steps).map { _ in
        (
          (0..<rows * columns).map { _ in generator.normal() },
          (0..<rows * columns).map { _ in 0.5 * generator.normal() }
        )
      }
    }
    self.slopes = slopes
  }

  func forget() {
    total = nil
    byLoss = [:]
    jacobians = [:]
    defined = [:]
  }

  // MARK: The loss

  func hasLoss(_ step: Int) -> Bool { step >= 1 && step <= steps && (!isLastOnly || step == steps) }

  func loss(at step: Int) -> Double {
    guard hasLoss(step) else { return 0 }
    var sum = 0.0
    for (node, coefficients) in slopes {
      let value = truth.value(node, at: step).elements
      let (slope, curvature) = coefficients[step - 1]
      for entry in value.indices {
        sum += slope[entry] * value[entry] + curvature[entry] * value[entry] * value[entry] / 2
      }
    }
    return sum
  }

  func seeds(at step: Int) -> [Tape.Seed] {
    guard hasLoss(step) else { return [] }
    return slopes.map { node, coefficients in
      let value = truth.value(node, at: step)
      let (slope, curvature) = coefficients[step - 1]
      let entries = zip(slope.indices, value.elements).map { slope[$0] + curvature[$0] * $1 }
      return Tape.Seed(
        node: node, step: step, gradient: Matrix(rows: value.rows, columns: value.columns, elements: entries))
    }
  }

  var totalTable: AdjointTable {
    if let total { return total }
    let table = truth.adjoints(
      (1...steps).flatMap { seeds(at: $0) } + arriving, from: truth.sizes.steps, overrides: overrides)
    total = table
    return table
  }

  func table(ofLoss step: Int) -> AdjointTable {
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
    return .zeros(rows.value(letters), columns.value(letters))
  }
}
