// The program: its subcommands, and how it ends.

import ArgumentParser
import Glibc
import Grading
import Sheets

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
      DoctorCommand.self, NextCommand.self,
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
      Terminal.complain(isOurs(error) ? "unroll: \(error)" : misspelt() ?? fullMessage(for: error))
      leave(2)
    }
    leave(0)
  }

  /// What is said of a first word that is no subcommand; nil where it is one, or an option.
  private static func misspelt() -> String? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word) else {
      return nil
    }
    let near = nearMatches(to: word, among: names).first.map { "; did you mean `unroll \($0)`?" } ?? ""
    return "unroll: there is no subcommand `\(word)`\(near) (`unroll --help` lists them)"
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
