// All steps of a cell as few large operations: which products go together, where each value lies.

import Formula

/// A plan for running a cell over all steps at once, for cells made of products with parameters and operations by element.
///
/// Inside, samples are rows whatever the sheet's layout: the value of a node at all steps is one matrix with T N rows. Then
/// - products of inputs with parameters are one call for all steps, and so is each parameter's gradient, δᵀ V over all steps;
/// - pre-activations with the same operands (the gates of an LSTM) are columns of one matrix, and a step multiplies a state
///   with all their matrices at once;
/// - a pre-activation is a sum that its products and biases add themselves to, without values of their own.
/// `StepPlan` has the same cell node by node, for what needs every node.
struct SequencePlan: Sendable {
  /// Where a node's value lies: at `start + (step − 1) · rows · stride + row · stride`.
  struct Place: Sendable {
    var start: Int
    /// From row to row; 0 for a value that all samples and steps share.
    var stride: Int
    var columns: Int
    var isShared: Bool { stride == 0 }
  }

  /// A product within a sum: a vector times columns of a stacked matrix.
  struct Factor: Sendable {
    let parameter: Int
    /// Whether the parameter lies as inner × outer; otherwise outer × inner.
    let isUpright: Bool
  }

  /// Pre-activations with the same operands.
  struct Group: Sendable {
    /// The vectors that are multiplied, inputs first.
    var operands: [Int]
    var isInput: [Bool]
    /// The members, in the order of their columns.
    var members: [Int]
    /// For each member, for each operand, the parameter; nil where the member does without the operand.
    var factors: [[Factor?]]
    /// For each member, the biases.
    var biases: [[Int]]
    /// For each member, what else is added, with signs.
    var others: [[(node: Int, sign: Double)]]
    var start = 0
    var width = 0
    var columns: [Int] = []
    /// How many columns each operand takes part in, from the first.
    var spans: [Int] = []
    /// The member that is computed first.
    var first = 0
    /// Where the stacked matrix of each operand lies (inner × width).
    var weights: [Int] = []
    var bias = 0
  }

  let graph: StepGraph
  let samplesAreColumns: Bool
  let rows: Int
  let steps: Int
  let places: [Place]
  let groups: [Group]
  let groupOf: [Int?]
  /// For each node, whether it is computed at each step by itself.
  let isEvaluated: [Bool]
  /// For each input, whether it is used outside of products.
  let hasOtherUses: [Bool]
  /// How many doubles all values take; block 0 of a node is the step before the first.
  let size: Int
  /// Where one step's adjoints of nodes lie; groups' adjoints are kept for all steps, in `groupAdjoints`.
  let adjointStarts: [Int]
  let adjointSize: Int
  /// What follows: adjoints of shared nodes, which all steps add to.
  let sharedSize: Int
  /// Where each group's adjoints at all steps lie in a block of their own, and its size.
  let groupAdjoints: [Int]
  let groupAdjointSize: Int

  /// - Returns: nil where the cell has anything that this plan does not know; `StepPlan` runs it then.
  init?(_ cell: Cell, sizes: Sizes) {
    let graph = cell.graph
    let nodes = graph.nodes
    let samplesAreColumns = cell.layout == .columns
    let (rows, steps) = (sizes.batch, sizes.steps)
    guard rows > 0 else { return nil }
    // What lies in time, and what all steps share.
    var inTime = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch node.operation {
      case .input, .previous: inTime[index] = true
      default: inTime[index] = node.operands.contains { inTime[$0] }
      }
    }
    var consumers = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() { for operand in node.operands { consumers[operand].append(index) } }
    func columns(_ index: Int) -> Int? {
      switch nodes[index].shape.axes {
      case .vector(let size): return size.value(sizes.letters)
      default: return nil
      }
    }
    func parameter(_ index: Int) -> Int? { if case .parameter(let one) = nodes[index].operation { one } else { nil } }
    let results = Set(graph.results)

