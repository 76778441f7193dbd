// One program to be run in the sandbox, with all that it sees and may use.

/// One run of one program.
public struct SandboxRequest: Sendable {
  /// Absolute path of the program as seen inside.
  public var program: String
  /// The program by a path that only we know, such as one of an open descriptor, where it is not among `mounts`: it is
  /// started by the file that is there and by no name, and has the name `program` inside.
  public var executable: String?
  /// Its arguments without the program's own name.
  public var arguments: [String]
  /// Its whole environment; nothing is inherited.
  public var environment: [String: String]
  /// What it sees of the file system, in the order of mounting; `Mount.runtime` is what most programs need.
  public var mounts: [Mount]
  /// The folder it starts in, as seen inside.
  public var workingDirectory: String
  /// What it reads from standard input.
  public var standardInput: [UInt8]
  /// Whether it gets a file for answers, open for writing as descriptor 3.
  public var wantsAnswers: Bool
  /// What it may use.
  public var limits: Limits
  /// A folder of ours with files of this run, which nobody may enter but us and the run's user.
  public var workFolder: String?
  /// Whether it is a compiler or a linker: those may make files, where a folder lets them.
  public var makesFiles = false
  /// Whether it gets a control group of its own where the machine has them. Entering one can take some 20 ms, which a
  /// program that is not the submission's own is not worth.
  public var isGrouped = true
  /// Whether nothing else of a submission may run on the machine meanwhile, whichever grader it belongs to.
  public var isAlone = false
  /// Whether the clock counts the waiting for a processor, as on a machine whose kernel does not tell it.
  public var isClockAlone = false

  /// A run of `program`; what is left out is empty.
  public init(
    program: String, arguments: [String] = [], environment: [String: String] = [:], mounts: [Mount],
    workingDirectory: String = "/", standardInput: [UInt8] = [], wantsAnswers: Bool = false, limits: Limits
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.mounts = mounts
    self.workingDirectory = workingDirectory
    self.standardInput = standardInput
    self.wantsAnswers = wantsAnswers
    self.limits = limits
  }
}
