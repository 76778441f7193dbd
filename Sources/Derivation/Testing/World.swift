// One drawn network with its loss: every name, derivative and definition has a number here.

import CellKit
import Formula
import Glibc
import Recurrence

/// A network that was drawn, unrolled past T, with a smooth loss at its steps.
final class World {
  let context: Context
  let truth: Truth
  /// The steps that the loss reaches.
  let steps: Int
  let value: Case
  let letters: [String: Int]
  /// Whether only the last step has a loss.
  let isLastOnly: Bool
  /// The coefficients of the loss: for each result and step, slope and curvature by entry.
  private let slopes: [Int: [(slope: [Double], curvature: [Double])]]
  /// Nodes whose derivative is what a learner's line says instead.
  var overrides: [Int: [Int: Matrix]] = [:] { didSet { forget() } }

  private var total: AdjointTable?
  private var byLoss: [Int: AdjointTable] = [:]
  private var jacobians: [JacobianKey: AdjointRows] = [:]
  private var defined: [DefinedKey: Matrix?] = [:]
  private var open: Set<DefinedKey> = []
  /// How deep an evaluation stands, through definitions too; the stack is finite.
  private var depth = 0
  /// Operations left before an evaluation is given up.
  var budget = 2_000_000
  /// What stands in for derivatives where a learner's own lines are to be followed; nil for the true ones.
  var stated: StatedValues?
  /// Gradients that arrive at nodes which the sheet's loss does not see; no line speaks of them.
  private var arriving: [Truth.Seed] = []
  /// Which sides of a kink each term has seen.
  var sides: [ObjectIdentifier: (below: Bool, above: Bool)] = [:]

  private struct JacobianKey: Hashable {
    var of: Int
    var step: Int
    var isImmediate: Bool
  }

  struct AdjointRows { var tables: [AdjointTable] }

  private struct DefinedKey: Hashable {
    var index: Int
    var times: [Int]
  }

  /// The same steps, sizes and loss with other numbers.
  init(like other: World, _ value: Case) {
    context = other.context
    steps = other.steps
    letters = other.letters
    isLastOnly = other.isLastOnly
    slopes = other.slopes
    self.value = value
    truth = Truth(context.cell, sizes: other.truth.sizes, value)
  }

