// Options that several subcommands share, and how the parts of an installation find each other.

public import ArgumentParser
import FoundationEssentials
import Glibc
public import Grading
public import Reports
public import Sheets

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
