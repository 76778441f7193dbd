// unroll doctor

import ArgumentParser
import FoundationEssentials
import Glibc
import GradientFlow
import Grading
import Pages
import Sandbox
import Sheets
import SubmissionHost

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Try everything that unroll needs on this machine, and say how to mend it.")

  @Option(help: "The isolation to try.")
  var isolation = IsolationMode.namespaces

  @OptionGroup var course: CourseOptions

  func run() async throws {
    var items: [(name: String, trouble: String?, detail: String)] = []
    func attempt(_ name: String, _ work: () async throws -> String) async {
      do { items.append((name, nil, try await work())) } catch { items.append((name, "\(error)", "")) }
    }
    await attempt("course") {
      let root = try course.contentRoot()
      let library = SheetLibrary(root)
      guard library.broken.isEmpty else {
        throw Failure("\(library.broken.count) sheets are broken; `unroll list` says how")
      }
      return "\(library.sheets.count) sheets in \(root.exercises)"
    }
    await attempt("launcher") { try Installation.launcher() }
    await attempt("compiler") { try Toolchain().root.path }
    await attempt("gnuplot") { try Gnuplot().program }
    await attempt("Graphviz") { try await Graphviz.path() }
    await attempt("KaTeX") {
      guard access(CoursePages.katexFolder + "/katex.min.js", R_OK) == 0 else {
        throw Failure("\(CoursePages.katexFolder) has no katex.min.js; install libjs-katex")
      }
      return CoursePages.katexFolder
    }
    if let launcher = try? Installation.launcher() {
      for trial in await LayerTrial.all(launcher: launcher, mode: isolation) {
        let trouble = trial.holds ? nil : [trial.detail, trial.fix].compactMap { $0 }.joined(separator: "; ")
        items.append(("isolation: \(trial.layer)", trouble, trial.detail))
      }
    }
    await attempt("grading") {
      _ = try await Installation.workbench(try course.contentRoot(), isolation)
      return "the kit compiles in isolation"
    }
    let width = items.map(\.name.count).max() ?? 0
    for item in items {
      let name = item.name + String(repeating: " ", count: width - item.name.count)
      Terminal.write(Array("\(item.trouble == nil ? "✓" : "✗") \(name)  \(item.trouble ?? item.detail)\n".utf8))
    }
    if items.contains(where: { $0.trouble != nil }) { throw ExitCode(2) }
  }
}
