// The languages in which a person is told something.

import Glibc

/// A language that sheets are written in, and in which reports speak.
public enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case chinese = "zh"

  /// The language of the locale, as `LC_ALL`, `LC_MESSAGES` and `LANG` say it, the first that is set; else English.
  public static func preferred() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
    let values = names.compactMap { (name: String) in getenv(name).map { String(cString: $0) } }
    let locale = values.first { !$0.isEmpty } ?? ""
    return allCases.first { locale.lowercased().hasPrefix($0.rawValue) } ?? .english
  }
}
