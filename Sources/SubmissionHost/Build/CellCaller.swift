// Anything that can call a learner's cell or model: judging does not know which.

/// Makes calls of a cell or a model.
package protocol CellCaller: Sendable {
  /// Makes calls, each until it has an outcome.
  func run(_ calls: [Call], limits: CallLimits) async -> RunReport
}

extension CellCaller {
  /// Makes the calls that points depend on.
  ///
  /// - Throws: where the isolation broke or, in a first attempt, where the machine may be at fault.
  package func answers(_ calls: [Call], limits: CallLimits = .check) async throws(GradingError) -> RunReport {
    let report = await run(calls, limits: limits)
    if let suspicion = report.suspicion { throw .unclear(suspicion) }
    if let reason = report.fault { throw .isolation(reason: reason) }
    return report
  }
}
