// How much of the tests is run: what a change is checked with, what it lands with, and all there is.

import Foundation
public import Testing

/// A tier of tests; each holds those before it. `UNROLL_TIER` chooses one, `test` without it.
public enum Tier: String, CaseIterable, Comparable, Sendable {
  /// No jail, no compiler, no browser, samples of the corpora: a minute.
  case check
  /// What the continuous integration runs.
  case test
  /// Longer draws and more seeds; `make test-all` adds what is no test of this package.
  case all

  public static let current: Tier = {
    guard let name = ProcessInfo.processInfo.environment["UNROLL_TIER"], !name.isEmpty else { return .test }
    guard let tier = Tier(rawValue: name) else {
      fatalError("UNROLL_TIER is '\(name)'; it can be \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return tier
  }()

  private var rank: Int { Self.allCases.firstIndex(of: self)! }

  public static func < (one: Tier, other: Tier) -> Bool { one.rank < other.rank }
}

extension Trait where Self == ConditionTrait {
  /// Tests that are run in this tier and those that hold it.
  public static func tier(_ tier: Tier) -> Self {
    .enabled(if: Tier.current >= tier, "stands in the tier '\(tier)'; UNROLL_TIER=\(tier) runs it")
  }
}

extension Collection {
  /// All of it, or about one of so many where changes are only checked; the same ones each time.
  public func sample(oneOf count: Int) -> [Element] {
    Tier.current == .check ? enumerated().filter { $0.offset % count == 0 }.map(\.element) : Array(self)
  }
}
