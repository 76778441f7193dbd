// The loop back over time as somebody wrote it: what the tape is told at each step, and what is collected there.

import CellKit
import Recurrence

/// The loop back of a run, with a mistake of its own or without.
final class LoopBack {
  private let run: FaultyRun
  private let faults: [Fault]
  private let time: TimeFault?
  private let rewrite: TimeFault.Rewrite
  private var parameters: [Matrix?]
  private var inputs: [[Matrix]?]
  private var initial: [Matrix?]
  /// What has reached each result of the step at hand, and what the step after has handed to each state.
  private var arrived: [Matrix] = []
  private var carried: [Matrix]
  /// The same at the first step.
  private var firstArrived: [Matrix]
  private var firstCarried: [Matrix]
  /// What the last step hands on.
  private var lastSent: [Matrix?]

  private var plan: StepPlan { run.plan }
  private var graph: StepGraph { run.plan.graph }

  init(_ run: FaultyRun, _ time: TimeFault?, _ faults: [Fault]) {
    self.run = run
    self.time = time
    self.faults = faults
    rewrite = time?.slip.rewrite ?? TimeFault.Rewrite()
    let (plan, graph) = (run.plan, run.plan.graph)
    parameters = graph.parameters.map { $0.map(plan.zeros) }
    inputs = graph.inputs.map { node in node.map { [Matrix](repeating: plan.zeros($0), count: run.steps) } }
    initial = graph.previous.map { $0.map(plan.zeros) }
    carried = run.cell.quantities.states.indices.map { plan.zeros(graph.results[$0]) }
    (firstArrived, firstCarried, lastSent) = (carried, carried, initial)
  }

  /// The steps in the order in which they are gone through.
  var order: [Int] {
    let steps = Array((rewrite.skipsFirst ? 2 : 1)..<(run.steps + 1))
    return rewrite.runsForwards ? steps : steps.reversed()
  }

  /// A step from 1, counted from 0.
  private func at(_ step: Int) -> TimeFault.Step { TimeFault.Step(index: step - 1, count: run.steps) }

  /// Whether the mistake concerns a quantity of a kind.
  private func concerns(_ index: Int, _ kind: TimeFault.Kind) -> Bool {
    guard let time, time.slip.kind == kind else { return false }
    return time.index == nil || time.index == index
  }

  /// The mistakes that are made at a step.
  private func faults(at step: TimeFault.Step) -> [Fault] {
    faults.filter { $0.end == nil || ($0.end == .first ? step.isFirst : step.isLast) }
  }

  // MARK: At each step

  /// Adds up what reaches the results of a step from outside: the loss's own part, and what the next step sends.
  func arrive(at step: Int) {
    let at = at(step)
    arrived = graph.results.indices.map { reaching($0, at) }
    guard at.isFirst else { return }
    firstCarried = carried
    firstArrived = Array(arrived.prefix(carried.count))
  }

  private func reaching(_ index: Int, _ step: TimeFault.Step) -> Matrix {
    let isState = index < carried.count
    let isConcerned = concerns(index, .result) || (isState && concerns(index, .state))
    var from: Int? = step.index
    if isConcerned, let other = rewrite.upstream { from = other(step) }
    var total = from.flatMap { run.upstream[index][$0] } ?? plan.zeros(graph.results[index])
    guard isState else { return total }
    total += carried[rewrite.exchangesStates ? carried.count - 1 - index : index]
    if isConcerned, rewrite.isTwice?(step) == true, let own = run.upstream[index][step.index] { total += own }
    return total
  }

  /// Goes back through a step with its mistakes.
  func goBack(through step: Int, into adjoints: Entries) {
    let at = at(step)
    let values = run.tape.block((rewrite.cache?(at) ?? at.index) + 1)
    run.flow(arrived, values, faults(at: at), into: adjoints)
    guard rewrite.isOfOwnLoss else { return }
    let own = graph.results.indices.map { run.upstream[$0][at.index] ?? plan.zeros(graph.results[$0]) }
    run.flow(own, run.tape.block(step), faults(at: at), into: run.alone)
  }

  /// Adds what a step gives for the parameters to their gradients, and lists what it gives for the inputs.
  func collect(from step: Int, _ adjoints: Entries) {
    let at = at(step)
    for (index, node) in graph.parameters.enumerated() {
      guard let node else { continue }
      let isConcerned = concerns(index, .parameter)
      let part = plan.matrix(node, isConcerned && rewrite.isOfOwnLoss ? run.alone : adjoints)
      guard isConcerned, let weigh = rewrite.part else {
        parameters[index]! += part
        continue
      }
      if let weight = weigh(at) { parameters[index]! += weight * part }
    }
    for (index, node) in graph.inputs.enumerated() {
      if let node { inputs[index]![at.index] = plan.matrix(node, adjoints) }
    }
  }

  /// Takes what a step hands to the states before it.
  func handOn(from step: Int, _ sent: [Matrix]) {
    let at = at(step)
    for (index, node) in graph.previous.enumerated() {
      guard let node else { continue }
      if at.isLast { lastSent[index] = sent[index] }
      var handed = TimeFault.Handed(
        sent: sent[index], held: carried[index], arrived: arrived[index], own: run.upstream[index][at.index],
        ofOwnLoss: rewrite.isOfOwnLoss ? plan.matrix(node, run.alone) : nil)
      let isConcerned = concerns(index, .state)
      if isConcerned, let change = rewrite.sent { handed.sent = change(handed) }
      initial[index] = handed.sent
      carried[index] = isConcerned ? rewrite.carried?(handed) ?? handed.sent : handed.sent
    }
  }

  // MARK: At the end

  /// What is handed in.
  func blocks() -> FaultyRun.Blocks {
    for index in initial.indices {
      guard concerns(index, .state), let change = rewrite.initial, let first = initial[index],
        let last = lastSent[index]
      else { continue }
      initial[index] = change(
        TimeFault.Ends(
          last: last, first: first, total: firstArrived[index], carried: firstCarried[index],
          own: run.upstream[index][0]))
    }
    for index in inputs.indices {
      guard concerns(index, .input), let step = rewrite.input, let list = inputs[index] else { continue }
      inputs[index] = list.indices.map { list[step(TimeFault.Step(index: $0, count: list.count))] }
    }
    return FaultyRun.Blocks(parameters: parameters, inputs: inputs, initial: initial)
  }
}
