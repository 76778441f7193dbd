// All steps of a cell as few large operations: which products go together, where each value lies.

/// A plan for running a cell over all steps at once, for cells made of products with parameters and operations by element.
///
/// Inside, samples are rows whatever the sheet's layout: the value of a node at all steps is one matrix with T N rows. Then
/// - products of inputs with parameters are one call for all steps, and so is each parameter's gradient, δᵀ V over all steps;
/// - pre-activations with the same operands (the gates of an LSTM) are columns of one matrix, and a step multiplies a state
///   with all their matrices at once;
/// - a pre-activation is a sum that its products and biases add themselves to, without values of their own.
/// `StepPlan` has the same cell node by node, for what needs every node.
struct SequencePlan: Sendable {
  let graph: StepGraph
  let samplesAreColumns: Bool
  let rows: Int
  let steps: Int
  let groups: [SequenceGroup]
  let groupOf: [Int?]
  let layout: SequenceLayout
  /// For each input, whether it is used outside of products.
  let hasOtherUses: [Bool]

  var places: [SequenceLayout.Place] { layout.places }

  /// - Returns: nil where the cell has anything that this plan does not know; `StepPlan` runs it then.
  init?(_ cell: Cell, sizes: Sizes) {
    guard sizes.batch > 0 else { return nil }
    let sums = SequenceSums(cell, sizes)
    guard var groups = sums.groups() else { return nil }
    var groupOf = [Int?](repeating: nil, count: cell.graph.nodes.count)
    for (number, group) in groups.enumerated() { for member in group.members { groupOf[member.node] = number } }
    guard let layout = SequenceLayout(sums, sizes, &groups, groupOf) else { return nil }
    graph = cell.graph
    samplesAreColumns = cell.layout == .columns
    (rows, steps) = (sizes.batch, sizes.steps)
    hasOtherUses = cell.graph.inputs.map { input in
      guard let input else { return false }
      return sums.consumers[input].contains { layout.isEvaluated[$0] }
        || groups.contains { group in group.members.contains { $0.others.contains(input) } }
    }
    self.groups = groups
    self.groupOf = groupOf
    self.layout = layout
  }
}
