// Paths of single units, forward and backward, drawn step by step.

import Formula
import Glibc
import Recurrence

/// A gaussian process in discrete time whose covariance becomes known step by step.
///
/// Cholesky's factor grows by a row a step; several independent copies share it.
private final class GrowingProcess {
  private var factor: [[Double]] = []
  private var noise: UnsafeMutableBufferPointer<Double>
  private let width: Int
  private let avoided: [Double]?
  private var count = 0

  /// - Parameters:
  ///   - width: how many numbers are drawn at each step.
  ///   - steps: how many steps there are.
  ///   - avoided: values that the noise is to be uncorrelated with.
  init(width: Int, steps: Int, avoiding avoided: [Double]? = nil) {
    self.width = width
    self.avoided = avoided
    noise = .allocate(capacity: max(1, width * steps))
  }

  deinit { noise.deallocate() }

  /// Makes noise uncorrelated over the units with all earlier noise, and of mean square 1, as it is among infinitely many:
  /// second moments, on which everything else rests, then have no sampling error of their own (moment matching).
  private func makeIndependent(_ fresh: UnsafeMutablePointer<Double>) {
    guard 2 * (count + 1) < width else { return }
    var overlaps = [Double](repeating: 0, count: count + 1)
    overlaps.withUnsafeMutableBufferPointer { list in
      guard let overlaps = list.baseAddress else { return }
      Dense.rows(
        noise.baseAddress!, count, width, times: fresh, scale: -1 / Double(width), into: overlaps, adding: false)
      Dense.combine(noise.baseAddress!, count, width, weights: overlaps, into: fresh)
      if let avoided {
        avoided.withUnsafeBufferPointer { other in
          guard let base = other.baseAddress, other.count == width else { return }
          Dense.add(-Dense.inner(base, fresh, width) / Dense.inner(base, base, width), base, to: fresh, width)
        }
      }
    }
    let length = (Dense.inner(fresh, fresh, width) / Double(width)).squareRoot()
    for index in 0..<width { fresh[index] /= length }
  }

  /// Adds the values of the next step to `target`.
  ///
  /// - Parameter covariance: with each of the steps so far, and the variance last.
  func draw(_ covariance: [Double], into target: UnsafeMutablePointer<Double>, _ generator: inout SeededGenerator) {
    var row = [Double](repeating: 0, count: count + 1)
    var rest = covariance[count]
    for earlier in 0..<count {
      let pivot = factor[earlier][earlier]
      guard pivot > 0 else { continue }
      var value = covariance[earlier]
      if earlier > 0 {
        value -= row.withUnsafeBufferPointer { row in
          factor[earlier].withUnsafeBufferPointer { Dense.inner(row.baseAddress!, $0.baseAddress!, earlier) }
        }
      }
      row[earlier] = value / pivot
      rest -= row[earlier] * row[earlier]
    }
    // What is left of the variance may be a rounding error: then the step repeats earlier ones.
    row[count] = rest > 1e-12 * covariance[count] ? rest.squareRoot() : 0
    factor.append(row)
    let fresh = noise.baseAddress! + count * width
    for index in 0..<width { fresh[index] = generator.normal() }
    makeIndependent(fresh)
    count += 1
    row.withUnsafeBufferPointer {
      Dense.combine(noise.baseAddress!, count, width, weights: $0.baseAddress!, into: target)
    }
  }
}

/// What a vector was at all steps so far, and its covariance in time.
private final class History {
  private let values: UnsafeMutableBufferPointer<Double>
  private let width: Int
  private var count = 0

  init(width: Int, steps: Int) {
    self.width = width
    values = .allocate(capacity: max(1, width * steps))
  }

  deinit { values.deallocate() }

  /// Adds a step; returns scale · ⟨v, v_s⟩ for each step so far, itself last.
  func append(_ vector: UnsafePointer<Double>, scale: Double) -> [Double] {
    (values.baseAddress! + count * width).update(from: vector, count: width)
    count += 1
    var covariance = [Double](repeating: 0, count: count)
    covariance.withUnsafeMutableBufferPointer {
      Dense.rows(
        values.baseAddress!, count, width, times: vector, scale: scale, into: $0.baseAddress!, adding: false)
    }
    return covariance
  }
}

