// What one run may use of time, memory, processes, files and output.

/// The time of one call.
public struct CallTime: Sendable, Hashable {
  /// Processor time of all threads and processes together while the call lasts.
  public var processorSeconds: Double
  /// Time on the clock, counted as that of a run.
  public var clockSeconds: Double

  package init(processorSeconds: Double, clockSeconds: Double) {
    self.processorSeconds = processorSeconds
    self.clockSeconds = clockSeconds
  }
}

/// What all folders that a run may write hold together, watched every tenth of a second.
public struct FolderRoom: Sendable, Hashable {
  /// Room on the disk.
  public var bytes: Int
  /// Files and folders.
  public var files: Int

  package init(bytes: Int, files: Int) {
    self.bytes = bytes
    self.files = files
  }
}

/// Upper bounds for one run in the sandbox.
public struct Limits: Sendable, Hashable {
  /// Time on the clock, in seconds, without the time that a single thread waits for a processor: what bounds a program
  /// that sleeps, on a busy machine as on an idle one. Ten times as much where the kernel does not tell the waiting.
  public var clockSeconds: Double
  /// Processor time of all threads and processes together, those included that have ended, in seconds.
  public var processorSeconds: Double
  /// Bounds on each child of the program in its turn, for a program that makes each call in a process of its own.
  public var call: CallTime?
  /// Address space of each process, in bytes.
  public var addressSpace: Int
  /// Memory of all processes together, in bytes. Watched every few milliseconds, and bounded by a control group where
  /// the machine lets us make one.
  public var memory: Int
  /// Processes and threads at one time, the program's first one included.
  public var processes: Int
  /// Size of each file that is written, the answers included, in bytes.
  public var fileSize: Int
  /// What it may put into folders; nil where it may write none.
  public var folders: FolderRoom?
  /// Open descriptors of each process.
  public var openFiles: Int
  /// Bytes kept of standard output and of standard error, each; one byte more ends the run as an output flood.
  public var output: Int

  /// Bounds given one by one.
  public init(
    clockSeconds: Double, processorSeconds: Double, call: CallTime? = nil, addressSpace: Int, memory: Int,
    processes: Int, fileSize: Int, folders: FolderRoom? = nil, openFiles: Int, output: Int
  ) {
    self.clockSeconds = clockSeconds
    self.processorSeconds = processorSeconds
    self.call = call
    self.addressSpace = addressSpace
    self.memory = memory
    self.processes = processes
    self.fileSize = fileSize
    self.folders = folders
    self.openFiles = openFiles
    self.output = output
  }
}
