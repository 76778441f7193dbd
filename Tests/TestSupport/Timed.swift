// How long tests take by themselves: the durations that Swift Testing prints include the wait for a free place.

public import Testing

/// Prints how long each case of a test took if that was a tenth of a second or more; `scripts/test` lists the slowest.
public struct Timed: TestTrait, SuiteTrait, TestScoping {
  public let isRecursive = true

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      let milliseconds = Int((clock.now - start) / .milliseconds(1))
      if milliseconds >= 100 { print("took \(milliseconds) ms: \(test.displayName ?? test.name)") }
    }
    try await function()
  }
}

extension Trait where Self == Timed {
  /// Prints the duration of each case that took a tenth of a second or more.
  public static var timed: Self { Timed() }
}
