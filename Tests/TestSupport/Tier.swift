// How much of the tests is run: what a change is checked with, and what it lands with.

import Foundation
public import Testing

/// A tier of tests; `test` includes `check`. The environment variable `UNROLL_TIER` chooses one, `test` without it.
public enum Tier: String, CaseIterable, Comparable, Sendable {
  /// Tests that start no jail, compiler or browser, with a sample of the corpora.
  case check
  /// All tests: what the continuous integration runs.
  case test

  public static let current: Tier = {
    guard let name = ProcessInfo.processInfo.environment["UNROLL_TIER"], !name.isEmpty else { return .test }
    guard let tier = Tier(rawValue: name) else {
      fatalError("UNROLL_TIER is '\(name)'; it can be \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return tier
  }()

  public static func < (one: Tier, other: Tier) -> Bool { one == .check && other == .test }
}

extension Trait where Self == ConditionTrait {
  /// Tests that run in this tier and in those that include it.
  public static func tier(_ tier: Tier) -> Self {
    .enabled(if: Tier.current >= tier, "is in the tier '\(tier)'; UNROLL_TIER=\(tier) runs it")
  }
}

extension Collection {
  /// All elements; in the tier `check` every `count`th one, the same ones each time.
  public func sample(oneOf count: Int) -> [Element] {
    Tier.current == .check ? enumerated().filter { $0.offset % count == 0 }.map(\.element) : Array(self)
  }
}
