// What is left of a run once every one of its processes is gone.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How a run ended, and what it left behind.
public struct SandboxResult: Sendable {
  /// The way a run ends: by itself, by a limit, or by a fault of ours.
  public enum Ending: Sendable, Hashable {
    /// The program ended with this code.
    case exited(Int32)
    /// The program was ended by this signal.
    case signalled(Int32)
    /// It ran longer than `Limits.wallSeconds`.
    case wallTimeExceeded
    /// It used more than `Limits.processorSeconds`.
    case processorTimeExceeded
    /// It wrote more than `Limits.output` to standard output or to standard error.
    case outputFlood
    /// The isolation could not be set up or broke, so that nothing can be said about the program; never its fault.
    case isolationFault(reason: String)
  }

  /// How it ended.
  public var ending: Ending
  /// What it wrote to standard output, at most `Limits.output` bytes.
  public var standardOutput: [UInt8]
  /// What it wrote to standard error, at most `Limits.output` bytes.
  public var standardError: [UInt8]
  /// What it wrote to descriptor 3.
  public var answers: [UInt8]
  /// Time from the start of the launcher until every process was gone, in seconds.
  public var wallSeconds: Double
  /// Processor time of the program and of the children it waited for, in seconds.
  public var processorSeconds: Double
  /// Largest resident memory of the program or of a child it waited for, in bytes.
  public var peakMemory: Int

  /// Whether it ended because memory was refused: Swift's runtime says so before it aborts, and the kernel kills
  /// without a word when the machine itself has none left.
  public var ranOutOfMemory: Bool {
    switch ending {
    case .signalled(SIGABRT):
      // The runtime's words stand at the beginning of a line; a learner's own output goes elsewhere.
      String(decoding: standardError, as: UTF8.self).split(separator: "\n").contains {
        $0.hasPrefix("Fatal error: failed to allocate ") || $0.hasPrefix("Fatal error: Could not allocate memory")
      }
    case .signalled(SIGKILL): true
    default: false
    }
  }
}
