// One attempt at grading a submission, and what in it may be the machine's doing.

package import Sandbox
import Synchronization

/// Builds and runs of one submission that belong together.
///
/// A build that fails without a word about the learner's files, a run that ends without an answer, a program that the
/// clock stops: all these a busy or a full machine does to a right submission, and a wrong submission does to itself.
/// In the first attempt such an outcome is no verdict but a suspicion. `Grader` then tries the machine with a program
/// that is known to be right, and the submission once more.
public final class Attempt: Sendable {
  /// What its outcomes count for.
  public enum Kind: Sendable {
    /// An outcome that may be the machine's doing ends it.
    case first
    /// The second and last: every outcome counts, and no other submission runs on the machine meanwhile.
    case again
    /// There is no other: every outcome counts as it is.
    case only
  }

  /// What its outcomes count for.
  public let kind: Kind
  private let state = Mutex<(processorSeconds: Double, suspicion: Suspicion?)>((0, nil))

  /// An attempt that nothing belongs to yet.
  public init(_ kind: Kind) { self.kind = kind }

  /// Processor time of all builds and runs, in seconds.
  public var processorSeconds: Double { state.withLock { $0.processorSeconds } }
  /// The first outcome that may be the machine's doing.
  package var suspicion: Suspicion? { state.withLock { $0.suspicion } }

  package func count(_ result: SandboxResult) {
    state.withLock { $0.processorSeconds += result.processorSeconds }
  }

  /// Notes an outcome that may be the machine's doing.
  ///
  /// - Returns: whether the attempt ends with it.
  func suspect(_ suspicion: Suspicion) -> Bool {
    state.withLock { $0.suspicion = $0.suspicion ?? suspicion }
    return kind == .first
  }
}

/// An outcome that may be the machine's doing, with what it takes to try the machine with the same load.
public struct Suspicion: Sendable {
  enum Stage: Sendable {
    /// Compiling and linking so many bytes of the learner's.
    case build(bytes: Int)
    /// Making these calls.
    case run([Call], CallLimits, isClock: Bool)
  }

  var stage: Stage
  /// What was built.
  package var interface: CellInterface
  /// What was seen, for a person.
  public var reason: String
}

/// Why a submission has no grade: the machine could not build or run a program that is known to be right.
public struct MachineFault: Error, Sendable, Hashable {
  /// What the machine could not do.
  public enum Kind: Sendable, Hashable {
    /// Set up the isolation, or keep it up.
    case isolation
    /// Build a program that is known to compile.
    case build
    /// Run a program that is known to be right.
    case run
    /// What it is, the failures do not say: the submission has not been graded several times although the machine could
    /// do all of the above in between.
    case unknown(times: Int)
  }

  /// What the machine could not do.
  public var kind: Kind
  /// What was seen.
  public var detail: String

  /// A fault, with what was seen; of what a compiler or linker said on its way down one line is enough.
  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    let line = detail.split(whereSeparator: \.isNewline).joined(separator: "; ")
    self.detail = line.count > 200 ? line.prefix(200) + "…" : line
  }
}
