// What is left of a run once every one of its processes is gone.

/// How a run ended, and what it left behind.
public struct SandboxResult: Sendable {
  /// The way a run ends: by itself, by a limit, or by a fault of ours.
  public enum Ending: Sendable, Hashable {
    /// The program ended with this code.
    case exited(Int32)
    /// The program was ended by this signal.
    case signalled(Int32)
    /// It, or the call that it was making, used more processor time than it is given.
    case processorTimeExceeded
    /// It, or the call that it was making, was longer on the clock than it is given, and slept meanwhile.
    case slept
    /// It, or the call that it was making, was longer on the clock than it is given, and nobody can tell whether it
    /// slept or waited for the machine.
    case clockExceeded
    /// Its processes together used more than `Limits.memory`.
    case memoryExceeded
    /// The program's file could not be started although it may be: it is no program, or too large for its limits.
    case unstartable(reason: String)
    /// It wrote more than `Limits.output` to standard output or to standard error.
    case outputFlood
    /// It put more than `Limits.folders` into the folders that it may write.
    case folderFull
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
  /// Time on the clock without the waiting for a processor, as `Limits.clockSeconds` counts it.
  public var clockSeconds: Double
  /// Processor time of all threads and processes of the run, in seconds.
  public var processorSeconds: Double
  /// Largest resident memory of the program or of a child it waited for, in bytes.
  public var peakMemory: Int
  /// Whether the kernel ended one of its processes because the run's control group was out of memory.
  public var isExhausted = false
  /// The version of the control groups that the run had one of; `nil` if it had none.
  public var groupVersion: Int?
}
