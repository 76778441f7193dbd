// The table of mistakes of a step: the gradient at another place of the graph.

import Diagnostics

extension Fault.Slip {
  /// The gradient at another quantity, further up or down the road, handed on in the place of the one that arrives.
  public static let otherGradient = Self(
    "otherGradient", .standIns(\.otherGradients), .gradient(isAdded: false), look: Look.gradient
  ) { told in
    guard told.detail.isEmpty else {
      let function: Message =
        switch told.detail {
        case "sigmoid": "σ"
        case "softmax": Message("the softmax", "softmax")
        default: Message(verbatim: told.detail)
        }
      return Message(
        "on the path \(told.route) the derivative of \(function) seems to be skipped: the gradient of \(told.stand) stands there, and that of \(told.factor) belongs there",
        "路径 \(told.route) 上好像跳过了 \(function) 的导数：那里用的是 \(told.stand) 处的梯度，而应该用 \(told.factor) 处的梯度")
    }
    return Message(
      "on the path \(told.route) the gradient at \(told.stand) seems to be handed on, and not the one at \(told.factor)",
      "路径 \(told.route) 上，往回传的好像是 \(told.stand) 处的梯度，而不是 \(told.factor) 处的")
  }

  /// The same, besides the one that arrives.
  public static let otherGradientToo = Self(
    "otherGradientToo", .standIns { $0.isSpread ? $0.otherGradients : [] }, .gradient(isAdded: true),
    look: Look.gradient
  ) { told in
    Message(
      "on the path \(told.route) the gradient at \(told.stand) seems to come in besides the one at \(told.factor)",
      "路径 \(told.route) 上，除了 \(told.factor) 处的梯度，好像还加上了 \(told.stand) 处的")
  }

  /// The parts of a joined or a packed value in each other's place.
  public static let partsExchanged = Self("partsExchanged", .listed, .otherPart, look: Look.order) { told in
    Message(
      "in the backward pass the places of \(told.factor) and \(told.stand) in \(told.target) seem to be exchanged",
      "反向时，\(told.target) 中 \(told.factor) 和 \(told.stand) 的位置好像互换了")
  }
}
