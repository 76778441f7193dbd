// A cell run over some steps with mistakes in it: what somebody who made them would hand in.

public import CellKit
public import Recurrence

/// Outputs and gradients over T steps, with the mistakes of one's choice; T is 1 for a single step.
///
/// Both loops are the tape's: what a loop does in another way is told to it step by step.
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
  let upstream: [[Matrix?]]
  /// The values that are used on the way back.
  let tape: Tape
  /// Gradients of a step's own loss alone, and a sum over the shares of several results.
  let alone: Entries
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
      if step > 1, let loop, loop.slip == .otherHandedOn, let index = loop.state, let node = loop.standIn {
        let other = run.value(own?.nodes[node] ?? node, at: step - 1)
        state[index] = Matrix(rows: state[index].rows, columns: state[index].columns, elements: other.elements)
      }
      let at = TimeFault.Step(index: step - 1, count: value.steps)
      return loop?.fed(value, at, state, cell.graph) ?? (value.inputs.map { $0[step - 1] }, state)
    }
    outputs = run.outputs.enumerated().map { index, list in
      loop?.handedOut(list, initial: index < value.initial.count ? value.initial[index] : nil) ?? list
    }
    tape = own == nil ? run : Tape(cell, sizes: run.sizes)
    plan = tape.plan
    for (node, other) in (own?.nodes ?? []).enumerated() {
      for step in 1...steps {
        (tape.block(step) + plan.offsets[node]).update(
          from: run.block(step) + run.plan.offsets[other], count: plan.extents[node].count)
      }
    }
    alone = .allocate(capacity: max(1, plan.size))
    sum = .allocate(capacity: max(1, plan.size))
    faulty = FaultyPullBack(plan, batch: sizes.batch)
  }

  deinit {
    alone.deallocate()
    sum.deallocate()
  }

  /// The gradients with mistakes of the step and of the loop, or the right ones.
  public func gradients(_ faults: [Fault] = [], time: TimeFault? = nil) -> Blocks {
    let loop = LoopBack(self, time, faults)
    tape.reverse(
      from: steps, order: loop.order, crossesSteps: false, arriving: { step, _ in loop.arrive(at: step) },
      stepping: { loop.goBack(through: $0, into: $1) }, changing: { loop.handOn(from: $0, $1) },
      visit: { loop.collect(from: $0, $1) })
    return loop.blocks()
  }
}
