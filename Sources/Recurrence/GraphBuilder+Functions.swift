// Functions and blocks.

import Diagnostics
import Formula

extension GraphBuilder {
  mutating func call(
    _ function: Function, _ arguments: [Expression], at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    var values: [Value] = []
    for argument in arguments { values.append(try build(argument)) }
    switch function {
    case .max: return try elementwise(.maximum, values[0], values[1], at: range)
    case .min: return try elementwise(.minimum, values[0], values[1], at: range)
    case .diag:
      if case .ones(let factor, _) = values[0] { return .form(MatrixForm(identity: factor)) }
      guard case .node(let node) = values[0], case .vector = shape(node).axes else {
        throw fail("`diag` takes a vector", at: range)
      }
      return .diagonal(node)
    default: break
    }
    if case .transposed(let node) = values[0], function.isElementwise {
      return .transposed(add(.function(function), [node], shape(node), range))
    }
    let node = try materialized(values[0], at: range)
    switch function {
    case .identity: return .node(node)
    case .softmax:
      guard case .vector = shape(node).axes else { throw fail("softmax takes a vector", at: range) }
      return .node(add(.softmax, [node], shape(node), range))
    case .sum, .mean:
      guard case .vector(let size) = shape(node).axes else {
        throw fail("`\(function.display)` takes a vector; it adds up the features of a sample", at: range)
      }
      let total = add(.featureSum, [node], Shape(.scalar, isBatched: shape(node).isBatched), range)
      if function == .sum { return .node(total) }
      let one = add(.constant(1), [], Shape(.scalar), range)
      let ones = try spread(one, to: Shape(.vector(size), isBatched: shape(node).isBatched), at: range)
      let count = add(.featureSum, [ones], Shape(.scalar, isBatched: shape(node).isBatched), range)
      return .node(add(.divide, [total, count], shape(total), range))
    case .stop: return .node(add(.stop, [node], shape(node), range))
    default: return .node(add(.function(function), [node], shape(node), range))
    }
  }

  /// `[a; b]` of vectors is one vector; of matrices `,` is beside and `;` on top.
  mutating func block(_ rows: [[Expression]], at range: Range<Int>) throws(Diagnostic) -> Value {
    var nodes: [[Int]] = []
    for row in rows {
      var line: [Int] = []
      for part in row { line.append(try materialized(try build(part), at: part.range)) }
      nodes.append(line)
    }
    let all = nodes.flatMap { $0 }
    var size = Dimension()
    var vectors = 0
    for node in all {
      switch shape(node).axes {
      case .scalar:
        size = size + .one
        vectors += 1
      case .vector(let part):
        size = size + part
        vectors += 1
      case .matrix: break
      }
    }
    if vectors == all.count {
      guard nodes.count == 1 || nodes.allSatisfy({ $0.count == 1 }) else {
        throw fail("vectors stand in one row or one column of a block", at: range)
      }
      let isBatched = all.contains { shape($0).isBatched }
      var parts: [Int] = []
      for node in all {
        let axes: Shape.Axes = shape(node).axes == .scalar ? .vector(.one) : shape(node).axes
        parts.append(try spread(node, to: Shape(axes, isBatched: isBatched), at: range))
      }
      return .node(add(.join, parts, Shape(.vector(size), isBatched: isBatched), range))
    }
    guard vectors == 0 else { throw fail("a block holds vectors or matrices, not both", at: range) }
    var lines: [Int] = []
    for line in nodes { lines.append(try stack(line, beside: true, at: range)) }
    return .node(try stack(lines, beside: false, at: range))
  }

  mutating func stack(_ nodes: [Int], beside: Bool, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard nodes.count > 1 else { return nodes[0] }
    var (height, width) = (Dimension(), Dimension())
    for (index, node) in nodes.enumerated() {
      guard case .matrix(let rows, let columns) = shape(node).axes else { continue }
      if index == 0 {
        (height, width) = (rows, columns)
      } else if beside {
        guard rows == height else { throw fail("matrices beside each other have equally many rows", at: range) }
        width = width + columns
      } else {
        guard columns == width else { throw fail("matrices on top of each other have equally many columns", at: range) }
        height = height + rows
      }
    }
    return add(.stack(beside: beside), nodes, Shape(.matrix(height, width)), range)
  }
}
