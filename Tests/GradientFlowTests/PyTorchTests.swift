// Curves that PyTorch's autograd has computed from saved cases (PyTorch/recompute.py), for every cell and variant.

import Foundation
import Recurrence
import TestSupport
import Testing

@testable import GradientFlow

/// What PyTorch gave for one network.
private struct RecordedNetwork: Decodable, CustomTestStringConvertible, Sendable {
  let cell: String
  let parameters: [String]
  let variant: String
  let seed: UInt64
  let hidden: Int
  let steps: Int
  let batch: Int
  let norms: [String: [Double]]

  var testDescription: String { "\(cell) (\(parameters.joined(separator: " "))), \(variant)" }

  static let all: [RecordedNetwork] = {
    let file = Repository.tests.appending(path: "GradientFlowTests/PyTorch/norms.json")
    return (try? JSONDecoder().decode([RecordedNetwork].self, from: Data(contentsOf: file))) ?? []
  }()
}

@Suite struct PyTorchTests {
  private static let sheets = [
    "rnn-step", "lstm-step", "nndl-6-3", "nndl-6-4", "nndl-6-5", "nndl-6-2p", "peephole-lstm", "minimal-gated-unit",
    "pytorch-gru",
  ]

  @Test func everyCellAndPartOfAVariantIsThere() {
    #expect(Set(RecordedNetwork.all.map { [$0.cell] + $0.parameters }).count == Self.sheets.count)
    let parts = Set(RecordedNetwork.all.flatMap { $0.variant.split(separator: "+").map { $0.prefix { $0 != ":" } } })
    #expect(
      parts == [
        "uniform", "gaussian", "orthogonal", "identity", "radius", "relu", "linear", "logistic", "forget", "chrono",
        "clip",
        "every", "input",
      ])
  }

  @Test(arguments: RecordedNetwork.all)
  private func agreesWithPyTorch(_ recorded: RecordedNetwork) async throws {
    let cells = try Self.sheets.map(cell)
    let own = try #require(
      cells.first { $0.name == recorded.cell && $0.quantities.parameters.map(\.swift).sorted() == recorded.parameters })
    let experiment = Experiment(
      hidden: recorded.hidden, steps: recorded.steps, batch: recorded.batch, seeds: 1, firstSeed: recorded.seed,
      variant: try Variant(recorded.variant))
    var table = FlowTable()
    try await table.add(
      experiment, on: own, named: "x", quantities: Array(recorded.norms.keys) + ["jacobian"],
      with: ReferenceRunner(threads: 1))
    #expect(table.rows.count == recorded.norms.count * (recorded.steps + 1))
    for row in table.rows {
      let expected = try #require(recorded.norms[row.quantity])[row.step]
      // Of the smallest singular value double precision leaves an absolute error of the largest one's size.
      let scale = row.quantity == "sigma_min" ? try #require(recorded.norms["sigma_max"])[row.step] : expected
      #expect(abs(row.norm.median - expected) <= 1e-9 * scale, "\(row.quantity) at step \(row.step)")
    }
  }
}
