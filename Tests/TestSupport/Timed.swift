// How long tests take by themselves: what Swift Testing prints counts the time in which they wait for a free place as well.

public import Testing

/// Prints how long each case of a test took if that was a second or more; `scripts/test` lists the slowest.
public struct Timed: TestTrait, SuiteTrait, TestScoping {
  public let isRecursive = true

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      let seconds = (clock.now - start) / .seconds(1)
      if seconds >= 1 { print("took \(Int(seconds * 10 + 0.5)) tenths of a second: \(test.displayName ?? test.name)") }
    }
    try await function()
  }
}

extension Trait where Self == Timed {
  /// Prints how long tests took that took long.
  public static var timed: Self { Timed() }
}
