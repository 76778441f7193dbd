// Whose fault a failure is: the machine is tried, and the submission once more.

extension Workbench {
  /// Makes one attempt, and another one where the machine may have been at fault in the first and is not.
  ///
  /// Nothing of an attempt's processes and files may be left when it has thrown.
  ///
  /// - Throws: besides what an attempt throws, the machine's fault.
  package func settled<Value>(
    _ attempt: (Attempt) async throws(GradingError) -> Value
  ) async throws(GradingError) -> Value {
    let suspicion: Suspicion
    do {
      return try await attempt(Attempt(.first))
    } catch .unclear(let found) {
      suspicion = found
    }
    if let fault = await fault(explaining: suspicion, isAlone: true) { throw .machine(fault) }
    let again = Attempt(.again)
    let value = try await attempt(again)
    // The machine was sound before, and must be so after what is now the submission's verdict.
    if let suspicion = again.suspicion, let fault = await fault(explaining: suspicion, isAlone: true) {
      throw .machine(fault)
    }
    return value
  }
}