    // A bias: a parameter with one axis, spread over the samples.
    func bias(_ index: Int) -> Int? {
      guard !inTime[index] else { return nil }
      if nodes[index].operation == .spread { return bias(nodes[index].operands[0]) }
      guard let one = parameter(index), columns(index) != nil else { return nil }
      return one
    }
    func product(_ index: Int) -> (vector: Int, factor: Factor)? {
      guard case .product(let leftTransposed, let rightTransposed) = nodes[index].operation else { return nil }
      let place = samplesAreColumns ? 0 : 1
      let (matrix, vector) = (nodes[index].operands[place], nodes[index].operands[1 - place])
      guard let one = parameter(matrix), inTime[vector], nodes[vector].shape.isBatched, columns(vector) != nil,
        case .matrix = nodes[matrix].shape.axes
      else { return nil }
      // Columns: W v, with W outer × inner unless transposed. Rows: v W, with W inner × outer unless transposed.
      if samplesAreColumns {
        return rightTransposed ? nil : (vector, Factor(parameter: one, isUpright: leftTransposed))
      }
      return leftTransposed ? nil : (vector, Factor(parameter: one, isUpright: !rightTransposed))
    }

    // Sums with products: terms that nobody else looks at disappear in the sum.
    var swallowed = [Bool](repeating: false, count: nodes.count)
    var sums: [Int: [(node: Int, sign: Double)]] = [:]
    for index in nodes.indices.reversed() where inTime[index] && !swallowed[index] {
      guard product(index) != nil || nodes[index].operation == .add else { continue }
      var terms: [(node: Int, sign: Double)] = []
      var inner: [Int] = []
      func collect(_ node: Int) {
        if nodes[node].operation == .add, node == index || (consumers[node].count == 1 && !results.contains(node)) {
          if node != index { inner.append(node) }
          for operand in nodes[node].operands { collect(operand) }
        } else {
          terms.append((node, 1))
        }
      }
      collect(index)
      let products = terms.filter {
        product($0.node) != nil && ($0.node == index || (consumers[$0.node].count == 1 && !results.contains($0.node)))
      }
      guard !products.isEmpty else { continue }
      sums[index] = terms
      for node in inner + products.map(\.node) where node != index { swallowed[node] = true }
    }

    var groups: [Group] = []
    var groupOf = [Int?](repeating: nil, count: nodes.count)
    for index in nodes.indices {
      guard let terms = sums[index], !swallowed[index], let width = columns(index) else {
        if sums[index] != nil, !swallowed[index] { return nil }
        continue
      }
      var factors: [(vector: Int, factor: Factor)] = []
      var biases: [Int] = []
      var others: [(node: Int, sign: Double)] = []
      for term in terms {
        if term.node == index || swallowed[term.node], let found = product(term.node) {
          // Two products of one vector in one sum would need their matrices added.
          guard !factors.contains(where: { $0.vector == found.vector }) else { return nil }
          factors.append(found)
        } else if let one = bias(term.node), columns(graph.parameters[one] ?? 0) == width {
          biases.append(one)
        } else {
          others.append(term)
        }
      }
      func isInput(_ node: Int) -> Bool { if case .input = nodes[node].operation { true } else { false } }
      factors.sort { (isInput($0.vector) ? 0 : 1, $0.vector) < (isInput($1.vector) ? 0 : 1, $1.vector) }
      let operands = factors.map(\.vector)
      // Members must be computable when the first one is: what else they add comes later, one by one.
      if let known = groups.firstIndex(where: { $0.operands == operands }) {
        groups[known].members.append(index)
        groups[known].factors.append(factors.map(\.factor))
        groups[known].biases.append(biases)
        groups[known].others.append(others)
        groupOf[index] = known
      } else {
        groups.append(
          Group(
            operands: operands, isInput: operands.map(isInput), members: [index], factors: [factors.map(\.factor)],
            biases: [biases], others: [others]))
        groupOf[index] = groups.count - 1
      }
    }

    // A group that does without another's inputs joins it behind its members: one product with the state for both.
    for index in groups.indices.reversed() {
      let states = zip(groups[index].operands, groups[index].isInput).filter { !$0.1 }.map(\.0)
      guard !states.isEmpty, states.count == groups[index].operands.count,
        let other = groups.indices.first(where: { other in
          other != index && groups[other].isInput.contains(true)
            && zip(groups[other].operands, groups[other].isInput).filter { !$0.1 }.map(\.0) == states
        })
      else { continue }
      let missing = [Factor?](repeating: nil, count: groups[other].operands.count - states.count)
      groups[other].members += groups[index].members
      groups[other].factors += groups[index].factors.map { missing + $0 }
      groups[other].biases += groups[index].biases
      groups[other].others += groups[index].others
      groups.remove(at: index)
    }
    for (number, group) in groups.enumerated() { for member in group.members { groupOf[member] = number } }

