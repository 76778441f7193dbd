// Reverse-mode differentiation: every operation writes down how its gradient goes back.

final class Node {
  let value: Matrix
  var gradient: Matrix
  init(_ value: Matrix) {
    self.value = value
    gradient = .zeros(like: value)
  }
}

final class Record {
  private var steps: [() -> Void] = []

  func node(_ value: Matrix) -> Node { Node(value) }

  private func result(_ value: Matrix, _ back: @escaping (Node) -> Void) -> Node {
    let node = Node(value)
    steps.append { back(node) }
    return node
  }

  func product(_ a: Node, _ b: Node) -> Node {
    result(a.value * b.value) {
      a.gradient += $0.gradient * b.value.T
      b.gradient += a.value.T * $0.gradient
    }
  }

  func hadamard(_ a: Node, _ b: Node) -> Node {
    result(a.value .* b.value) {
      a.gradient += $0.gradient .* b.value
      b.gradient += $0.gradient .* a.value
    }
  }

  /// Adds; a bias is spread over the batch.
  func sum(_ a: Node, _ b: Node) -> Node {
    result(a.value + b.value) {
      a.gradient += $0.gradient
      var share = $0.gradient
      if b.value.rows == 1, share.rows > 1 { share = share.sumOverRows() }
      if b.value.columns == 1, share.columns > 1 { share = share.sumOverColumns() }
      b.gradient += share
    }
  }

  func oneMinus(_ a: Node) -> Node {
    result(1 - a.value) { a.gradient -= $0.gradient }
  }

  func tanh(_ a: Node) -> Node {
    let value = a.value.map { x -> Double in CellKit.tanh(x) }
    return result(value) { a.gradient += $0.gradient .* (1 - value .* value) }
  }

  func sigmoid(_ a: Node) -> Node {
    let value = CellKit.sigmoid(a.value)
    return result(value) { a.gradient += $0.gradient .* value .* (1 - value) }
  }

  /// The softmax of each column.
  func softmax(_ a: Node) -> Node {
    let powers = exp(a.value)
    let value = powers ./ powers.sumOverRows()
    return result(value) { a.gradient += value .* ($0.gradient - (value .* $0.gradient).sumOverRows()) }
  }

  func stacked(_ a: Node, _ b: Node) -> Node {
    result(Matrix.stacked(a.value, b.value)) {
      a.gradient += $0.gradient[rows: 0..<a.value.rows]
      b.gradient += $0.gradient[rows: a.value.rows..<$0.value.rows]
    }
  }

  func columns(_ a: Node, _ range: Range<Int>) -> Node {
    result(a.value[columns: range]) {
      var whole = Matrix.zeros(like: a.value)
      whole[columns: range] = $0.gradient
      a.gradient += whole
    }
  }

  func back(_ arriving: [(Node, Matrix)]) {
    for (node, gradient) in arriving { node.gradient += gradient }
    for step in steps.reversed() { step() }
  }
}
