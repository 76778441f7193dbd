// A grade as one line of a table: what a teacher's spreadsheet needs of it, in facts.

/// What was wrong with a submission, in a form that can be counted over a class.
public struct Mistake: Sendable, Hashable, Codable {
  /// The same for the same mistake in every submission, such as `dropped:c->previous.c`.
  public let id: String
  /// What a person is told.
  public let text: String

  /// A mistake by its name and words.
  public init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}

/// One submission's line in a table of grades.
public struct GradeLine: Sendable, Hashable, Codable {
  /// The points of one check; nil where a person gives them.
  public struct Entry: Sendable, Hashable, Codable {
    /// The id of the check.
    public let check: String
    /// What was earned, or nil.
    public let points: Double?

    /// The points of a check.
    public init(check: String, points: Double?) {
      self.check = check
      self.points = points
    }
  }

  /// The submission as it was named.
  public let submission: String
  /// The points earned; nil where there is no grade, which is never the learner's loss.
  public let score: Double?
  /// The points that can be earned; nil where there is no grade.
  public let maxScore: Double?
  /// The points check by check, in the order of the sheet.
  public let entries: [Entry]
  /// What was wrong, each mistake once.
  public let mistakes: [Mistake]
  /// Seconds from intake to verdict.
  public let seconds: Double

  /// A line from its parts.
  public init(
    submission: String, score: Double?, maxScore: Double?, entries: [Entry], mistakes: [Mistake], seconds: Double
  ) {
    self.submission = submission
    self.score = score
    self.maxScore = maxScore
    self.entries = entries
    self.mistakes = mistakes
    self.seconds = seconds
  }

  /// The line of a submission that has no grade.
  public static func none(_ submission: String) -> GradeLine {
    GradeLine(submission: submission, score: nil, maxScore: nil, entries: [], mistakes: [], seconds: 0)
  }
}
