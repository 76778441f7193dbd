// The optimiser for exercises in which a model is trained: Adam, so that learners write gradients and not update rules.

/// Adam (Kingma and Ba 2015): steps whose size follows from the mean and the mean square of past gradients.
///
/// ```swift
/// var adam = Adam(rate: 0.01)
/// adam.update(&p.blocks, by: gradients.blocks)
/// ```
public struct Adam {
  /// How far a step goes; to be changed while training as one likes.
  public var rate: Double
  /// How slowly the mean of the gradients follows, and the mean of their squares.
  public let beta: (mean: Double, square: Double)

  private var mean: [Matrix] = []
  private var square: [Matrix] = []
  private var count = 0

  /// An optimiser that has not seen a gradient yet.
  public init(rate: Double = 0.01, beta: (mean: Double, square: Double) = (0.9, 0.999)) {
    self.rate = rate
    self.beta = beta
  }

  /// Moves every block against its gradient; both lists are in the same order.
  public mutating func update(_ blocks: inout [Matrix], by gradients: [Matrix]) {
    if blocks.count != gradients.count {
      stop("adam.update: \(blocks.count) blocks and \(gradients.count) gradients; they belong together one by one")
    }
    for (index, (block, gradient)) in zip(blocks, gradients).enumerated()
    where block.rows != gradient.rows || block.columns != gradient.columns {
      stop("adam.update, block \(index)", block, gradient, "a gradient has the shape of what it belongs to")
    }
    if mean.isEmpty { (mean, square) = (blocks.map { .zeros(like: $0) }, blocks.map { .zeros(like: $0) }) }
    count += 1
    let (first, second) = (1 - power(beta.mean, count), 1 - power(beta.square, count))
    for index in blocks.indices {
      let gradient = gradients[index]
      mean[index] = byElement("adam.update", mean[index], gradient) { beta.mean * $0 + (1 - beta.mean) * $1 }
      square[index] = byElement("adam.update", square[index], gradient) {
        beta.square * $0 + (1 - beta.square) * $1 * $1
      }
      let step = byElement("adam.update", mean[index], square[index]) {
        rate * ($0 / first) / (($1 / second).squareRoot() + 1e-8)
      }
      blocks[index] -= step
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    pow(base, Double(exponent)) as Double
  }
}
