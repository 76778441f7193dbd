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

  /// The words of a picture.
  public struct Labels: Sendable {
    var lag: String
    var norm: String
    var singularValue: String
    var relative: String
    var theory: String

    /// In English.
    public static let english = Labels(
      lag: "steps back from the loss", norm: "norm of the gradient, relative to the last step",
      singularValue: "singular value of the Jacobian", relative: "relative to the last step", theory: "theory")
    /// In Chinese.
    public static let chinese = Labels(
      lag: "与损失相距的步数", norm: "梯度的范数（相对于最后一步）", singularValue: "雅可比矩阵的奇异值", relative: "相对于最后一步",
      theory: "理论")
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

  /// The commands that draw a table: for each series the median as a line with marks, the band from 10 to 90 % of the
  /// seeds, and what theory says as a dashed line of the same colour.
  ///
  /// Colours are Okabe and Ito's, which stay apart for colour-blind readers; marks and the places of marks tell series
  /// apart in grey.
  /// - Parameters:
  ///   - csv: the path of the table.
  ///   - output: where the picture goes; nil for standard output.
  ///   - width: columns of the terminal, where that is the format.
  ///   - labels: the words of the picture.
  ///   - isNarrow: whether an SVG is to be read on a phone too: letters are large in it, and the series named below.
  public static func script(
    for table: FlowTable, csv: String, format: Format, output: String?, width: Int = 100, labels: Labels = .english,
    isNarrow: Bool = false
  ) -> String {
    let series = Series.all(of: table)
    let isText = format == .terminal
    let height = max(560, 120 + 30 * series.count)
    let named = series.count + (series.contains(where: \.hasTheory) ? 1 : 0)
    let narrowHeight = Self.narrowPlot + 14 + 26 * named
    let terminal: String
    switch format {
    case .svg where isNarrow:
      terminal = "svg size 420,\(narrowHeight) dynamic enhanced background rgb 'white' font 'sans-serif,15'"
    case .svg: terminal = "svg size 1000,\(height) dynamic enhanced background rgb 'white' font 'sans-serif,14'"
    case .png: terminal = "pngcairo size 1500,\(height * 3 / 2) enhanced font 'sans,18'"
    case .terminal: terminal = "dumb size \(width),\(30 + series.count) noenhanced"
    }
    let keyPlace = isText ? "below left" : isNarrow ? "maxcols 1 maxrows 40 spacing 1.15" : "outside right top"
    var lines = [
      "set terminal \(terminal)", "set encoding utf8", "set datafile separator comma", "set logscale y",
      "set format y '\(isText ? "%.0e" : "10^{%T}")'", "set xlabel \(quoted(labels.lag))",
      "set ylabel \(quoted(yLabel(of: series, labels)))", "set key \(keyPlace) Left reverse",
      "set style fill transparent solid 0.15 noborder",
    ]
    if isNarrow {
      // Written along the axis, the label would be longer than the axis is. The key's place is given by hand: below a
      // plot gnuplot drops the entries for which it finds no room.
      let rest = narrowHeight - Self.narrowPlot
      func share(_ pixels: Int) -> String { "\((Double(pixels) / Double(narrowHeight) * 1e4).rounded() / 1e4)" }
      lines += [
        "unset ylabel", "set title \(quoted(yLabel(of: series, labels))) offset 0,-0.4", "set tmargin 2.2",
        "set bmargin at screen \(share(rest + 76))", "set key at screen 0.14, screen \(share(rest - 4)) left top",
      ]
    }
    if !isText {
      lines += [
        "set grid ytics lc rgb '#cccccc'", "set border 3", "set tics nomirror out", "unset mytics", "set key samplen 4",
      ]
    }
    if let output { lines.append("set output \(quoted(output))") }
    var parts: [String] = []
    let distance = max(1, (table.rows.first?.steps ?? 1) / 8)
    for (index, one) in series.enumerated() {
      let chosen =
        "strcol(1) eq \(quoted(one.cell)) && strcol(2) eq \(quoted(one.variant)) && strcol(3) eq \(quoted(one.quantity))"
      let lags = "\(quoted(csv)) skip 1 using (\(chosen) ? $9 : NaN)"
      let title = quoted(one.title(among: series, enhanced: !isText))
      guard !isText else {
        let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
        parts.append("\(lags):13:('\(letter)') with labels notitle")
        parts.append("NaN with points pt '\(letter)' title \(title)")
        continue
      }
      let colour = colours[index % colours.count]
      // A band that reaches down to zero has no lower edge on a logarithmic scale.
      parts.append("\(lags):($14 > 0 ? $14 : NaN):15 with filledcurves lc rgb '\(colour)' notitle")
      // Marks begin at another lag in each series, so that they do not cover each other.
      parts.append(
        "\(lags):13 with linespoints lw 2 dt solid pt \(marks[index % marks.count]) ps 0.9 "
          + "pi \(distance) lc rgb '\(colour)' title \(title)")
      if one.hasTheory { parts.append("\(lags):16 with lines lw 2 dt (8,6) lc rgb '\(colour)' notitle") }
    }
    if !isText, series.contains(where: \.hasTheory) {
      parts.append("NaN with lines lw 2 dt (8,6) lc rgb '#555555' title \(quoted(labels.theory))")
    }
    lines.append("plot " + parts.joined(separator: ", \\\n  "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The pixels of a narrow plot with its axis, without the names of the series.
  private static let narrowPlot = 320

  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c564b",
  ]
  /// Filled and open circle, square, triangle and diamond.
  private static let marks = [7, 4, 9, 12, 5, 6, 11, 8, 13, 10]

  private static func yLabel(of series: [Series], _ labels: Labels) -> String {
    let jacobians = series.filter { $0.quantity.hasPrefix("sigma_") }.count
    if jacobians == 0 { return labels.norm }
    if jacobians == series.count { return labels.singularValue }
    return labels.relative
  }

  /// One curve of a plot.
  private struct Series: Equatable {
    let cell: String
    let variant: String
    let quantity: String
    var hasTheory = false

    static func all(of table: FlowTable) -> [Series] {
      var all: [Series] = []
      for row in table.rows {
        if all.last?.cell != row.cell || all.last?.variant != row.variant || all.last?.quantity != row.quantity {
          all.append(Series(cell: row.cell, variant: row.variant, quantity: row.quantity))
        }
        if row.predicted != nil { all[all.count - 1].hasTheory = true }
      }
      return all
    }

    /// The cell, and the variant and quantity where series differ in them.
    func title(among all: [Series], enhanced: Bool) -> String {
      var parts = [cell]
      if Set(all.map(\.variant)).count > 1 { parts.append(variant) }
      if Set(all.map(\.quantity)).count > 1 { parts.append(quantity) }
      let text = parts.joined(separator: ", ")
      // Marks of enhanced text are letters in a name.
      return enhanced ? text.map { "_^@&~{}".contains($0) ? "\\\($0)" : String($0) }.joined() : text
    }
  }

  /// Text between single quotes, as gnuplot reads it: a quote inside is doubled.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  /// Draws a table.
  ///
  /// - Returns: the plot's bytes.
  /// - Throws: a `Failure` with gnuplot's own words.
  public func draw(
    _ table: FlowTable, format: Format, width: Int = 100, labels: Labels = .english, isNarrow: Bool = false
  ) async throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-plot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let csv = folder.appending(path: "flow.csv")
    let commands = folder.appending(path: "flow.gp")
    let picture = folder.appending(path: "picture")
    try Data(table.csv.utf8).write(to: csv)
    let script = Self.script(
      for: table, csv: csv.path, format: format, output: picture.path, width: width, labels: labels, isNarrow: isNarrow)
    try Data(script.utf8).write(to: commands)
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: [commands.path], output: .discarded, error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess, let drawn = try? Data(contentsOf: picture), !drawn.isEmpty else {
      throw Failure(description: "gnuplot drew nothing: \(result.standardError.prefix(400))")
    }
    return Array(drawn)
  }
}
