// A block of a learner's code as a sheet names it.

extension Sheet.Task {
  /// A block by the name that the learner's code gives it, such as `Wf` or `previous.c`.
  public struct BlockName: Sendable, Hashable {
    /// The name.
    public let name: String
    /// Where it stands in the sheet.
    public let range: Range<Int>
  }
}
