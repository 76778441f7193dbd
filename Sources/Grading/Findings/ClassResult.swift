// How the grading of a submission ended: with a grade, or with a reason why there is none.

/// What became of one submission of a class.
public enum ClassResult: Sendable {
  case graded(Grade)
  /// It is no submission; why.
  case refused(submission: String, reason: String)
  /// There is no grade, and the machine is at fault; why.
  case ungraded(submission: String, reason: String)
  /// There is no grade after several tries, and a person has to look at it; why.
  case held(submission: String, reason: String)

  /// The name of the submission.
  public var submission: String {
    switch self {
    case .graded(let grade): grade.submission
    case .refused(let submission, _), .ungraded(let submission, _), .held(let submission, _): submission
    }
  }
}
