// Why there can be no sandbox at all.

/// What is missing for the sandbox to work, and what to do about it.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to do, in one line without a full stop.
  public let description: String

  package init(_ description: String) {
    self.description = description
  }
}