/// One solution of the mean-field equations by drawing.
final class SiteRun {
  private let experiment: Experiment
  private let cell: Cell
  private let anatomy: CellAnatomy
  private let nodes: [Node]
  private let blocks: [Int?]
  private let needed: [Bool]
  private let sites: Int
  private let identityGain: Double?
  private let recurrentVariance: Double
  private let steps: Int
  /// Where each node lies in a step's block; nil where it has no units.
  private let offsets: [Int?]
  private let size: Int
  private let values: UnsafeMutableBufferPointer<Double>
  private var generator: SeededGenerator
  private let uses: [Int: CellAnatomy.MatrixUse]
  private var loss: [Double]?

  init(
    experiment: Experiment, cell: Cell, anatomy: CellAnatomy, blocks: [Int?], needed: [Bool], sites: Int,
    identityGain: Double?, recurrentVariance: Double
  ) {
    self.experiment = experiment
    self.cell = cell
    self.anatomy = anatomy
    nodes = cell.graph.nodes
    self.blocks = blocks
    self.needed = needed
    self.sites = sites
    self.identityGain = identityGain
    self.recurrentVariance = recurrentVariance
    steps = experiment.steps
    var offsets: [Int?] = []
    var size = 0
    for (index, blocks) in blocks.enumerated() {
      guard needed[index], let blocks else {
        offsets.append(nil)
        continue
      }
      offsets.append(size)
      size += blocks * sites
    }
    self.offsets = offsets
    self.size = size
    values = .allocate(capacity: max(1, size * steps))
    values.initialize(repeating: 0)
    // The theory of one experiment is one number, whatever seeds the networks have.
    generator = SeededGenerator(seed: 0x5EED, stream: 7)
    uses = Dictionary(
      anatomy.matrices.joined().map { ($0.product, $0) }, uniquingKeysWith: { first, _ in first })
  }

  deinit { values.deallocate() }

  private func block(_ step: Int) -> UnsafeMutablePointer<Double> { values.baseAddress! + (step - 1) * size }
  private func width(_ node: Int) -> Int { (blocks[node] ?? 0) * sites }

  private func operands(of use: CellAnatomy.MatrixUse) -> [Int] {
    nodes[use.vector].operation == .join ? nodes[use.vector].operands : [use.vector]
  }

  // MARK: Parameters

  /// What a parameter with one axis, or none, is at each unit.
  private func parameterValues() -> [[Double]?] {
    var values: [[Double]?] = cell.graph.parameters.enumerated().map { index, node in
      guard let node, blocks[node] != nil, needed[node] else { return nil }
      let variance: Double
      if anatomy.multipliesState[index] {
        let each = recurrentVariance + (identityGain.map { $0 * $0 } ?? 0)
        variance = each / Double(experiment.hidden)
      } else {
        variance = Theory.inputVariances(experiment, inputs: 0).bias
      }
      if experiment.variant.input == nil, case .uniform(let scale) = experiment.variant.weights {
        let bound = scale / Double(experiment.hidden).squareRoot()
        return (0..<width(node)).map { _ in bound * (2 * generator.uniform() - 1) }
      }
      return (0..<width(node)).map { _ in variance.squareRoot() * generator.normal() }
    }
    guard let forget = experiment.variant.forget else { return values }
    // Biases at the middles of equal shares, in the order of the units.
    let biases = (0..<sites).map { index -> Double in
      switch forget {
      case .constant(let bias): return bias
      case .chrono(let longest): return Glibc.log(1 + (longest - 2) * (Double(index) + 0.5) / Double(sites))
      }
    }
    func write(_ gate: CellAnatomy.Gate, _ sign: Double) {
      for (position, part) in anatomy.biases(of: gate).enumerated() {
        guard var list = values[part.parameter] else { continue }
        let length = list.count / part.count
        for index in 0..<length {
          let bias = biases[index % sites] * sign * part.sign * (gate.isDirect ? 1 : -1)
          list[part.index * length + index] = position == 0 ? bias : 0
        }
        values[part.parameter] = list
      }
    }
    for gate in anatomy.forgetGates { write(gate, 1) }
    if case .chrono = forget { for gate in anatomy.inputGates { write(gate, -1) } }
    return values
  }

