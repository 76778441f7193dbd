// One contribution of the reverse pass with a mistake in it.

import Formula
import Glibc
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
    _ edge: Contribution, _ slip: Fault.Slip, standIn: Int?, _ values: Entries, _ adjoints: Entries
  ) {
    let node = plan.graph.nodes[edge.source]
    let count = plan.extents[edge.source].count
    let adjoint = adjoints + plan.offsets[edge.source]
    let target = adjoints + plan.offsets[edge.target]
    let value = values + plan.offsets[edge.source]
    let own = values + plan.offsets[edge.target]
    func each(_ slope: (Int) -> Double) {
      for entry in 0..<count { target[entry] += adjoint[entry] * slope(entry) }
    }
    let isTanh = node.operation == .function(.tanh)
    func slope(_ y: Double) -> Double { isTanh ? 1 - y * y : y * (1 - y) }
    switch slip {
    case .dropped, .onlyOnePath, .overwritten: break
    case .negated: scaled(edge, by: -1, values, adjoints)
    case .doubled: scaled(edge, by: 2, values, adjoints)
    case .meanOverBatch, .dividedByBatch: scaled(edge, by: 1 / Double(batch), values, adjoints)
    case .factorMissing, .derivativeMissing: each { _ in 1 }
    case .ownValue: each { own[$0] }
    case .productItself, .valueForDerivative: each { value[$0] }
    case .factorTwice: factorTwice(edge, node, values, adjoints)
    case .derivativeOfValue: each { slope(isTanh ? tanh(value[$0]) : 1 / (1 + exp(-value[$0]))) }
    case .derivativeOfInput: each { slope(own[$0]) }
    case .otherDerivative: each { isTanh ? value[$0] * (1 - value[$0]) : 1 - value[$0] * value[$0] }
    case .derivativeFirstHalf: each { isTanh ? 1 - value[$0] : value[$0] }
    case .derivativeSecondHalf: each { isTanh ? 1 + value[$0] : 1 - value[$0] }
    case .derivativeSquared: each { (1 - value[$0]) * (1 - value[$0]) }
    case .derivativeSignTurned: each { isTanh ? 1 + value[$0] * value[$0] : value[$0] * (1 + value[$0]) }
    case .firstSampleOnly: onlySample(0, edge, values, adjoints)
    case .lastSampleOnly: onlySample(batch - 1, edge, values, adjoints)
    case .notTransposed: replacingOther(edge, node, values, adjoints, Self.turned)
    case .presentForPrevious, .previousForPresent, .firstFactorOnly, .secondFactorOnly, .complement, .otherOperand,
      .factorsExchanged:
      guard let stand = standIn ?? self.standIn(edge, node, slip), fits(stand, node.operands[1 - edge.operand]) else {
        return plan.pullBack(edge, values, adjoints)
      }
      let entries = UnsafeBufferPointer(start: values + plan.offsets[stand], count: plan.extents[stand].count)
      replacingOther(edge, node, values, adjoints) { _, _ in Array(entries) }
    case .functionForDerivative: each { isTanh ? tanh(value[$0]) : 1 / (1 + exp(-value[$0])) }
    case .derivativeElsewhere:
      let other = values + plan.offsets[standIn ?? edge.source]
      each { slope(other[$0]) }
    case .derivativeAtPrevious:
      let other = values + plan.offsets[standIn ?? edge.target]
      each { slope(isTanh ? tanh(other[$0]) : 1 / (1 + exp(-other[$0]))) }
    case .softmaxMeanMissing: each { value[$0] }
    case .softmaxMeanAdded:
      each { 2 * value[$0] }
      scaled(edge, by: -1, values, adjoints)
    case .softmaxMeanOverBatch:
      Kernels.pullBackSoftmax(
        value: value, adjoint: adjoint, into: target, plan.extents[edge.source],
        samplesAreColumns: !plan.samplesAreColumns)
    case .softmaxDiagonal: each { value[$0] * (1 - value[$0]) }
    case .softmaxLessTarget: for entry in 0..<count { target[entry] += value[entry] - adjoint[entry] }
    case .otherGradient, .otherGradientToo:
      if slip == .otherGradientToo { plan.pullBack(edge, values, adjoints) }
      let other = reference + plan.offsets[standIn ?? edge.source]
      scratch.update(from: adjoint, count: count)
      adjoint.update(from: other, count: count)
      plan.pullBack(edge, values, adjoints)
      adjoint.update(from: scratch, count: count)
    case .partsExchanged: plan.pullBackExchanged(edge, with: standIn, adjoints)
    case .passedOn: plan.pullBack(edge, values, adjoints)
    }
  }

  /// The node whose value stands in the place of an operand.
  private func standIn(_ edge: Contribution, _ node: Node, _ slip: Fault.Slip) -> Int? {
    let other = node.operands[1 - edge.operand]
    let graph = plan.graph
    switch slip {
    case .presentForPrevious:
      guard case .previous(let state) = graph.nodes[other].operation else { return nil }
      return graph.results[state]
    case .previousForPresent:
      guard let state = graph.results.firstIndex(of: other), state < graph.previous.count else { return nil }
      return graph.previous[state]
    case .firstFactorOnly: return graph.nodes[other].operands.first
    case .secondFactorOnly: return graph.nodes[other].operands.last
    default: return nil
    }
  }

  /// The other factor of a product by element squared, or a square matrix times itself.
  private func factorTwice(_ edge: Contribution, _ node: Node, _ values: Entries, _ adjoints: Entries) {
    replacingOther(edge, node, values, adjoints) { factor, extent in
      guard node.isProduct else { return factor.map { $0 * $0 } }
      var square = [Double](repeating: 0, count: factor.count)
      for row in 0..<extent.rows {
        for column in 0..<extent.columns {
          for inner in 0..<extent.rows {
            square[row * extent.columns + column] +=
              factor[row * extent.columns + inner] * factor[inner * extent.columns + column]
          }
        }
      }
      return square
    }
  }

  private static func turned(_ matrix: [Double], _ extent: Extent) -> [Double] {
    var turned = matrix
    for row in 0..<extent.rows {
      for column in 0..<extent.columns {
        turned[row * extent.columns + column] = matrix[column * extent.columns + row]
      }
    }
    return turned
  }

  private func fits(_ node: Int, _ other: Int) -> Bool { plan.extents[node] == plan.extents[other] }

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
    _ edge: Contribution, _ node: Node, _ values: Entries, _ adjoints: Entries,
    _ make: ([Double], Extent) -> [Double]
  ) {
    let other = node.operands[1 - edge.operand]
    let extent = plan.extents[other]
    let place = values + plan.offsets[other]
    let right = Array(UnsafeBufferPointer(start: place, count: extent.count))
    let wrong = make(right, extent)
    wrong.withUnsafeBufferPointer { place.update(from: $0.baseAddress!, count: extent.count) }
    plan.pullBack(edge, values, adjoints)
    right.withUnsafeBufferPointer { place.update(from: $0.baseAddress!, count: extent.count) }
  }
}
