// What one run may use of time, memory, processes, files and output.

/// Upper bounds for one run in the sandbox.
public struct Limits: Sendable, Hashable {
  /// Wall-clock time from the start of the launcher to the end of the last process, in seconds.
  public var wallSeconds: Double
  /// Processor time of the program, all its threads together, in seconds. Each further process is held to the next
  /// whole second above it.
  public var processorSeconds: Double
  /// Address space of each process, in bytes.
  public var addressSpace: Int
  /// Processes and threads at one time, the program's first one included.
  public var processes: Int
  /// Size of each file that is written, the answers included, in bytes.
  public var fileSize: Int
  /// Open descriptors of each process.
  public var openFiles: Int
  /// Bytes kept of standard output and of standard error, each; one byte more ends the run as an output flood.
  public var output: Int

  /// Bounds given one by one.
  public init(
    wallSeconds: Double, processorSeconds: Double, addressSpace: Int, processes: Int, fileSize: Int, openFiles: Int,
    output: Int
  ) {
    self.wallSeconds = wallSeconds
    self.processorSeconds = processorSeconds
    self.addressSpace = addressSpace
    self.processes = processes
    self.fileSize = fileSize
    self.openFiles = openFiles
    self.output = output
  }

  /// For the compiler and the linker: a learner's files that take longer than this are not worth waiting for.
  public static let compiler = Limits(
    wallSeconds: 20, processorSeconds: 20, addressSpace: 2 << 30, processes: 64, fileSize: 256 << 20, openFiles: 256,
    output: 1 << 20)

  /// For one check of a submission: half a second.
  public static let check = Limits(
    wallSeconds: 0.5, processorSeconds: 0.5, addressSpace: 512 << 20, processes: 32, fileSize: 64 << 20, openFiles: 64,
    output: 256 << 10)
}
