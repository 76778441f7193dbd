// Products of matrices, columns and rows: which way round a sample lies decides what fits.

import Diagnostics
import Formula

extension GraphBuilder {
  mutating func transposed(_ value: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    switch value {
    case .number, .diagonal, .form: return value
    case .ones(let factor, let isTransposed): return .ones(factor, isTransposed: !isTransposed)
    case .transposed(let node): return .node(node)
    case .node(let node):
      switch shape(node).axes {
      case .scalar: return value
      case .vector: return .transposed(node)
      case .matrix(let rows, let columns):
        if graph.nodes[node].operation == .transpose { return .node(graph.nodes[node].operands[0]) }
        return .node(add(.transpose, [node], Shape(.matrix(columns, rows)), range))
      }
    }
  }

  /// Whether a value is a column as it stands: in a columns cell a vector is, in a rows cell a transposed one.
  func isColumn(_ value: Value) -> Bool {
    switch value {
    case .node: return layout == .columns
    case .transposed: return layout == .rows
    default: return false
    }
  }

  mutating func product(_ left: Value, _ right: Value, at range: Range<Int>) throws(Diagnostic) -> Value {
    if let value = try constantProduct(left, right, at: range) { return value }
    switch (left, right) {
    case (.number(let factor), _): return try scaled(right, by: factor, at: range)
    case (_, .number(let factor)): return try scaled(left, by: factor, at: range)
    default: break
    }
    if case .byElement(let other) = try rules.product(size(of: left), size(of: right), at: range).reading {
      throw other
    }
    switch (left, right) {
    case (.diagonal(let a), .diagonal(let b)):
      if case .node(let node) = try elementwise(.hadamard, .node(a), .node(b), at: range) { return .diagonal(node) }
    case (.diagonal(let diagonal), let other), (let other, .diagonal(let diagonal)):
      if isNumber(other) { return try onDiagonal(try elementwise(.hadamard, .node(diagonal), other, at: range)) }
      guard let node = node(of: other), case .vector = shape(node).axes else { break }
      let result = try elementwise(.hadamard, .node(diagonal), .node(node), at: range)
      return if case .transposed = other { upsideDown(result) } else { result }
    default: break
    }
    guard let a = node(of: left) else {
      return try product(.node(try materialized(left, at: range)), right, at: range)
    }
    guard let b = node(of: right) else {
      return try product(left, .node(try materialized(right, at: range)), at: range)
    }
    if shape(a).axes == .scalar || shape(b).axes == .scalar {
      let scaled = try elementwise(.hadamard, .node(a), .node(b), at: range)
      let other = shape(a).axes == .scalar ? right : left
      return if case .transposed = other { upsideDown(scaled) } else { scaled }
    }
    switch (shape(a).axes, shape(b).axes) {
    case (.matrix, .matrix): return .node(matrixProduct(a, b, at: range))
    case (.matrix, .vector) where isColumn(right): return try applied(a, to: b, fromLeft: true, at: range)
    case (.vector, .matrix) where !isColumn(left): return try applied(b, to: a, fromLeft: false, at: range)
    case (.vector, .vector): return try vectorProduct(left, a, right, b, at: range)
    default: throw manyMatrices(at: range)
    }
  }

  func node(of value: Value) -> Int? {
    switch value {
    case .node(let node), .transposed(let node): return node
    default: return nil
    }
  }

  /// Looks through a transpose: the product transposes on the fly.
  func untransposed(_ node: Int) -> (node: Int, isTransposed: Bool) {
    graph.nodes[node].operation == .transpose ? (graph.nodes[node].operands[0], true) : (node, false)
  }

  private mutating func matrixProduct(_ a: Int, _ b: Int, at range: Range<Int>) -> Int {
    guard case .matrix(let rows, _) = shape(a).axes, case .matrix(_, let columns) = shape(b).axes else {
      preconditionFailure("two matrices")
    }
    let (left, right) = (untransposed(a), untransposed(b))
    return add(
      .product(leftTransposed: left.isTransposed, rightTransposed: right.isTransposed), [left.node, right.node],
      Shape(.matrix(rows, columns)), range)
  }

  /// A matrix times a column, or a row times a matrix; the result stands as the vector did.
  mutating func applied(
    _ matrix: Int, to vector: Int, fromLeft: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard case .matrix(let rows, let columns) = shape(matrix).axes, case .vector(let size) = shape(vector).axes,
      (fromLeft ? columns : rows) == size
    else { throw manyMatrices(at: range) }
    let outer = fromLeft ? rows : columns
    let (base, isTransposed) = untransposed(matrix)
    let shape = Shape(.vector(outer), isBatched: shape(vector).isBatched)
    // A vector lies in memory as a sample does, upright or flat, whether or not the formula transposes it.
    let isUpright = layout == .columns
    let flips = isTransposed != (isUpright != fromLeft)
    let node =
      isUpright
      ? add(.product(leftTransposed: flips, rightTransposed: false), [base, vector], shape, range)
      : add(.product(leftTransposed: false, rightTransposed: flips), [vector, base], shape, range)
    return fromLeft == isUpright ? .node(node) : .transposed(node)
  }

  mutating func vectorProduct(
    _ left: Value, _ a: Int, _ right: Value, _ b: Int, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    switch (isColumn(left), isColumn(right)) {
    case (false, true):
      guard case .node(let both) = try elementwise(.hadamard, .node(a), .node(b), at: range) else { break }
      return .node(add(.featureSum, [both], Shape(.scalar, isBatched: shape(both).isBatched), range))
    case (true, false):
      guard !shape(a).isBatched, !shape(b).isBatched, case .vector(let rows) = shape(a).axes,
        case .vector(let columns) = shape(b).axes
      else { throw manyMatrices(at: range) }
      let isUpright = layout == .columns
      return .node(
        add(
          .product(leftTransposed: !isUpright, rightTransposed: isUpright), [a, b], Shape(.matrix(rows, columns)), range
        ))
    default: break
    }
    throw fail("\(shape(a).text) does not fit \(shape(b).text)", at: range)
  }
}
