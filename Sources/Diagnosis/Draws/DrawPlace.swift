// Where something was found: the sizes of a draw, the step, and the blocks that were not drawn.

package import CellKit

/// Rows and columns.
public struct BlockShape: Sendable, Hashable {
  public let rows: Int
  public let columns: Int

  package init(_ matrix: Matrix) {
    rows = matrix.rows
    columns = matrix.columns
  }
}

/// Where a finding was made: the sizes of the draw, and the step, from 1, where there are steps.
public struct DrawPlace: Sendable, Hashable {
  /// The sizes by letter, such as D, H, N, T.
  public let sizes: [String: Int]
  /// The step, or nil.
  public let step: Int?
  /// Every step at which the block differs, where there are steps.
  public var wrongSteps: [Int] = []
  /// Whether the steps are worked out from the last one to the first.
  public var isBackward = false
  /// The blocks that were held at zero, by the names of the learner's code.
  public let zero: [String]
  /// The blocks that the sheet gives another number.
  public var set: [SetBlock] = []

  /// A block all of whose entries are one number.
  public struct SetBlock: Sendable, Hashable {
    /// Its name in the learner's code.
    public let block: String
    /// The number.
    public let value: Double
  }
}

extension DrawPlace {
  /// A place by its sizes, with the step where there is one.
  package init(sizes: [String: Int], step: Int?) { self.init(sizes: sizes, step: step, zero: []) }
}
