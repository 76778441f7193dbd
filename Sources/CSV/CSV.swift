// Comma-separated values: the one place where a row is put together.

/// Rows as RFC 4180 writes them.
public enum CSV {
  /// A row with its line break, CR LF.
  public static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

  /// A field, in quotation marks where it holds a separator, a quotation mark or a line break.
  ///
  /// Semicolons and tabs count too: spreadsheets of some languages take them for separators.
  public static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",;\t\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// A number with as many digits as give it back exactly; empty where it is missing or not finite.
  public static func field(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return number == 0 ? "0" : number.description
  }
}