    // Places.
    var places = [Place](repeating: Place(start: 0, stride: 0, columns: 0), count: nodes.count)
    var size = 0
    func reserve(_ count: Int) -> Int {
      defer { size += (count + 7) / 8 * 8 }
      return size
    }
    for index in groups.indices {
      for member in groups[index].members {
        groups[index].columns.append(groups[index].width)
        groups[index].width += columns(member) ?? 0
      }
      groups[index].first = groups[index].members.min() ?? 0
      groups[index].spans = groups[index].operands.indices.map { operand in
        zip(groups[index].members, groups[index].factors).reduce(0) {
          $0 + ($1.1[operand] == nil ? 0 : columns($1.0) ?? 0)
        }
      }
      groups[index].start = reserve((steps + 1) * rows * groups[index].width)
      groups[index].bias = reserve(groups[index].width)
      for operand in groups[index].operands {
        guard let inner = columns(operand) else { return nil }
        groups[index].weights.append(reserve(inner * groups[index].width))
      }
      let block = rows * groups[index].width
      for (member, column) in zip(groups[index].members, groups[index].columns) {
        places[member] = Place(
          start: groups[index].start + block + column, stride: groups[index].width, columns: columns(member) ?? 0)
      }
    }
    var isEvaluated = [Bool](repeating: false, count: nodes.count)
    var isShared = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      if let group = groupOf[index] {
        _ = group
        continue
      }
      if swallowed[index] { continue }
      guard let width = columns(index) else {
        // Numbers and matrices stand only as parameters, constants, or what is spread.
        switch node.operation {
        case .parameter, .constant: continue
        default: return nil
        }
      }
      if !inTime[index] {
        switch node.operation {
        case .parameter, .constant, .spread: break
        default: return nil
        }
        places[index] = Place(start: reserve(width), stride: 0, columns: width)
        isShared[index] = true
        continue
      }
      switch node.operation {
      case .input, .previous: break
      case .affine, .add, .subtract, .hadamard, .divide, .maximum, .minimum, .power, .softmax, .join, .slice, .stop:
        isEvaluated[index] = true
      case .function(let function) where function.isElementwise: isEvaluated[index] = true
      default: return nil
      }
      if case .previous = node.operation { continue }
      guard node.shape.isBatched else { return nil }
      places[index] = Place(start: reserve((steps + 1) * rows * width) + rows * width, stride: width, columns: width)
    }
    for (state, node) in graph.previous.enumerated() {
      guard let node else { continue }
      var place = places[graph.results[state]]
      guard !place.isShared, place.columns > 0 else { return nil }
      place.start -= rows * place.stride
      places[node] = place
    }
    for result in graph.results where places[result].isShared { return nil }
    for node in graph.previous.compactMap(\.self) where swallowed[node] { return nil }

    var adjointStarts = [Int](repeating: 0, count: nodes.count)
    var adjointSize = 0
    for index in nodes.indices where groupOf[index] == nil && places[index].columns > 0 && !isShared[index] {
      adjointStarts[index] = adjointSize
      adjointSize += rows * places[index].columns
    }
    var sharedSize = 0
    for index in nodes.indices where isShared[index] {
      adjointStarts[index] = adjointSize + sharedSize
      sharedSize += places[index].columns
    }
    self.sharedSize = sharedSize
    var groupAdjoints: [Int] = []
    var groupAdjointSize = 0
    for group in groups {
      groupAdjoints.append(groupAdjointSize)
      groupAdjointSize += steps * rows * group.width
    }
    self.groupAdjoints = groupAdjoints
    hasOtherUses = graph.inputs.map { input in
      guard let input else { return false }
      return consumers[input].contains { isEvaluated[$0] }
        || groups.contains { group in group.others.joined().contains { $0.node == input } }
    }
    self.groupAdjointSize = groupAdjointSize
    self.graph = graph
    self.samplesAreColumns = samplesAreColumns
    self.rows = rows
    self.steps = steps
    self.places = places
    self.groups = groups
    self.groupOf = groupOf
    self.isEvaluated = isEvaluated
    self.size = size
    self.adjointStarts = adjointStarts
    self.adjointSize = adjointSize
  }
}
