// One part of a class, chosen by name, so that machines which know nothing of each other share the work.

import Hashing

/// Part `index` of `count`, written `index/count` from 1.
///
/// A submission belongs to a part by the hash of its name: parts never overlap and together are the class, and a
/// submission that comes later moves no other one.
public struct Shard: Sendable, Hashable {
  /// The part, from 1.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// A part by its number.
  ///
  /// - Returns: nil unless `1 ≤ index ≤ count`.
  public init?(_ index: Int, of count: Int) {
    guard count >= 1, (1...count).contains(index) else { return nil }
    self.index = index
    self.count = count
  }

  /// A part as it is written, `3/8`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index, of: count)
  }

  /// Whether a submission belongs to this part.
  public func contains(_ name: String) -> Bool {
    var sum = SHA256()
    sum.add(name)
    let value = UInt64(sum.hexadecimal().prefix(16), radix: 16) ?? 0
    return Int(value % UInt64(count)) == index - 1
  }
}
