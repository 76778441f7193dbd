// Options that several subcommands share, and how the parts of an installation find each other.

public import ArgumentParser
public import Classroom
import Diagnostics
import FoundationEssentials
import Glibc
import Grading
public import Reports
import Sandbox
import Sheets
import SubmissionHost

extension Language: ExpressibleByArgument {}
extension IsolationMode: ExpressibleByArgument {}
extension GradescopeReport.Visibility: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension Shard: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// Where the course is.
struct CourseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder that holds `exercises`.", valueName: "folder"))
  var root: String?

  func contentRoot() throws -> ContentRoot { try ContentRoot.find(option: root) }

  /// The sheet of an id, or at a path; a path needs no course.
  func sheet(_ name: String) throws -> Sheet {
    guard name.contains("/") || name.hasSuffix(".md") else { return try SheetLibrary.sheet(name, in: contentRoot()) }
    return try SheetLibrary.sheet(name, in: (try? contentRoot()) ?? ContentRoot(path: "."))
  }

  /// The sheet of an id, or at a path; what is wrong with it, or that there is none, is told in a language.
  func sheet(_ name: String, in language: Language) throws -> Sheet {
    do { return try sheet(name) } catch let findings as DiagnosticList {
      throw Failure(Phrases(language).told(findings))
    } catch let unknown as SheetLibrary.UnknownSheet {
      throw Failure(Phrases(language).told(unknown.message))
    }
  }
}

/// How work is checked, once or again and again.
struct CheckingOptions: ParsableArguments {
  @Option(help: "Repeats the random inputs of a report with this seed.")
  var seed: UInt64?

  @Option(name: .customLong("task"), help: ArgumentHelp("Check only this task; may be repeated.", valueName: "id"))
  var tasks: [String] = []

  @Option(help: "The language of the report.")
  var language = Language.preferred()

  @Option(help: "How submissions are isolated; `limits` works without namespaces and protects less.")
  var isolation = IsolationMode.namespaces

  @OptionGroup var course: CourseOptions

  /// The seed that was given, or a new one short enough to be typed.
  var chosenSeed: UInt64 { seed ?? UInt64.random(in: 1...999_999) }

  /// A grader of the tasks that were asked for.
  func grader(of sheet: Sheet) async throws -> Grader {
    let workbench = try await Installation.workbench(course.contentRoot(), isolation)
    do { return try Grader(sheet, tasks: tasks.isEmpty ? nil : tasks, with: workbench) } catch .badSheet(let findings) {
      throw Failure(Phrases(language).told(findings))
    }
  }
}

/// What is graded, where the command line says less than everything.
enum Work {
  /// The exercise that a folder is named after.
  static func exercise(of folder: String, in course: CourseOptions) throws -> String {
    let name = URL(filePath: folder).standardizedFileURL.lastPathComponent
    guard try SheetLibrary(course.contentRoot()).sheets.contains(where: { $0.id == name }) else {
      throw ValidationError(
        "`\(name)` is no exercise; write: unroll grade EXERCISE FOLDER (`unroll list` has the names)")
    }
    return name
  }

  /// The folder of an exercise: one of its name in the working directory, or the working directory itself.
  static func folder(for exercise: String) throws -> String {
    let files = FileManager.default
    if exercise == exercise.filter({ $0 != "/" }), files.fileExists(atPath: exercise) { return exercise }
    if ["Cell.swift", "derivation.md"].contains(where: files.fileExists(atPath:)) { return "." }
    throw ValidationError(
      "there is no folder `\(exercise)` here, and neither Cell.swift nor derivation.md; name the folder or file with the work, or use --class"
    )
  }
}

/// The parts beside the program.
enum Installation {
  /// The launcher: beside the program in a build folder, in libexec once installed.
  static func launcher() throws -> String {
    guard let executable = ContentRoot.runningExecutable else { throw Failure("the program cannot find itself") }
    let folder = URL(filePath: executable).deletingLastPathComponent()
    let candidates = [
      folder.appending(path: "launch").path,
      folder.deletingLastPathComponent().appending(path: "libexec/unroll/launch").path,
    ]
    guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw Failure("the launcher is missing; looked at \(candidates.joined(separator: " and "))")
    }
    return found
  }

  /// The sources that a submission is compiled against.
  static func kitSources(_ root: ContentRoot) throws -> URL {
    let candidates = ["kit", "Sources"].map { "\(root.path)/\($0)" }
    guard let found = candidates.first(where: { access("\($0)/CellKit/Matrix.swift", R_OK) == 0 }) else {
      throw Failure("the sources of CellKit are missing; looked in \(candidates.joined(separator: " and "))")
    }
    return URL(filePath: found)
  }

  /// A workbench with the isolation that was asked for.
  static func workbench(_ root: ContentRoot, _ mode: IsolationMode) async throws -> Workbench {
    let sandbox = try Sandbox(launcher: launcher(), mode: mode)
    return try await Workbench(sandbox: sandbox, kitSources: kitSources(root))
  }
}
