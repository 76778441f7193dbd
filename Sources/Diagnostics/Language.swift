// The languages in which a person is told something.

/// A language that sheets are written in, and in which reports speak.
public enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case chinese = "zh"
}
