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
      return .diagonal(try vector(values[0], of: function, at: range))
    default: break
    }
    if case .transposed(let node) = values[0], function.isElementwise || function == .stop {
      return .transposed(add(function == .stop ? .stop : .function(function), [node], shape(node), range))
    }
    switch function {
    case .softmax:
      let node = try vector(values[0], of: function, at: range)
      let result = Value.node(add(.softmax, [node], shape(node), range))
      return if case .transposed = values[0] { upsideDown(result) } else { result }
    case .sum, .mean:
      let node = try vector(values[0], of: function, at: range)
      let shape = Shape(.scalar, isBatched: self.shape(node).isBatched)
      let total = add(.featureSum, [node], shape, range)
      if function == .sum { return .node(total) }
      let one = add(.constant(1), [], Shape(.scalar), range)
      let ones = try spread(one, to: self.shape(node), at: range)
      let count = add(.featureSum, [ones], shape, range)
      return .node(add(.divide, [total, count], shape, range))
    default: break
    }
    let node = try materialized(values[0], at: range)
    switch function {
    case .identity: return .node(node)
    case .stop: return .node(add(.stop, [node], shape(node), range))
    default: return .node(add(.function(function), [node], shape(node), range))
    }
  }

  /// The node of a vector, which may stand transposed.
  private func vector(_ value: Value, of function: Function, at range: Range<Int>) throws(Diagnostic) -> Int {
    if let node = node(of: value), case .vector = shape(node).axes { return node }
    _ = try rules.call(function, size(of: value), at: range)
    throw fail("`\(function.display)` takes a vector", at: range)
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
    _ = try rules.block(nodes.map { $0.map { size(of: .node($0)) } }, at: range)
    var length = Dimension()
    var vectors = 0
    for node in all {
      switch shape(node).axes {
      case .scalar:
        length = length + .one
        vectors += 1
      case .vector(let part):
        length = length + part
        vectors += 1
      case .matrix: break
      }
    }
    if vectors == all.count {
      let isBatched = all.contains { shape($0).isBatched }
      var parts: [Int] = []
      for node in all {
        let axes: Shape.Axes = shape(node).axes == .scalar ? .vector(.one) : shape(node).axes
        parts.append(try spread(node, to: Shape(axes, isBatched: isBatched), at: range))
      }
      return .node(add(.join, parts, Shape(.vector(length), isBatched: isBatched), range))
    }
    guard vectors == 0 else { throw fail("a block holds vectors or matrices, not both", at: range) }
    var lines: [Int] = []
    for line in nodes { lines.append(stack(line, beside: true, at: range)) }
    return .node(stack(lines, beside: false, at: range))
  }

  private mutating func stack(_ nodes: [Int], beside: Bool, at range: Range<Int>) -> Int {
    guard nodes.count > 1 else { return nodes[0] }
    var (height, width) = (Dimension(), Dimension())
    for (index, node) in nodes.enumerated() {
      guard case .matrix(let rows, let columns) = shape(node).axes else { continue }
      if index == 0 {
        (height, width) = (rows, columns)
      } else if beside {
        width = width + columns
      } else {
        height = height + rows
      }
    }
    return add(.stack(beside: beside), nodes, Shape(.matrix(height, width)), range)
  }
}
