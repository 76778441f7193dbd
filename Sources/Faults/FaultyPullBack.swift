// One contribution of the reverse pass with a mistake in it.

import Formula
import Recurrence

/// Lets gradients flow over single edges, rightly or with a mistake.
final class FaultyPullBack {
  private let plan: StepPlan
  /// How many samples there are.
  let batch: Int
  private let scratch: Entries
  /// The gradients by all nodes without the fault that hands on another one of them.
  let reference: Entries

  init(_ plan: StepPlan, batch: Int) {
    self.plan = plan
    self.batch = batch
    scratch = .allocate(capacity: max(1, plan.size))
    scratch.initialize(repeating: 0, count: max(1, plan.size))
    reference = .allocate(capacity: max(1, plan.size))
    reference.initialize(repeating: 0, count: max(1, plan.size))
  }

  deinit {
    scratch.deallocate()
    reference.deallocate()
  }

  /// adjoint(target) += what somebody who made the mistake would add.
  func callAsFunction(
    _ edge: Contribution, _ rewrite: Fault.Rewrite, standIn: Int?, _ values: Entries, _ adjoints: Entries
  ) {
    let node = plan.graph.nodes[edge.source]
    switch rewrite {
    case .nothing: break
    case .scaled(let factor): scaled(edge, by: factor(batch), values, adjoints)
    case .entries(let contribution): byEntry(edge, standIn, values, adjoints, contribution)
    case .factor(let change):
      replacingOther(edge, values, adjoints) { change($0, $1, node.isProduct) }
    case .operand(let find):
      let other = node.operands[1 - edge.operand]
      guard let stand = standIn ?? find(plan.graph, other), plan.extents[stand] == plan.extents[other] else {
        return plan.pullBack(edge, values, adjoints)
      }
      let entries = UnsafeBufferPointer(start: values + plan.offsets[stand], count: plan.extents[stand].count)
      replacingOther(edge, values, adjoints) { _, _ in Array(entries) }
    case .sample(let index): onlySample(index(batch), edge, values, adjoints)
    case .gradient(let isAdded):
      if isAdded { plan.pullBack(edge, values, adjoints) }
      let (adjoint, count) = (adjoints + plan.offsets[edge.source], plan.extents[edge.source].count)
      scratch.update(from: adjoint, count: count)
      adjoint.update(from: reference + plan.offsets[standIn ?? edge.source], count: count)
      plan.pullBack(edge, values, adjoints)
      adjoint.update(from: scratch, count: count)
    case .otherPart: plan.pullBackExchanged(edge, with: standIn, adjoints)
    case .softmaxOverBatch:
      Kernels.pullBackSoftmax(
        value: values + plan.offsets[edge.source], adjoint: adjoints + plan.offsets[edge.source],
        into: adjoints + plan.offsets[edge.target], plan.extents[edge.source],
        samplesAreColumns: !plan.samplesAreColumns)
    case .both(let first, let second):
      self(edge, first, standIn: standIn, values, adjoints)
      self(edge, second, standIn: standIn, values, adjoints)
    }
  }

  /// What is made of the numbers at each entry.
  private func byEntry(
    _ edge: Contribution, _ standIn: Int?, _ values: Entries, _ adjoints: Entries,
    _ contribution: (Fault.Entry) -> Double
  ) {
    let isTanh = plan.graph.nodes[edge.source].operation == .function(.tanh)
    let (adjoint, target) = (adjoints + plan.offsets[edge.source], adjoints + plan.offsets[edge.target])
    let (value, own) = (values + plan.offsets[edge.source], values + plan.offsets[edge.target])
    let stand = values + plan.offsets[standIn ?? edge.source]
    for entry in 0..<plan.extents[edge.source].count {
      target[entry] += contribution(
        Fault.Entry(
          adjoint: adjoint[entry], value: value[entry], own: own[entry], stand: stand[entry], isTanh: isTanh))
    }
  }

  /// The right contribution times a factor.
  private func scaled(_ edge: Contribution, by factor: Double, _ values: Entries, _ adjoints: Entries) {
    let target = adjoints + plan.offsets[edge.target]
    let count = plan.extents[edge.target].count
    scratch.update(from: target, count: count)
    target.update(repeating: 0, count: count)
    plan.pullBack(edge, values, adjoints)
    for entry in 0..<count { target[entry] = scratch[entry] + factor * target[entry] }
  }

  /// The contribution of one sample of a batch alone.
  private func onlySample(_ sample: Int, _ edge: Contribution, _ values: Entries, _ adjoints: Entries) {
    let extent = plan.extents[edge.source]
    let adjoint = adjoints + plan.offsets[edge.source]
    scratch.update(from: adjoint, count: extent.count)
    for row in 0..<extent.rows {
      for column in 0..<extent.columns where (plan.samplesAreColumns ? column : row) != sample {
        adjoint[row * extent.columns + column] = 0
      }
    }
    plan.pullBack(edge, values, adjoints)
    adjoint.update(from: scratch, count: extent.count)
  }

  /// The contribution with another value for the other operand of a product.
  private func replacingOther(
    _ edge: Contribution, _ values: Entries, _ adjoints: Entries, _ make: ([Double], Extent) -> [Double]
  ) {
    let other = plan.graph.nodes[edge.source].operands[1 - edge.operand]
    let extent = plan.extents[other]
    let place = values + plan.offsets[other]
    let right = Array(UnsafeBufferPointer(start: place, count: extent.count))
    let wrong = make(right, extent)
    wrong.withUnsafeBufferPointer { place.update(from: $0.baseAddress!, count: extent.count) }
    plan.pullBack(edge, values, adjoints)
    right.withUnsafeBufferPointer { place.update(from: $0.baseAddress!, count: extent.count) }
  }
}
