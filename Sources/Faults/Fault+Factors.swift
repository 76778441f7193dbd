// The table of mistakes of a step: the other factor of a product.

import Diagnostics
import Recurrence

extension Fault.Slip {
  public static let notTransposed = Self(
    "notTransposed", .edges(\.isSquareProduct), .factor { matrix, extent, _ in matrix.transposed(extent) },
    look: Look.matrix
  ) { told in
    Message(
      "on the path \(told.route) a matrix (\(told.factor)) seems not to be transposed",
      "路径 \(told.route) 上的矩阵 \(told.factor) 好像没有转置")
  }

  public static let factorMissing = Self(
    "factorMissing", .edges { $0.isProductByElement || $0.isSquareProduct }, .slope { _ in 1 }, look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) the factor \(told.factor) seems to be missing",
      "路径 \(told.route) 上好像少乘了 \(told.factor)")
  }

  public static let factorTwice = Self(
    "factorTwice", .edges { $0.isProductByElement || $0.isSquareProduct },
    .factor { factor, extent, isMatrix in isMatrix ? factor.squared(extent) : factor.map { $0 * $0 } },
    look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) the factor \(told.factor) seems to be there twice",
      "路径 \(told.route) 上好像乘了两次 \(told.factor)")
  }

  public static let ownValue = Self(
    "ownValue", .edges(\.isProductByElement), .slope(\.own), look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route), \(told.target) itself seems to stand where \(told.factor) belongs",
      "路径 \(told.route) 上，应乘 \(told.factor) 的地方好像乘了 \(told.target) 自己")
  }

  public static let productItself = Self(
    "productItself", .edges(\.isProductByElement), .slope(\.value), look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) the product \(told.inner) itself seems to stand where \(told.factor) belongs",
      "路径 \(told.route) 上，应乘 \(told.factor) 的地方好像乘了整个乘积 \(told.inner)")
  }

  // MARK: Another value in its place

  public static let presentForPrevious = Self(
    "presentForPrevious", .edges(\.isOtherPrevious),
    .operand { graph, other in
      guard case .previous(let state) = graph.nodes[other].operation else { return nil }
      return graph.results[state]
    }, look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) the new state seems to stand where \(told.factor) belongs",
      "路径 \(told.route) 上，应为 \(told.factor) 的地方好像用了新的状态")
  }

  public static let previousForPresent = Self(
    "previousForPresent", .edges(\.isOtherState),
    .operand { graph, other in
      guard let state = graph.results.firstIndex(of: other), state < graph.previous.count else { return nil }
      return graph.previous[state]
    }, look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) the old state seems to stand where \(told.factor) belongs",
      "路径 \(told.route) 上，应为 \(told.factor) 的地方好像用了旧的状态")
  }

  public static let firstFactorOnly = Self(
    "firstFactorOnly", .edges { $0.otherOperation == .hadamard }, .operand { $0.nodes[$1].operands.first },
    look: Look.factor, words: onlyOneFactor)

  public static let secondFactorOnly = Self(
    "secondFactorOnly", .edges { $0.otherOperation == .hadamard }, .operand { $0.nodes[$1].operands.last },
    look: Look.factor, words: onlyOneFactor)

  private static let onlyOneFactor: Words = { told in
    Message(
      "on the path \(told.route) only one factor of \(told.factor) seems to stand",
      "路径 \(told.route) 上，\(told.factor) 好像只用了其中一个因子")
  }

  /// One minus it, or it where one minus it belongs.
  public static let complement = Self(
    "complement", .standIns(\.complements), .operand { _, _ in nil }, look: Look.equation
  ) { told in
    Message(
      "on the path \(told.route) a gate seems to stand the wrong way round: \(told.stand) where \(told.factor) belongs",
      "路径 \(told.route) 上的门好像用反了：应为 \(told.factor) 的地方用了 \(told.stand)")
  }

  public static let otherOperand = Self(
    "otherOperand", .standIns(\.otherOperands), .operand { _, _ in nil }, look: Look.factor
  ) { told in
    Message(
      "on the path \(told.route) \(told.stand) seems to stand where \(told.factor) belongs",
      "路径 \(told.route) 上，应为 \(told.factor) 的地方好像用了 \(told.stand)")
  }

  /// The other factors of two products exchanged.
  public static let factorsExchanged = Self(
    "factorsExchanged", .listed, .operand { _, _ in nil }, look: Look.factor
  ) { told in
    told.detail == "sign"
      ? Message(
        "\(told.factor) and \(told.stand) seem to be exchanged on the path \(told.route), so that the gradient of \(told.target) has its sign turned round",
        "路径 \(told.route) 上 \(told.factor) 和 \(told.stand) 好像互换了，于是 \(told.target) 的梯度变了号")
      : Message(
        "\(told.factor) and \(told.stand) seem to be exchanged: on the path \(told.route) and on the other one each has the other's factor",
        "\(told.factor) 和 \(told.stand) 好像互换了：路径 \(told.route) 和另一条路径各用了对方的因子")
  }
}

extension [Double] {
  /// A square matrix, row by row, transposed.
  fileprivate func transposed(_ extent: Extent) -> [Double] {
    var turned = self
    for row in 0..<extent.rows {
      for column in 0..<extent.columns {
        turned[row * extent.columns + column] = self[column * extent.rows + row]
      }
    }
    return turned
  }

  /// A square matrix, row by row, times itself.
  fileprivate func squared(_ extent: Extent) -> [Double] {
    var square = [Double](repeating: 0, count: count)
    for row in 0..<extent.rows {
      for column in 0..<extent.columns {
        for inner in 0..<extent.rows {
          square[row * extent.columns + column] +=
            self[row * extent.columns + inner] * self[inner * extent.columns + column]
        }
      }
    }
    return square
  }
}
