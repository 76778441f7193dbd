// The check of gradients against differences: quiet for right ones whatever the cell is made of, and awake to small changes.

import CellKit
import Diagnostics
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@Suite(.timed) struct DifferenceCheckTests {
  /// Cells of the repository, by the folder of their sheet.
  private static let sheets: [String] = ["exercises", "Tests/Fixtures/sheets"].flatMap { folder in
    let path = Repository.root.appending(path: folder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().map {
      "\(path)/\($0)/sheet.md"
    }
  }

  /// A cell with one line of its own for the new state.
  private static func cell(_ line: String) throws -> Cell {
    let text = """
      ---
      id: sheet
      title: Sheet
      cell:
        name: Demo
        sizes: {D: 3, H: 4, N: 2}
        input: {x: [D]}
        state: {h: [H]}
        parameters: {W: [H, H], U: [H, D], b: [H]}
      tasks:
        - {id: forward, kind: forward, points: 100}
      ---

      ```math forward
      z_t = W h_{t-1} + U x_t + b
      h_t = \(line)
      ```
      """
    return try #require(try Sheet(SourceText(name: "sheet.md", text: text)).cell)
  }

  private static func worst(
    _ cell: Cell, seed: UInt64, changing: (inout Gradients) -> Void = { _ in }
  ) -> (name: String, error: Double) {
    var letters = cell.declaration.sizes
    letters["N"] = letters["N"] ?? 2
    let errors = cell.differenceErrors(Sizes(letters, steps: 3), seed: seed, changing: changing)
    return errors.first { $0.error.isNaN } ?? errors.max { $0.error < $1.error } ?? ("", 0)
  }

  @Test("cells of the repository: gradients agree to 1e-8 for every seed", arguments: sheets)
  func agrees(_ path: String) throws {
    guard let sheet = try? Sheet(path: path), let cell = sheet.cell, sheet.model == nil else { return }
    for seed: UInt64 in 1...4 {
      let worst = Self.worst(cell, seed: seed)
      #expect(worst.error < 1e-8, "seed \(seed): \(worst)")
    }
  }

  @Test(
    "kinks, steep functions, small parts and stopped gradients: agree to 1e-8 for every seed",
    arguments: [
      "\\operatorname{relu}(z_t)", "\\max(z_t, h_{t-1})", "\\min(\\max(z_t, 0), 1)", "|z_t|",
      "h_{t-1} + \\operatorname{relu}(W \\operatorname{relu}(z_t))", "\\operatorname{softmax}(z_t)",
      "\\operatorname{softsign}(z_t)",
      "\\sigma(30 z_t)", "\\tanh(20 z_t)", "\\frac{1}{1000000} \\tanh(z_t)",
      "\\operatorname{sg}(z_t) \\odot \\tanh(z_t)", "\\exp(z_t - \\operatorname{softplus}(z_t))",
    ])
  func agreesEverywhere(_ line: String) throws {
    let cell = try Self.cell(line)
    for seed: UInt64 in 1...12 {
      let worst = Self.worst(cell, seed: seed)
      #expect(worst.error < 1e-8, "seed \(seed): \(worst)")
    }
  }

  @Test(
    "a gradient with one or two entries that are slightly off: is noticed",
    arguments: ["\\tanh(z_t)", "\\operatorname{relu}(z_t)", "\\frac{1}{1000000} \\sigma(z_t)"])
  func noticesChanges(_ line: String) throws {
    let cell = try Self.cell(line)
    for seed: UInt64 in 1...4 {
      let parameter = Self.worst(cell, seed: seed) { gradients in
        let largest = gradients.parameters[1].elements.map(abs).max() ?? 0
        gradients.parameters[1][2, 1] += 2e-5 * largest
      }
      #expect(parameter.name == "U" && parameter.error > 1e-7, "seed \(seed): \(parameter)")
      let initial = Self.worst(cell, seed: seed) { gradients in
        gradients.initial[0][0, 0] *= 0.999
        gradients.initial[0][1, 0] *= 1.001
      }
      #expect(initial.name == "initial.h" && initial.error > 1e-7, "seed \(seed): \(initial)")
    }
  }

  @Test("values that are no numbers: the error is none either")
  func notFinite() throws {
    #expect(Self.worst(try Self.cell("\\sqrt{z_t}"), seed: 1).error.isNaN)
  }
}
