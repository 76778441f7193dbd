// The rules of every operation, forward and back: the only file that says what a node computes and what an edge hands back.
//
// `SequenceRules` has the few that a planned run computes in another way.

import Formula

extension StepPlan {
  /// Computes one node from its operands.
  package func evaluate(_ index: Int, _ values: Entries) { evaluate(index, values, RealFunctions.shared) }

  /// adjoint(target) += pullback(edge, adjoint(source))
  package func pullBack(_ edge: Contribution, _ values: Entries, _ adjoints: Entries) {
    pullBack(edge, values, adjoints, RealFunctions.shared)
  }

  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  func evaluate<Number: TapeNumber>(_ index: Int, _ values: Number.Block, _ meaning: Number.Meaning) {
    let node = graph.nodes[index]
    let extent = extents[index]
    let count = extent.count
    let target = values + offsets[index]
    func operand(_ position: Int) -> Number.Block { values + offsets[node.operands[position]] }
    func operandExtent(_ position: Int) -> Extent { extents[node.operands[position]] }
    switch node.operation {
    case .parameter, .input, .previous: break
    case .constant(let number): target.update(repeating: Number(number), count: count)
    case .spread: Kernels.spread(operand(0), operandExtent(0), into: target, extent)
    case .product(let leftTransposed, let rightTransposed):
      let left = operandExtent(0)
      Number.multiply(
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
      target.update(repeating: .zero, count: count)
      for row in 0..<extent.rows { target[row * (extent.columns + 1)] = a[row] }
    case .softmax, .softmaxOverBatch:
      let isOverBatch = node.operation == .softmaxOverBatch
      Kernels.softmax(
        operand(0), into: target, extent, samplesAreColumns: samplesAreColumns != isOverBatch, meaning)
    case .featureSum:
      target.update(repeating: .zero, count: count)
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
    default:
      let row = Extent(rows: 1, columns: count)
      let a = RowsOf(start: operand(0), stride: count)
      let b = node.operands.count > 1 ? RowsOf(start: operand(1), stride: count) : a
      Elementwise.evaluate(node.operation, a, b, into: RowsOf(start: target, stride: count), row, meaning)
    }
  }

  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  func pullBack<Number: TapeNumber>(
    _ edge: Contribution, _ values: Number.Block, _ adjoints: Number.Block, _ meaning: Number.Meaning
  ) {
    let node = graph.nodes[edge.source]
    let extent = extents[edge.source]
    let count = extent.count
    let value = values + offsets[edge.source]
    let adjoint = adjoints + offsets[edge.source]
    let target = adjoints + offsets[edge.target]
    let targetExtent = extents[edge.target]
    func operand(_ position: Int) -> Number.Block { values + offsets[node.operands[position]] }
    func operandExtent(_ position: Int) -> Extent { extents[node.operands[position]] }
    switch node.operation {
    case .parameter, .input, .previous, .constant, .stop: break
    case .spread: Kernels.gather(adjoint, extent, into: target, targetExtent)
    case .product(let leftTransposed, let rightTransposed):
      pullBackProduct(
        edge, leftTransposed, rightTransposed, operand(1 - edge.operand), adjoint: adjoint, extent, into: target,
        targetExtent)
    case .transpose:
      for row in 0..<extent.rows {
        for column in 0..<extent.columns {
          let place = column * extent.rows + row
          target[place] = target[place] + adjoint[row * extent.columns + column]
        }
      }
    case .diagonal:
      for row in 0..<extent.rows { target[row] = target[row] + adjoint[row * (extent.columns + 1)] }
    case .softmax, .softmaxOverBatch:
      let isOverBatch = node.operation == .softmaxOverBatch
      Kernels.pullBackSoftmax(
        value: value, adjoint: adjoint, into: target, extent, samplesAreColumns: samplesAreColumns != isOverBatch)
    case .featureSum:
      for row in 0..<targetExtent.rows {
        let from = adjoint + (extent.rows == 1 ? 0 : row * extent.columns)
        let to = target + row * targetExtent.columns
        for column in 0..<targetExtent.columns { to[column] = to[column] + from[extent.columns == 1 ? 0 : column] }
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
    default:
      let row = Extent(rows: 1, columns: count)
      func rows(_ start: Number.Block) -> RowsOf<Number> { RowsOf(start: start, stride: count) }
      let a = rows(operand(0))
      Elementwise.pullBack(
        node.operation, operand: edge.operand, a, node.operands.count > 1 ? rows(operand(1)) : a, value: rows(value),
        adjoint: rows(adjoint), into: rows(target), row, meaning)
    }
  }

  /// C = op(A) op(B): op(A) gets C̄ op(B)ᵀ, op(B) gets op(A)ᵀ C̄, and a transposed operand the transpose of that.
  private func pullBackProduct<Number: TapeNumber>(
    _ edge: Contribution, _ leftTransposed: Bool, _ rightTransposed: Bool, _ other: UnsafeMutablePointer<Number>,
    adjoint: UnsafeMutablePointer<Number>, _ extent: Extent, into target: UnsafeMutablePointer<Number>,
    _ targetExtent: Extent
  ) {
    let rows = targetExtent.rows
    let columns = targetExtent.columns
    switch (edge.operand, leftTransposed, rightTransposed) {
    case (0, false, _):
      Number.multiply(
        adjoint, transposed: false, other, transposed: !rightTransposed, into: target, rows: rows, columns: columns,
        inner: extent.columns, accumulating: true)
    case (0, true, _):
      Number.multiply(
        other, transposed: rightTransposed, adjoint, transposed: true, into: target, rows: rows, columns: columns,
        inner: extent.columns, accumulating: true)
    case (_, _, false):
      Number.multiply(
        other, transposed: !leftTransposed, adjoint, transposed: false, into: target, rows: rows, columns: columns,
        inner: extent.rows, accumulating: true)
    case (_, _, true):
      Number.multiply(
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
  package func pullBackExchanged(_ edge: Contribution, with other: Int?, _ adjoints: Entries) {
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

extension Elementwise {
  /// target = operation(a, b), where an operation on one operand does not look at `b`.
  static func evaluate<Number: TapeNumber>(
    _ operation: Operation, _ a: RowsOf<Number>, _ b: RowsOf<Number>, into target: RowsOf<Number>, _ extent: Extent,
    _ meaning: Number.Meaning
  ) {
    switch operation {
    case .affine(let scale, let shift): each(extent, target, a) { Number.affine($1, scale, shift, into: $0, $2) }
    case .add: each(extent, target, a, b) { Number.add($1, $2, into: $0, $3) }
    case .subtract: each(extent, target, a, b) { Number.subtract($1, $2, into: $0, $3) }
    case .hadamard: each(extent, target, a, b) { Number.hadamard($1, $2, into: $0, $3) }
    case .divide: each(extent, target, a, b) { for entry in 0..<$3 { $0[entry] = $1[entry] / $2[entry] } }
    case .maximum, .minimum:
      let isMaximum = operation == .maximum
      each(extent, target, a, b) {
        for entry in 0..<$3 {
          guard let takesSecond = Number.takesSecond($1[entry], $2[entry], isMaximum: isMaximum, meaning) else {
            $0[entry] = .undefined
            continue
          }
          $0[entry] = takesSecond ? $2[entry] : $1[entry]
        }
      }
    case .function(let function): each(extent, target, a) { Number.apply(function, $1, into: $0, $2, meaning) }
    case .power(let exponent): each(extent, target, a) { Number.power($1, exponent, into: $0, $2, meaning) }
    case .stop: each(extent, target, a) { $0.update(from: $1, count: $2) }
    default: preconditionFailure("\(operation) is not by element")
    }
  }

  /// target += adjoint ⊙ ∂value/∂operand, for operand 0 (`a`) or 1 (`b`).
  static func pullBack<Number: TapeNumber>(
    _ operation: Operation, operand: Int, _ a: RowsOf<Number>, _ b: RowsOf<Number>, value: RowsOf<Number>,
    adjoint: RowsOf<Number>, into target: RowsOf<Number>, _ extent: Extent, _ meaning: Number.Meaning
  ) {
    switch operation {
    case .stop: break
    case .affine(let scale, _): each(extent, target, adjoint) { Number.addScaled($1, scale, into: $0, $2) }
    case .add: each(extent, target, adjoint) { Number.addScaled($1, 1, into: $0, $2) }
    case .subtract: each(extent, target, adjoint) { Number.addScaled($1, operand == 0 ? 1 : -1, into: $0, $2) }
    case .hadamard: each(extent, target, adjoint, operand == 0 ? b : a) { Number.addHadamard($1, $2, into: $0, $3) }
    case .divide where operand == 0:
      each(extent, target, adjoint, b) { for entry in 0..<$3 { $0[entry] = $0[entry] + $1[entry] / $2[entry] } }
    case .divide:
      for row in 0..<extent.rows {
        let (to, from, result, below) = (target[row], adjoint[row], value[row], b[row])
        for entry in 0..<extent.columns { to[entry] = to[entry] + from[entry] * (-result[entry] / below[entry]) }
      }
    case .maximum, .minimum:
      // At a tie the derivative is the first argument's; where nothing is larger it is no number.
      let isMaximum = operation == .maximum
      for row in 0..<extent.rows {
        let (to, from, first, second) = (target[row], adjoint[row], a[row], b[row])
        for entry in 0..<extent.columns {
          guard let takesSecond = Number.takesSecond(first[entry], second[entry], isMaximum: isMaximum, meaning) else {
            to[entry] = .undefined
            continue
          }
          if takesSecond == (operand == 1) { to[entry] = to[entry] + from[entry] }
        }
      }
    case .function(let function):
      for row in 0..<extent.rows {
        Number.pullBack(
          function, source: a[row], value: value[row], adjoint: adjoint[row], into: target[row], extent.columns,
          meaning)
      }
    case .power(let exponent):
      each(extent, target, a, adjoint) {
        Number.pullBackPower($1, exponent, adjoint: $2, into: $0, $3, meaning)
      }
    default: preconditionFailure("\(operation) is not by element")
    }
  }
}
