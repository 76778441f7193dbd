// What a value is, apart from how it lies in memory: scalar, vector or matrix, one for all samples or one for each.

import Diagnostics

/// The shape of a value, before numbers are known.
public struct Shape: Sendable, Hashable {
  /// How many axes a value has.
  public enum Axes: Sendable, Hashable {
    case scalar
    case vector(Dimension)
    case matrix(Dimension, Dimension)
  }

  /// The axes of one sample's value.
  public let axes: Axes
  /// Whether every sample has a value of its own; otherwise one serves the whole batch.
  public let isBatched: Bool

  init(_ axes: Axes, isBatched: Bool = false) {
    self.axes = axes
    self.isBatched = isBatched
  }

  package func batched(_ isBatched: Bool = true) -> Shape { Shape(axes, isBatched: isBatched) }

  /// The number of rows and columns that a matrix needs to hold the value of a whole batch.
  ///
  /// In a columns cell a vector stands upright and the batch runs to the right; in a rows cell it is the other way
  /// round.
  public func storage(_ layout: Layout) -> (rows: Dimension, columns: Dimension) {
    let batch = isBatched ? Dimension.batch : .one
    switch (axes, layout) {
    case (.scalar, .columns): return (.one, batch)
    case (.scalar, .rows): return (batch, .one)
    case (.vector(let size), .columns): return (size, batch)
    case (.vector(let size), .rows): return (batch, size)
    case (.matrix(let rows, let columns), _): return (rows, columns)
    }
  }

  /// As messages show it: `a vector of H`, `a matrix of H×D`.
  var text: Message {
    switch axes {
    case .scalar: "a number"
    case .vector(let size): "a vector of \(size)"
    case .matrix(let rows, let columns): "a matrix of \(rows)×\(columns)"
    }
  }
}
