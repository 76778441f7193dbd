// What became of one call: an answer, or one of the ways in which there is none.

/// What became of one call.
public enum CallOutcome: Sendable, Equatable {
  /// The cell was called twice and gave the same answer, bit for bit.
  case answered(Answer)
  /// The cell was called twice with the same values and gave two answers: it keeps something between calls.
  case unsteady(Answer, Answer)
  /// There is no answer.
  case failed(CallFailure)

  /// The answer, the first one where there are two; nil where there is none.
  package var answer: Answer? {
    switch self {
    case .answered(let answer), .unsteady(let answer, _): answer
    case .failed: nil
    }
  }
}

/// Why a call has no answer.
public enum CallFailure: Sendable, Equatable {
  /// A `todo` was reached.
  case notWritten(what: String, at: SourcePlace?)
  /// The program trapped or was ended by a signal.
  case crashed(Crash)
  /// It ran longer than this many seconds.
  case timedOut(seconds: Double)
  /// It asked for more memory than this many bytes.
  case outOfMemory(limit: Int)
  /// It wrote more output than is kept.
  case outputFlood
  /// It ended itself, with this code, before it had answered.
  case earlyExit(code: Int32)
  /// What it wrote in place of an answer cannot be one.
  case malformedAnswer(reason: String)
  /// The isolation could not be set up or broke; never the learner's fault.
  case isolationFault(reason: String)
}

/// A place in one of the learner's files.
public struct SourcePlace: Sendable, Hashable {
  /// The file's name, such as `Cell.swift`.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1; nil where only the line is known.
  public var column: Int?

  /// A place by file, line and column.
  public init(file: String, line: Int, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// How a program stopped.
public struct Crash: Sendable, Equatable {
  /// The signal that ended it.
  public var signal: Int32
  /// What the program or its crash report says, one line: `Index out of range`, `arithmetic overflow`.
  public var message: String
  /// The innermost frame in the learner's own files.
  public var place: SourcePlace?
  /// The function of that frame.
  public var function: String?
}

/// What the learner's code printed during one call.
public struct PrintedText: Sendable, Equatable {
  /// Standard output of the first execution, cut at `CallLimits.shownOutput` bytes.
  public var output = ""
  /// Standard error of the first execution without the crash report, cut likewise.
  public var error = ""
  /// Whether something was cut.
  public var isCut = false

  /// No text.
  public init() {}
}
