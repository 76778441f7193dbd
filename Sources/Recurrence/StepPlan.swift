// A step graph with numbers for its sizes: where each value lies, how it is computed, how its gradient flows back.

import Formula

/// The layout of one step in memory, made once for given sizes and run as often as wanted.
struct StepPlan: Sendable {
  let graph: StepGraph
  let samplesAreColumns: Bool
  /// Rows and columns of each node.
  let extents: [Extent]
  /// Where each node lies in a step's block.
  let offsets: [Int]
  /// How many doubles a step takes.
  let size: Int

  init(_ cell: Cell, sizes: Sizes) {
    graph = cell.graph
    samplesAreColumns = cell.layout == .columns
    extents = cell.graph.nodes.map { node in
      let (rows, columns) = sizes.storage(node.shape, cell.layout)
      return Extent(rows: rows, columns: columns)
    }
    var offsets: [Int] = []
    var size = 0
    for extent in extents {
      offsets.append(size)
      size += extent.count
    }
    self.offsets = offsets
    self.size = size
  }

  /// Computes every node that is no leaf; the leaves, and nodes that are held, have been filled in.
  func forward(_ values: Entries, held: Set<Int> = []) {
    for index in graph.nodes.indices where held.isEmpty || !held.contains(index) { evaluate(index, values) }
  }

  /// Computes one node from its operands.
  private func evaluate(_ index: Int, _ values: Entries) {
    let node = graph.nodes[index]
    let extent = extents[index]
    let count = extent.count
    let target = values + offsets[index]
    func operand(_ position: Int) -> Entries { values + offsets[node.operands[position]] }
    func operandExtent(_ position: Int) -> Extent { extents[node.operands[position]] }
    switch node.operation {
    case .parameter, .input, .previous: break
    case .constant(let number): target.update(repeating: number, count: count)
    case .affine, .add, .subtract, .hadamard, .divide, .maximum, .minimum, .function, .power, .stop:
      let row = Extent(rows: 1, columns: count)
      let a = Rows(start: operand(0), stride: count)
      let b = node.operands.count > 1 ? Rows(start: operand(1), stride: count) : a
      Elementwise.evaluate(node.operation, a, b, into: Rows(start: target, stride: count), row)
    case .spread: Kernels.spread(operand(0), operandExtent(0), into: target, extent)
    case .product(let leftTransposed, let rightTransposed):
      let left = operandExtent(0)
      Kernels.multiply(
        operand(0), transposed: leftTransposed, operand(1), transposed: rightTransposed, into: target,
        rows: extent.rows, columns: extent.columns, inner: leftTransposed ? left.rows : left.columns,
        accumulating: false)
    case .transpose:
      let a = operand(0)
      for row in 0..<extent.rows {
        for column in 0..<extent.columns { target[row * extent.columns + column] = a[column * extent.rows + row] }
      }
    case .diagonal:
      let a = operand(0)
      target.update(repeating: 0, count: count)
      for row in 0..<extent.rows { target[row * (extent.columns + 1)] = a[row] }
    case .softmax: Kernels.softmax(operand(0), into: target, extent, samplesAreColumns: samplesAreColumns)
    case .softmaxOverBatch: Kernels.softmax(operand(0), into: target, extent, samplesAreColumns: !samplesAreColumns)
    case .featureSum:
      target.update(repeating: 0, count: count)
      Kernels.gather(operand(0), operandExtent(0), into: target, extent)
    case .join, .stack:
      eachPart(of: index) { position, start in
        let part = operandExtent(position)
        Kernels.window(
          operand(position), stride: part.columns, into: target + start, stride: extent.columns, rows: part.rows,
          columns: part.columns, accumulating: false)
      }
    case .slice(let part, _):
      let whole = operandExtent(0)
      Kernels.window(
        operand(0) + sliceStart(part, extent, whole), stride: whole.columns, into: target, stride: extent.columns,
        rows: extent.rows, columns: extent.columns, accumulating: false)
    }
  }

  /// Lets gradients flow from the results of a step to its leaves.
  ///
  /// - Parameters:
  ///   - adjoints: a block like the values', zero but for what reaches the step from outside.
  ///   - isHeld: nodes at which the flow ends, for immediate derivatives; empty for total ones.
  func backward(_ values: Entries, _ adjoints: Entries, held: Set<Int> = []) {
    for edge in graph.contributions where held.isEmpty || !held.contains(edge.source) {
      pullBack(edge, values, adjoints)
    }
  }

