// What a run saw of the places where a function says little: saturation and kinks.

import Formula

extension TapeOf {
  /// Calls a body with the entries of a node at every step, and of another one beside it.
  private func eachEntry(_ node: Int, beside other: Int, _ body: (Number, Number) -> Void) {
    for step in 1...sizes.steps {
      let (one, two) = (block(step) + plan.offsets[node], block(step) + plan.offsets[other])
      for entry in 0..<plan.extents[node].count { body(one[entry], two[entry]) }
    }
  }

  /// Whether every node that has a kink was seen on both sides of it.
  package func sawBothSides() -> [Int: (below: Bool, above: Bool)] {
    var seen: [Int: (below: Bool, above: Bool)] = [:]
    for (index, node) in plan.graph.nodes.enumerated() {
      let isPair: Bool
      switch node.operation {
      case .function(let function) where function.curve?.isKinked == true: isPair = false
      case .maximum, .minimum: isPair = true
      default: continue
      }
      var sides = (below: false, above: false)
      eachEntry(node.operands[0], beside: node.operands[isPair ? 1 : 0]) { one, other in
        if meaning.isAbove(isPair ? one - other : one) { sides.above = true } else { sides.below = true }
      }
      seen[index] = sides
    }
    return seen
  }
}

extension TapeOf<Double> {
  /// The nodes of functions that saturate, with their curves.
  private var saturating: [(node: Int, argument: Int, curve: Curve)] {
    plan.graph.nodes.enumerated().compactMap { index, node in
      guard case .function(let function) = node.operation, let curve = function.curve, curve.saturates else {
        return nil
      }
      return (index, node.operands[0], curve)
    }
  }

  /// The largest absolute value that a saturating function is applied to; beyond 6 true identities blur.
  package func largestPreActivation() -> Double {
    var largest = 0.0
    for (_, argument, _) in saturating {
      eachEntry(argument, beside: argument) { x, _ in largest = larger(largest, abs(x)) }
    }
    return largest
  }

  /// The largest relative error that a derivative has which is worked out from a function's rounded value, as 1 − y² is; 1 and more
  /// where nothing is left of it.
  package func lossBySaturation() -> Double {
    var largest = 0.0
    for (node, argument, curve) in saturating {
      eachEntry(argument, beside: node) { x, y in
        // A value that vanishes with its derivative, as e^x does, loses nothing.
        if y != 0 { largest = larger(largest, y.ulp / curve.slope(x, y)) }
      }
    }
    return largest
  }
}
