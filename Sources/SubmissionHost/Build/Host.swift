// What makes programs of submissions and calls them: a workbench with its jail, or something in memory.

package import Sandbox

/// Makes programs of submissions.
package protocol Host: Sendable {
  /// What of it decides grades, for their key: the kit, then the isolation.
  var name: String { get }
  /// What its isolation does not protect from.
  var gaps: [IsolationGap] { get }

  /// Makes a program of a submission.
  ///
  /// - Parameters:
  ///   - interface: what the program is called by.
  ///   - declarations: the interface whose types and protocols the submission is written against; nil for the same.
  func compile(
    _ submission: Submission, _ interface: CellInterface, declarations: CellInterface?, _ attempt: Attempt
  ) async -> Compiled

  /// Makes an attempt in a submission's turn, and another one where the machine may have been at fault in the first and
  /// is not.
  func settle<Value: Sendable>(
    _ attempt: (Attempt) async throws(GradingError) -> Value
  ) async throws(GradingError) -> Value

  /// What the machine cannot do for a program that is known to be right; nil where it is sound.
  func fault() async -> MachineFault?
}

/// What became of a submission's files.
package enum Compiled: Sendable {
  /// A program that can be called.
  case program(any CellCaller, warnings: [CompilerDiagnostic])
  /// The compiler refused them; at least one of the diagnostics is an error.
  case refused([CompilerDiagnostic])
  /// The isolation could not be set up or broke, or a part of ours failed.
  case isolationFault(reason: String)
  /// It failed without a word about the learner's files, which may be the machine's doing.
  case unclear(Suspicion)
}

extension Workbench: Host {
  package var name: String { "kit \(kit.sourceHash.prefix(16)), \(sandbox.mode.rawValue)" }
  package var gaps: [IsolationGap] { sandbox.mode.gaps }

  package func compile(
    _ submission: Submission, _ interface: CellInterface, declarations: CellInterface?, _ attempt: Attempt
  ) async -> Compiled {
    switch await build(submission, interface: interface, declarations: declarations, attempt: attempt) {
    case .built(let program): .program(JailedProgram(program, in: self), warnings: program.warnings)
    case .doesNotCompile(let diagnostics): .refused(diagnostics)
    case .isolationFault(let reason): .isolationFault(reason: reason)
    case .unclear(let suspicion): .unclear(suspicion)
    }
  }

  package func settle<Value: Sendable>(
    _ attempt: (Attempt) async throws(GradingError) -> Value
  ) async throws(GradingError) -> Value {
    try await turn(fault: { GradingError.isolation(reason: $0) }) { () throws(GradingError) in
      try await settled(attempt)
    }
  }

  package func fault() async -> MachineFault? { await fault(explaining: nil) }
}

/// A built program in the jail.
package struct JailedProgram: CellCaller {
  private let program: BuiltProgram
  private let workbench: Workbench

  package init(_ program: BuiltProgram, in workbench: Workbench) {
    (self.program, self.workbench) = (program, workbench)
  }

  package func run(_ calls: [Call], limits: CallLimits) async -> RunReport {
    await workbench.run(program, calls, limits: limits)
  }
}
