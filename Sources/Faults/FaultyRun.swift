// A cell run over some steps with mistakes in it: what somebody who made them would hand in.

public import CellKit
import Formula
public import Recurrence

/// Outputs and gradients over T steps, with the mistakes of one's choice; T is 1 for a single step.
public final class FaultyRun {
  /// Gradients by their leaves; a leaf that the cell does not use is nil.
  public struct Blocks: Sendable, Equatable {
    public var parameters: [Matrix?]
    /// For each input, the matrix of each step.
    public var inputs: [[Matrix]?]
    /// By the state before the first step.
    public var initial: [Matrix?]
  }

  let cell: Cell
  let plan: StepPlan
  let steps: Int
  private let upstream: [[Matrix?]]
  /// The values that are used on the way back.
  private let tape: Tape
  let adjoints: Entries
  let sum: Entries
  let faulty: FaultyPullBack
  /// Whether the gradients of the step without a fault are known.
  var hasReference = false
  /// The states and outputs at every step, as the way forward made them.
  public let outputs: Outputs

  /// Runs a cell forward.
  ///
  /// - Parameters:
  ///   - own: the cell whose values are used, where they come from other equations than the ones gone back through.
  ///   - loop: the mistake of the loop forward.
  public init(_ cell: Cell, sizes: Sizes, _ value: Case, own: WrongForward? = nil, loop: ForwardTimeFault? = nil) {
    self.cell = cell
    steps = value.steps
    upstream = value.upstream
    let run = Tape(own?.cell ?? cell, sizes: Sizes(sizes.letters, steps: value.steps))
    run.forward(value) { step, state in
      var state = state
      if step > 1, loop?.slip == .otherHandedOn, let index = loop?.state, let node = loop?.standIn {
        let other = run.value(own?.nodes[node] ?? node, at: step - 1)
        state[index] = Matrix(rows: state[index].rows, columns: state[index].columns, elements: other.elements)
      }
      return FaultyRun.fed(value, step - 1, state, loop, cell.graph)
    }
    outputs = run.outputs.enumerated().map { index, list in
      Self.handedOut(list, initial: index < value.initial.count ? value.initial[index] : nil, loop)
    }
    tape = own == nil ? run : Tape(cell, sizes: run.sizes)
    plan = tape.plan
    for (node, other) in (own?.nodes ?? []).enumerated() {
      for step in 1...steps {
        (tape.block(step) + plan.offsets[node]).update(
          from: run.block(step) + run.plan.offsets[other], count: plan.extents[node].count)
      }
    }
    adjoints = .allocate(capacity: max(1, plan.size))
    sum = .allocate(capacity: max(1, plan.size))
    faulty = FaultyPullBack(plan, batch: sizes.batch)
  }

  deinit {
    adjoints.deallocate()
    sum.deallocate()
  }

  // MARK: Back

  /// The gradients with mistakes of the step and of the loop, or the right ones.
  public func gradients(_ faults: [Fault] = [], time: TimeFault? = nil) -> Blocks {
    let graph = plan.graph
    let states = cell.quantities.states.indices
    var parameters: [Matrix?] = graph.parameters.map { $0.map(plan.zeros) }
    var inputs: [[Matrix]?] = graph.inputs.map { node in node.map { [Matrix](repeating: plan.zeros($0), count: steps) }
    }
    var initial: [Matrix?] = graph.previous.map { $0.map(plan.zeros) }
    var carried = states.map { plan.zeros(graph.results[$0]) }
    var firstTotals = carried
    var firstCarried = carried
    var lastSent = initial
    let order = time?.slip == .forwardsInTime ? Array(0..<steps) : (0..<steps).reversed()
    for step in order where step > 0 || time?.slip != .firstStepNotVisited {
      let arriving = graph.results.indices.map { reaching($0, step, carried, time) }
      if step == 0 { firstCarried = carried }
      let now = faults.filter { $0.end == nil || ($0.end == .first ? step == 0 : step == steps - 1) }
      let block = flow(arriving, tape.block(cached(step, time) + 1), now)
      for (index, node) in graph.parameters.enumerated() {
        guard let node, time?.concerns(index, .ownLossOnly) != true else { continue }
        collect(plan.matrix(node, block), step, index, &parameters[index]!, time)
      }
      for (index, node) in graph.inputs.enumerated() {
        if let node { inputs[index]![step] = plan.matrix(node, block) }
      }
      for index in states {
        if step == 0 { firstTotals[index] = arriving[index] }
        guard let node = graph.previous[index] else { continue }
        let before = plan.matrix(node, block)
        initial[index] = before
        if step == steps - 1 { lastSent[index] = before }
        carried[index] = carrying(before, carried[index], index, time)
        if time?.concerns(index, .carryHandedOn) == true {
          carried[index] = arriving[index]
          initial[index] = arriving[index]
        }
        guard time?.concerns(index, .upstreamAfterStep, .upstreamAlsoAfterStep) == true,
          let own = upstream[index][step]
        else { continue }
        carried[index] += own
        initial[index]! += own
      }
      guard time?.slip == .carryOfOwnLossOnly || time?.slip == .ownLossOnly else { continue }
      let alone = flow(
        graph.results.indices.map { upstream[$0][step] ?? plan.zeros(graph.results[$0]) }, tape.block(step + 1), now)
      for (index, node) in graph.parameters.enumerated() where time?.concerns(index, .ownLossOnly) == true {
        if let node { parameters[index]! += plan.matrix(node, alone) }
      }
      for index in states where time?.concerns(index, .carryOfOwnLossOnly) == true {
        guard let node = graph.previous[index] else { continue }
        carried[index] = plan.matrix(node, alone)
        initial[index] = carried[index]
      }
    }
    for index in states where initial[index] != nil {
      if time?.concerns(index, .carryLost) == true { initial[index] = plan.zeros(graph.results[index]) }
      if time?.concerns(index, .initialZero) == true { initial[index] = plan.zeros(graph.results[index]) }
      if time?.concerns(index, .initialIsLastStep) == true { initial[index] = lastSent[index] }
      if time?.concerns(index, .initialWithUpstream) == true, let own = upstream[index][0] { initial[index]! += own }
      if time?.concerns(index, .initialIsFirstState) == true { initial[index] = firstTotals[index] }
      if time?.concerns(index, .initialIsCarriedToFirst) == true { initial[index] = firstCarried[index] }
    }
    for index in inputs.indices {
      guard let list = inputs[index], let time, time.slip.kind == .input, time.concerns(index, time.slip) else {
        continue
      }
      inputs[index] = list.indices.map { step in
        switch time.slip {
        case .inputsFirstOnly: list[0]
        case .inputsReversed: list[steps - 1 - step]
        case .inputsOneLater: list[min(steps - 1, step + 1)]
        default: list[max(0, step - 1)]
        }
      }
    }
    return Blocks(parameters: parameters, inputs: inputs, initial: initial)
  }

