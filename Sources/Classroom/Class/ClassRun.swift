// A whole class: many submissions at a time, each by itself, each recorded as soon as it is graded.

import Diagnostics
import Glibc
public import Grading
import SubmissionHost

/// Grades the submissions of a class.
///
/// All get the same seed, so that a score depends on the submission alone and neither on the order nor on how many are
/// graded at a time. What one submission does reaches no other: trouble with it is a row of its own.
public struct ClassRun: Sendable {
  let grader: Grader
  let gradebook: Gradebook
  let reporting: ClassFiles
  let seed: UInt64
  let jobs: Int
  let resumes: Bool
  let retriesHeld: Bool

  /// After so many tries without a grade, on a machine that was sound before each, a submission is held for a person.
  private static let mostStrikes = 3

  /// Prepares to grade a class.
  ///
  /// - Parameters:
  ///   - jobs: how many submissions are graded at a time.
  ///   - resumes: whether a submission whose latest row is what grading it again would give is left alone.
  ///   - retriesHeld: whether this does not hold for those that are held for a person.
  public init(
    _ grader: Grader, gradebook: Gradebook, reporting: ClassFiles, seed: UInt64, jobs: Int, resumes: Bool,
    retriesHeld: Bool = false
  ) {
    self.grader = grader
    self.gradebook = gradebook
    self.reporting = reporting
    self.seed = seed
    self.jobs = jobs
    self.resumes = resumes
    self.retriesHeld = retriesHeld
  }

  /// What is told of one submission as soon as it is known.
  public struct Progress: Sendable {
    /// Its place in the list.
    public let index: Int
    /// Its row in the gradebook.
    public let row: GradebookRow
    /// Whether it was graded now rather than found in the gradebook.
    public let isNew: Bool
    /// How it ended, where it was graded now.
    public let result: ClassResult?
  }

  /// Grades submissions.
  ///
  /// Cancelling the task ends the grades in flight at once and drops them; what is recorded stays.
  ///
  /// - Parameter tell: called for each submission in the order in which they are done, never two at a time.
  /// - Throws: what keeps every submission from being graded: no isolation, a full disk.
  public func grade(_ entries: [ClassFolder.Entry], tell: (Progress) -> Void) async throws {
    try await withThrowingTaskGroup(of: Progress?.self) { group in
      var waiting = entries.enumerated().makeIterator()
      func startOne() -> Bool {
        guard !Task.isCancelled, let (index, entry) = waiting.next() else { return false }
        return group.addTaskUnlessCancelled { try await self.grade(entry, index) }
      }
      for _ in 0..<max(1, jobs) where !startOne() { break }
      while let progress = try await group.next() {
        if let progress { tell(progress) }
        _ = startOne()
      }
    }
    try Task.checkCancellation()
  }

  /// Grades one submission, or finds its grade; nil where the run was cancelled meanwhile.
  private func grade(_ entry: ClassFolder.Entry, _ index: Int) async throws -> Progress? {
    let taken: Result<Submission, Refusal> = takeIn(entry)
    let key =
      switch taken {
      case .success(let submission): grader.key(submission: entry.name, hash: submission.hash, seed: seed)
      case .failure(let refusal): grader.key(submission: entry.name, refusal: refusal.reason, seed: seed)
      }
    let latest = try gradebook.latest(entry.name, exercise: key.exercise)
    if resumes, let row = latest, row.key == key, try isLeftAlone(row) {
      return Progress(index: index, row: row, isNew: false, result: nil)
    }
    var strikes = 0
    // Another submission under the same name begins anew, and so does one that was asked for although it is held.
    if let latest, latest.outcome != .held, latest.key.submissionHash == key.submissionHash { strikes = latest.strikes }
    let result: ClassResult
    switch taken {
    case .success(let submission): result = try await verdict(submission, entry.name, &strikes, last: latest?.report)
    case .failure(let refusal) where refusal.isTheLearners:
      result = .refused(submission: entry.name, reason: refusal.reason)
    case .failure(let refusal): result = .ungraded(submission: entry.name, reason: refusal.reason)
    }
    if Task.isCancelled { return nil }
    if case .graded = result { strikes = 0 }
    let row = try row(result, key, strikes: strikes)
    try reporting.write(result)
    try gradebook.record(row)
    return Progress(index: index, row: row, isNew: true, result: result)
  }

  /// Whether a row is what grading the submission again would give, so that it stays.
  private func isLeftAlone(_ row: GradebookRow) throws -> Bool {
    let isWritten = reporting.isWritten(row.key.submission)
    switch row.outcome {
    case .graded, .refused: return isWritten && row.language == reporting.language.rawValue
    case .ungraded: return false
    case .held:
      // For a person, whatever the language and the form of the reports; it is not tried again only to write another one.
      if retriesHeld { return false }
      if !isWritten { try reporting.write(.held(submission: row.key.submission, reason: row.report)) }
      return true
    }
  }

  /// Why something could not be taken in.
  private struct Refusal: Error {
    let reason: String
    let isTheLearners: Bool
  }

  private func takeIn(_ entry: ClassFolder.Entry) -> Result<Submission, Refusal> {
    if let refusal = entry.refusal { return .failure(Refusal(reason: refusal, isTheLearners: true)) }
    do {
      return .success(try Submission(at: entry.path))
    } catch {
      return .failure(Refusal(reason: "\(error)", isTheLearners: error.isTheLearners))
    }
  }

  /// Grades a submission. One that has had no grade before is tried only where the machine is sound now, and held
  /// for a person when that has not helped several times.
  private func verdict(
    _ submission: Submission, _ name: String, _ strikes: inout Int, last: String?
  ) async throws -> ClassResult {
    func held(_ detail: String) -> ClassResult {
      .held(submission: name, reason: reporting.reason(MachineFault(.unknown(times: strikes), detail)))
    }
    if strikes > 0 {
      if let fault = await grader.host.fault() {
        return .ungraded(submission: name, reason: reporting.reason(fault))
      }
      if strikes >= Self.mostStrikes { return held(last ?? "") }
    }
    let reason: String
    do {
      return .graded(try await grader.grade(submission, named: name, seed: seed))
    } catch {
      guard let fault = error.machineFault else { throw error }
      reason = reporting.reason(fault)
    }
    strikes += 1
    if strikes >= Self.mostStrikes, !Task.isCancelled, await grader.host.fault() == nil { return held(reason) }
    return .ungraded(submission: name, reason: reason)
  }

  private func row(_ result: ClassResult, _ key: GradeKey, strikes: Int) throws -> GradebookRow {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let milliseconds = Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    let name = key.submission
    let (outcome, line, report): (GradebookRow.Outcome, GradeLine, String) =
      switch result {
      case .graded(let grade): (.graded, reporting.line(of: grade), try reporting.record(of: grade))
      case .refused(_, let reason):
        (
          .refused,
          GradeLine(
            submission: name, score: 0, maxScore: grader.maxScore, entries: [],
            mistakes: [Mistake(id: "refused", text: reason)], seconds: 0), reason
        )
      case .ungraded(_, let reason): (.ungraded, .none(name), reason)
      case .held(_, let reason): (.held, .none(name), reason)
      }
    return GradebookRow(
      key: key, outcome: outcome, line: line, report: report, language: reporting.language.rawValue,
      recordedAt: milliseconds, strikes: strikes)
  }
}
