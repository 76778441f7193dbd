// A whole class: many submissions at a time, each by itself, each recorded as soon as it is graded.

public import Sheets
import Glibc

/// What a class run does with grades besides recording them; Reports has the words.
public protocol ClassReporting: Sendable {
  /// The language of the reports.
  var language: Language { get }
  /// A grade as a line of a table.
  func line(of grade: Grade) -> GradeLine
  /// A grade as the gradebook keeps it.
  func record(of grade: Grade) throws -> String
  /// Writes a submission's own report, if there is to be one. It is written before the gradebook's row.
  func write(_ result: ClassResult) throws
  /// Whether the report of a submission is there already, or none is wanted.
  func isWritten(_ submission: String) -> Bool
}

/// What became of one submission of a class.
public enum ClassResult: Sendable {
  case graded(Grade)
  /// It is no submission; why.
  case refused(submission: String, reason: String)
  /// There is no grade, by no fault of the learner's; why.
  case ungraded(submission: String, reason: String)

  /// The name of the submission.
  public var submission: String {
    switch self {
    case .graded(let grade): grade.submission
    case .refused(let submission, _), .ungraded(let submission, _): submission
    }
  }
}

/// Grades the submissions of a class.
///
/// All get the same seed, so that a score depends on the submission alone and neither on the order nor on how many are
/// graded at a time. What one submission does reaches no other: trouble with it is a row of its own.
public struct ClassRun: Sendable {
  let grader: Grader
  let gradebook: Gradebook
  let reporting: any ClassReporting
  let seed: UInt64
  let jobs: Int
  let resumes: Bool

  /// Prepares to grade a class.
  ///
  /// - Parameters:
  ///   - jobs: how many submissions are graded at a time.
  ///   - resumes: whether a submission whose latest row is what grading it again would give is left alone.
  public init(
    _ grader: Grader, gradebook: Gradebook, reporting: any ClassReporting, seed: UInt64, jobs: Int, resumes: Bool
  ) {
    self.grader = grader
    self.gradebook = gradebook
    self.reporting = reporting
    self.seed = seed
    self.jobs = jobs
    self.resumes = resumes
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
    if resumes, let row = try gradebook.latest(entry.name, exercise: key.exercise), row.outcome != .ungraded,
      row.key == key, row.language == reporting.language.rawValue, reporting.isWritten(entry.name)
    {
      return Progress(index: index, row: row, isNew: false, result: nil)
    }
    let result: ClassResult
    switch taken {
    case .success(let submission): result = try await verdict(submission, entry.name)
    case .failure(let refusal) where refusal.isTheLearners:
      result = .refused(submission: entry.name, reason: refusal.reason)
    case .failure(let refusal): result = .ungraded(submission: entry.name, reason: refusal.reason)
    }
    if Task.isCancelled { return nil }
    let row = try row(result, key)
    try reporting.write(result)
    try gradebook.record(row)
    return Progress(index: index, row: row, isNew: true, result: result)
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

  /// Grades a submission, and again where the isolation broke: the machine may have been busy.
  private func verdict(_ submission: Submission, _ name: String) async throws -> ClassResult {
    var reason = ""
    for _ in 0..<2 {
      do {
        return .graded(try await grader.grade(submission, named: name, seed: seed))
      } catch .isolation(let fault) {
        reason = fault
      }
      if Task.isCancelled { break }
      // What breaks without a submission too is nothing of this submission's, and would break all the others.
      if let fault = await grader.workbench.isolationFault(), !Task.isCancelled {
        throw GradingError.isolation(reason: fault)
      }
    }
    return .ungraded(submission: name, reason: reason)
  }

  private func row(_ result: ClassResult, _ key: GradeKey) throws -> GradebookRow {
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
      case .ungraded(_, let reason):
        (
          .ungraded,
          GradeLine(submission: name, score: nil, maxScore: nil, entries: [], mistakes: [], seconds: 0), reason
        )
      }
    return GradebookRow(
      key: key, outcome: outcome, line: line, report: report, language: reporting.language.rawValue,
      recordedAt: milliseconds)
  }
}

extension Workbench {
  /// What is wrong with the isolation itself; nil where a program that does nothing wrong runs.
  func isolationFault() async -> String? {
    let result = await sandbox.run(
      SandboxRequest(
        program: sandbox.path(inside: "/.launch", host: sandbox.launcher), arguments: ["attempt"],
        mounts: [], wantsAnswers: true,
        limits: Limits(
          wallSeconds: 30, processorSeconds: 5, addressSpace: 256 << 20, memory: 256 << 20, processes: 10,
          fileSize: 1 << 20,
          openFiles: 32, output: 1 << 16)))
    if case .isolationFault(let reason) = result.ending { return reason }
    return nil
  }
}
