// Waits until somebody has saved: changed, and at rest again.

public import SubmissionHost

/// Tells when a folder holds something new that is wholly written.
public final class SaveWatcher {
  private let path: String
  private let writers: OpenWriters
  private var last: FolderState?

  /// How long nothing may change before a save counts as done. Editors write in several steps.
  package static let rest = Duration.milliseconds(250)
  /// How often is looked.
  package static let pause = Duration.milliseconds(50)

  /// Watches a folder or a single file.
  public init(_ path: String) {
    self.path = path
    writers = OpenWriters(at: path)
  }

  /// Waits for a save, and takes in what was saved.
  ///
  /// What is read while it changes is read again: a half-written file is never handed out.
  ///
  /// - Returns: the submission, or why it cannot be taken in.
  /// - Throws: `CancellationError`.
  public func next() async throws -> Result<Submission, IntakeError> {
    let clock = ContinuousClock()
    while true {
      var state = FolderState(of: path)
      var since = clock.now
      // The state that was read last is not read again, however long it stays.
      while state == last || clock.now - since < Self.rest || !writers.current().isEmpty {
        try await Task.sleep(for: Self.pause)
        let now = FolderState(of: path)
        if now != state { (state, since) = (now, clock.now) }
      }
      let submission = Result { () throws(IntakeError) in try Submission(at: path) }
      if FolderState(of: path) == state, writers.current().isEmpty {
        last = state
        return submission
      }
    }
  }
}
