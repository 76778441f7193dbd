// What a run may use, and what came of it.

/// What each call may use.
public struct CallLimits: Sendable, Hashable {
  /// Seconds of processor time for both executions of one call.
  public var seconds: Double
  /// Seconds on the clock, which bounds sleeping, for both executions of one call.
  public var clockSeconds: Double
  /// Address space of the process, in bytes.
  public var addressSpace: Int
  /// Memory of the process and all that it starts, in bytes.
  public var memory: Int { addressSpace + addressSpace / 2 }
  /// Bytes that one call may print to each stream; one more ends it.
  public var output: Int
  /// Bytes of a call's text that are kept to be shown.
  public var shownOutput: Int

  /// Bounds for one call; on the clock it has twice the processor time.
  public init(
    seconds: Double = 0.5, addressSpace: Int = 512 << 20, output: Int = 256 << 10, shownOutput: Int = 4 << 10
  ) {
    self.seconds = seconds
    clockSeconds = 2 * seconds
    self.addressSpace = addressSpace
    self.output = output
    self.shownOutput = shownOutput
  }

  /// For the checks of step and sequence tasks: half a second.
  public static let check = CallLimits()
  /// For an experiment on a learner's cell: 3 s.
  public static let experiment = CallLimits(seconds: 3)
}

/// What became of some calls, in their order.
public struct RunReport: Sendable {
  /// What became of each call.
  public var outcomes: [CallOutcome]
  /// What the learner's code printed during each call.
  public var printed: [PrintedText]
  /// How many processes it took; more than one says that a call took its whole process with it.
  public var processes: Int
  /// Whether the machine may be at fault, so that the rest of the calls was not made.
  public var suspicion: Suspicion?
  /// Why the isolation broke, if it did.
  public var fault: String? {
    for case .failed(.isolationFault(let reason)) in outcomes { return reason }
    return nil
  }

  /// What was printed first; what stops at a `todo` prints only the line that the finding has already.
  package var firstPrinted: PrintedText {
    zip(printed, outcomes).first { text, outcome in
      if case .failed(.notWritten) = outcome { return !text.output.isEmpty }
      return text != PrintedText()
    }?.0 ?? PrintedText()
  }
}
