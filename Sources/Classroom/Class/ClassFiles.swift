// What a class run writes beside the gradebook: a report for each submission, and the tables at the end.

public import Diagnostics
import FoundationEssentials
public import Grading
public import Reports
public import SubmissionHost

/// The reports of a class in a folder.
public struct ClassFiles: Sendable {
  /// A file that is there and may be somebody's work.
  public struct InTheWay: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The folder; nil where no files are wanted.
  public let folder: String?
  /// The exercise.
  public let exercise: String
  private let document: GradeDocument

  /// Reports in a folder, which is made where it is missing.
  public init(folder: String?, exercise: String, document: GradeDocument) throws {
    self.folder = folder
    self.exercise = exercise
    self.document = document
    guard let folder else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw InTheWay(description: "the folder `\(folder)` cannot be made; choose another name")
    }
  }

  /// The language of the reports.
  public var language: Language { document.language }

  /// A grade as a line of a table.
  public func line(of grade: Grade) -> GradeLine { GradeLine(grade, in: language) }

  /// A grade as the gradebook keeps it.
  ///
  /// Without the time that it took, so that the same grade has the same record.
  public func record(of grade: Grade) throws -> String { try JSONReport(language).text(of: grade, isTimed: false) }

  /// Why there is no grade, as a sentence.
  public func reason(_ fault: MachineFault) -> String { Phrases(language).reason(fault) }

  /// Writes a submission's own report, if there is to be one. It is written before the gradebook's row.
  public func write(_ result: ClassResult) throws {
    let text = try document.text(of: [result], exercise: exercise)
    // Gradescope has no form for "not graded".
    if text.isEmpty { return }
    try write(text, to: fileName(result.submission), beginning: document.format == .text ? exercise : nil)
  }

  /// Whether the report of a submission is there already, or none is wanted.
  public func isWritten(_ submission: String) -> Bool {
    guard let folder else { return true }
    return FileManager.default.fileExists(atPath: "\(folder)/\(fileName(submission))")
  }

  /// Writes a table beside the reports.
  public func write(table text: String, named name: String) throws { try write(text, to: name, beginning: nil) }

  /// Replaces a file whole, so that nobody sees half of one; only a file that begins as an earlier result does.
  private func write(_ text: String, to name: String, beginning: String?) throws {
    guard let folder else { return }
    let path = "\(folder)/\(name)"
    let bytes = Array(text.utf8)
    let start = beginning.map { Array($0.utf8) } ?? Array(bytes.prefix(12))
    if FileManager.default.fileExists(atPath: path) {
      // What cannot be read may be anybody's work.
      let old = try? Data(contentsOf: URL(filePath: path))
      guard let old, old.isEmpty || bytes.isEmpty || old.prefix(start.count).elementsEqual(start) else {
        throw InTheWay(
          description: "`\(path)` is there already and is no earlier result; move it, or name another folder")
      }
    }
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InTheWay(description: "`\(path)` cannot be written; is the disk full?")
    }
  }

  /// The name of a submission's report: its own, unless that would be too long for a file or is that of a table.
  func fileName(_ submission: String) -> String {
    let ending = "." + document.format.fileExtension
    if ["grades", "faults"].contains(submission), document.format == .csv { return submission + ".report" + ending }
    guard submission.utf8.count + ending.utf8.count > 240 else { return submission + ending }
    let hash = Submission(files: [.init(name: submission, bytes: [])]).hash.prefix(16)
    return String(decoding: submission.utf8.prefix(180), as: UTF8.self) + "-" + hash + ending
  }
}
