// A verdict on a submission: what was checked, what was found, and the points. Facts only; Reports has the sentences.

import CellKit
public import Derivation
public import Diagnosis
public import Diagnostics
public import Sandbox
public import SubmissionHost

/// What was found about one check.
public enum Finding: Sendable, Equatable {
  /// Right in every draw.
  case agrees
  /// Other numbers.
  case differs(Difference, at: DrawPlace)
  /// A block of another shape.
  case wrongShape(received: BlockShape, expected: BlockShape, at: DrawPlace)
  /// A gradient that was never assigned.
  case notSet
  /// A NaN or an infinity.
  case notFinite(row: Int, column: Int, value: Double, at: DrawPlace)
  /// A list over time of the wrong length.
  case wrongStepCount(received: Int, expected: Int, at: DrawPlace)
  /// Two calls with the same values gave two answers.
  case unsteady(at: DrawPlace)
  /// The call has no answer.
  case noAnswer(CallFailure)
  /// The compiler refused the submission.
  case doesNotCompile([CompilerDiagnostic])
  /// A repaired listing compiles, but what this function of it gives back no longer follows the parameters.
  case idle(function: String)
  /// An error of a listing is gone, and with it most of a function, which is not right in other words either.
  case removed(function: String)
  /// What the check builds on has no answer, or not the right one.
  case skipped(needs: String)
  /// A goal, a bound or a formula that has not been derived; the missing piece.
  case notEarned(Wording)
  /// A goal that earns a share of what it is worth, or all of it although it rests on wrong lines; what is told of it.
  case credited(share: Double, Wording)
  /// There is no derivation.
  case noDerivation
  /// Each of several texts could be the derivation, and none is called so.
  case unclearDerivation([String])
  /// The loss of the parameters that a training returned, measured outside, is not below what is asked for.
  case notReached(loss: Double, below: Double, before: Double, isUntouched: Bool)
  /// There is no Swift file; a type of this name that conforms to this protocol is asked for.
  case noCode(type: String, conformingTo: String = "Cell")
  /// What an experiment measured; whether it is enough is for the measurement to say.
  case measured(Measurement)
  /// What an experiment measured is enough, and earns nothing because the cell is not what the task asks for.
  case withheld(Measurement, needs: Set<Measurement.Need>)
  /// A person grades it: what was handed in, or nil.
  case manual(text: String?)
}

/// One check: its place in the sheet, what was found, and its points.
public struct Check: Sendable, Equatable {
  /// How it came out, as the JSON says it.
  public enum Status: String, Sendable {
    case passed, failed, error, skipped, manual
  }

  /// The id of its task.
  public let task: String
  /// Its own id, such as `backward.Wf`.
  public let id: String
  /// What is checked, in readable math, such as `∂L/∂W_f`.
  public let title: String
  /// What was found.
  public let finding: Finding
  /// What was probably done, where a mistake explains the numbers.
  public let diagnosis: Diagnosis?
  /// What it is worth.
  public let maxPoints: Double
  /// What an experiment must measure; nil for a check without one.
  public var requirement: Measurement?
  /// The share of the points that a gradient earns which is right for the learner's own, wrong forward; nil for others.
  public var followThrough: Double?
  /// What was earned.
  public var points: Double {
    if case .credited(let share, _) = finding { return share * maxPoints }
    return status == .passed ? maxPoints : (followThrough ?? 0) * maxPoints
  }

  /// How it came out.
  public var status: Status {
    switch finding {
    case .agrees: .passed
    case .credited(let share, _): share == 1 ? .passed : .failed
    case .measured(let measurement): measurement.holds ? .passed : .failed
    case .differs, .wrongShape, .notSet, .notFinite, .wrongStepCount, .unsteady, .notReached, .idle, .removed: .failed
    case .noAnswer(.notWritten), .notEarned, .noDerivation, .unclearDerivation, .noCode: .failed
    case .noAnswer, .doesNotCompile: .error
    case .skipped, .withheld: .skipped
    case .manual: .manual
    }
  }

  /// The verdict by name.
  public var verdict: String {
    switch finding {
    case .noAnswer(.crashed): "crashed"
    case .noAnswer(.timedOut): "timedOut"
    case .noAnswer(.outOfMemory): "outOfMemory"
    case .noAnswer(.outputFlood): "outputFlood"
    case .noAnswer(.earlyExit): "crashed"
    case .noAnswer(.malformedAnswer): "crashed"
    case .noAnswer(.isolationFault): "isolationFault"
    case .doesNotCompile: "doesNotCompile"
    default: status.rawValue
    }
  }

  /// What a person is to grade; nil where a machine does, or where nothing was handed in.
  public var essay: String? { if case .manual(let text) = finding { text } else { nil } }

  /// The learner's own line that the finding is about, where there is one.
  public var place: SourcePlace? {
    switch finding {
    case .noAnswer(.notWritten(_, let place)): place
    case .noAnswer(.crashed(let crash)): crash.place
    case .doesNotCompile(let diagnostics): diagnostics.first { $0.severity == .error }?.place
    default: nil
    }
  }
}

/// A verdict on one submission.
public struct Grade: Sendable {
  /// The id of the exercise.
  public let exercise: String
  /// The title of the exercise in the languages that its sheet has.
  public let titles: [Language: String]
  /// The submission as it was named.
  public let submission: String
  /// What repeats the draws.
  public let seed: UInt64
  /// Every check, in the order of the sheet.
  public let checks: [Check]
  /// What was found line by line in the written derivation; nil where none is asked for or none was handed in.
  public let written: WrittenReport?
  /// How the gradients of the code stand to the lines of the derivation, where that is worth telling.
  public var correspondences: [Correspondence] = []
  /// What lay in the submission and was not taken.
  public let leftOut: [Submission.LeftOut]
  /// The compiler's warnings in the learner's files.
  public let warnings: [CompilerDiagnostic]
  /// What the learner's code printed.
  public let printed: PrintedText
  /// What this run did not protect from; empty with full isolation.
  public let caveats: [IsolationGap]
  /// Seconds from a submission's files to the verdict; of several seeds the first one's include the build.
  public let seconds: Double
  /// Processor time of all that was built and run for it, in seconds.
  public let processorSeconds: Double

  /// The points earned; manual checks do not count.
  public var score: Double { checks.reduce(0) { $0 + ($1.status == .manual ? 0 : $1.points) } }
  /// The points that can be earned; manual checks do not count.
  public var maxScore: Double { checks.reduce(0) { $0 + ($1.status == .manual ? 0 : $1.maxPoints) } }
  /// The points that a person will give.
  public var manualPoints: Double { checks.reduce(0) { $0 + ($1.status == .manual ? $1.maxPoints : 0) } }
  /// Whether every automatic check passed.
  public var hasFullMarks: Bool { checks.allSatisfy { $0.status == .passed || $0.status == .manual } }
}

/// Divides points over checks so that they add up exactly: whole points where there are enough, else hundredths.
func shares(of points: Int, among count: Int) -> [Double] {
  guard count > 0 else { return [] }
  let unit = points >= count ? 1 : 100
  let total = points * unit
  return (0..<count).map { index in
    Double(total * (index + 1) / count - total * index / count) / Double(unit)
  }
}
