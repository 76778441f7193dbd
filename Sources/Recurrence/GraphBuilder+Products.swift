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
    case (.diagonal(let a), .diagonal(let b)):
      if case .node(let node) = try elementwise(.hadamard, .node(a), .node(b), at: range) { return .diagonal(node) }
    case (.diagonal(let diagonal), .node(let node)), (.node(let node), .diagonal(let diagonal)):
      if case .vector = shape(node).axes {
        return try elementwise(.hadamard, .node(diagonal), .node(node), at: range)
      }
    default: break
    }
    guard let a = node(of: left), let b = node(of: right) else {
      return try product(.node(try materialized(left, at: range)), .node(try materialized(right, at: range)), at: range)
    }
    if shape(a).axes == .scalar || shape(b).axes == .scalar {
      let scaled = try elementwise(.hadamard, .node(a), .node(b), at: range)
      let other = shape(a).axes == .scalar ? right : left
      if case .transposed = other, case .node(let node) = scaled { return .transposed(node) }
      return scaled
    }
    switch (shape(a).axes, shape(b).axes) {
    case (.matrix, .matrix): return .node(try matrixProduct(a, b, at: range))
    case (.matrix, .vector):
      guard isColumn(right) else {
        throw misfit(
          a, b, "a matrix stands left of a column; here samples are rows, so the vector stands on the left", at: range)
      }
      return try applied(a, to: b, fromLeft: true, at: range)
    case (.vector, .matrix):
      guard !isColumn(left) else { throw misfit(a, b, "a column stands right of its matrix: `W x`", at: range) }
      return try applied(b, to: a, fromLeft: false, at: range)
    case (.vector, .vector):
      return try vectorProduct(left, a, right, b, at: range)
    default: throw misfit(a, b, "they have no product", at: range)
    }
  }

  func node(of value: Value) -> Int? {
    switch value {
    case .node(let node), .transposed(let node): return node
    default: return nil
    }
  }

  func misfit(_ left: Int, _ right: Int, _ reason: Message, at range: Range<Int>) -> Diagnostic {
    fail("\(shape(left).text) times \(shape(right).text): \(reason)", at: range)
  }

  /// Looks through a transpose: the product transposes on the fly.
  func untransposed(_ node: Int) -> (node: Int, isTransposed: Bool) {
    graph.nodes[node].operation == .transpose ? (graph.nodes[node].operands[0], true) : (node, false)
  }

  mutating func matrixProduct(_ a: Int, _ b: Int, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard case .matrix(let rows, let inner) = shape(a).axes, case .matrix(let other, let columns) = shape(b).axes,
      inner == other
    else { throw misfit(a, b, "the inner sizes differ", at: range) }
    let (left, right) = (untransposed(a), untransposed(b))
    return add(
      .product(leftTransposed: left.isTransposed, rightTransposed: right.isTransposed), [left.node, right.node],
      Shape(.matrix(rows, columns)), range)
  }

  /// A matrix times a column, or a row times a matrix; the result stands as the vector did.
  mutating func applied(
    _ matrix: Int, to vector: Int, fromLeft: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard case .matrix(let rows, let columns) = shape(matrix).axes, case .vector(let size) = shape(vector).axes else {
      throw misfit(matrix, vector, "they have no product", at: range)
    }
    let (inner, outer) = fromLeft ? (columns, rows) : (rows, columns)
    guard inner == size else {
      throw fromLeft
        ? misfit(matrix, vector, "\(columns) columns do not meet \(size) entries", at: range)
        : misfit(vector, matrix, "\(size) entries do not meet \(rows) rows", at: range)
    }
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
      else { throw misfit(a, b, "that is a matrix for each sample, which a cell cannot hold", at: range) }
      let isUpright = layout == .columns
      return .node(
        add(
          .product(leftTransposed: !isUpright, rightTransposed: isUpright), [a, b], Shape(.matrix(rows, columns)), range
        ))
    default: break
    }
    throw misfit(a, b, "write `a \\odot b` by element or `a^\\top b` for the inner product", at: range)
  }
}