  // MARK: Forward

  func forward() {
    let parameters = parameterValues()
    var histories: [Int: History] = [:]
    var processes: [Int: GrowingProcess] = [:]
    for step in 1...steps {
      let block = block(step)
      // The same vector before several matrices has one covariance.
      var covariances: [Int: [Double]] = [:]
      for index in nodes.indices {
        guard needed[index], let offset = offsets[index] else { continue }
        let target = block + offset
        let count = width(index)
        func operand(_ position: Int) -> UnsafeMutablePointer<Double> {
          block + (offsets[nodes[index].operands[position]] ?? 0)
        }
        func by2(_ body: (Double, Double) -> Double) {
          let (a, b) = (operand(0), operand(1))
          for unit in 0..<count { target[unit] = body(a[unit], b[unit]) }
        }
        func by1(_ body: (Double) -> Double) {
          let a = operand(0)
          for unit in 0..<count { target[unit] = body(a[unit]) }
        }
        switch nodes[index].operation {
        case .parameter(let parameter):
          for (unit, value) in (parameters[parameter] ?? []).enumerated() { target[unit] = value }
        case .previous(let state):
          if step == 1 {
            target.update(repeating: 0, count: count)
          } else {
            let from = offsets[cell.graph.results[state]] ?? 0
            target.update(from: self.block(step - 1) + from, count: count)
          }
        case .constant(let number): target.update(repeating: number, count: count)
        case .affine(let scale, let shift): by1 { scale * $0 + shift }
        case .add: by2 { $0 + $1 }
        case .subtract: by2 { $0 - $1 }
        case .hadamard: by2 { $0 * $1 }
        case .divide: by2 { $0 / $1 }
        case .maximum: by2 { $1 > $0 ? $1 : $0 }
        case .minimum: by2 { $1 < $0 ? $1 : $0 }
        case .function(let function): by1 { function.value($0) }
        case .power(let exponent): by1 { Glibc.pow($0, exponent) }
        case .stop: by1 { $0 }
        case .spread:
          let from = nodes[index].operands[0]
          let isScalar = nodes[from].shape.axes == .scalar
          let a = operand(0)
          for unit in 0..<count { target[unit] = a[isScalar ? unit % sites : unit] }
        case .slice(let part, _):
          target.update(from: operand(0) + part * count, count: count)
        case .join:
          var start = 0
          for (position, from) in nodes[index].operands.enumerated() {
            (target + start).update(from: operand(position), count: width(from))
            start += width(from)
          }
        case .product:
          guard let use = uses[index] else { continue }
          let key = use.vector
          target.update(repeating: 0, count: count)
          if let identityGain {
            // Unit by unit, and what inputs add: independent from step to step.
            for (part, from) in zip(use.parts, operands(of: use)) where part.source == .state {
              for copy in 0..<count { target[copy] += identityGain * block[(offsets[from] ?? 0) + copy % width(from)] }
            }
            let variance = inputVariance(use)
            if variance > 0 { for unit in 0..<count { target[unit] += variance.squareRoot() * generator.normal() } }
            continue
          }
          var covariance: [Double]
          if let known = covariances[key] {
            covariance = known
          } else {
            covariance = [Double](repeating: 0, count: step)
            for (place, (part, from)) in zip(use.parts, operands(of: use)).enumerated() where part.source == .state {
              let id = key * 16 + place
              let history = histories[id] ?? History(width: width(from), steps: steps)
              histories[id] = history
              let scale = recurrentVariance / Double(sites)
              let part = history.append(block + (offsets[from] ?? 0), scale: scale)
              for time in 0..<step { covariance[time] += part[time] }
            }
            covariances[key] = covariance
          }
          covariance[step - 1] += inputVariance(use)
          if use.parts.allSatisfy({ $0.source != .state }) {
            let deviation = covariance[step - 1].squareRoot()
            for unit in 0..<count { target[unit] = deviation * generator.normal() }
          } else {
            let process = processes[index] ?? GrowingProcess(width: count, steps: steps)
            processes[index] = process
            process.draw(covariance, into: target, &generator)
          }
        default: continue
        }
      }
    }
  }

