// Where the values and adjoints of a planned sequence lie in memory.

import Formula

/// A place for every value at all steps, and for what flows back.
struct SequenceLayout: Sendable {
  /// Where a node's value lies: at `start + (step − 1) · rows · stride + row · stride`.
  struct Place: Sendable {
    var start = 0
    /// From row to row; 0 for a value that all samples and steps share.
    var stride = 0
    /// 0 for a node without a value of its own.
    var columns = 0
    var isShared: Bool { stride == 0 }
  }

  private(set) var places: [Place]
  /// For each node, whether it is computed at each step by itself.
  private(set) var isEvaluated: [Bool]
  /// For each function whose derivative is found with its value, where that derivative lies.
  private(set) var slopes: [Place?]
  /// How many doubles all values take; block 0 of a node is the step before the first.
  private(set) var size = 0
  /// Where one step's adjoints of nodes lie; groups' adjoints are kept for all steps, in a block of their own.
  private(set) var adjointStarts: [Int]
  private(set) var adjointSize = 0
  /// What follows: adjoints of shared nodes, which all steps add to.
  private(set) var sharedSize = 0
  /// How many doubles the adjoints of all groups at all steps take.
  private(set) var groupAdjointSize = 0

  private let rows: Int
  private let steps: Int

  /// Lays out groups and nodes, and tells the groups where they lie.
  ///
  /// - Returns: nil where a node is of a kind that only `StepPlan` knows.
  init?(_ sums: SequenceSums, _ sizes: Sizes, _ groups: inout [SequenceGroup], _ groupOf: [Int?]) {
    let count = sums.graph.nodes.count
    (rows, steps) = (sizes.batch, sizes.steps)
    places = [Place](repeating: Place(), count: count)
    isEvaluated = [Bool](repeating: false, count: count)
    adjointStarts = [Int](repeating: 0, count: count)
    slopes = [Place?](repeating: nil, count: count)
    for index in groups.indices { place(&groups[index]) }
    for node in sums.graph.nodes.indices where groupOf[node] == nil && !sums.isSwallowed[node] {
      guard place(node, sums) else { return nil }
    }
    guard placeStates(sums) else { return nil }
    placeSlopes(sums, groupOf)
    placeAdjoints(groupOf)
  }

  /// Rounded up, so that every block begins at a cache line.
  private mutating func reserve(_ count: Int) -> Int {
    defer { size += (count + 7) / 8 * 8 }
    return size
  }

  private mutating func place(_ group: inout SequenceGroup) {
    for index in group.members.indices {
      group.members[index].column = group.width
      group.width += group.members[index].width
    }
    group.spans = group.operands.indices.map { operand in
      group.members.reduce(0) { $0 + ($1.factors[operand] == nil ? 0 : $1.width) }
    }
    group.start = reserve((steps + 1) * rows * group.width)
    group.bias = reserve(group.width)
    for operand in group.operands { group.weights.append(reserve(operand.width * group.width)) }
    group.adjoints = groupAdjointSize
    groupAdjointSize += steps * rows * group.width
    for member in group.members {
      places[member.node] = Place(
        start: group.start + rows * group.width + member.column, stride: group.width, columns: member.width)
    }
  }

  private mutating func place(_ node: Int, _ sums: SequenceSums) -> Bool {
    let operation = sums.graph.nodes[node].operation
    guard let width = sums.width(node) else {
      // Numbers and matrices stand only as parameters, constants, or what is spread.
      switch operation {
      case .parameter, .constant: return true
      default: return false
      }
    }
    guard sums.inTime[node] else {
      switch operation {
      case .parameter, .constant, .spread: break
      default: return false
      }
      places[node] = Place(start: reserve(width), stride: 0, columns: width)
      return true
    }
    switch operation {
    // A state of the step before lies where that step left it.
    case .previous: return true
    case .input: break
    case .softmax, .join, .slice: isEvaluated[node] = true
    case _ where operation.isByElement: isEvaluated[node] = true
    default: return false
    }
    guard sums.graph.nodes[node].shape.isBatched else { return false }
    places[node] = Place(
      start: reserve((steps + 1) * rows * width) + rows * width, stride: width, columns: width)
    return true
  }

  /// The state of the step before is the result one step earlier.
  private mutating func placeStates(_ sums: SequenceSums) -> Bool {
    let graph = sums.graph
    for (state, node) in graph.previous.enumerated() {
      guard let node else { continue }
      var place = places[graph.results[state]]
      guard !place.isShared, place.columns > 0, !sums.isSwallowed[node] else { return false }
      place.start -= rows * place.stride
      places[node] = place
    }
    return graph.results.allSatisfy { !places[$0].isShared }
  }

  /// A slope takes the place of the argument where nothing else reads that: the memory is at hand, and has just been read.
  private mutating func placeSlopes(_ sums: SequenceSums, _ groupOf: [Int?]) {
    let nodes = sums.graph.nodes
    let results = Set(sums.graph.results)
    for index in nodes.indices where isEvaluated[index] {
      switch nodes[index].operation {
      case .function(.tanh), .function(.sigmoid): break
      default: continue
      }
      let argument = nodes[index].operands[0]
      if sums.consumers[argument].count == 1, !results.contains(argument), groupOf[argument] != nil {
        slopes[index] = places[argument]
      } else {
        let width = places[index].columns
        slopes[index] = Place(start: reserve(steps * rows * width), stride: width, columns: width)
      }
    }
  }

  private mutating func placeAdjoints(_ groupOf: [Int?]) {
    let nodes = places.indices.filter { groupOf[$0] == nil && places[$0].columns > 0 }
    for node in nodes where !places[node].isShared {
      adjointStarts[node] = adjointSize
      adjointSize += rows * places[node].columns
    }
    for node in nodes where places[node].isShared {
      adjointStarts[node] = adjointSize + sharedSize
      sharedSize += places[node].columns
    }
  }
}
