// A plot while it runs: what an interruption leaves, and what a terminal is told.

import Foundation
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct PlotRunTests {
  /// The built program with SIGINT sent as soon as `isReady` says so.
  private func interrupted(
    _ arguments: [String], in folder: URL, when isReady: () -> Bool
  ) throws -> (code: Int32, error: String) {
    let errors = folder.appending(path: "errors")
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = Repository.products.appending(path: "unroll")
    process.arguments = arguments
    process.currentDirectoryURL = Repository.root
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    // Ends with the program at the latest.
    while process.isRunning, !isReady() { usleep(2_000) }
    process.interrupt()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: errors, encoding: .utf8))
  }

  @Test func anInterruptionLeavesCompleteCurvesOnly() throws {
    let scratch = try Scratch()
    let table = scratch.url.appending(path: "flow.csv")
    let cases = scratch.url.appending(path: "cases")
    let steps = 150
    // More curves than can be done between the first one and the signal.
    let variants = (0..<60).flatMap { ["--variant", "gaussian:0.\(10 + $0)"] }
    // A curve's cases are written when it is done.
    let ending = try interrupted(
      ["plot", "nndl-6-4", "--steps", "\(steps)", "--seeds", "6", "--output", table.path, "--save-cases", cases.path]
        + variants, in: scratch.url
    ) { ((try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []).count >= 6 }
    #expect(ending.code == 2)
    let words = try #require(
      ending.error.wholeMatch(of: /unroll: interrupted after ([0-9]+) curves; they are written\n/))
    let curves = try #require(Int(words.1))
    let text = try String(contentsOf: table, encoding: .utf8)
    #expect(text.hasSuffix("\r\n"))
    let rows = text.components(separatedBy: "\r\n").dropLast().dropFirst()
    // Two states a network, and the steps 0…T.
    #expect(curves >= 2 && curves < 120 && rows.count == curves * (steps + 1))
    #expect(rows.allSatisfy { $0.components(separatedBy: ",").count == 16 })
    let series = Dictionary(grouping: rows) { $0.components(separatedBy: ",").prefix(3).joined(separator: " ") }
    #expect(series.values.allSatisfy { $0.count == steps + 1 } && series.count == curves)
  }

  /// `script` gives the program a terminal of its own.
  @Test func aTerminalSeesProgressAndNothingElseDoes() throws {
    let scratch = try Scratch()
    let table = scratch.url.appending(path: "flow.csv").path
    let arguments = ["plot", "nndl-6-4", "--seeds", "120", "--steps", "401", "--output", table]
    let command =
      (["'\(Repository.products.appending(path: "unroll").path)'"] + arguments.map { "'\($0)'" }).joined(separator: " ")
    let seen = scratch.url.appending(path: "seen")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.arguments = ["-qefc", command, seen.path]
    process.currentDirectoryURL = Repository.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let shown = try String(contentsOf: seen, encoding: .utf8)
    let lines = shown.components(separatedBy: "\r\u{1B}[K")
    let counts = lines.compactMap { $0.wholeMatch(of: /([0-9]+) of 120 networks: LSTM, uniform/).flatMap { Int($0.1) } }
    #expect(!counts.isEmpty && counts == counts.sorted() && counts.allSatisfy { (1...120).contains($0) }, "\(shown)")
    // The line is gone when the program ends.
    #expect(shown.contains("\r\u{1B}[K") && lines.last?.contains("networks") == false)

    let quiet = try Run("plot", "rnn-step", "--seeds", "200", "--steps", "401", "--output", table)
    #expect(quiet.code == 0 && quiet.error.isEmpty)
  }
}

@Suite(.tier(.test), .timed) struct RenderPlotTests {
  /// A course of one sheet with an experiment.
  private func course() throws -> Scratch {
    let scratch = try Scratch()
    for name in ["sheet.md", "sheet.zh.md"] {
      let source = Repository.root.appending(path: "exercises/nndl-6-3/\(name)")
      let text = try String(contentsOf: source, encoding: .utf8).replacing("needs: [rnn-bptt]\n", with: "")
      _ = try scratch.file("exercises/nndl-6-3/\(name)", text)
    }
    return scratch
  }

  @Test func thePageOfAnExperimentHasItsPlot() throws {
    let course = try course()
    let pages = course.url.appending(path: "pages")
    let run = try Run(
      list: ["render", "--output", pages.path], environment: ["UNROLL_ROOT": course.url.path])
    #expect(run.code == 0, "\(run.error)")
    for (page, picture, words) in [
      ("nndl-6-3.html", "gradient-flow.svg", "After 100 steps: gaussian:1: "),
      ("nndl-6-3.zh.html", "gradient-flow.zh.svg", "走回 100 步之后：gaussian:1："),
    ] {
      let text = try String(contentsOf: pages.appending(path: page), encoding: .utf8)
      #expect(text.contains("<img src=\"nndl-6-3/\(picture)\" alt=") && text.contains(words))
      // Words of a command are elements, so that lines end between them.
      let command = "<code>unroll plot nndl-6-3 --hidden 16 --batch 4 --variant gaussian:1</code>"
      #expect(text.replacing(/<\/?span[^>]*>/, with: "").contains(command))
      let svg = try String(contentsOf: pages.appending(path: "nndl-6-3/\(picture)"), encoding: .utf8)
      #expect(svg.contains("</svg>") && svg.contains("ResidualRNN"))
    }
  }

  @Test func withoutGnuplotThePagesAreWrittenAndItIsTold() throws {
    let course = try course()
    let pages = course.url.appending(path: "pages")
    let run = try Run(
      list: ["render", "--output", pages.path], environment: ["UNROLL_ROOT": course.url.path, "PATH": course.url.path])
    #expect(run.code == 0 && run.error.contains("the pages have no plots, for gnuplot is not installed"))
    let text = try String(contentsOf: pages.appending(path: "nndl-6-3.html"), encoding: .utf8)
    #expect(!text.contains("gradient-flow.svg") && text.contains("</html>"))
  }
}
