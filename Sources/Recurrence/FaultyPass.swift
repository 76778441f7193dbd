// The reverse pass of one step with a fault in it: what somebody who made that mistake would hand in.

public import CellKit
import Formula

/// The gradients of one step, with the mistakes of one's choice.
public final class FaultyStep {
  /// The gradients of a step by its leaves; a leaf that the step does not use is nil.
  public struct Blocks: Sendable, Equatable {
    public let parameters: [Matrix?]
    public let inputs: [Matrix?]
    public let previous: [Matrix?]
  }

  private let cell: Cell
  private let plan: StepPlan
  private let values: Entries
  private let adjoints: Entries
  private let scratch: Entries
  private let upstream: [Matrix?]
  private let batch: Int

  /// Runs one step forward; `value` has exactly one.
  public init(_ cell: Cell, sizes: Sizes, _ value: Case) {
    _ = Kernels.singleThread
    self.cell = cell
    plan = StepPlan(cell, sizes: sizes)
    batch = sizes.batch
    upstream = value.upstream.map { $0[0] }
    values = .allocate(capacity: max(1, plan.size))
    values.initialize(repeating: 0, count: max(1, plan.size))
    adjoints = .allocate(capacity: max(1, plan.size))
    adjoints.initialize(repeating: 0, count: max(1, plan.size))
    scratch = .allocate(capacity: max(1, plan.size))
    scratch.initialize(repeating: 0, count: max(1, plan.size))
    let leaves =
      zip(cell.graph.parameters, value.parameters) + zip(cell.graph.inputs, value.inputs.map { $0[0] })
      + zip(cell.graph.previous, value.initial)
    for (node, matrix) in leaves {
      guard let node else { continue }
      for (entry, number) in matrix.elements.enumerated() { values[plan.offsets[node] + entry] = number }
    }
    plan.forward(values)
  }

  deinit {
    values.deallocate()
    adjoints.deallocate()
    scratch.deallocate()
  }

  /// The gradients with a fault, or the right ones.
  public func gradients(_ fault: Fault? = nil) -> Blocks {
    let graph = plan.graph
    adjoints.update(repeating: 0, count: plan.size)
    for (node, matrix) in zip(graph.results, upstream) {
      guard let matrix else { continue }
      for (entry, number) in matrix.elements.enumerated() { adjoints[plan.offsets[node] + entry] += number }
    }
    let faulty = Set(fault?.edges ?? [])
    for edge in graph.contributions {
      if let fault, faulty.contains(edge) { pullBack(edge, fault.slip) } else { plan.pullBack(edge, values, adjoints) }
    }
    func block(_ node: Int?) -> Matrix? {
      node.map { node in
        let extent = plan.extents[node]
        let entries = UnsafeBufferPointer(start: adjoints + plan.offsets[node], count: extent.count)
        return Matrix(rows: extent.rows, columns: extent.columns, elements: Array(entries))
      }
    }
    return Blocks(
      parameters: graph.parameters.map(block), inputs: graph.inputs.map(block), previous: graph.previous.map(block))
  }

  // MARK: One faulty contribution

  private func pullBack(_ edge: Contribution, _ slip: Fault.Slip) {
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
    case .dropped, .onlyOnePath: break
    case .negated: scaled(edge, by: -1)
    case .doubled: scaled(edge, by: 2)
    case .meanOverBatch: scaled(edge, by: 1 / Double(batch))
    case .factorMissing, .derivativeMissing: each { _ in 1 }
    case .ownValue: each { own[$0] }
    case .derivativeOfValue: each { slope(isTanh ? tanh(value[$0]) : sigmoid(value[$0])) }
    case .derivativeOfInput: each { slope(own[$0]) }
    case .otherDerivative: each { isTanh ? value[$0] * (1 - value[$0]) : 1 - value[$0] * value[$0] }
    case .derivativeFirstHalf: each { isTanh ? 1 - value[$0] : value[$0] }
    case .derivativeSecondHalf: each { isTanh ? 1 + value[$0] : 1 - value[$0] }
    case .firstSampleOnly: firstSample(edge)
    case .notTransposed:
      replacingOther(edge, node) { matrix, extent in
        var turned = matrix
        for row in 0..<extent.rows {
          for column in 0..<extent.columns {
            turned[row * extent.columns + column] = matrix[column * extent.columns + row]
          }
        }
        return turned
      }
    case .presentForPrevious, .previousForPresent, .firstFactorOnly, .secondFactorOnly:
      guard let stand = standIn(edge, node, slip) else { return plan.pullBack(edge, values, adjoints) }
      let entries = UnsafeBufferPointer(start: values + plan.offsets[stand], count: plan.extents[stand].count)
      replacingOther(edge, node) { _, _ in Array(entries) }
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
      return graph.results.firstIndex(of: other).flatMap { graph.previous[$0] }
    case .firstFactorOnly: return fitting(graph.nodes[other].operands[0], other)
    case .secondFactorOnly: return fitting(graph.nodes[other].operands[1], other)
    default: return nil
    }
  }

  private func fitting(_ node: Int, _ other: Int) -> Int? {
    plan.extents[node] == plan.extents[other] ? node : nil
  }

  /// The right contribution times a factor.
  private func scaled(_ edge: Contribution, by factor: Double) {
    let target = adjoints + plan.offsets[edge.target]
    let count = plan.extents[edge.target].count
    scratch.update(from: target, count: count)
    target.update(repeating: 0, count: count)
    plan.pullBack(edge, values, adjoints)
    for entry in 0..<count { target[entry] = scratch[entry] + factor * target[entry] }
  }

  /// The contribution of the first sample of a batch alone.
  private func firstSample(_ edge: Contribution) {
    let extent = plan.extents[edge.source]
    let adjoint = adjoints + plan.offsets[edge.source]
    scratch.update(from: adjoint, count: extent.count)
    let isColumns = cell.layout == .columns
    for row in 0..<extent.rows {
      for column in 0..<extent.columns where (isColumns ? column : row) > 0 {
        adjoint[row * extent.columns + column] = 0
      }
    }
    plan.pullBack(edge, values, adjoints)
    adjoint.update(from: scratch, count: extent.count)
  }

  /// The contribution with another value for the other operand of a product.
  private func replacingOther(
    _ edge: Contribution, _ node: Node, _ make: ([Double], Extent) -> [Double]
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

/// Two sequences one after the other, as one list.
private func + <First, Second>(
  left: Zip2Sequence<[First], [Second]>, right: Zip2Sequence<[First], [Second]>
) -> [(First, Second)] { Array(left) + Array(right) }

private func + <First, Second>(
  left: [(First, Second)], right: Zip2Sequence<[First], [Second]>
) -> [(First, Second)] { left + Array(right) }
