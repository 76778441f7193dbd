// One submission at a time where submissions are not kept apart from the files of their user.

import Glibc
import Sandbox

extension Workbench {
  @TaskLocal private static var hasTurn = false

  /// Waits until it is a submission's turn, and keeps it until the work on it is done.
  ///
  /// With namespaces, and where each run is a user of its own because root started us, submissions are graded side by
  /// side. Without either, a submission could look into what another one has on the machine, so that it is kept alone
  /// among all that the graders of its user do, in whichever mode they are.
  package func turn<Result, Failure: Error>(
    fault: (String) -> Failure, _ work: () async throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    guard geteuid() != 0, !Self.hasTurn else { return try await work() }
    let holding: MachineLock.Holding
    do {
      let lock = MachineLock.submissions(of: geteuid())
      holding = try await sandbox.mode == .limits ? lock.alone() : lock.shared()
    } catch {
      throw fault("\(error)")
    }
    defer { withExtendedLifetime(holding) {} }
    let result: Swift.Result<Result, Failure> = await Self.$hasTurn.withValue(true) {
      do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