  /// What reaches a result of a step from outside: the loss's own part, and what the next step sends.
  private func reaching(_ index: Int, _ step: Int, _ carried: [Matrix], _ time: TimeFault?) -> Matrix {
    var at: Int? = step
    let isLast = step == steps - 1
    if let time, time.slip.kind == .result, time.concerns(index, time.slip) {
      switch time.slip {
      case .upstreamLeftOut: at = nil
      case .upstreamOnlyAtEnd: at = isLast ? step : nil
      case .upstreamLeftOutAtEnd: at = isLast ? nil : step
      case .upstreamOneLater: at = min(steps - 1, step + 1)
      case .upstreamOneEarlier: at = max(0, step - 1)
      case .upstreamReversed: at = steps - 1 - step
      default: at = steps - 1
      }
    }
    if index < carried.count, !isLast, time?.concerns(index, .carryReplacesUpstream) == true { at = nil }
    if index < carried.count, time?.concerns(index, .upstreamAfterStep) == true { at = nil }
    let node = plan.graph.results[index]
    var total = at.flatMap { upstream[index][$0] } ?? plan.zeros(node)
    if index < carried.count {
      total += carried[time?.slip == .carriesExchanged ? carried.count - 1 - index : index]
      if isLast, time?.concerns(index, .upstreamTwiceAtEnd) == true, let own = upstream[index][step] { total += own }
    }
    return total
  }

  private func carrying(_ before: Matrix, _ held: Matrix, _ index: Int, _ time: TimeFault?) -> Matrix {
    guard let time, time.slip.kind == .state, time.concerns(index, time.slip) else { return before }
    switch time.slip {
    case .carryDropped, .carryLost: return .zeros(like: before)
    case .carryNegated: return -1 * before
    case .carryDoubled: return 2 * before
    case .carryAccumulated: return held + before
    default: return before
    }
  }

  private func collect(_ part: Matrix, _ step: Int, _ index: Int, _ total: inout Matrix, _ time: TimeFault?) {
    guard let time, time.slip.kind == .parameter, time.concerns(index, time.slip) else {
      total += part
      return
    }
    let isCounted =
      switch time.slip {
      case .firstStepOnly: step == 0
      case .lastStepOnly: step == steps - 1
      case .firstStepLeftOut: step > 0
      case .lastStepLeftOut: step < steps - 1
      default: true
      }
    guard isCounted else { return }
    total += time.slip == .meanOverSteps ? (1 / Double(steps)) * part : part
  }

  /// The step whose cache is used.
  private func cached(_ step: Int, _ time: TimeFault?) -> Int {
    switch time?.slip {
    case .tapeOneEarlier: max(0, step - 1)
    case .tapeOneLater: min(steps - 1, step + 1)
    case .tapeReversed: steps - 1 - step
    case .tapeLastOnly: steps - 1
    default: step
    }
  }
}

/// Two sequences one after the other, as one list.
private func + <First, Second>(
  left: Zip2Sequence<[First], [Second]>, right: Zip2Sequence<[First], [Second]>
) -> [(First, Second)] { Array(left) + Array(right) }

private func + <First, Second>(
  left: [(First, Second)], right: Zip2Sequence<[First], [Second]>
) -> [(First, Second)] { left + Array(right) }
