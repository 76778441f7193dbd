// Reads `zero:` and `set:` of a task: the blocks that are the same in every draw.

import Diagnostics

extension Sheet.Task {
  /// A block that is not drawn.
  public struct HeldBlock: Sendable, Hashable {
    /// Its name, and where the sheet has it.
    public let block: BlockName
    /// What every entry of it is.
    public let value: Double
  }
}

extension FieldReader {
  private static let heldExample = "set: {bf: -30}"

  /// The blocks of a task that are zero, then those with a number of the sheet's.
  mutating func heldBlocks(zero: [Sheet.Task.BlockName], set: FrontMatterEntry?) -> [Sheet.Task.HeldBlock] {
    let zeros = zero.map { Sheet.Task.HeldBlock(block: $0, value: 0) }
    guard let set, let entries = entries(set, example: Self.heldExample) else { return zeros }
    if entries.isEmpty { report("`set` is empty; write it as in `\(Self.heldExample)`", place(set)) }
    return zeros
      + entries.compactMap { given in
        if zero.contains(where: { $0.name == given.key }) {
          report("`\(given.key.clipped)` is in `zero`, too; keep one of them", given.keyRange)
        }
        return number(given, in: -1000...1000).map {
          Sheet.Task.HeldBlock(block: .init(name: given.key, range: given.keyRange), value: $0)
        }
      }
  }
}