  /// adjoint(target) += pullback(edge, adjoint(source))
  func pullBack(_ edge: Contribution, _ values: Entries, _ adjoints: Entries) {
    let node = graph.nodes[edge.source]
    let extent = extents[edge.source]
    let count = extent.count
    let value = values + offsets[edge.source]
    let adjoint = adjoints + offsets[edge.source]
    let target = adjoints + offsets[edge.target]
    let targetExtent = extents[edge.target]
    func operand(_ position: Int) -> Entries { values + offsets[node.operands[position]] }
    func operandExtent(_ position: Int) -> Extent { extents[node.operands[position]] }
    switch node.operation {
    case .parameter, .input, .previous, .constant, .stop: break
    case .affine, .add, .subtract, .hadamard, .divide, .maximum, .minimum, .function, .power:
      let row = Extent(rows: 1, columns: count)
      func rows(_ start: Entries) -> Rows { Rows(start: start, stride: count) }
      let a = rows(operand(0))
      Elementwise.pullBack(
        node.operation, operand: edge.operand, a, node.operands.count > 1 ? rows(operand(1)) : a, value: rows(value),
        adjoint: rows(adjoint), into: rows(target), row)
    case .spread: Kernels.gather(adjoint, extent, into: target, targetExtent)
    case .product(let leftTransposed, let rightTransposed):
      pullBackProduct(
        edge, leftTransposed, rightTransposed, operand(1 - edge.operand), adjoint: adjoint, extent, into: target,
        targetExtent)
    case .transpose:
      for row in 0..<extent.rows {
        for column in 0..<extent.columns {
          target[column * extent.rows + row] += adjoint[row * extent.columns + column]
        }
      }
    case .diagonal:
      for row in 0..<extent.rows { target[row] += adjoint[row * (extent.columns + 1)] }
    case .softmax, .softmaxOverBatch:
      let isOverBatch = node.operation == .softmaxOverBatch
      Kernels.pullBackSoftmax(
        value: value, adjoint: adjoint, into: target, extent, samplesAreColumns: samplesAreColumns != isOverBatch)
    case .featureSum:
      for row in 0..<targetExtent.rows {
        let from = adjoint + (extent.rows == 1 ? 0 : row * extent.columns)
        let to = target + row * targetExtent.columns
        for column in 0..<targetExtent.columns { to[column] += from[extent.columns == 1 ? 0 : column] }
      }
    case .join, .stack:
      eachPart(of: edge.source) { position, start in
        guard position == edge.operand else { return }
        Kernels.window(
          adjoint + start, stride: extent.columns, into: target, stride: targetExtent.columns,
          rows: targetExtent.rows, columns: targetExtent.columns, accumulating: true)
      }
    case .slice(let part, _):
      Kernels.window(
        adjoint, stride: extent.columns, into: target + sliceStart(part, extent, targetExtent),
        stride: targetExtent.columns, rows: extent.rows, columns: extent.columns, accumulating: true)
    }
  }

  /// C = op(A) op(B): op(A) gets C̄ op(B)ᵀ, op(B) gets op(A)ᵀ C̄, and a transposed operand the transpose of that.
  private func pullBackProduct(
    _ edge: Contribution, _ leftTransposed: Bool, _ rightTransposed: Bool, _ other: Entries, adjoint: Entries,
    _ extent: Extent, into target: Entries, _ targetExtent: Extent
  ) {
    let rows = targetExtent.rows
    let columns = targetExtent.columns
    switch (edge.operand, leftTransposed, rightTransposed) {
    case (0, false, _):
      Kernels.multiply(
        adjoint, transposed: false, other, transposed: !rightTransposed, into: target, rows: rows, columns: columns,
        inner: extent.columns, accumulating: true)
    case (0, true, _):
      Kernels.multiply(
        other, transposed: rightTransposed, adjoint, transposed: true, into: target, rows: rows, columns: columns,
        inner: extent.columns, accumulating: true)
    case (_, _, false):
      Kernels.multiply(
        other, transposed: !leftTransposed, adjoint, transposed: false, into: target, rows: rows, columns: columns,
        inner: extent.rows, accumulating: true)
    case (_, _, true):
      Kernels.multiply(
        adjoint, transposed: true, other, transposed: leftTransposed, into: target, rows: rows, columns: columns,
        inner: extent.rows, accumulating: true)
    }
  }

  /// Where the features of each part of a joined value begin.
  private func eachPart(of index: Int, _ body: (_ position: Int, _ start: Int) -> Void) {
    let node = graph.nodes[index]
    let runsDown: Bool
    if case .stack(let beside) = node.operation { runsDown = !beside } else { runsDown = samplesAreColumns }
    var start = 0
    for (position, operand) in node.operands.enumerated() {
      body(position, start)
      start += runsDown ? extents[operand].count : extents[operand].columns
    }
  }

  /// The contribution of a part of a packed value to the place of another part, or to a part of a joined value what
  /// stands where it would stand if the parts were joined in the other order.
  func pullBackExchanged(_ edge: Contribution, with other: Int?, _ adjoints: Entries) {
    let extent = extents[edge.source]
    let targetExtent = extents[edge.target]
    let adjoint = adjoints + offsets[edge.source]
    let target = adjoints + offsets[edge.target]
    if case .slice = graph.nodes[edge.source].operation, let other,
      case .slice(let part, _) = graph.nodes[other].operation
    {
      Kernels.window(
        adjoint, stride: extent.columns, into: target + sliceStart(part, extent, targetExtent),
        stride: targetExtent.columns, rows: extent.rows, columns: extent.columns, accumulating: true)
    } else {
      let rest = samplesAreColumns ? extent.count - targetExtent.count : extent.columns - targetExtent.columns
      let start = edge.operand == 0 ? rest : 0
      Kernels.window(
        adjoint + start, stride: extent.columns, into: target, stride: targetExtent.columns, rows: targetExtent.rows,
        columns: targetExtent.columns, accumulating: true)
    }
  }

  private func sliceStart(_ part: Int, _ extent: Extent, _ whole: Extent) -> Int {
    samplesAreColumns ? part * extent.rows * whole.columns : part * extent.columns
  }
}