  /// Given numbers over the steps of a truth, of which the loss sees the first ones; it is linear.
  ///
  /// - Parameters:
  ///   - slopes: the gradient of the loss by each node that it sees, one a step.
  ///   - arriving: gradients that come to other nodes as well.
  init(
    _ context: Context, _ truth: Truth, _ value: Case, steps: Int, slopes: [Int: [Matrix]], arriving: [Truth.Seed],
    isLastOnly: Bool
  ) {
    self.context = context
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
    var truth = Truth(cell, sizes: sizes, value)
    // Saturation blurs true identities.
    while truth.largestPreActivation() > 6, scale > 0.01 {
      scale *= 0.7
      value.parameters = value.parameters.map { $0.scaled(0.7) }
      value.inputs = value.inputs.map { $0.map { $0.scaled(0.8) } }
      truth = Truth(cell, sizes: sizes, value)
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

  private func forget() {
    total = nil
    byLoss = [:]
    jacobians = [:]
    defined = [:]
  }

  // MARK: The loss

  private func hasLoss(_ step: Int) -> Bool { step >= 1 && step <= steps && (!isLastOnly || step == steps) }

  private func loss(at step: Int) -> Double {
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

  private func seeds(at step: Int) -> [Truth.Seed] {
    guard hasLoss(step) else { return [] }
    return slopes.map { node, coefficients in
      let value = truth.value(node, at: step)
      let (slope, curvature) = coefficients[step - 1]
      let entries = zip(slope.indices, value.elements).map { slope[$0] + curvature[$0] * $1 }
      return Truth.Seed(
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

  // MARK: Derivatives

  /// What a table says of a target at a step; nil where there is no such node.
  private func read(_ target: Target, _ step: Int?, _ table: AdjointTable) -> Matrix? {
    let graph = context.cell.graph
    switch target {
    case .parameter(let index):
      guard let node = graph.parameters[index] else { return nil }
      return truth.sharedAdjoint(node, in: table)
    case .input(let index):
      guard let node = graph.inputs[index], let step, step >= 1, step <= truth.sizes.steps else { return nil }
      return truth.adjoint(node, at: step, in: table)
    case .node(let node):
      guard let step, step <= truth.sizes.steps else { return nil }
      if step >= 1 { return truth.adjoint(node, at: step, in: table) }
      guard step == 0, let index = graph.results.firstIndex(of: node), index < graph.previous.count else { return nil }
      guard let previous = graph.previous[index] else { return .zeros(like: value.initial[index]) }
      return truth.adjoint(previous, at: 1, in: table)
    }
  }

  /// The derivative of the loss, as a value lies.
  func gradient(loss: Int?, by target: Target, at step: Int?, isImmediate: Bool) -> Matrix? {
    let result: Matrix?
    if let loss {
      guard loss >= 1, loss <= steps else { return nil }
      if isImmediate {
        guard let step else { return nil }
        result = direct(loss, target, step)
      } else {
        result = read(target, step, table(ofLoss: loss))
      }
    } else if isImmediate {
      guard let step else { return nil }
      result = direct(step, target, step) ?? (step > steps ? read(target, step, totalTable) : nil)
    } else {
      result = read(target, step, totalTable)
    }
    guard let result else { return nil }
    return context.isFlipped(target) ? result.flipped : result
  }

  /// The loss's own derivative by what it is made of.
  private func direct(_ loss: Int, _ target: Target, _ step: Int) -> Matrix? {
    guard loss >= 1, loss <= steps else { return nil }
    if case .node(let node) = target, loss == step, let seed = seeds(at: loss).first(where: { $0.node == node }) {
      return seed.gradient
    }
    guard case .node(let node) = target, step >= 0 else { return nil }
    let (rows, columns) = truth.extent(node)
    return .zeros(rows, columns)
  }

  private func held(except node: Int) -> Set<Int> {
    var held = context.heldNodes
    held.remove(node)
    return held
  }

  func rows(of node: Int, at step: Int, isImmediate: Bool) -> AdjointRows {
    let key = JacobianKey(of: node, step: step, isImmediate: isImmediate)
    if let rows = jacobians[key] { return rows }
    let (height, width) = truth.extent(node)
    var tables: [AdjointTable] = []
    let heldNodes = isImmediate ? held(except: node) : []
    for entry in 0..<height * width {
      var unit = [Double](repeating: 0, count: height * width)
      unit[entry] = 1
      let seed = Truth.Seed(node: node, step: step, gradient: Matrix(rows: height, columns: width, elements: unit))
      tables.append(
        truth.adjoints(
          [seed], from: step, to: isImmediate ? step : 1, held: heldNodes, crossesSteps: !isImmediate))
    }
    budget -= 500 * tables.count
    let rows = AdjointRows(tables: tables)
    jacobians[key] = rows
    return rows
  }

  /// What a named node hands to another one directly.
  func flow(from source: Int, into node: Int, at step: Int, isFromNextStep: Bool, _ table: AdjointTable) -> Matrix {
    let at = isFromNextStep ? step + 1 : step
    let (rows, columns) = truth.extent(node)
    guard at <= truth.sizes.steps else { return .zeros(rows, columns) }
    let seed = Truth.Seed(node: source, step: at, gradient: truth.adjoint(source, at: at, in: table))
    let arrived = truth.adjoints([seed], from: at, to: at, held: held(except: source), crossesSteps: false)
    guard isFromNextStep else { return truth.adjoint(node, at: at, in: arrived) }
    guard let index = context.cell.graph.results.firstIndex(of: node), index < context.cell.graph.previous.count,
      let previous = context.cell.graph.previous[index]
    else { return .zeros(rows, columns) }
    return truth.adjoint(previous, at: at, in: arrived)
  }

  /// Reads a pass that began at step `from`, for an immediate derivative within that step only.
  private func read(_ target: Target, _ step: Int?, _ table: AdjointTable, from: Int, isImmediate: Bool) -> Matrix? {
    guard isImmediate, let step else { return read(target, step, table) }
    if step == from { return read(target, step, table) }
    guard step >= 0, step <= truth.sizes.steps else { return nil }
    guard case .node(let node) = target else { return read(target, step, table).map { .zeros(like: $0) } }
    let graph = context.cell.graph
    if step == from - 1, let index = graph.results.firstIndex(of: node), index < graph.previous.count,
      let previous = graph.previous[index]
    {
      return truth.adjoint(previous, at: from, in: table)
    }
    let (rows, columns) = truth.extent(node)
    return .zeros(rows, columns)
  }

  func jacobian(_ slope: Slope, _ environment: [Int]) -> Matrix? {
    guard case .node(let node) = slope.of else { return nil }
    let step = slope.ofTime.step(environment)
    let byStep = slope.byTime?.step(environment)
    if step == 0, byStep == 0, slope.of == slope.by {
      let count = truth.extent(node).rows * truth.extent(node).columns
      return .identity(count)
    }
    guard step >= 1, step <= truth.sizes.steps else { return nil }
    let rows = rows(of: node, at: step, isImmediate: slope.isImmediate)
    var entries: [Double] = []
    var width = 0
    for table in rows.tables {
      guard let row = read(slope.by, byStep, table, from: step, isImmediate: slope.isImmediate) else { return nil }
      width = row.rows * row.columns
      entries += row.elements
    }
    let numerator = Matrix(rows: rows.tables.count, columns: width, elements: entries)
    return context.isDenominator ? numerator.flipped : numerator
  }

  private func compose(_ slopes: [Slope], _ start: Matrix, _ environment: [Int]) -> Matrix? {
    var covector = start
    for slope in slopes {
      guard case .node(let node) = slope.of else { return nil }
      let step = slope.ofTime.step(environment)
      guard step >= 1, step <= truth.sizes.steps else { return nil }
      let (height, width) = truth.extent(node)
      guard covector.rows * covector.columns == height * width else { return nil }
      let seed = Truth.Seed(
        node: node, step: step, gradient: Matrix(rows: height, columns: width, elements: covector.elements))
      budget -= 500
      let table = truth.adjoints(
        [seed], from: step, to: slope.isImmediate ? step : 1, held: slope.isImmediate ? held(except: node) : [],
        crossesSteps: !slope.isImmediate)
      guard
        let next = read(slope.by, slope.byTime?.step(environment), table, from: step, isImmediate: slope.isImmediate)
      else { return nil }
      covector = next
    }
    return covector
  }

  // MARK: Values

  private func value(of target: Target, at step: Int?) -> Matrix? {
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

  private func defined(_ index: Int, _ times: [Int]) -> Matrix? {
    let key = DefinedKey(index: index, times: times)
    if let known = defined[key] { return known }
    guard open.count < 400, open.insert(key).inserted else { return nil }
    defer { open.remove(key) }
    let result = computed(index, times)
    if budget > 0 { defined[key] = .some(result) }
    return result
  }

  private func computed(_ index: Int, _ times: [Int]) -> Matrix? {
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

  // MARK: Terms

  /// The value of a term; nil where something in it is undefined.
  func evaluate(_ term: Term, _ environment: [Int]) -> Matrix? {
    budget -= 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= 800 else { budget = 0; return nil }
    guard budget > 0 else { return nil }
    func operand(_ index: Int) -> Matrix? { evaluate(term.operands[index], environment) }
    func both(_ body: (Double, Double) -> Double) -> Matrix? {
      guard let a = operand(0), let b = operand(1) else { return nil }
      return a.combined(b, body)
    }
    switch term.operation {
    case .number(let number): return .scalar(number)
    case .moment(let moment): return .scalar(Double(moment.step(environment)))
    case .axis(let letter): return .scalar(Double(letters[letter] ?? 1))
    case .zeros: return zeros(term.size) ?? .scalar(0)
    case .ones:
      guard let zeros = zeros(term.size) else { return nil }
      return Matrix(rows: zeros.rows, columns: zeros.columns, repeating: 1)
    case .identity:
      guard let rows = term.size.rows else { return nil }
      return .identity(rows.value(letters))
    case .value(let target, let moment): return value(of: target, at: moment?.step(environment))
    case .loss(let moment):
      guard let moment else { return .scalar((1...steps).reduce(0) { $0 + loss(at: $1) }) }
      let step = moment.step(environment)
      return step >= 1 && step <= steps ? .scalar(loss(at: step)) : nil
    case .gradient(let loss, let by, let at, let isImmediate):
      if let found = stated?.found(term, environment) { return found.value }
      return gradient(
        loss: loss?.step(environment), by: by, at: at?.step(environment), isImmediate: isImmediate)
    case .jacobian(let slope):
      if let found = stated?.found(term, environment) { return found.value }
      return jacobian(slope, environment)
    case .composition(let slopes):
      guard let start = operand(0) else { return nil }
      return compose(slopes, start, environment)
    case .defined(let index, let moments): return defined(index, moments.map { $0.step(environment) })
    case .negate: return operand(0)?.scaled(-1)
    case .add: return both { $0 + $1 }
    case .subtract: return both { $0 - $1 }
    case .hadamard: return both { $0 * $1 }
    case .divide: return both { $0 / $1 }
    case .scale:
      guard let a = operand(0), let b = operand(1), let factor = a.elements.first else { return nil }
      return b.scaled(factor)
    case .multiply:
      guard let a = operand(0), let b = operand(1), a.columns == b.rows else { return nil }
      return a.times(b)
    case .transpose: return operand(0)?.flipped
    case .power:
      guard let a = operand(0), let exponent = operand(1)?.elements.first else { return nil }
      return a.applying { pow($0, exponent) }
    case .matrixPower:
      guard let a = operand(0), let exponent = operand(1)?.elements.first, exponent >= 0, exponent <= 64,
        a.rows == a.columns
      else { return nil }
      return (0..<Int(exponent)).reduce(Matrix.identity(a.rows)) { result, _ in result.times(a) }
    case .function(let function, let derivative):
      guard let a = operand(0) else { return nil }
      if [.relu, .abs].contains(function) { see(term, a.elements) }
      return a.applying { function.value($0, derivative: derivative) }
    case .maximum, .minimum:
      guard let a = operand(0), let b = operand(1), let difference = a.combined(b, { $0 - $1 }) else { return nil }
      see(term, difference.elements)
      if case .maximum = term.operation { return a.combined(b) { max($0, $1) } }
      return a.combined(b) { min($0, $1) }
    case .softmax: return operand(0)?.softmax(acrossRows: !context.isRows)
    case .total: return operand(0)?.total(acrossRows: !context.isRows)
    case .mean:
      guard let a = operand(0) else { return nil }
      return a.total(acrossRows: !context.isRows).scaled(1 / Double(context.isRows ? a.columns : a.rows))
    case .diagonal:
      guard let a = operand(0) else { return nil }
      return .diagonal(a.elements)
    case .stack(let isVertical):
      var parts: [Matrix] = []
      for index in term.operands.indices {
        guard let part = operand(index) else { return nil }
        parts.append(part)
      }
      return isVertical ? .onTop(parts) : .sideBySide(parts)
    case .norm(let norm):
      guard let a = operand(0) else { return nil }
      return .scalar(a.norm(norm))
    case .repetition(let operation, let slot, let lower, let upper, let isDescending):
      return repeated(term, environment, operation, slot, lower, upper, isDescending)
    }
  }

  private func see(_ term: Term, _ values: [Double]) {
    var seen = sides[ObjectIdentifier(term)] ?? (false, false)
    for value in values { if value > 0 { seen.above = true } else { seen.below = true } }
    sides[ObjectIdentifier(term)] = seen
  }

  private func repeated(
    _ term: Term, _ environment: [Int], _ operation: Repetition.Operation, _ slot: Int, _ lower: Moment,
    _ upper: Moment,
    _ isDescending: Bool
  ) -> Matrix? {
    let (first, last) = (lower.step(environment), upper.step(environment))
    var environment = environment
    guard first <= last else {
      guard let zeros = zeros(term.size) else { return operation == .sum ? .scalar(0) : .scalar(1) }
      switch operation {
      case .sum: return zeros
      case .product: return term.size.isScalar ? .scalar(1) : .identity(zeros.rows)
      case .hadamard: return Matrix(rows: zeros.rows, columns: zeros.columns, repeating: 1)
      }
    }
    guard last - first <= 100_000 else {
      budget = 0
      return nil
    }
    var result: Matrix?
    for step in first...last {
      environment[slot] = step
      guard let value = evaluate(term.operands[0], environment) else { return nil }
      guard let before = result else {
        result = value
        continue
      }
      switch operation {
      case .sum: result = before.combined(value) { $0 + $1 }
      case .hadamard: result = before.combined(value) { $0 * $1 }
      case .product:
        if term.size.isScalar {
          result = before.combined(value) { $0 * $1 }
        } else {
          result = isDescending ? value.times(before) : before.times(value)
        }
      }
      if result == nil { return nil }
    }
    return result
  }

  /// The largest entry of the outermost terms, against which errors are measured.
  func scale(_ term: Term, _ environment: [Int]) -> Double {
    term.addends.reduce(0) { largest, addend in
      if case .repetition(.sum, let slot, let lower, let upper, _) = addend.operation, environment.count > slot {
        var inner = environment
        let (first, last) = (lower.step(environment), upper.step(environment))
        guard first <= last, last - first < 50 else { return largest }
        return (first...last).reduce(largest) { most, step in
          inner[slot] = step
          return max(most, evaluate(addend.operands[0], inner)?.largest ?? 0)
        }
      }
      return max(largest, evaluate(addend, environment)?.largest ?? 0)
    }
  }
}

extension Statement.Relation {
  /// Whether two steps are as the relation says.
  func holds(_ a: Int, _ b: Int) -> Bool {
    switch self {
    case .equal, .defined: return a == b
    case .lessOrEqual: return a <= b
    case .greaterOrEqual: return a >= b
    case .less: return a < b
    case .greater: return a > b
    }
  }
}
