// A call that was published together with its values, as a task names it: a file beside the sheet.

public import Diagnostics
import Markdown

/// A file beside a sheet with a call and its values, and what the call is known by.
public struct PublishedFile: Sendable, Hashable {
  /// The name of the file, such as `published-step.json`.
  public let name: String
  /// What the report calls it in any language, such as `np.random.seed(1)`.
  public let title: String
  /// Where the sheet names it.
  public let range: Range<Int>
}

extension FieldReader {
  /// `fixed: {file: published-step.json, title: np.random.seed(1)}`.
  mutating func publishedFile(_ entry: FrontMatterEntry?) -> PublishedFile? {
    let example = "{file: published-step.json, title: np.random.seed(1)}"
    guard let entry, let entries = entries(entry, example: example) else { return nil }
    let known = ["file", "title"]
    let fields = fields(entries, known: known, of: "`fixed`")
    for key in known where fields[key] == nil {
      report("`fixed` has no `\(key)`; write it as in `\(example)`", entry.keyRange)
    }
    guard let file = text(fields["file"]), let title = text(fields["title"]), let range = fields["file"]?.value.range
    else { return nil }
    guard !file.contains("/"), !file.hasPrefix(".") else {
      report("`\(file.clipped)` is no file beside the sheet; write its name alone", range)
      return nil
    }
    return PublishedFile(name: file, title: title, range: range)
  }
}

extension Sheet {
  /// The text of a file that the sheet names.
  ///
  /// - Throws: at the place where the sheet names it, why it cannot be read.
  public func text(of file: PublishedFile) throws(DiagnosticList) -> SourceText {
    let folder = self.file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    do {
      return try SourceFile.read((folder.isEmpty ? "" : folder + "/") + file.name)
    } catch {
      throw DiagnosticList(error.diagnostics.map { refusal(of: file, $0.wording) })
    }
  }

  /// What is wrong with a file that the sheet names, told where it does.
  public func refusal(of file: PublishedFile, _ reason: Message) -> Diagnostic {
    Diagnostic("\(file.name): \(reason)", in: text.markdown.source, at: file.range)
  }
}
