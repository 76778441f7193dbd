// The commands that gnuplot is given, and that it draws from them.

import Foundation
import TestSupport
import Testing

@testable import GradientFlow

@Suite struct GnuplotTests {
  /// Two small series, one with theory.
  private func table() async throws -> FlowTable {
    var table = FlowTable()
    var experiment = Experiment(hidden: 3, steps: 4, batch: 2, seeds: 2, variant: try Variant("forget:1"))
    try await table.add(
      experiment, on: cell("nndl-6-4"), named: "LSTM", quantities: ["c"], with: ReferenceRunner(threads: 1))
    experiment.variant = .uniform
    try await table.add(
      experiment, on: cell("rnn-step"), named: "it's a_b", quantities: ["jacobian"], with: ReferenceRunner(threads: 1))
    return table
  }

  private func script(
    _ format: Gnuplot.Format, output: String? = "out", labels: Gnuplot.Labels = .english, isNarrow: Bool = false
  ) async throws -> String {
    Gnuplot.script(
      for: try await table(), csv: "/t/flow.csv", format: format, output: output, labels: labels, isNarrow: isNarrow)
  }

  @Test func golden() async throws {
    try expectGolden(await script(.svg), "wide.gp", in: "plots")
    try expectGolden(await script(.svg, labels: .chinese, isNarrow: true), "narrow.zh.gp", in: "plots")
    try expectGolden(await script(.png), "picture.gp", in: "plots")
    try expectGolden(await script(.terminal, output: nil), "terminal.gp", in: "plots")
  }

  /// A key below a plot loses the entries for which gnuplot finds no room.
  @Test func aNarrowPictureNamesEverySeries() async throws {
    var table = FlowTable()
    let gains = (1...12).map { "gaussian:0.\($0)" }
    for gain in gains {
      let experiment = Experiment(hidden: 2, steps: 2, batch: 1, seeds: 1, variant: try Variant(gain))
      try await table.add(
        experiment, on: cell("rnn-step"), named: "RNN", quantities: nil, with: ReferenceRunner(threads: 1))
    }
    let svg = String(
      decoding: try await Gnuplot().draw(table, format: .svg, isNarrow: true), as: UTF8.self)
    for gain in gains { #expect(svg.contains("RNN, \(gain)<"), "\(gain)") }
    #expect(svg.contains("theory"))
  }

  @Test func gnuplotDrawsEveryFormat() async throws {
    let gnuplot = try Gnuplot()
    let table = try await table()
    let svg = String(decoding: try await gnuplot.draw(table, format: .svg), as: UTF8.self)
    #expect(svg.contains("</svg>") && svg.contains("LSTM") && svg.contains("it's a"))
    // Band, median and theory of one series; the singular values have no theory.
    #expect(svg.contains("#0072b2") || svg.contains("rgb(  0, 114, 178)"))
    let narrow = String(
      decoding: try await gnuplot.draw(table, format: .svg, labels: .chinese, isNarrow: true), as: UTF8.self)
    #expect(narrow.contains("与损失相距的步数") && narrow.contains("viewBox=\"0 0 420 "))
    let png = try await gnuplot.draw(table, format: .png)
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let text = String(decoding: try await gnuplot.draw(table, format: .terminal, width: 70), as: UTF8.self)
    #expect(text.contains("A") && text.contains("B") && text.split(separator: "\n").allSatisfy { $0.count <= 71 })
  }
}
