// Plots of a gradient-flow table, drawn by gnuplot from the same CSV that a person can save.

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// Draws gradient-flow tables.
public struct Gnuplot: Sendable {
  /// What a plot is drawn as.
  public enum Format: String, Sendable, CaseIterable {
    case svg, png, terminal
  }

  /// Why no plot could be drawn, and what to do.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The path of gnuplot.
  public let program: String

  /// Finds gnuplot on the search path.
  public init() throws(Failure) {
    let folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":").map(String.init) ?? []
    guard let found = folders.map({ $0 + "/gnuplot" }).first(where: { access($0, X_OK) == 0 }) else {
      throw Failure(
        description: "gnuplot is not installed; install gnuplot-nox, or use --format csv and draw it yourself")
    }
    program = found
  }

  /// The commands that draw a table.
  ///
  /// - Parameters:
  ///   - csv: the path of the table.
  ///   - output: where the picture goes; nil for standard output.
  ///   - width: columns of the terminal, where that is the format.
  public static func script(
    for table: FlowTable, csv: String, format: Format, output: String?, width: Int = 100
  ) -> String {
    var series: [(cell: String, variant: String, quantity: String)] = []
    for row in table.rows where !series.contains(where: { $0 == (row.cell, row.variant, row.quantity) }) {
      series.append((row.cell, row.variant, row.quantity))
    }
    let terminal: String
    switch format {
    case .svg: terminal = "svg size 900,560 dynamic enhanced background rgb 'white' font 'sans-serif,14'"
    case .png: terminal = "pngcairo size 1350,840 enhanced font 'sans,18'"
    case .terminal: terminal = "dumb size \(width),32 noenhanced"
    }
    var lines = [
      "set terminal \(terminal)", "set datafile separator comma", "set logscale y",
      "set format y '\(format == .terminal ? "%.0e" : "10^{%T}")'", "set xlabel 'steps back from the loss'",
      "set ylabel '|dL/dstate| relative to the last step'", "set key outside right top",
      "set grid ytics lc rgb '#cccccc'", "set style fill transparent solid 0.15 noborder",
    ]
    if let output { lines.append("set output \(quoted(output))") }
    let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c564b"]
    var parts: [String] = []
    for (index, one) in series.enumerated() {
      let chosen =
        "strcol(1) eq \(quoted(one.cell)) && strcol(2) eq \(quoted(one.variant)) && strcol(3) eq \(quoted(one.quantity))"
      let colour = colours[index % colours.count]
      if format != .terminal {
        parts.append(
          "\(quoted(csv)) skip 1 using (\(chosen) ? $9 : NaN):14:15 with filledcurves lc rgb '\(colour)' notitle")
      }
      let title = format == .terminal ? "\(one.cell) \(one.quantity)" : "\(one.cell), \(one.quantity)"
      // Each series has its own dashes and marks, so that it is told apart in print too.
      parts.append(
        "\(quoted(csv)) skip 1 using (\(chosen) ? $9 : NaN):13 with "
          + (format == .terminal
            ? "points title \(quoted(title))"
            : "linespoints lw 2 dt \(index % 5 + 1) pt \(index % 8 + 4) pi 10 ps 0.7 lc rgb '\(colour)' title \(quoted(title))")
      )
    }
    lines.append("plot " + parts.joined(separator: ", \\\n  "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text between single quotes, as gnuplot reads it: a quote inside is doubled.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  /// Draws a table.
  ///
  /// - Returns: the plot's bytes.
  /// - Throws: a `Failure` with gnuplot's own words.
  public func draw(_ table: FlowTable, format: Format, width: Int = 100) async throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-plot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let csv = folder.appending(path: "flow.csv")
    let commands = folder.appending(path: "flow.gp")
    let picture = folder.appending(path: "picture")
    try Data(table.csv.utf8).write(to: csv)
    let script = Self.script(for: table, csv: csv.path, format: format, output: picture.path, width: width)
    try Data(script.utf8).write(to: commands)
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: [commands.path], output: .discarded, error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess, let drawn = try? Data(contentsOf: picture), !drawn.isEmpty else {
      throw Failure(description: "gnuplot drew nothing: \((result.standardError ?? "").prefix(400))")
    }
    return Array(drawn)
  }
}
