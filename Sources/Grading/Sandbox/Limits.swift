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
  /// Memory of all processes together, in bytes. Watched every few milliseconds, and bounded by a control group where
  /// the machine lets us make one.
  public var memory: Int
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
    wallSeconds: Double, processorSeconds: Double, addressSpace: Int, memory: Int, processes: Int, fileSize: Int,
    openFiles: Int, output: Int
  ) {
    self.wallSeconds = wallSeconds
    self.processorSeconds = processorSeconds
    self.addressSpace = addressSpace
    self.memory = memory
    self.processes = processes
    self.fileSize = fileSize
    self.openFiles = openFiles
    self.output = output
  }
}
