// Reads `errors:` of a task of kind compile: what the compiler says of a listing, and in which function.

public import Diagnostics

extension Sheet.Task {
  /// An error of a listing that does not compile.
  public struct ListingError: Sendable, Hashable {
    /// A function of the listing that can be called.
    public enum Function: String, Sendable, Hashable, CaseIterable {
      case forward, backward, forwardThroughTime, backwardThroughTime

      /// Whether it walks over the steps.
      public var hasTime: Bool { self == .forwardThroughTime || self == .backwardThroughTime }
    }

    /// What the compiler says.
    public let message: SourceExcerpt
    /// The compiler's own identifier of it, which stays where its words change: `cannot_find_in_scope`. Without one the
    /// error is known by its words.
    public let identifier: String?
    /// The word of the listing that it is about, where one identifier stands for more than one error.
    public let word: String?
    /// Where it says so. A line is not repaired by taking out what is around it: once the listing compiles, this
    /// function must still make its answer from the parameters.
    public let function: Function
  }
}

extension FieldReader {
  static let listingErrorExample =
    #"{says: "cannot find 'rang' in scope", is: cannot_find_in_scope, at: rang, in: forwardThroughTime}"#

  /// The errors of a listing.
  mutating func listingErrors(_ entry: FrontMatterEntry?) -> [Sheet.Task.ListingError] {
    guard let entry else { return [] }
    guard case .list(let values) = entry.value.content, !values.isEmpty else {
      reportType(entry, "a list whose items look like `\(Self.listingErrorExample)`")
      return []
    }
    return values.compactMap { value in
      guard case .mapping(let entries) = value.content else {
        report("an error is written `\(Self.listingErrorExample)`, \(value.contrast)", value.range)
        return nil
      }
      let fields = fields(entries, known: ["says", "is", "at", "in"], of: "an error")
      for key in ["says", "in"] where fields[key] == nil {
        report("this error has no `\(key)`; write it as in `\(Self.listingErrorExample)`", value.range)
      }
      let message = excerpt(fields["says"])
      let function: Sheet.Task.ListingError.Function? = word(fields["in"])
      guard let message, let function else { return nil }
      return Sheet.Task.ListingError(
        message: message, identifier: excerpt(fields["is"])?.text, word: excerpt(fields["at"])?.text,
        function: function)
    }
  }
}