  private func inputVariance(_ use: CellAnatomy.MatrixUse) -> Double {
    let letters = experiment.sizes(for: cell).letters
    return use.parts.filter { $0.source == .input }
      .reduce(0) { $0 + Theory.inputVariances(experiment, inputs: $1.size.value(letters)).input }
  }

  // MARK: Backward

  /// For each state, the mean square of the gradient at the steps 0…T.
  func backward() -> [[Double]]? {
    let states = cell.quantities.states.count
    var squares = [[Double]](repeating: [Double](repeating: 0, count: steps + 1), count: states)
    var carried = (0..<states).map { [Double](repeating: 0, count: width(cell.graph.results[$0])) }
    let adjoints = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(1, size))
    defer { adjoints.deallocate() }
    guard let base = adjoints.baseAddress else { return nil }
    var histories: [Int: History] = [:]
    var processes: [Int: GrowingProcess] = [:]
    let seen = Experiment.observedState(of: cell)
    func square(_ entries: UnsafePointer<Double>, _ count: Int) -> Double {
      Dense.inner(entries, entries, count) / Double(sites)
    }
    var limit = Double.infinity
    for step in stride(from: steps, through: 1, by: -1) {
      let block = block(step)
      base.update(repeating: 0, count: size)
      for state in 0..<states {
        let target = base + (offsets[cell.graph.results[state]] ?? 0)
        for unit in carried[state].indices { target[unit] += carried[state][unit] }
        if state == seen, step == steps || experiment.variant.hasLossAtEveryStep {
          var own = 0.0
          for unit in carried[state].indices {
            // Only the mean square matters; signs have it without a sampling error.
            let value: Double = generator.next() & 1 == 0 ? 1 : -1
            own += value * value
            target[unit] += value
          }
          if step == steps { loss = Array(UnsafeBufferPointer(start: target, count: carried[state].count)) }
          if step == steps, let clip = experiment.variant.clip { limit = clip * clip * own / Double(sites) }
        }
      }
      var current = -1
      var drawn: [Int: [Double]] = [:]
      for edge in cell.graph.contributions where needed[edge.source] && needed[edge.target] {
        guard offsets[edge.source] != nil else { continue }
        if edge.source != current {
          current = edge.source
          drawn = [:]
        }
        pullBack(edge, block, base, step, &histories, &processes, &drawn)
      }
      for state in 0..<states {
        let result = base + (offsets[cell.graph.results[state]] ?? 0)
        squares[state][step] = square(result, carried[state].count)
        guard let previous = cell.graph.previous[state], let offset = offsets[previous] else {
          carried[state] = [Double](repeating: 0, count: carried[state].count)
          continue
        }
        carried[state] = Array(UnsafeBufferPointer(start: base + offset, count: carried[state].count))
      }
      let total = carried.reduce(0.0) { sum, list in sum + list.reduce(0) { $0 + $1 * $1 } } / Double(sites)
      if total > limit {
        let factor = (limit / total).squareRoot()
        for state in 0..<states { for unit in carried[state].indices { carried[state][unit] *= factor } }
      }
    }
    for state in 0..<states {
      squares[state][0] = carried[state].withUnsafeBufferPointer { list in
        list.baseAddress.map { square($0, list.count) } ?? 0
      }
    }
    return squares.joined().allSatisfy(\.isFinite) ? squares : nil
  }

  private func pullBack(
    _ edge: Contribution, _ block: UnsafeMutablePointer<Double>, _ adjoints: UnsafeMutablePointer<Double>, _ step: Int,
    _ histories: inout [Int: History], _ processes: inout [Int: GrowingProcess], _ drawn: inout [Int: [Double]]
  ) {
    guard let sourceOffset = offsets[edge.source] else { return }
    let node = nodes[edge.source]
    let adjoint = adjoints + sourceOffset
    let value = block + sourceOffset
    let count = width(edge.source)
    if case .product = node.operation {
      guard let use = uses[edge.source], edge.target == use.vector else { return }
      pullBackProduct(use, adjoint, adjoints, step, &histories, &processes)
      return
    }
    guard let targetOffset = offsets[edge.target] else { return }
    let target = adjoints + targetOffset
    func operand(_ position: Int) -> UnsafeMutablePointer<Double> { block + (offsets[node.operands[position]] ?? 0) }
    func each(_ slope: (Int) -> Double) {
      for unit in 0..<count { target[unit] += adjoint[unit] * slope(unit) }
    }
    switch node.operation {
    case .affine(let scale, _): each { _ in scale }
    case .add: each { _ in 1 }
    case .subtract: each { _ in edge.operand == 0 ? 1 : -1 }
    case .hadamard:
      let other = operand(1 - edge.operand)
      each { other[$0] }
    case .divide:
      let below = operand(1)
      if edge.operand == 0 { each { 1 / below[$0] } } else { each { -value[$0] / below[$0] } }
    case .maximum, .minimum:
      let (a, b) = (operand(0), operand(1))
      let isMaximum = node.operation == .maximum
      each { (isMaximum ? b[$0] > a[$0] : b[$0] < a[$0]) == (edge.operand == 1) ? 1 : 0 }
    case .function(let function):
      let a = operand(0)
      each { function.slope(a[$0], value[$0]) }
    case .power(let exponent):
      let a = operand(0)
      if exponent != 0 { each { exponent * Glibc.pow(a[$0], exponent - 1) } }
    case .spread:
      if nodes[edge.target].shape.axes != .scalar { each { _ in 1 } }
    case .slice(let part, _):
      for unit in 0..<count { target[part * count + unit] += adjoint[unit] }
    case .join:
      var start = 0
      for (position, from) in node.operands.enumerated() {
        if position == edge.operand { for unit in 0..<width(from) { target[unit] += adjoint[start + unit] } }
        start += width(from)
      }
    default: break
    }
  }

  /// Uᵀδ at the units of each part of the vector.
  private func pullBackProduct(
    _ use: CellAnatomy.MatrixUse, _ adjoint: UnsafeMutablePointer<Double>, _ adjoints: UnsafeMutablePointer<Double>,
    _ step: Int, _ histories: inout [Int: History], _ processes: inout [Int: GrowingProcess]
  ) {
    let count = width(use.product)
    if let identityGain {
      for (part, from) in zip(use.parts, operands(of: use)) where part.source == .state {
        let target = adjoints + (offsets[from] ?? 0)
        for unit in 0..<count { target[unit % width(from)] += identityGain * adjoint[unit] }
      }
      return
    }
    guard recurrentVariance > 0, use.parts.contains(where: { $0.source == .state }) else { return }
    let history = histories[use.product] ?? History(width: count, steps: steps)
    histories[use.product] = history
    let covariance = history.append(adjoint, scale: recurrentVariance / Double(sites))
    for (place, (part, from)) in zip(use.parts, operands(of: use)).enumerated() where part.source == .state {
      let id = use.product * 16 + place
      let process = processes[id] ?? GrowingProcess(width: width(from), steps: steps, avoiding: loss)
      processes[id] = process
      process.draw(covariance, into: adjoints + (offsets[from] ?? 0), &generator)
    }
  }
}

extension Function {
  /// The value at a number, for functions by element.
  fileprivate func value(_ x: Double) -> Double {
    switch self {
    case .sigmoid: return 1 / (1 + Glibc.exp(-x))
    case .tanh: return Glibc.tanh(x)
    case .exp: return Glibc.exp(x)
    case .log: return Glibc.log(x)
    case .sqrt: return x.squareRoot()
    case .relu: return x > 0 ? x : 0
    case .softplus: return Swift.max(x, 0) + log1p(Glibc.exp(-Swift.abs(x)))
    case .softsign: return x / (1 + Swift.abs(x))
    case .abs: return Swift.abs(x)
    default: return x
    }
  }

  /// The derivative at x, where the value is y.
  fileprivate func slope(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .sigmoid: return y * (1 - y)
    case .tanh: return 1 - y * y
    case .exp: return y
    case .log: return 1 / x
    case .sqrt: return 0.5 / y
    case .relu: return x > 0 ? 1 : 0
    case .softplus: return 1 / (1 + Glibc.exp(-x))
    case .softsign: return 1 / ((1 + Swift.abs(x)) * (1 + Swift.abs(x)))
    case .abs: return x > 0 ? 1 : x < 0 ? -1 : 0
    default: return 1
    }
  }
}
