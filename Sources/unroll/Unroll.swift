// The program: its subcommands, and how it ends.

import ArgumentParser
import Glibc
import Grading

@main
struct Unroll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "Exercises on gradient flow in recurrent networks, checked by machine.",
    discussion: """
      A learner reads a sheet (unroll show), begins (unroll start), and asks whether the work is right (unroll grade).
      Exit code: 0 done, and full marks where something was graded; 1 graded below full marks; 2 it could not be done.
      """,
    version: Release.version,
    subcommands: [
      ListCommand.self, ShowCommand.self, StartCommand.self, GradeCommand.self, WatchCommand.self, PlotCommand.self,
      ReferenceCommand.self, FaultsCommand.self, CheckCommand.self, RenderCommand.self, GradebookCommand.self,
      DoctorCommand.self,
    ])

  /// Runs a subcommand; every way of failing but a mark below full ends with 2 and one reason on standard error.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let code as ExitCode {
      leave(code.rawValue)
    } catch {
      let isRequest = exitCode(for: error).isSuccess
      if isRequest {
        print(fullMessage(for: error))
        leave(0)
      }
      Terminal.complain(isOurs(error) ? "unroll: \(error)" : fullMessage(for: error))
      leave(2)
    }
    leave(0)
  }

  /// Whether an error is one of ours rather than the argument parser's.
  private static func isOurs(_ error: any Error) -> Bool {
    exitCode(for: error) == .failure && !(error is ValidationError)
  }

  private static func leave(_ code: Int32) -> Never {
    fflush(nil)
    Glibc.exit(code)
  }
}
